'use strict';
/*
 * Headless Chromium for tests/test_html.py. Each line of standard input is a
 * task as JSON: open a page from disk, do some steps; each line of standard
 * output tells what was seen.
 *
 * A task: {"file", "hash", "options": {"width", "dark", "script"}, "steps"},
 * where a step is {"press": KEY}, {"click": SELECTOR}, {"fill": [SELECTOR, TEXT]},
 * {"choose": [SELECTOR, VALUE]}, {"hash": "#e1"}, {"look": {"width", "dark"}},
 * {"read": EXPRESSION}, {"axe": true} or {"picture": PATH}.
 * Seen: {"reads": [...], "complaints": [...], "requests": [...]}: complaints are
 * what the console got, errors that nothing caught, and dialogs; or {"failed"}.
 */
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const {chromium} = require('playwright-core');

const ACTIONS = {
	press: (page, key) => page.keyboard.press(key),
	click: (page, selector) => page.click(selector),
	fill: (page, [selector, text]) => page.fill(selector, text),
	choose: (page, [selector, value]) => page.selectOption(selector, value),
	hash: (page, hash) => page.evaluate((to) => {
		location.hash = to;
	}, hash),
	look: async (page, {width, dark}) => {
		await page.setViewportSize({width, height: 900});
		await page.emulateMedia({colorScheme: dark ? 'dark' : 'light'});
	},
	picture: (page, file) => page.screenshot({path: file, fullPage: true}),
};

async function findBarriers(page) {
	await page.evaluate(fs.readFileSync(
		require.resolve('axe-core/axe.min.js'), 'utf8'));
	const {violations} = await page.evaluate('axe.run()');

	return violations.map(({id, impact, nodes}) =>
		({id, impact, where: nodes.map((node) => node.html).slice(0, 3)}));
}

/* Two frames: what is drawn at the next frame has been drawn. */
const settle = (page) => page.evaluate(() => new Promise((resolve) =>
	requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function runStep(page, step, seen, hasScript) {
	const [action] = Object.keys(step);

	if (action === 'read')
		seen.reads.push(await page.evaluate(step.read));
	else if (action === 'axe')
		seen.reads.push(await findBarriers(page));
	else
		await ACTIONS[action](page, step[action]);
	if (hasScript)
		await settle(page);
}

function watch(page, seen) {
	page.on('console', (message) => seen.complaints.push(message.text()));
	page.on('pageerror', (error) => seen.complaints.push(error.stack));
	page.on('dialog', (dialog) => {
		seen.complaints.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on('request', (request) => seen.requests.push(request.url()));
}

async function browse(browser, task) {
	const {options, steps} = task;
	const hasScript = options.script !== false;
	const seen = {reads: [], complaints: [], requests: []};
	const page = await browser.newPage({
		viewport: {width: options.width || 1400, height: 900},
		colorScheme: options.dark ? 'dark' : 'light',
		javaScriptEnabled: hasScript, reducedMotion: 'reduce'});

	try {
		watch(page, seen);
		await page.goto(`file://${path.resolve(task.file)}${task.hash}`);
		if (hasScript)
			await settle(page);
		for (const step of steps)
			await runStep(page, step, seen, hasScript);
	} finally {
		await page.close();
	}
	return seen;
}

async function main() {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM, args: ['--no-sandbox']});

	for await (const line of readline.createInterface(process.stdin)) {
		const seen = await browse(browser, JSON.parse(line))
			.catch((error) => ({failed: error.stack}));

		console.log(JSON.stringify(seen));
	}
	await browser.close();
}

main();
