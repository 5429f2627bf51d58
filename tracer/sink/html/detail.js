'use strict';
/* The selected event: in words, as fields, and as the trace has it. */

const SHOWN_PARTS = 100;

/* JSON as in the trace: ASCII, numbers with all their digits. */
function jsonString(text) {
	return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) =>
		'\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

function toJson(value, indent = '') {
	const inner = indent + '  ';
	const wrap = (open, parts, close) => parts.length ?
		`${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}` :
		open + close;

	if (value instanceof Map)
		return wrap('{', [...value].map(([key, part]) =>
			`${jsonString(key)}: ${toJson(part, inner)}`), '}');
	if (Array.isArray(value))
		return value.every((part) => typeof part === 'string') ?
			`[${value.map(jsonString).join(', ')}]` :
			wrap('[', value.map((part) => toJson(part, inner)), ']');
	if (value instanceof RawNumber)
		return value.digits;
	return typeof value === 'string' ? jsonString(value) : String(value);
}

const isScalar = (value) => typeof value !== 'object' || value === null ||
	value instanceof RawNumber;

function scalarText(value) {
	return value instanceof RawNumber ? value.digits :
		typeof value === 'string' ? visibleLine(value) : String(value);
}

/* Shown beside another member: cr0_names, exit's reason_name, text of bytes. */
function isCompanion(object, key) {
	const base = key.replace(/_names?$/, '');

	return base !== key && object.has(base);
}

function scalarParts(object, key, value) {
	const name = object.get(`${key}_name`);
	const names = object.get(`${key}_names`);
	const beside = typeof name === 'string' ? name : listNames(names);

	return [el('code', {}, scalarText(value)),
		beside && el('span', {class: 'beside'}, ` ${visibleLine(beside)}`)];
}

/* Shown in parts: the rest comes when it is asked for. */
function makeSome(parts, make) {
	const list = el('div', {class: 'parts'});
	const add = (from) => {
		list.append(...parts.slice(from, from + SHOWN_PARTS)
			.map((part, i) => make(part, from + i)));
		if (parts.length > from + SHOWN_PARTS)
			list.append(el('button', {type: 'button', click: (click) => {
				click.target.remove();
				add(from + SHOWN_PARTS);
			}}, `${parts.length - from - SHOWN_PARTS} more`));
	};

	add(0);
	return list;
}

function makeField(key, ...content) {
	return el('div', {class: 'field'}, el('span', {class: 'key'},
		visibleLine(key)), el('span', {class: 'value'}, ...content));
}

/* Made when it is opened: structures can be large and deep. */
function makeFolder(key, value, isOpen) {
	const count = value instanceof Map ? value.size : value.length;
	const folder = el('details', {class: 'folder'}, el('summary', {},
		el('span', {class: 'key'}, visibleLine(key)),
		el('span', {class: 'beside'}, ` ${plural(count, 'part')}`)));
	const open = () => {
		if (folder.open && folder.children.length === 1)
			folder.append(makeStructure(value));
	};

	folder.addEventListener('toggle', open);
	folder.open = isOpen;
	open();
	return folder;
}

function makeMember(key, value, object) {
	if (isScalar(value))
		return makeField(key, ...(object instanceof Map ?
			scalarParts(object, key, value) :
			[el('code', {}, scalarText(value))]));
	if (Array.isArray(value) && value.every(isScalar) && value.length <= 32)
		return makeField(key, el('code', {},
			value.map(scalarText).join(' ') || 'none'));
	if (value instanceof Map && value.size <= 12 &&
	    [...value.values()].every(isScalar))
		return makeField(key, ...[...value].filter(([name]) =>
			!isCompanion(value, name)).flatMap(([name, part]) =>
			[el('span', {class: 'pair'}, el('span', {class: 'key'},
				visibleLine(name)), ' ', ...scalarParts(value, name, part)),
			' ']));
	return makeFolder(key, value, false);
}

