#!/usr/bin/env python3
"""hello.py: the hello hypervisor in Python: fcntl.ioctl, mmap, struct.

A tracer must follow an interpreter: the caller is always the same function of
the fcntl module, and structures lie in Python's own buffers.
"""
import ctypes
import fcntl
import mmap
import os
import struct
import sys

# _IO, _IOR and _IOW of linux/kvm.h, as numbers.
KVM_CREATE_VM = 0xAE01
KVM_GET_VCPU_MMAP_SIZE = 0xAE04
KVM_CREATE_VCPU = 0xAE41
KVM_SET_USER_MEMORY_REGION = 0x4020AE46
KVM_SET_TSS_ADDR = 0xAE47
KVM_RUN = 0xAE80
KVM_SET_REGS = 0x4090AE82
KVM_GET_SREGS = 0x8138AE83
KVM_SET_SREGS = 0x4138AE84

KVM_EXIT_IO = 2
KVM_EXIT_HLT = 5

# Offsets in struct kvm_run and kvm_sregs; struct kvm_regs is 18 words.
RUN_EXIT_REASON = 8
RUN_IO_DATA_OFFSET = 40
SREGS_BYTES = 312
SREGS_CS_BASE = 0
SREGS_CS_SELECTOR = 12
REGS_WORDS = 18

GUEST = bytes((
    0xB0, ord("H"),     # mov al, 'H'
    0xE6, 0xE9,         # out 0xe9, al
    0xB0, ord("i"),     # mov al, 'i'
    0xE6, 0xE9,         # out 0xe9, al
    0xB0, ord("\n"),    # mov al, 10
    0xE6, 0xE9,         # out 0xe9, al
    0xF4,               # hlt
))


def set_memory(vm):
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    memory[:len(GUEST)] = GUEST
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    slot = struct.pack("=IIQQQ", 0, 0, 0, mmap.PAGESIZE, address)
    # fcntl takes a number for an int: 0xfffbd000 would be too large.
    fcntl.ioctl(vm, KVM_SET_TSS_ADDR, 0x10000000)
    fcntl.ioctl(vm, KVM_SET_USER_MEMORY_REGION, slot)
    return memory


def set_registers(vcpu):
    sregs = bytearray(SREGS_BYTES)
    fcntl.ioctl(vcpu, KVM_GET_SREGS, sregs)
    struct.pack_into("=Q", sregs, SREGS_CS_BASE, 0)
    struct.pack_into("=H", sregs, SREGS_CS_SELECTOR, 0)
    fcntl.ioctl(vcpu, KVM_SET_SREGS, sregs)
    rip, rflags = 0, 2
    regs = struct.pack(f"={REGS_WORDS}Q", *([0] * 16), rip, rflags)
    fcntl.ioctl(vcpu, KVM_SET_REGS, regs)


def run(vcpu, shared):
    text = b""
    while True:
        fcntl.ioctl(vcpu, KVM_RUN, 0)
        reason, = struct.unpack_from("=I", shared, RUN_EXIT_REASON)
        if reason == KVM_EXIT_HLT:
            return text
        if reason != KVM_EXIT_IO:
            raise RuntimeError(f"unexpected exit {reason}")
        offset, = struct.unpack_from("=Q", shared, RUN_IO_DATA_OFFSET)
        text += shared[offset:offset + 1]


def main():
    try:
        kvm = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        print(f"skipped: opening /dev/kvm fails: {error}", file=sys.stderr)
        return 77
    vm = fcntl.ioctl(kvm, KVM_CREATE_VM, 0)
    memory = set_memory(vm)
    vcpu = fcntl.ioctl(vm, KVM_CREATE_VCPU, 0)
    shared = mmap.mmap(vcpu, fcntl.ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0))
    set_registers(vcpu)
    sys.stdout.buffer.write(run(vcpu, shared))
    del memory
    return 0


if __name__ == "__main__":
    sys.exit(main())
