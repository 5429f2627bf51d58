'use strict';
/*
 * The table of events. Only the rows in sight are elements, so that 100,000
 * scroll as well as 10; the grid says how many there are.
 */
const ROW_HEIGHT = 26;
const SPARE_ROWS = 8;
/* Browsers lose precision, then rows, in elements higher than this. */
const HEIGHT_MAX = 8e6;

class EventTable {
	constructor(store, filter, select) {
		Object.assign(this, {store, filter, select, events: [], rows: [],
			unfolded: new Set(), selected: -1});
		this.body = el('div', {class: 'rows', role: 'rowgroup'});
		this.scroller = el('div', {class: 'grid', role: 'grid', tabindex: 0,
			'aria-label': 'Events', 'aria-colcount': 5,
			scroll: onceAFrame(() => this.draw())},
		el('div', {class: 'row head', role: 'row', 'aria-rowindex': 1},
			['Event', 'Time (ms)', 'On', 'What', 'Took'].map((name) =>
				el('div', {role: 'columnheader'}, name))), this.body);
		byId('table').append(this.scroller);
		new ResizeObserver(onceAFrame(() => this.draw()))
			.observe(this.scroller);
	}

	/* Show what the filter lets pass. */
	refresh() {
		this.events = this.filter.apply();
		this.regroup();
	}

	regroup() {
		this.rows = this.filter.group(this.events, this.unfolded);
		this.scroller.setAttribute('aria-rowcount', this.rows.length + 1);
		this.body.style.height = `${Math.min(HEIGHT_MAX,
			this.rows.length * ROW_HEIGHT)}px`;
		this.revealRow(this.findRow(this.selected));
		this.draw();
	}

	/* The row that an event is in; -1: it is filtered out. */
	findRow(event) {
		let low = 0, high = this.rows.length;

		while (low < high) {
			const middle = (low + high) >> 1;
			const [first, count] = this.rows[middle];

			if (this.events[first + count - 1] < event)
				low = middle + 1;
			else
				high = middle;
		}
		return low < this.rows.length &&
			this.eventsOf(low).includes(event) ? low : -1;
	}

	eventsOf(row) {
		const [first, count] = this.rows[row];

		return this.events.slice(first, first + count);
	}

	firstOf(row) {
		return this.events[this.rows[row][0]];
	}

	/* How many pixels of the body a pixel of the scroller stands for. */
	scale() {
		const seen = this.scroller.clientHeight - ROW_HEIGHT;
		const whole = this.rows.length * ROW_HEIGHT;

		return whole <= HEIGHT_MAX ? 1 :
			(whole - seen) / (HEIGHT_MAX - seen);
	}

	revealRow(row) {
		const seen = this.scroller.clientHeight - ROW_HEIGHT;
		const scale = this.scale();
		const top = this.scroller.scrollTop * scale;
		const at = row * ROW_HEIGHT;

		if (row < 0 || seen <= 0)
			return;
		if (at < top - seen || at > top + 2 * seen)
			this.scroller.scrollTop = (at - seen / 2) / scale;
		else if (at < top)
			this.scroller.scrollTop = at / scale;
		else if (at + ROW_HEIGHT > top + seen)
			this.scroller.scrollTop = (at + ROW_HEIGHT - seen) / scale;
	}

	show(event) {
		this.selected = event;
		this.revealRow(this.findRow(event));
		this.draw();
	}

	draw() {
		const scale = this.scale();
		const top = this.scroller.scrollTop;
		const first = Math.max(0, Math.floor(top * scale / ROW_HEIGHT) -
			SPARE_ROWS);
		const last = Math.min(this.rows.length, first + 2 * SPARE_ROWS + 1 +
			Math.ceil(this.scroller.clientHeight / ROW_HEIGHT));
		const drawn = [];

		for (let row = first; row < last; row++)
			drawn.push(this.makeRow(row,
				row * ROW_HEIGHT - top * (scale - 1)));
		if (!this.rows.length)
			drawn.push(el('div', {class: 'row', role: 'row'},
				el('div', {role: 'gridcell', class: 'none'},
					'No event passes the filters.')));
		this.body.replaceChildren(...drawn);
		this.markActive();
	}

