'use strict';
/*
 * The timeline: a lane for each thread's own time, one for the kernel's work
 * on calls, and one for each vCPU. A tracer outside of KVM can't tell guest
 * time from kernel time within KVM_RUN, so the vCPU's lane says what it is.
 *
 * A lane is {label, starts, ends, events, kinds}, sorted by start. However
 * many slices there are, no pixel is painted twice for the same lane.
 */
const LANE = 36;
const AXIS = 22;
const LANES_MAX = 40;

const SLICE_KINDS = [
	['user', 'the program\'s own time'], ['call', 'call'],
	['io', 'KVM_RUN to a port'], ['mmio', 'to MMIO'], ['halt', 'to HLT'],
	['other', 'to another exit, or none'],
	['bad', 'failed, or an exit that means trouble (striped)'],
];
const BAD_EXITS = ['KVM_EXIT_UNKNOWN', 'KVM_EXIT_SHUTDOWN',
	'KVM_EXIT_FAIL_ENTRY', 'KVM_EXIT_INTERNAL_ERROR',
	'KVM_EXIT_MEMORY_FAULT'];
const EXIT_KINDS = {KVM_EXIT_IO: 'io', KVM_EXIT_MMIO: 'mmio',
	KVM_EXIT_HLT: 'halt'};

class LaneBuilder {
	constructor(store) {
		this.store = store;
		this.lanes = new Map();
		this.lastEnds = new Map();
	}

	kindOf(i) {
		const {store} = this;
		const reason = store.reason(i);

		if (store.errno[i] >= 0 && store.text('errno', i) !== 'EINTR' ||
		    BAD_EXITS.includes(reason))
			return 'bad';
		return store.text('name', i) !== 'KVM_RUN' ? 'call' :
			EXIT_KINDS[reason] || 'other';
	}

	/* The lane of a key; its label is made once. */
	laneOf(key, order, makeLabel) {
		if (!this.lanes.has(key))
			this.lanes.set(key, {order, label: makeLabel(), starts: [],
				ends: [], events: [], kinds: []});
		return this.lanes.get(key);
	}

	static add(lane, start, end, event, kind) {
		lane.starts.push(start);
		lane.ends.push(end);
		lane.events.push(event);
		lane.kinds.push(kind);
	}

	addCall(i) {
		const {store} = this;
		const start = store.ts_ns[i];
		const end = start + Math.max(0, store.dur_ns[i]);
		const thread = store.tid[i];
		const before = this.lastEnds.get(thread);
		const isRun = store.text('name', i) === 'KVM_RUN';

		if (before !== undefined && before < start)
			LaneBuilder.add(this.laneOf(thread, 0, () =>
				`thread ${thread}: its own code`), before, start, i, 'user');
		this.lastEnds.set(thread, end);
		LaneBuilder.add(isRun ? this.laneOf(
			`${store.vm[i]} ${store.vcpu[i]}`, 2, () =>
				`${store.target(i)}: in KVM_RUN (guest + kernel)`) :
			this.laneOf('kernel', 1, () => 'kernel: other calls'),
		start, end, i, this.kindOf(i));
	}

	build() {
		for (let i = 0; i < this.store.count; i++)
			if (this.store.dur_ns[i] >= 0)
				this.addCall(i);
		return [...this.lanes.values()]
			.sort((a, b) => a.order - b.order)
			.map((lane) => LaneBuilder.finish(lane));
	}

	/* Calls end in the order of the lines, and begin in almost that order. */
	static finish({label, starts, ends, events, kinds}) {
		if (!starts.some((start, n) => n && start < starts[n - 1]))
			return {label, starts, ends, events, kinds};
		const order = [...starts.keys()].sort((a, b) =>
			starts[a] - starts[b]);
		const sort = (values) => order.map((n) => values[n]);

		return {label, starts: sort(starts), ends: sort(ends),
			events: sort(events), kinds: sort(kinds)};
	}
}

class Timeline {
	constructor(store, select) {
		const all = new LaneBuilder(store).build();

		Object.assign(this, {store, select, selected: -1,
			lanes: all.slice(0, LANES_MAX), hidden: all.length - LANES_MAX});
		this.findRange();
		this.canvas = el('canvas', {tabindex: 0, role: 'img',
			'aria-label': 'Timeline: ' + this.lanes.map((lane) =>
				`${lane.label}, ${plural(lane.starts.length, 'slice')}`)
				.join('; ')});
		this.readout = el('p', {class: 'readout'});
		byId('timeline').append(this.canvas, this.readout);
		this.redraw = onceAFrame(() => this.draw());
		this.listen();
		this.drawLegend();
	}

