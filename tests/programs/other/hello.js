// hello.js: the hello hypervisor in Node: ioctl and mmap from an addon
// (hello_napi.c), structures and kvm_run in Buffers. The addon's path is the
// first argument.
//
// A tracer must follow a program that is threads from the start, and whose
// calls come from a library that was loaded late, below JIT-compiled code.
"use strict";

const fs = require("fs");
const { ioctl, mmap, addressOf } = require(process.argv[2]);

// _IO, _IOR and _IOW of linux/kvm.h, as numbers.
const KVM_CREATE_VM = 0xae01;
const KVM_GET_VCPU_MMAP_SIZE = 0xae04;
const KVM_CREATE_VCPU = 0xae41;
const KVM_SET_USER_MEMORY_REGION = 0x4020ae46;
const KVM_SET_TSS_ADDR = 0xae47;
const KVM_RUN = 0xae80;
const KVM_SET_REGS = 0x4090ae82;
const KVM_GET_SREGS = 0x8138ae83;
const KVM_SET_SREGS = 0x4138ae84;

const KVM_EXIT_IO = 2;
const KVM_EXIT_HLT = 5;

// Offsets in struct kvm_run, kvm_regs, kvm_sregs and the memory slot's.
const RUN_EXIT_REASON = 8;
const RUN_IO_DATA_OFFSET = 40;
const REGS_BYTES = 144;
const REGS_RFLAGS = 136;
const SREGS_BYTES = 312;
const SREGS_CS_BASE = 0;
const SREGS_CS_SELECTOR = 12;
const SLOT_BYTES = 32;
const SLOT_MEMORY_SIZE = 16;
const SLOT_USERSPACE_ADDR = 24;

const PAGE = 4096;
const MAP_SHARED = 1;
const MAP_ANONYMOUS = 32;

const GUEST = Buffer.from([
	0xb0, 0x48, // mov al, 'H'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, 0x69, // mov al, 'i'
	0xe6, 0xe9, // out 0xe9, al
	0xb0, 0x0a, // mov al, 10
	0xe6, 0xe9, // out 0xe9, al
	0xf4, // hlt
]);

function setMemory(vm) {
	const memory = mmap(PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);
	const slot = Buffer.alloc(SLOT_BYTES);
	GUEST.copy(memory);
	slot.writeBigUInt64LE(BigInt(PAGE), SLOT_MEMORY_SIZE);
	slot.writeBigUInt64LE(addressOf(memory), SLOT_USERSPACE_ADDR);
	ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000);
	ioctl(vm, KVM_SET_USER_MEMORY_REGION, slot);
}

function setRegisters(vcpu) {
	const sregs = Buffer.alloc(SREGS_BYTES);
	const regs = Buffer.alloc(REGS_BYTES);
	ioctl(vcpu, KVM_GET_SREGS, sregs);
	sregs.writeBigUInt64LE(0n, SREGS_CS_BASE);
	sregs.writeUInt16LE(0, SREGS_CS_SELECTOR);
	regs.writeBigUInt64LE(2n, REGS_RFLAGS);
	ioctl(vcpu, KVM_SET_SREGS, sregs);
	ioctl(vcpu, KVM_SET_REGS, regs);
}

function run(vcpu, shared) {
	const text = [];
	for (;;) {
		ioctl(vcpu, KVM_RUN, 0);
		const reason = shared.readUInt32LE(RUN_EXIT_REASON);
		if (reason === KVM_EXIT_HLT)
			return Buffer.from(text);
		if (reason !== KVM_EXIT_IO)
			throw new Error(`unexpected exit ${reason}`);
		text.push(shared[shared.readBigUInt64LE(RUN_IO_DATA_OFFSET)]);
	}
}

function hello(kvm) {
	const vm = ioctl(kvm, KVM_CREATE_VM, 0);
	setMemory(vm);
	const vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	const shared = mmap(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
		MAP_SHARED, vcpu);
	setRegisters(vcpu);
	fs.writeSync(1, run(vcpu, shared));
}

function main() {
	let kvm;
	try {
		kvm = fs.openSync("/dev/kvm", "r+");
	} catch (error) {
		console.error(`skipped: opening /dev/kvm fails: ${error.code}`);
		return 77;
	}
	try {
		hello(kvm);
	} catch (error) {
		console.error(`hello: ${error.message}`);
		return 1;
	}
	return 0;
}

process.exitCode = main();
