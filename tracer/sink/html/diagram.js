'use strict';
/*
 * The user/kernel diagram of the course's sheet as SVG: user application,
 * system call handler, ioctl handler, driver operation and device, with the
 * steps' own texts in the boxes. Boxes grow with their texts; in a narrow
 * window they stand below each other.
 */
const LINE = 18;
const PAD = 12;
const TITLE = 24;
const BADGE = 26;	/* the width of a step's number before its text */
const NARROW = 640;

const BOXES = {
	user: {title: 'User application', steps: [1, 6]},
	syscall: {title: 'System call handler', steps: [2]},
	handler: {title: 'ioctl handler', steps: [3, 5]},
	driver: {title: 'Device driver operation', steps: [4]},
	device: {title: 'Device', steps: []},
};

/* [from, to, step that goes along, label]: the way in, and the way out. */
const ARROWS = [
	['user', 'syscall', 2, 'ioctl()'], ['syscall', 'handler', 3, ''],
	['handler', 'driver', 4, ''], ['driver', 'device', 4, ''],
	['driver', 'handler', 5, ''],
	['handler', 'syscall', 6, ''], ['syscall', 'user', 6, 'reply'],
];

class Diagram {
	constructor(onStep) {
		this.onStep = onStep;
		this.context = document.createElement('canvas').getContext('2d');
		this.place = byId('diagram');
		new ResizeObserver(onceAFrame(() => this.draw()))
			.observe(this.place);
	}

	show(flow, step) {
		Object.assign(this, {flow, step});
		this.draw();
	}

	/* The longest start of a word that fits, at least a character. */
	breakWord(word, width) {
		let length = word.length;

		while (length > 1 && this.context.measureText(
			word.slice(0, length)).width > width)
			length--;
		return length;
	}

	wrap(text, width) {
		const lines = [''];

		for (let word of text.split(' ')) {
			const line = lines[lines.length - 1];
			const longer = line ? `${line} ${word}` : word;

			if (this.context.measureText(longer).width <= width) {
				lines[lines.length - 1] = longer;
				continue;
			}
			if (line)
				lines.push('');
			for (let fits; (fits = this.breakWord(word, width)) < word.length;
			     word = word.slice(fits))
				lines.splice(lines.length - 1, 0, word.slice(0, fits));
			lines[lines.length - 1] = word;
		}
		return lines.slice(0, 12);
	}

	/* A step's words in lines for a width. */
	measureStep(number, width) {
		const {text} = this.flow.steps[number - 1];

		return {number, lines: this.wrap(visibleLine(text), width - BADGE)};
	}

	/* A box with its steps beside each other or below. */
	makeBox(name, x, y, width, isBeside) {
		const {steps} = BOXES[name];
		const column = isBeside ? (width - 3 * PAD) / 2 : width - 2 * PAD;
		const blocks = steps.map((step) => this.measureStep(step, column));
		const box = {name, x, y, width, blocks};
		let below = y + TITLE + 6;

		blocks.forEach((block, i) => {
			block.x = x + PAD + (isBeside ? i * (column + PAD) : 0);
			block.y = isBeside ? y + TITLE + 6 : below;
			below += block.lines.length * LINE + 8;
		});
		const tallest = Math.max(0, ...blocks.map((block) =>
			block.lines.length * LINE));

		box.height = isBeside ? TITLE + tallest + 16 :
			below - y + (blocks.length ? 2 : 0);
		if (name === 'device')
			box.height = TITLE + LINE + 10;
		return box;
	}

	/* {boxes, border: y of the line between the spaces, height} */
	layOut(width) {
		const isNarrow = width < NARROW;
		const gap = isNarrow ? 46 : 58;
		const left = isNarrow ? width - 2 : Math.round(width * 0.36);
		const right = isNarrow ? width - 2 : width - 2 - left - 70;
		const rightX = isNarrow ? 1 : 1 + left + 70;
		const user = this.makeBox('user', 1, 1, width - 2, !isNarrow);
		const top = user.y + user.height + gap + 12;
		const syscall = this.makeBox('syscall', 1, top, left, false);
		const handler = this.makeBox('handler', rightX, isNarrow ?
			top + syscall.height + gap : top, right, false);
		const driver = this.makeBox('driver', rightX,
			handler.y + handler.height + gap, right, false);
		const deviceWidth = Math.min(right, 280);
		const device = this.makeBox('device', rightX +
			(right - deviceWidth) / 2, driver.y + driver.height + gap,
		deviceWidth, false);

		if (!isNarrow)
			syscall.height = handler.height =
				Math.max(syscall.height, handler.height);
		return {boxes: {user, syscall, handler, driver, device},
			border: user.y + user.height + gap / 2 + 6,
			edge: driver.y + driver.height + gap / 2,
			width, height: device.y + device.height + 2};
	}

	/* How a step stands to the one that is shown (0: all at once). */
	stateOf(number) {
		const step = this.flow.steps[number - 1];

		return [step.refused ? 'refused' : '', step.reached ? '' : 'missed',
			this.step === number ? 'active' :
			this.step && this.step < number ? 'ahead' : '']
			.filter((name) => name).join(' ');
	}

	drawText(block) {
		const {number, x, y, lines} = block;
		const step = this.flow.steps[number - 1];
		const middle = y + LINE / 2 + 1;

		return svg('g', {class: `step ${this.stateOf(number)}`,
			click: () => this.onStep(number)},
		svg('circle', {cx: x + 9, cy: middle, r: 9}),
		svg('text', {class: 'number', x: x + 9, y: middle + 4.5,
			'text-anchor': 'middle'},
		step.refused ? '\u2716' : String(number)),
		svg('text', {class: 'words'}, lines.map((line, i) => svg('tspan',
			{x: x + BADGE, y: y + LINE * i + 14}, line))));
	}

