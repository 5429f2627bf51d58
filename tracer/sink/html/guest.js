'use strict';
/*
 * The guest that an event shows: its mode and why, and the way from the next
 * instruction's address through the page tables to the program's memory.
 */
const FAULTS = {
	non_canonical: 'the address is not canonical',
	outside_memory: 'the entry lies where no slot has memory',
	unreadable: 'the program\'s memory there could not be read',
	not_present: 'the entry is not present (P = 0)',
	reserved_bit: 'the entry has a reserved bit set',
	no_user: 'the page is the supervisor\'s',
	no_write: 'the page is read-only',
	no_execute: 'the page must not be executed (NX)',
	smep: 'a user page, and SMEP is on',
};

/* "0x200000" as "2 MiB"; other sizes as they are. */
function formatSize(hex) {
	const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
	let size = /^0x[0-9a-f]{1,16}$/.test(hex) ? BigInt(hex) : 0n;
	let unit = 0;

	for (; size && size % 1024n === 0n && unit < 4; size /= 1024n)
		unit++;
	return size ? `${size} ${units[unit]}` : String(hex);
}

function listNames(names) {
	return Array.isArray(names) ? names.map(String).join(' ') : '';
}

function station(kind, title, ...lines) {
	return el('li', {class: `station ${kind}`}, el('b', {}, title),
		lines.filter((line) => line).map((line) =>
			el('span', {}, visibleLine(String(line)))));
}

function makeLevel(level, fault) {
	const isWrong = fault && get(fault, 'level') === get(level, 'level');
	const entry = get(level, 'entry');

	return station(isWrong ? 'wrong' : '',
		`${get(level, 'name')}[${get(level, 'index')}]`,
		get(level, 'address') && `at ${get(level, 'address')}`,
		entry && `entry ${entry}`, listNames(get(level, 'flags_names')),
		isWrong && `\u2716 ${FAULTS[get(fault, 'reason')] || 'fault'}`);
}

function makeWalk(guest) {
	const entry = get(guest, 'entry');
	const levels = get(guest, 'page_tables');
	const fault = get(guest, 'fault');
	const stations = [];

	if (!entry)
		return null;
	stations.push(station('end', 'Guest virtual', get(entry, 'gva'),
		get(entry, 'instruction')));
	if (Array.isArray(levels)) {
		const table = get(levels[0], 'table');

		stations.push(station('', 'CR3', table && `table ${table}`));
		stations.push(...levels.map((level) => makeLevel(level, fault)));
	} else {
		stations.push(station('', 'No paging', 'virtual = physical'));
	}
	if (get(entry, 'gpa'))
		stations.push(station('end', 'Guest physical', get(entry, 'gpa'),
			get(guest, 'page_size') &&
			`in a page of ${formatSize(get(guest, 'page_size'))}`));
	else if (fault)
		stations.push(station('wrong', 'Fault',
			FAULTS[get(fault, 'reason')] || get(fault, 'reason')));
	if (get(entry, 'hva'))
		stations.push(station('end', 'In the program', get(entry, 'hva'),
			`slot ${get(entry, 'slot')}`));
	stations.push(get(entry, 'hpa') ?
		station('end', 'Host physical', get(entry, 'hpa')) : null);
	return el('ol', {class: 'walk'}, stations);
}

function makeTable(heads, rows) {
	return el('div', {class: 'scroll', tabindex: 0, role: 'group',
		'aria-label': heads.join(', ')},
	el('table', {}, el('thead', {}, el('tr', {}, heads.map((head) =>
		el('th', {scope: 'col'}, head)))),
	el('tbody', {}, rows.map((row) => el('tr', {}, row.map((cell) =>
		el('td', {}, visibleLine(String(cell ?? '')))))))));
}

function makeMapped(guest) {
	const ranges = get(guest, 'mapped');

	if (!Array.isArray(ranges))
		return null;
	return el('details', {}, el('summary', {}, 'What the page tables map (' +
		plural(ranges.length, 'range') +
		(get(guest, 'mapped_cut') ? ', cut)' : ')')),
	makeTable(['Guest virtual', 'to', 'Guest physical', 'Pages', 'Flags'],
		ranges.map((range) => [get(range, 'gva'), get(range, 'last'),
			get(range, 'gpa'), get(range, 'page_size') ?
				formatSize(get(range, 'page_size')) : '',
			listNames(get(range, 'flags_names'))])));
}

function makeSlots(guest) {
	const slots = get(guest, 'memory');

	if (!Array.isArray(slots))
		return null;
	return el('details', {}, el('summary', {}, 'Memory at this moment (' +
		plural(slots.length, 'slot') + ')'),
	makeTable(['Slot', 'Guest physical', 'to', 'Size', 'In the program at',
		'Flags'], slots.map((slot) => [get(slot, 'slot'), get(slot, 'gpa'),
		get(slot, 'last'), formatSize(get(slot, 'size')), get(slot, 'hva'),
		listNames(get(slot, 'flags_names'))])));
}

function makeMode(guest) {
	const why = get(guest, 'why');

	return el('p', {}, 'Mode ', el('b', {},
		visibleLine(String(get(guest, 'mode') ?? 'not known'))),
	why instanceof Map && [' because ', el('code', {}, visibleLine(
		[...why].map(([bit, value]) => `${bit}=${value}`).join(' ')))]);
}

/* Everything of an event's guest, or its walk alone. */
function makeGuest(guest, isWalkOnly) {
	return [isWalkOnly ? null : makeMode(guest), makeWalk(guest),
		makeMapped(guest), isWalkOnly ? null : makeSlots(guest)]
		.filter((part) => part);
}