	/* All of the time that the lanes have something in. */
	findRange() {
		let from = Infinity, to = 0;

		for (const lane of this.lanes) {
			from = Math.min(from, lane.starts[0]);
			to = lane.ends.reduce((a, b) => Math.max(a, b), to);
		}
		if (!(to > from))
			[from, to] = [0, 1000];
		this.first = from;
		this.last = to;
		this.from = from;
		this.to = to;
	}

	listen() {
		const {canvas} = this;
		let dragX = null, isMoved = false;

		canvas.addEventListener('wheel', (wheel) => {
			if (!wheel.ctrlKey && document.activeElement !== canvas)
				return;
			wheel.preventDefault();
			this.zoom(wheel.deltaY < 0 ? 0.8 : 1.25,
				this.timeAt(wheel.offsetX));
		}, {passive: false});
		canvas.addEventListener('pointerdown', (down) => {
			dragX = down.offsetX;
			isMoved = false;
			canvas.setPointerCapture(down.pointerId);
		});
		canvas.addEventListener('pointermove', (move) => {
			if (dragX === null) {
				this.readAt(move.offsetX, move.offsetY);
				return;
			}
			if (Math.abs(move.offsetX - dragX) < 3 && !isMoved)
				return;
			isMoved = true;
			this.move((dragX - move.offsetX) / this.width);
			dragX = move.offsetX;
		});
		canvas.addEventListener('pointerup', (up) => {
			const event = isMoved ? -1 : this.findAt(up.offsetX, up.offsetY);

			dragX = null;
			if (event >= 0)
				this.select(event);
		});
		canvas.addEventListener('pointercancel', () => {
			dragX = null;
		});
		new ResizeObserver(this.redraw).observe(byId('timeline'));
		matchMedia('(prefers-color-scheme: dark)')
			.addEventListener('change', this.redraw);
	}

	timeAt(x) {
		return this.from + (this.to - this.from) * x / this.width;
	}

	xAt(time) {
		return (time - this.from) / (this.to - this.from) * this.width;
	}

	setRange(from, to) {
		const length = Math.max(100, Math.min(to - from,
			this.last - this.first));

		this.from = Math.max(this.first, Math.min(from, this.last - length));
		this.to = this.from + length;
		this.redraw();
	}

	zoom(factor, at = this.centre()) {
		this.setRange(at - (at - this.from) * factor,
			at + (this.to - at) * factor);
	}

	/* Where zooming goes: the selected event if it is in sight. */
	centre() {
		const time = this.selected < 0 ? -1 : this.store.ts_ns[this.selected];

		return time >= this.from && time <= this.to ? time :
			(this.from + this.to) / 2;
	}

	move(share) {
		const by = (this.to - this.from) * share;

		this.setRange(this.from + by, this.to + by);
	}

	zoomAll() {
		this.setRange(this.first, this.last);
	}

	show(event) {
		const time = this.store.ts_ns[event];
		const length = this.to - this.from;

		this.selected = event;
		if (time < this.from || time > this.to)
			this.setRange(time - length / 2, time + length / 2);
		this.redraw();
	}

	/* The first slice that may be in sight: overlaps are looked for too. */
	static findFirst(lane, time) {
		let low = 0, high = lane.starts.length;

		while (low < high) {
			const middle = (low + high) >> 1;

			if (lane.starts[middle] < time)
				low = middle + 1;
			else
				high = middle;
		}
		return Math.max(0, low - 64);
	}

	/* The event of the slice at a point, or near it; -1: none. */
	findAt(x, y) {
		const lane = this.lanes[Math.floor((y - AXIS) / LANE)];
		let best = -1, distance = 6;

		if (!lane)
			return -1;
		for (let i = Timeline.findFirst(lane, this.timeAt(x - 6));
		     i < lane.starts.length && this.xAt(lane.starts[i]) < x + 6;
		     i++) {
			const away = Math.max(0, this.xAt(lane.starts[i]) - x,
				x - this.xAt(lane.ends[i]));

			if (away < distance) {
				distance = away;
				best = lane.events[i];
			}
		}
		return best;
	}

	readAt(x, y) {
		const event = this.findAt(x, y);
		const {store} = this;

		this.readout.textContent = event < 0 ? '' :
			`#${store.seq[event]} ${store.nodes[store.words[event]]}, ` +
			`${formatDuration(store.dur_ns[event])}`;
	}

