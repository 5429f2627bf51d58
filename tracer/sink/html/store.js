'use strict';
/*
 * The events as columns of numbers, and any event as a whole: the reader of
 * what sink/html_values.h describes. An object is a Map here, which keeps the
 * order of any keys; a number that JavaScript would round is a RawNumber.
 */
class RawNumber {
	constructor(digits) {
		this.digits = digits;
	}
}

/* The columns that views need of all events: -1 where there is none. */
const NUMBERS = ['seq', 'ts_ns', 'dur_ns', 'pid', 'tid', 'vm', 'vcpu',
	'device', 'fd', 'ret', 'run_index', 'port'];
const NODES = ['type', 'name', 'on', 'errno', 'exit', 'notes', 'guest', 'in',
	'flow', 'event', 'unfinished'];

class Store {
	constructor(shapes, nodes, rows) {
		this.shapes = shapes.map(Store.readShape);
		this.nodes = nodes;
		this.rows = rows;
		this.findRows();
		this.fillColumns();
	}

	/* {keys, isNumber}; an array has no keys. */
	static readShape(text) {
		if (typeof text === 'string')
			return {keys: null, isNumber: [...text].map((c) => c === '#')};
		return {
			keys: text.map((key) => key.slice(0, -1)),
			isNumber: text.map((key) => key.endsWith('#')),
		};
	}

	findRows() {
		const starts = [];

		for (let at = 0; at < this.rows.length;) {
			starts.push(at);
			at += 2 + this.shapes[this.rows[at + 1]].isNumber.length;
		}
		this.starts = Int32Array.from(starts);
		this.count = starts.length;
	}

	fillColumns() {
		const places = this.shapes.map(() => null);

		this.words = new Int32Array(this.count);
		for (const name of NUMBERS)
			this[name] = new Float64Array(this.count).fill(-1);
		for (const name of NODES)
			this[name] = new Int32Array(this.count).fill(-1);
		for (let i = 0; i < this.count; i++) {
			const at = this.starts[i];
			const shape = this.rows[at + 1];

			this.words[i] = this.rows[at];
			places[shape] = places[shape] ||
				this.findPlaces(this.shapes[shape]);
			const {columns, at: parts} = places[shape];

			for (let n = 0; n < columns.length; n++)
				columns[n][i] = this.rows[at + 2 + parts[n]];
		}
	}

	/* The columns that a shape has, only where the kind is the expected one. */
	findPlaces(shape) {
		const at = [...shape.keys.keys()].filter((place) =>
			(shape.isNumber[place] ? NUMBERS : NODES)
				.includes(shape.keys[place]));

		return {at, columns: at.map((place) => this[shape.keys[place]])};
	}

	/* A node as a value. */
	decode(node) {
		const value = this.nodes[node];

		if (Array.isArray(value))
			return this.decodeParts(this.shapes[value[0]], value, 1);
		return value !== null && typeof value === 'object' ?
			new RawNumber(value.n) : value;
	}

	decodeParts(shape, parts, from) {
		const decodePart = (isNumber, i) => isNumber ? parts[from + i] :
			this.decode(parts[from + i]);

		if (!shape.keys)
			return shape.isNumber.map(decodePart);
		return new Map(shape.keys.map((key, i) =>
			[key, decodePart(shape.isNumber[i], i)]));
	}

	decodeEvent(i) {
		const at = this.starts[i];

		return this.decodeParts(this.shapes[this.rows[at + 1]], this.rows,
			at + 2);
	}

	/* The text of a node column, '' when there is none. */
	text(column, i) {
		const node = this[column][i];
		const value = node < 0 ? '' : this.nodes[node];

		return typeof value === 'string' ? value : '';
	}

	/* One member of an object's node, as a value; undefined: none. */
	member(node, key) {
		const value = node < 0 ? null : this.nodes[node];
		const shape = Array.isArray(value) ? this.shapes[value[0]] : null;
		const place = shape && shape.keys ? shape.keys.indexOf(key) : -1;

		if (place < 0)
			return undefined;
		return shape.isNumber[place] ? value[1 + place] :
			this.decode(value[1 + place]);
	}

	reason(i) {
		return this.exit[i] < 0 ? '' : this.reasonOf(this.exit[i]);
	}

	reasonOf(node) {
		this.reasons = this.reasons || new Map();
		if (!this.reasons.has(node)) {
			const reason = this.member(node, 'reason');

			this.reasons.set(node, typeof reason === 'string' ? reason : '');
		}
		return this.reasons.get(node);
	}

	/* 'error', 'warn' or '' of the event's notes and result. */
	trouble(i) {
		const worst = this.notes[i] < 0 ? '' : this.worst(this.notes[i]);

		return worst === 'error' || this.errno[i] >= 0 ? 'error' : worst;
	}

	worst(node) {
		this.worsts = this.worsts || new Map();
		if (!this.worsts.has(node)) {
			const notes = this.decode(node);
			const has = (severity) => Array.isArray(notes) && notes.some(
				(note) => note instanceof Map &&
					note.get('severity') === severity);

			this.worsts.set(node, has('error') ? 'error' :
				has('warn') ? 'warn' : '');
		}
		return this.worsts.get(node);
	}

	/* 'vm0/vcpu1', '/dev/kvm': what the event is about. */
	target(i) {
		const on = this.text('on', i);

		if (this.vcpu[i] >= 0)
			return (this.vm[i] >= 0 ? `vm${this.vm[i]}/` : '') +
				`vcpu${this.vcpu[i]}`;
		if (on === 'device' && this.device[i] >= 0)
			return `device${this.device[i]}`;
		if (this.vm[i] >= 0)
			return `vm${this.vm[i]}`;
		return on === 'system' ? '/dev/kvm' :
			on === 'not_kvm' ? `fd ${this.fd[i]}` : on;
	}

	/* The event with a number; lines of a trace are in its order. */
	find(seq) {
		let low = 0, high = this.count;

		while (low < high) {
			const middle = (low + high) >> 1;

			if (this.seq[middle] < seq)
				low = middle + 1;
			else
				high = middle;
		}
		return low < this.count && this.seq[low] === seq ? low : -1;
	}
}

function loadStore() {
	const read = (id) => {
		const element = byId(id);
		const values = JSON.parse(element.textContent);

		element.remove();
		return values;
	};

	return new Store(read('shapes'), read('nodes'), read('rows'));
}
