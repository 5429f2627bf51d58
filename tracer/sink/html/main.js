'use strict';
/* One selection, an event and a step of it, that all views share. */

class Page {
	constructor() {
		this.store = loadStore();
		this.event = -1;
		this.step = 0;
		this.filter = new Filter(this.store);
		byId('explorer').hidden = false;
		this.table = new EventTable(this.store, this.filter,
			(event) => this.select(event));
		this.timeline = new Timeline(this.store,
			(event) => this.select(event));
		this.diagram = new Diagram((step) => this.select(this.event, step));
		this.detail = new Detail(this.store);
		this.fillFilters();
		this.listen();
		this.refresh();
		this.openFirst(location.hash);
		this.showWalk();
	}

	/* The first call is a better beginning than the line before it. */
	findFirst() {
		const {store} = this;

		for (let i = 0; i < store.count; i++)
			if (store.text('type', i) === 'ioctl')
				return i;
		return store.count ? 0 : -1;
	}

	/* A selection there must be, whatever the address names. */
	openFirst(hash) {
		if (this.openFragment(hash) && this.event >= 0)
			return;
		this.select(this.findFirst());
		this.openFragment(hash);
	}

	select(event, step = 0) {
		if (event < 0 || event >= this.store.count)
			return;
		const isOther = event !== this.event;

		this.event = event;
		this.step = step;
		const whole = this.store.decodeEvent(event);
		const words = this.store.nodes[this.store.words[event]];
		const flow = readFlow(whole, this.store.target(event), words);

		this.flow = flow;
		this.diagram.show(flow, step);
		this.say(event, flow, words);
		if (!isOther)
			return;
		this.detail.show(event);
		this.table.show(event);
		this.timeline.show(event);
		history.replaceState(null, '', `#e${this.store.seq[event]}`);
	}

	say(event, flow, words) {
		const step = this.step && flow.steps[this.step - 1];

		byId('now').replaceChildren(
			el('b', {}, `Event #${this.store.seq[event]}`), ' ',
			el('code', {}, words),
			el('span', {}, step ? ` step ${this.step} of 6` +
				(step.refused ? ', refused' : '') : ''));
	}

	/* Of a link, or an address, to an event that only the trace has. */
	sayMissing(seq) {
		const {seq: seqs, count} = this.store;

		byId('now').replaceChildren(el('b', {}, `Event #${seq}`),
			' is not in this page', byId('page-cut') && count ?
				`, which is cut: it ends with event #${seqs[count - 1]}.` :
				'.');
	}

	/* Steps that have something to say. */
	hasStep(step) {
		return this.flow && this.flow.steps[step - 1].text !== '';
	}

	moveStep(by) {
		for (let step = this.step + by; step >= 0 && step <= 6; step += by)
			if (step === 0 || this.hasStep(step)) {
				this.select(this.event, step);
				return;
			}
		const next = this.neighbour(by);

		if (next === this.event)
			return;
		this.select(next);
		if (by < 0)
			this.select(next, this.hasStep(6) ? 6 : 0);
	}

	/* The neighbour among the events that pass the filters, folded or not. */
	neighbour(by) {
		const {events} = this.table;
		const at = events.indexOf(this.event);
		const next = at < 0 ? events.find((event) => event > this.event) :
			events[at + by];

		return next === undefined ? this.event : next;
	}

	moveRow(rows) {
		this.select(this.table.neighbour(rows));
	}

	moveTrouble(by) {
		for (let i = this.event + by; i >= 0 && i < this.store.count; i += by)
			if (this.store.trouble(i)) {
				this.select(i);
				return;
			}
	}

	/* The walk at the top is of the event that the summary names. */
	showWalk() {
		const place = byId('walk');
		const event = place ? this.store.find(Number(place.dataset.seq)) : -1;

		if (event >= 0)
			place.append(...makeGuest(get(this.store.decodeEvent(event),
				'guest'), true));
	}

	/* Select the event that the address names; false: it names none. */
	openFragment(hash = location.hash) {
		const seq = /^#e(\d+)$/.exec(hash);
		const event = seq ? this.store.find(Number(seq[1])) : -1;

		if (event >= 0)
			this.select(event);
		else if (seq)
			this.sayMissing(seq[1]);
		return seq !== null;
	}

	values(read) {
		const found = new Set();

		for (let i = 0; i < this.store.count && found.size < 500; i++) {
			const value = read(i);

			if (value)
				found.add(value);
		}
		return [...found].sort();
	}

	fillFilters() {
		const {store} = this;
		const fillSelect = (id, options) => byId(id).append(
			...options.map(([value, text]) => el('option', {value},
				visibleLine(text))));
		const all = (values) => [['', 'all'], ...values.map((value) =>
			[value, value])];

		fillSelect('filter-kind', KINDS);
		fillSelect('filter-name', all(this.values((i) =>
			store.text('name', i))));
		fillSelect('filter-vcpu', all(this.values((i) =>
			store.vcpu[i] >= 0 && store.target(i))));
		fillSelect('filter-exit', all(this.values((i) => store.reason(i))));
		document.querySelectorAll('[data-filter]').forEach((row) =>
			this.makeFilterLink(row));
	}

