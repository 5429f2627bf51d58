'use strict';
/*
 * Elements without markup: whatever a trace holds reaches the page as text
 * nodes and attributes only.
 */
const SVG = 'http://www.w3.org/2000/svg';

const byId = (id) => document.getElementById(id);

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function')
			element.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			element.setAttribute(name, value === true ? '' : value);
	}
	element.append(...children.flat(Infinity).filter((child) =>
		child !== null && child !== undefined && child !== false));
	return element;
}

/* el('p', {class: 'x', click: f}, 'text', element, ...) */
function el(tag, attributes = {}, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
	return fill(document.createElementNS(SVG, tag), attributes, children);
}

/*
 * Controls, and format characters that hide or reorder text, as \u{…}: the
 * same as sink/html_text.c.
 */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function visible(text) {
	return text.replace(UNSEEN, (character) =>
		'\\u{' + character.codePointAt(0).toString(16) + '}');
}

/* On one line: breaks and tabs are escapes too. */
function visibleLine(text) {
	return visible(text).replace(/\n/g, '\\n').replace(/\t/g, '\\t');
}

function plural(count, noun) {
	return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function formatDuration(ns) {
	if (ns < 1e3)
		return `${ns} ns`;
	if (ns < 1e6)
		return `${(ns / 1e3).toFixed(1)} \u00b5s`;
	if (ns < 1e9)
		return `${(ns / 1e6).toFixed(2)} ms`;
	return `${(ns / 1e9).toFixed(3)} s`;
}

function formatTime(ns) {
	return (ns / 1e6).toFixed(3);
}

/* A function that runs at the next frame, however often it is asked to. */
function onceAFrame(run) {
	let isAsked = false;

	return () => {
		if (isAsked)
			return;
		isAsked = true;
		requestAnimationFrame(() => {
			isAsked = false;
			run();
		});
	};
}