	drawBox(box) {
		const {name, x, y, width, height, blocks} = box;
		const refused = BOXES[name].steps.find((number) =>
			this.flow.steps[number - 1].refused);
		const isActive = BOXES[name].steps.includes(this.step) ||
			name === 'device' && this.step === 4 && this.flow.device;

		return svg('g', {class: `box ${name}` + (isActive ? ' active' : '') +
			(refused ? ' refused' : '')},
		svg('rect', {x, y, width, height, rx: 8}),
		name === 'device' && svg('rect', {class: 'inner', x: x + 4, y: y + 4,
			width: width - 8, height: height - 8, rx: 5}),
		svg('text', {class: 'title', x: name === 'device' ? x + width / 2 :
			x + PAD, y: y + 20,
		'text-anchor': name === 'device' ? 'middle' : 'start'},
		BOXES[name].title + (refused ? `: refused at step ${refused}` : '')),
		name === 'device' && svg('text', {class: 'words', x: x + width / 2,
			y: y + 40, 'text-anchor': 'middle'},
		this.wrap(visibleLine(this.flow.device || 'not reached'),
			width - 24)[0]),
		blocks.map((block) => this.drawText(block)));
	}

	/* Along the common side of two boxes, the way in before the way out. */
	static route(from, to, isIn) {
		if (to.x >= from.x + from.width || from.x >= to.x + to.width) {
			const y = from.y + (isIn ? 0.36 : 0.72) *
				Math.min(from.height, to.height);
			const isRight = to.x > from.x;

			return [[isRight ? from.x + from.width + 4 : from.x - 4, y],
				[isRight ? to.x - 4 : to.x + to.width + 4, y]];
		}
		const left = Math.max(from.x, to.x);
		const width = Math.min(from.x + from.width, to.x + to.width) - left;
		const x = left + width * (isIn ? 0.36 : 0.64);
		const isDown = to.y > from.y;

		return [[x, isDown ? from.y + from.height + 4 : from.y - 4],
			[x, isDown ? to.y - 4 : to.y + to.height + 4]];
	}

	/* Is the arrow's way gone at all? A refusal turns round where it is. */
	isGone([from, to, step]) {
		const refused = 1 + this.flow.steps.findIndex((one) => one.refused);

		if (!this.flow.steps[step - 1].reached)
			return false;
		if (to === 'device')
			return refused !== 4 && this.flow.device !== '';
		if (from === 'handler' && to === 'syscall')
			return this.flow.steps[4].reached;
		return !(from === 'driver' && to === 'handler' && refused &&
			refused < 4);
	}

	drawArrow(arrow, boxes) {
		const [from, to, step, label] = arrow;
		const isIn = step <= 4;
		const [[x, y], [toX, toY]] = Diagram.route(boxes[from], boxes[to],
			isIn);
		const angle = Math.atan2(toY - y, toX - x) * 180 / Math.PI;
		const state = !this.isGone(arrow) ? 'missed' :
			this.step === step ? 'active' :
			this.step && this.step < step ? 'ahead' : '';

		return svg('g', {class: `arrow ${state}`},
			svg('line', {x1: x, y1: y, x2: toX, y2: toY}),
			svg('path', {d: 'M0 0L-9 -5L-9 5Z',
				transform: `translate(${toX} ${toY}) rotate(${angle})`}),
			label && svg('text', {x: x + (isIn ? -8 : 8),
				y: Math.min(y, toY) + 14,
				'text-anchor': isIn ? 'end' : 'start'}, label));
	}

	drawBorder(layout) {
		const {border, edge, width, boxes} = layout;
		const {device} = boxes;

		return svg('g', {class: 'border'},
			svg('line', {x1: 0, y1: border, x2: width, y2: border}),
			svg('text', {x: width - 4, y: border - 6, 'text-anchor': 'end'},
				'user space'),
			svg('text', {x: width - 4, y: border + 15, 'text-anchor': 'end'},
				'kernel space'),
			[-2, 2].map((off) => svg('line', {class: 'edge',
				x1: Math.max(0, device.x - 40), y1: edge + off,
				x2: Math.min(width, device.x + device.width + 40),
				y2: edge + off})));
	}

	describe() {
		return this.flow.steps.map((step, i) => step.text &&
			`Step ${i + 1}: ${visibleLine(step.text)}` +
			(step.refused ? ' (refused)' : '')).filter((text) => text)
			.join('. ') || visibleLine(this.flow.note);
	}

	draw() {
		const width = Math.floor(this.place.clientWidth);

		if (!this.flow || width < 100)
			return;
		/* The shown step is bold: what fits bold fits always. */
		this.context.font = '600 14px ' +
			getComputedStyle(document.body).fontFamily;
		const layout = this.layOut(width);
		const {height, boxes} = layout;

		this.place.replaceChildren(svg('svg', {width, height, role: 'img',
			viewBox: `0 0 ${width} ${height}`, 'aria-label': this.describe()},
		this.drawBorder(layout),
		ARROWS.map((arrow) => this.drawArrow(arrow, boxes)),
		Object.values(boxes).map((box) => this.drawBox(box))),
		this.flow.note && el('p', {class: 'hint'},
			visibleLine(this.flow.note)));
	}
}
