#!/usr/bin/python3
"""make.py [NAME...]: record the causes that can't be provoked everywhere.

Each folder here holds records.jsonl: a real run of a program of
tests/programs/broken, with the bytes changed that another kind of KVM would
have left. What is changed is said below, row by row, so the files can be made
anew when the format of records grows:  make all test-programs, then this.

Offsets are those of struct kvm_run, <linux/kvm.h>: exit_reason at 8, the union
of the exits at 32.
"""
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KVM_RUN, KVM_CREATE_VM = "0xae80", "0xae01"
KVM_GET_REGS = "0x8090ae81"
EXIT_FAIL_ENTRY, EXIT_INTERNAL_ERROR = 9, 17
ENOENT, EACCES, EFAULT, EBUSY = 2, 13, 14, 16
# SDM vol. 3, "VM-Entry Failures During or After Loading Guest State": bit 31
# says that the entry failed, the basic reason 33 is invalid guest state.
VMX_INVALID_GUEST_STATE = 0x80000021
# VMEXIT_INVALID is -1 (APM vol. 2, 15.5.1), of which KVM hands on 32 bits.
SVM_EXIT_ERR = 0xffffffff
RESET_RIP = 0xfff0


def record(program, folder):
    """A run of the program, as a list of records."""
    path = folder / "records.jsonl"
    program = f"build/tests/programs/broken/{program}"
    subprocess.run([ROOT / "kvmtrace", "--format", "raw", "-o", path, program],
                   cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    return [json.loads(line) for line in path.read_text().splitlines()]


def on(records, vendor, module):
    """As recorded on another machine; module None: KVM is not loaded."""
    records[0].update(cpu_vendor=vendor, kvm_module=module)
    if not module:
        del records[0]["kvm_module"]


def calls(records, request):
    return [r for r in records if r.get("request") == request]


def end_at(records, last):
    """The program gave up after this record: status 1."""
    index = records.index(last)
    ending = [r for r in records[index + 1:] if r["kind"] in ("exit", "end")]
    for step in ending:
        step["status"] = 1
        step.pop("signal", None)
    records[index + 1:] = ending


def fail(records, call, error):
    call["result"] = -error
    for key in ("made_fd", "made_file"):
        call.pop(key, None)
    end_at(records, call)


def patch(call, kind, changes):
    """Write bytes to a part as the kernel left it: {offset: bytes}."""
    for part in call["parts"]:
        if part["kind"] == kind and part["phase"] == "after":
            data = bytearray.fromhex(part["hex"])
            for offset, value in changes.items():
                data[offset:offset + len(value)] = value
            part["hex"] = data.hex()


def leave(records, call, reason, union):
    """This KVM_RUN ended with that exit, and the program gave up."""
    call.pop("result", None)
    call["parts"] = [part for part in call["parts"]
                     if part["kind"] in ("run", "guest", "frame")]
    patch(call, "run", {8: struct.pack("<I", reason),
                        32: union.ljust(64, b"\0")})
    end_at(records, call)


def fail_entry(records, call, why):
    leave(records, call, EXIT_FAIL_ENTRY, struct.pack("<QI", why, 1))


def intel_refuses(records):
    on(records, "GenuineIntel", "kvm_intel")
    fail_entry(records, calls(records, KVM_RUN)[0], VMX_INVALID_GUEST_STATE)


def intel_refuses_interrupt(records):
    """The entry after KVM_INTERRUPT, with RFLAGS.IF = 0."""
    on(records, "GenuineIntel", "kvm_intel")
    fail_entry(records, calls(records, KVM_RUN)[1], VMX_INVALID_GUEST_STATE)


def amd_refuses(records):
    on(records, "AuthenticAMD", "kvm_amd")
    fail_entry(records, calls(records, KVM_RUN)[0], SVM_EXIT_ERR)


def intel_without_tss(records):
    """Suberror 1, no data: KVM_INTERNAL_ERROR_EMULATION."""
    on(records, "GenuineIntel", "kvm_intel")
    leave(records, calls(records, KVM_RUN)[0], EXIT_INTERNAL_ERROR,
          struct.pack("<II", 1, 0))


def amd_resets(records):
    """SVM resets the vCPU on SHUTDOWN (svm.c, shutdown_interception)."""
    on(records, "AuthenticAMD", "kvm_amd")
    patch(calls(records, KVM_GET_REGS)[-1], "argument", {
        0: bytes(128), 128: struct.pack("<QQ", RESET_RIP, 2)})


def run_faults(records):
    on(records, "GenuineIntel", "kvm_intel")
    call = calls(records, KVM_RUN)[0]
    leave(records, call, 0, b"")
    fail(records, call, EFAULT)


def open_fails(error, module):
    def edit(records):
        on(records, "GenuineIntel", module)
        opened = next(r for r in records if r.get("path") == "/dev/kvm")
        fail(records, opened, error)
        for step in records[2:]:  # vm.h: what the machine lacks is 77
            step["status"] = 77
    return edit


def vm_busy(records):
    on(records, "GenuineIntel", "kvm_intel")
    fail(records, calls(records, KVM_CREATE_VM)[0], EBUSY)


CASES = {
    "segment_l_and_db": ("segment_l_and_db", intel_refuses),
    "tr_not_busy": ("tr_not_busy", intel_refuses),
    "segment_not_accessed": ("segment_not_accessed", intel_refuses),
    "interrupt_refused": ("interrupt_with_if_0", intel_refuses_interrupt),
    "amd_invalid_state": ("segment_l_and_db", amd_refuses),
    "no_tss_address": ("no_tss_address", intel_without_tss),
    "triple_fault_amd": ("triple_fault_ud2", amd_resets),
    "slot_unmapped_efault": ("slot_unmapped", run_faults),
    "kvm_missing": ("rflags_zero", open_fails(ENOENT, None)),
    "kvm_denied": ("rflags_zero", open_fails(EACCES, "kvm_intel")),
    "hardware_taken": ("rflags_zero", vm_busy),
}


def make(name):
    program, edit = CASES[name]
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    records = record(program, folder)
    edit(records)
    (folder / "records.jsonl").write_text("".join(
        json.dumps(r, separators=(",", ":"), ensure_ascii=False) + "\n"
        for r in records))


if __name__ == "__main__":
    os.umask(0o022)
    for case in sys.argv[1:] or CASES:
        make(case)