	markActive() {
		const active = this.body.querySelector('[aria-selected="true"]');

		if (active)
			this.scroller.setAttribute('aria-activedescendant', active.id);
		else
			this.scroller.removeAttribute('aria-activedescendant');
	}

	makeRow(row, top) {
		const {store} = this;
		const events = this.eventsOf(row);
		const i = events[0];
		const isSelected = events.includes(this.selected);
		const trouble = store.trouble(i);
		const cell = (name, ...content) =>
			el('div', {role: 'gridcell', class: name}, ...content);

		return el('div', {class: `row ${trouble}`, role: 'row',
			id: `row-${store.seq[i]}`, style: `top:${top}px`,
			'aria-rowindex': row + 2, 'aria-selected': String(isSelected),
			click: () => this.select(isSelected ? this.selected : i),
			dblclick: () => this.toggle(i)},
		cell('seq', String(store.seq[i])),
		cell('time', formatTime(store.ts_ns[i])),
		cell('on', visibleLine(store.target(i))),
		cell('what', this.makeMark(trouble), this.makeFold(row),
			...this.makeWords(events)),
		cell('took', this.formatTook(events)));
	}

	makeMark(trouble) {
		return trouble && el('span', {class: 'mark', role: 'img',
			'aria-label': trouble === 'error' ? 'error' : 'warning'},
		trouble === 'error' ? '\u2716' : '!');
	}

	/* A button where there is something to unfold, or to fold again. */
	makeFold(row) {
		const [first, count, whole] = this.rows[row];
		const i = this.events[first];
		const isHead = whole > 1 && (count > 1 || this.unfolded.has(i));

		if (!isHead)
			return null;
		return el('button', {type: 'button', class: 'fold', tabindex: -1,
			'aria-expanded': String(count === 1),
			'aria-label': `${whole} events alike`,
			click: (click) => {
				click.stopPropagation();
				this.toggle(i);
			}}, `${count === 1 ? '\u25be' : '\u25b8'} ${whole}\u00d7`);
	}

	makeWords(events) {
		const {store} = this;
		const [name, ...rest] = store.nodes[store.words[events[0]]].split(' ');
		const data = events.length > 1 ? dataOfGroup(store, events) :
			dataOf(store.decodeEvent(events[0]));

		return [el('b', {}, name), ' ' + rest.join(' '),
			data && el('span', {class: 'data'}, ' ' + data)];
	}

	formatTook(events) {
		const sum = events.reduce((total, i) =>
			total + Math.max(0, this.store.dur_ns[i]), 0);

		return this.store.dur_ns[events[0]] < 0 ? '' : formatDuration(sum);
	}

	/* Unfold the group that begins with an event, or fold it. */
	toggle(event) {
		const row = this.findRow(event);
		const head = row < 0 ? event : this.headOf(row);

		if (!this.unfolded.delete(head))
			this.unfolded.add(head);
		this.regroup();
	}

	headOf(row) {
		while (row > 0 && this.rows[row][1] === 1 && this.rows[row][2] > 1 &&
		       !this.unfolded.has(this.firstOf(row)))
			row--;
		return this.firstOf(row);
	}

	/* The selected event's neighbour by rows, for keys; -1: none. */
	neighbour(rows) {
		const row = this.findRow(this.selected);
		const next = row < 0 ? this.nearestRow() :
			Math.max(0, Math.min(this.rows.length - 1, row + rows));

		return this.rows.length ? this.firstOf(next) : -1;
	}

	nearestRow() {
		const row = this.rows.findIndex(([first]) =>
			this.events[first] >= this.selected);

		return row < 0 ? this.rows.length - 1 : row;
	}

	pageRows() {
		return Math.max(1, Math.floor(this.scroller.clientHeight /
			ROW_HEIGHT) - 2);
	}
}