function makeStructure(value) {
	if (Array.isArray(value))
		return makeSome(value, (part, i) => makeMember(`[${i}]`, part, null));
	return makeSome([...value].filter(([key]) => !isCompanion(value, key)),
		([key, part]) => makeMember(key, part, value));
}

class Detail {
	constructor(store) {
		this.store = store;
		this.place = byId('detail');
	}

	show(i) {
		const event = this.store.decodeEvent(i);

		this.place.scrollTop = 0;
		this.place.replaceChildren(this.makeHead(i, event),
			...this.makeNotes(event), this.makeFacts(i, event),
			...['exit', 'in', 'out'].map((key) => this.makePart(event, key)),
			...this.makeGuestPart(event), this.makeOthers(event),
			this.makeJson(event));
	}

	makeHead(i) {
		const {store} = this;
		const trouble = store.trouble(i);

		return el('h3', {class: trouble}, `#${store.seq[i]} `,
			el('span', {}, store.nodes[store.words[i]]));
	}

	makeNotes(event) {
		const notes = get(event, 'notes');

		return !Array.isArray(notes) ? [] : notes.map((note) =>
			el('p', {class: `note ${get(note, 'severity') === 'error' ?
				'error' : get(note, 'severity') === 'warn' ? 'warn' : ''}`},
			el('b', {}, visibleLine(`${get(note, 'severity')}: ${get(note,
				'code')}`)), ' ', visible(String(get(note, 'text') ?? '')),
			this.makeEvidence(get(note, 'evidence', 'seq'))));
	}

	makeEvidence(seqs) {
		return Array.isArray(seqs) ? seqs.slice(0, 16).map((seq) =>
			[' ', el('a', {href: `#e${Number(seq)}`}, `#${Number(seq)}`)]) : [];
	}

	makeFacts(i, event) {
		const {store} = this;
		const took = store.dur_ns[i];
		const index = store.run_index[i];
		const data = dataOf(event);
		const caller = describeCaller(event).trim();
		const facts = [
			['on', store.target(i)], ['data', data],
			['run', index >= 0 ? `number ${index} of this vCPU` : ''],
			['time', `${formatTime(store.ts_ns[i])} ms` +
				(took >= 0 ? `, took ${formatDuration(took)}` : '')],
			['thread', store.tid[i] >= 0 ? String(store.tid[i]) : ''],
			['called', caller],
		];

		return el('div', {class: 'facts-of-event'}, facts.filter(([, text]) =>
			text).map(([key, text]) => makeField(key, visibleLine(text))));
	}

	makePart(event, key) {
		const value = get(event, key);
		const titles = {in: 'What the program passed (in)',
			out: 'What KVM wrote back (out)', exit: 'Why the guest left (exit)'};

		if (!(value instanceof Map) || !value.size)
			return '';
		return el('section', {}, el('h4', {}, titles[key]),
			makeStructure(value));
	}

	makeGuestPart(event) {
		const guest = get(event, 'guest');

		return guest instanceof Map ? [el('h4', {}, 'The guest'),
			...makeGuest(guest, false)] : [];
	}

	/* What has no place above: later versions' members too. */
	makeOthers(event) {
		const placed = ['type', 'seq', 'ts_ns', 'dur_ns', 'in', 'out', 'exit',
			'guest', 'flow', 'notes', 'caller', 'tid', 'run_index'];
		const rest = new Map([...event].filter(([key]) =>
			!placed.includes(key)));

		return el('section', {}, el('h4', {}, 'Other fields'),
			makeStructure(rest));
	}

	makeJson(event) {
		const details = el('details', {class: 'json'},
			el('summary', {}, 'The event as JSON'));

		details.addEventListener('toggle', () => {
			if (details.open && details.children.length === 1)
				details.append(el('pre', {tabindex: 0}, toJson(event)));
		});
		return details;
	}
}