	drawLegend() {
		byId('legend').append(...SLICE_KINDS.map(([kind, words]) =>
			el('span', {}, el('i', {class: `swatch ${kind}`}), words)));
		if (this.hidden > 0)
			byId('legend').append(el('b', {},
				`${plural(this.hidden, 'lane')} more not shown`));
	}

	draw() {
		const width = byId('timeline').clientWidth;
		const height = AXIS + LANE * this.lanes.length + 4;
		const ratio = devicePixelRatio || 1;

		if (width < 50)
			return;
		this.width = width;
		this.canvas.width = Math.round(width * ratio);
		this.canvas.height = Math.round(height * ratio);
		this.canvas.style.height = `${height}px`;
		const style = getComputedStyle(document.documentElement);
		const paint = this.canvas.getContext('2d');

		this.colour = (name) => style.getPropertyValue(`--${name}`);
		paint.scale(ratio, ratio);
		paint.font = '12px system-ui, sans-serif';
		this.drawAxis(paint, height);
		this.lanes.forEach((lane, n) => this.drawLane(paint, lane,
			AXIS + n * LANE));
		this.drawCursor(paint, height);
		this.lanes.forEach((lane, n) => this.drawLabel(paint, lane,
			AXIS + n * LANE));
	}

	/* A round step of time with room for its number. */
	findStep() {
		const least = (this.to - this.from) * 90 / this.width;
		const power = 10 ** Math.floor(Math.log10(least));

		return [1, 2, 5, 10].map((n) => n * power)
			.find((step) => step >= least);
	}

	drawAxis(paint, height) {
		const step = this.findStep();
		const places = Math.max(0, Math.ceil(6 - Math.log10(step)));

		for (let n = Math.ceil(this.from / step); n * step <= this.to; n++) {
			const x = this.xAt(n * step);

			paint.fillStyle = this.colour('line');
			paint.fillRect(Math.round(x), AXIS - 4, 1, height);
			paint.fillStyle = this.colour('dim');
			paint.fillText(`${(n * step / 1e6).toFixed(places)} ms`,
				Math.round(x) + 3, 13);
		}
	}

	drawLane(paint, lane, y) {
		const top = y + 16, height = LANE - 20;
		let painted = -1;

		for (let i = Timeline.findFirst(lane, this.from);
		     i < lane.starts.length && lane.starts[i] <= this.to; i++) {
			const x = Math.max(0, this.xAt(lane.starts[i]));
			const right = Math.min(this.width, this.xAt(lane.ends[i]));
			const isBad = lane.kinds[i] === 'bad';

			if (right < 0 || right < painted + 1 && !isBad)
				continue;
			painted = Math.max(right, Math.floor(x) + 1);
			this.drawSlice(paint, lane.kinds[i], x, top,
				Math.max(1, right - x - (right - x > 3 ? 1 : 0)), height);
		}
	}

	/* Above all that is painted, on ground of its own. */
	drawLabel(paint, lane, y) {
		const label = visibleLine(lane.label);

		paint.font = '11px system-ui, sans-serif';
		paint.fillStyle = this.colour('panel');
		paint.fillRect(0, y, paint.measureText(label).width + 6, 12);
		paint.fillStyle = this.colour('dim');
		paint.fillText(label, 3, y + 10);
	}

	drawSlice(paint, kind, x, y, width, height) {
		paint.fillStyle = this.colour(`slice-${kind}`);
		paint.fillRect(x, y, width, height);
		if (kind !== 'bad')
			return;
		/* Not by colour alone: a mark above, stripes where there is room. */
		paint.fillRect(x - 2, y - 4, 5, 3);
		paint.fillStyle = this.colour('panel');
		for (let stripe = x + 3; stripe < x + width - 1; stripe += 6)
			paint.fillRect(stripe, y, 2, height);
	}

	drawCursor(paint, height) {
		const event = this.selected;

		if (event < 0 || this.store.ts_ns[event] < 0)
			return;
		const x = this.xAt(this.store.ts_ns[event]);
		const width = Math.max(2, this.xAt(this.store.ts_ns[event] +
			Math.max(0, this.store.dur_ns[event])) - x);

		paint.globalAlpha = 0.2;
		paint.fillStyle = this.colour('accent');
		paint.fillRect(x, AXIS - 4, width, height);
		paint.globalAlpha = 1;
		paint.fillRect(Math.round(x) - 1, AXIS - 6, 2, height);
	}
}
