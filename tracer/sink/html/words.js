'use strict';
/* What an event says beyond its words: the data that a transfer carried. */

function get(value, ...keys) {
	for (const key of keys)
		value = value instanceof Map ? value.get(key) : undefined;
	return value;
}

function isHex(text) {
	return typeof text === 'string' && /^([0-9a-f]{2})+$/.test(text);
}

function bytesOf(hex) {
	return hex.match(/../g).map((digits) => parseInt(digits, 16));
}

function isText(bytes) {
	return bytes.every((byte) => byte >= 0x20 && byte < 0x7f ||
		byte === 9 || byte === 10 || byte === 13);
}

function quote(bytes) {
	const names = {9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\'};

	return '"' + bytes.map((byte) => names[byte] ||
		String.fromCharCode(byte)).join('') + '"';
}

/* A transfer as text, as a number (lowest byte first, x86), or as bytes. */
function formatData(hex, limit = 32) {
	if (!isHex(hex))
		return '';
	const bytes = bytesOf(hex.slice(0, 2 * limit));
	const rest = hex.length > 2 * limit ? ' \u2026' : '';

	if (isText(bytes))
		return quote(bytes) + rest;
	if (bytes.length <= 8 && !rest)
		return '0x' + (bytes.reverse().map((byte) =>
			byte.toString(16).padStart(2, '0')).join('')
			.replace(/^0+(?=.)/, ''));
	return bytes.map((byte) => byte.toString(16).padStart(2, '0'))
		.join(' ') + rest;
}

/* What the guest wrote with this exit, as hex digits. */
function writtenBy(event) {
	const io = get(event, 'exit', 'io');
	const mmio = get(event, 'exit', 'mmio');

	if (get(io, 'direction'))
		return get(io, 'data_hex');
	return get(mmio, 'is_write') ? get(mmio, 'data_hex') : undefined;
}

/* "H", answers #30 with 0x10 */
function dataOf(event) {
	const completes = get(event, 'in', 'completes');
	const answer = get(completes, 'data_hex');
	const parts = [formatData(writtenBy(event))];

	if (isHex(answer))
		parts.push(`answers #${get(completes, 'seq')} with ` +
			formatData(answer));
	return parts.filter((part) => part).join(', ');
}

/* The data of a row's events together: "Hello, world!\n". */
function dataOfGroup(store, events) {
	const digits = [];
	let length = 0;

	for (const i of events) {
		const written = writtenBy(store.decodeEvent(i));

		if (!isHex(written))
			break;
		digits.push(written);
		length += written.length;
		if (length > 128)
			break;
	}
	return digits.length ? formatData(digits.join(''), 64) : '';
}