	/* A row of the summary as a button that filters. */
	makeFilterLink(row) {
		const [, kind, value] = /^(\w+):(.*)$/s.exec(row.dataset.filter);
		const head = row.querySelector('code');

		head.replaceWith(el('button', {type: 'button', class: 'link',
			title: 'Show these events', click: () => {
				byId('filters').reset();
				byId(`filter-${kind}`).value = value;
				this.readFilters();
				byId('events').scrollIntoView();
			}}, el('code', {}, head.textContent)));
	}

	readFilters() {
		const value = (id) => byId(`filter-${id}`).value;

		Object.assign(this.filter, {text: value('text'), kind: value('kind'),
			name: value('name'), vcpu: value('vcpu'), exit: value('exit'),
			errors: byId('filter-errors').checked,
			fold: byId('filter-fold').checked});
		this.refresh();
	}

	refresh() {
		this.table.refresh();
		const {events, rows} = this.table;
		const {count} = this.store;

		byId('shown').textContent = (events.length === count ?
			plural(count, 'event') :
			`${events.length.toLocaleString('en')} of ${plural(count,
				'event')}`) + (rows.length < events.length ?
			` in ${plural(rows.length, 'row')}` : '');
	}

	listen() {
		const form = byId('filters');
		const soon = onceAFrame(() => this.readFilters());
		const on = (id, run) => byId(id).addEventListener('click', run);

		form.addEventListener('input', soon);
		form.addEventListener('submit', (submit) => submit.preventDefault());
		form.addEventListener('reset', soon);
		on('step-on', () => this.moveStep(1));
		on('step-back', () => this.moveStep(-1));
		on('event-on', () => this.moveRow(1));
		on('event-back', () => this.moveRow(-1));
		on('help-open', () => byId('help').showModal());
		on('zoom-in', () => this.timeline.zoom(0.5));
		on('zoom-out', () => this.timeline.zoom(2));
		on('zoom-all', () => this.timeline.zoomAll());
		window.addEventListener('hashchange', () => {
			if (this.openFragment())
				byId('flow-title').scrollIntoView({block: 'nearest'});
		});
		document.addEventListener('click', (click) => this.openAgain(click));
		document.addEventListener('keydown', (key) => this.press(key));
	}

	/* A link to the event that the address names already changes nothing. */
	openAgain(click) {
		const link = click.target.closest('a[href^="#e"]');

		if (link && link.hash === location.hash && this.openFragment())
			byId('flow-title').scrollIntoView({block: 'nearest'});
	}

	press(key) {
		const field = key.target.closest('input, select, textarea');
		const isControl = key.target.closest('button, summary, a');
		const act = KEYS[key.key];

		if (key.key === 'Escape' && field) {
			/* A search field would empty itself, and keep its filter. */
			key.preventDefault();
			field.blur();
			byId('table').querySelector('.grid').focus();
			return;
		}
		if (!act || field || key.ctrlKey || key.altKey || key.metaKey ||
		    byId('help').open || key.key === 'Enter' && isControl ||
		    SCROLL_KEYS.includes(key.key) &&
		    key.target.closest('.scroll, .console, #detail'))
			return;
		key.preventDefault();
		act(this);
	}
}

/* These scroll what scrolls, where it has the focus. */
const SCROLL_KEYS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight',
	'PageUp', 'PageDown', 'Home', 'End'];

const KEYS = {
	ArrowRight: (page) => page.moveStep(1),
	ArrowLeft: (page) => page.moveStep(-1),
	ArrowDown: (page) => page.moveRow(1),
	ArrowUp: (page) => page.moveRow(-1),
	j: (page) => page.moveRow(1),
	k: (page) => page.moveRow(-1),
	PageDown: (page) => page.moveRow(page.table.pageRows()),
	PageUp: (page) => page.moveRow(-page.table.pageRows()),
	Home: (page) => page.moveRow(-Infinity),
	End: (page) => page.moveRow(Infinity),
	Enter: (page) => page.table.toggle(page.event),
	n: (page) => page.moveTrouble(1),
	p: (page) => page.moveTrouble(-1),
	'/': () => byId('filter-text').focus(),
	'?': () => byId('help').showModal(),
	'+': (page) => page.timeline.zoom(0.5),
	'=': (page) => page.timeline.zoom(0.5),
	'-': (page) => page.timeline.zoom(2),
	0: (page) => page.timeline.zoomAll(),
	',': (page) => page.timeline.move(-0.25),
	'.': (page) => page.timeline.move(0.25),
};

const page = new Page();
