'use strict';
/*
 * The six steps of an event: as the trace has them, or, where it was made
 * without (--flow none), what the event's other members tell of them.
 */
const HANDLERS = {
	system: 'kvm_dev_ioctl', vm: 'kvm_vm_ioctl', vcpu: 'kvm_vcpu_ioctl',
	device: 'kvm_device_ioctl',
};

function describeCaller(event) {
	const caller = get(event, 'caller');
	const symbol = get(caller, 'symbol');
	const file = get(caller, 'file');
	const place = file ? `${file}:${get(caller, 'line')}` :
		get(caller, 'object');

	return (symbol ? ` in ${symbol}` : '') + (place ? ` at ${place}` : '');
}

/* As annotate/flow.c finds it, from what a trace has; 0: not refused. */
function findRefusal(event) {
	const errno = get(event, 'errno');
	const notes = get(event, 'notes');
	const hasNote = (code) => Array.isArray(notes) &&
		notes.some((note) => get(note, 'code') === code);

	if (!errno)
		return 0;
	if (errno === 'EBADF' && get(event, 'on') === 'not_kvm')
		return 2;
	return get(event, 'name') === 'unknown' || errno === 'ENOTTY' ||
		hasNote('wrong-descriptor') ? 3 : 4;
}

function buildTexts(event, target) {
	const name = get(event, 'name');
	const errno = get(event, 'errno');
	const reason = get(event, 'exit', 'reason');
	const handler = HANDLERS[get(event, 'on')] || 'the file\'s ioctl handler';
	const result = errno ? `-1, errno ${errno}` : get(event, 'ret');

	return [
		`ioctl(${get(event, 'fd')}, ${name}, ${get(event, 'arg')})` +
			describeCaller(event),
		`sys_ioctl looks up descriptor ${get(event, 'fd')}: it is ${target}`,
		`${handler} gets ${name}`,
		`KVM carries out ${name}` + (errno ? `; refused with ${errno}` : '') +
			(reason ? `; the guest left with ${reason}` : ''),
		`${handler} returns ` + (errno ? `-${errno}` : get(event, 'ret')),
		`ioctl() gives ${result}`,
	];
}

/* A step that the call didn't come to. */
function isReached(step, refused, isUnfinished) {
	if (isUnfinished)
		return step <= 4;
	return !refused || step <= refused || step === 6 ||
		step === 5 && refused > 2;
}

function buildIoctl(event, target) {
	const refused = findRefusal(event);
	const isUnfinished = get(event, 'unfinished') === true;
	const steps = buildTexts(event, target).map((text, i) => {
		const reached = isReached(i + 1, refused, isUnfinished);

		return {text: reached ? text : 'not reached', reached,
			refused: i + 1 === refused};
	});

	return {steps, device: target, note: 'The texts of the six steps were ' +
		'not recorded (--flow none): these are made from the event.'};
}

function readRecorded(event, steps, target) {
	const device = get(steps[3], 'device');

	return {
		steps: steps.map((step) => {
			const text = String(get(step, 'text') ?? '');

			return {text, refused: get(step, 'refused') === true,
				reached: !text.startsWith('not reached')};
		}),
		device: typeof device === 'string' ? device : target, note: '',
	};
}

/* What isn't an ioctl goes a part of the way, or none of it. */
function buildOther(event, words) {
	const none = {text: '', reached: false, refused: false};
	const isSyscall = get(event, 'type') === 'syscall';
	const errno = get(event, 'errno');
	const name = get(event, 'name');
	const step = (text, refused = false) => ({text, reached: true, refused});

	if (!isSyscall)
		return {steps: Array(6).fill(none), device: '', note: `${words}: ` +
			'no call of the program, so nothing goes this way.'};
	return {
		steps: [step(words.split(' -> ')[0] + describeCaller(event)),
			step(`sys_${name}` + (errno ? ` refuses with ${errno}` : ''),
				Boolean(errno)), none, none, none,
			step(`${name}() gives ${errno ? `-1, errno ${errno}` :
				get(event, 'ret')}`)],
		device: '',
		note: `${name} is another system call, no ioctl: it meets no ` +
			'ioctl handler.',
	};
}

/* {steps: [{text, reached, refused}] of 6, device, note} */
function readFlow(event, target, words) {
	const steps = get(event, 'flow');

	if (get(event, 'type') !== 'ioctl')
		return buildOther(event, words);
	if (Array.isArray(steps) && steps.length === 6)
		return readRecorded(event, steps, target);
	return buildIoctl(event, target);
}
