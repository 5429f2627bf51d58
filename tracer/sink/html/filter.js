'use strict';
/* Which events are shown, and which of them share a row. */

const KINDS = [
	['', 'all'], ['ioctl', 'ioctls'], ['run', 'KVM_RUN'],
	['setup', 'ioctls but KVM_RUN'], ['syscall', 'other system calls'],
	['console', 'guest console'], ['process', 'processes'],
];

class Filter {
	constructor(store) {
		this.store = store;
		this.clear();
	}

	clear() {
		Object.assign(this, {text: '', kind: '', name: '', vcpu: '',
			exit: '', errors: false, fold: true});
	}

	/*
	 * The nodes that the searched text is in, or in a part of: parts stand
	 * before what they are part of, so one pass finds all. The six steps are
	 * left out; they name every handler on the way.
	 */
	searchNodes(wanted) {
		const {nodes, shapes} = this.store;
		const found = new Uint8Array(nodes.length);

		for (let i = 0; i < nodes.length; i++) {
			const node = nodes[i];

			if (typeof node === 'string')
				found[i] = node.toLowerCase().includes(wanted);
			else if (Array.isArray(node))
				found[i] = Filter.hasPart(shapes[node[0]], node, 1, found);
		}
		return found;
	}

	static hasPart(shape, parts, from, found) {
		for (let i = 0; i < shape.isNumber.length; i++)
			if (!shape.isNumber[i] && found[parts[from + i]] &&
			    !(shape.keys && shape.keys[i] === 'flow'))
				return 1;
		return 0;
	}

	/* A test of events for the searched text; null: all pass. */
	makeSearch() {
		const {store} = this;
		const wanted = this.text.trim().toLowerCase();
		const seq = /^#?(\d+)$/.exec(wanted);

		if (!wanted)
			return null;
		if (wanted.startsWith('#') && seq)
			return (i) => store.seq[i] === Number(seq[1]);
		const found = this.searchNodes(wanted);

		return (i) => {
			const at = store.starts[i];

			return found[store.words[i]] || Filter.hasPart(
				store.shapes[store.rows[at + 1]], store.rows, at + 2,
				found) || (seq && store.seq[i] === Number(seq[1]));
		};
	}

	makeKind() {
		const {store} = this;
		const isRun = (i) => store.text('name', i) === 'KVM_RUN';
		const isIoctl = (i) => store.text('type', i) === 'ioctl';

		switch (this.kind) {
		case '':
			return null;
		case 'run':
			return isRun;
		case 'setup':
			return (i) => isIoctl(i) && !isRun(i);
		default:
			return (i) => store.text('type', i) === this.kind;
		}
	}

	/* The events that pass all tests, in order. */
	apply() {
		const {store} = this;
		const tests = [
			this.makeKind(),
			this.name && ((i) => store.text('name', i) === this.name),
			this.vcpu && ((i) => store.vcpu[i] >= 0 &&
				store.target(i) === this.vcpu),
			this.exit && ((i) => store.reason(i) === this.exit),
			this.errors && ((i) => store.trouble(i) !== ''),
			this.makeSearch(),
		].filter((test) => test);
		const passed = [];

		for (let i = 0; i < store.count; i++)
			if (tests.every((test) => test(i)))
				passed.push(i);
		return passed;
	}

	/* Neighbours of one row: the same words about the same thing. */
	isAlike(a, b) {
		const {store} = this;

		return store.words[a] === store.words[b] &&
			store.name[b] >= 0 && store.type[a] === store.type[b] &&
			store.text('type', b) === 'ioctl' &&
			store.vm[a] === store.vm[b] && store.vcpu[a] === store.vcpu[b] &&
			store.tid[a] === store.tid[b] && store.fd[a] === store.fd[b] &&
			store.notes[b] < 0 && store.guest[b] < 0 &&
			store.notes[a] < 0 && store.guest[a] < 0;
	}

	/*
	 * Rows of the table: [first, count] into the events that passed. A group
	 * whose first event is in `unfolded` has a row for each event.
	 */
	group(events, unfolded) {
		const rows = [];

		for (let from = 0, to; from < events.length; from = to) {
			for (to = from + 1; this.fold && to < events.length &&
			     this.isAlike(events[from], events[to]);)
				to++;
			if (to - from > 1 && unfolded.has(events[from]))
				for (let i = from; i < to; i++)
					rows.push([i, 1, to - from]);
			else
				rows.push([from, to - from, to - from]);
		}
		return rows;
	}
}
