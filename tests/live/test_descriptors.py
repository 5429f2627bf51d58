"""Whose descriptor is it? Copies, passing, fork, exec, reuse, and several VMs
at once: each call is shown on the right VM and vCPU, with its own exits."""
import string

import pytest

LETTERS = string.ascii_lowercase.encode()

pytestmark = pytest.mark.usefixtures("kvm")


def hello(timeline, letter, **like):
    """One guest that writes a letter to port 0x10 and halts."""
    assert timeline.written(0x10, **like) == letter
    assert timeline.reasons(**like) == ["IO", "HLT"]


def test_two_vms(trace):
    timeline = trace.program("two_vms")
    assert timeline.written(0x10, vm=0, vcpu=0) == LETTERS
    assert timeline.written(0x10, vm=1, vcpu=0) == b""
    reads = [end["io"] for end in timeline.exits(vm=1, vcpu=0) if "io" in end]
    assert [(io["port"], io["direction"]) for io in reads] == [(0x11, 0)] * 26
    received = [call["in"]["completes"]["data_hex"]
                for call in timeline.calls("KVM_RUN", vm=1)
                if "completes" in call["in"]]
    assert bytes.fromhex("".join(received)) == LETTERS
    # They ran in turn.
    order = [call["vm"] for call in timeline.calls("KVM_RUN")]
    assert order == [0, 1] * 27


def test_threads(trace):
    timeline = trace.program("threads")
    for vcpu, letter in enumerate((b"A", b"B")):
        assert timeline.written(0x10, vm=0, vcpu=vcpu) == letter * 200
        assert timeline.reasons(vm=0, vcpu=vcpu) == ["IO"] * 200 + ["HLT"]
    threads = [line["child"] for line in timeline.processes("thread")]
    assert len(threads) == 2
    for vcpu, tid in enumerate(threads):
        runs = timeline.calls("KVM_RUN", vcpu=vcpu)
        assert {call["tid"] for call in runs} == {tid}


def test_many_vms(trace):
    timeline = trace.program("many_vms")
    for vm in range(20):
        assert timeline.written(0x10, vm=vm, vcpu=0) == LETTERS[vm:vm + 1]
        assert len(timeline.syscalls("close", on="vm", vm=vm)) == 1
    created = timeline.calls("KVM_CREATE_VM", on="system")
    assert len(created) == 20 and len({call["ret"] for call in created}) == 1


def test_numbers_come_back(trace):
    timeline = trace.program("vcpu_reuse")
    assert timeline.written(0x10, vm=0, vcpu=0) == b"A"
    hello(timeline, b"B", vm=1, vcpu=0)
    number = timeline.calls("KVM_RUN", vm=1)[0]["fd"]
    assert number == timeline.calls("KVM_RUN", vm=0)[0]["fd"]
    closed, = timeline.calls("KVM_RUN", on="not_kvm", errno="EBADF")
    refused = timeline.calls(on="not_kvm", errno="ENOTTY")
    assert closed["fd"] == number
    assert [(call["name"], call["fd"]) for call in refused] == \
        [(name, number) for name in
         ("KVM_RUN", "KVM_GET_REGS", "KVM_CREATE_VM")]
    assert timeline.calls("KVM_CREATE_VCPU", vm=0, errno="EEXIST")


def test_dups(trace):
    timeline = trace.program("dups")
    copied = {line["name"] for line in timeline.of_type("syscall")}
    assert {"dup", "dup2", "dup3", "fcntl", "close_range"} <= copied
    assert timeline.written(0x10, vm=0, vcpu=0) == b"d" * 6
    assert {call["vm"] for call in timeline.calls(on="vm")} == {0}
    assert {(call["vm"], call["vcpu"])
            for call in timeline.calls(on="vcpu")} == {(0, 0)}
    assert len(timeline.calls("KVM_GET_API_VERSION", on="system")) == 5
    covered = timeline.call("KVM_CHECK_EXTENSION", errno="ENOTTY")
    assert covered["on"] == "not_kvm"
    # What dup2 put out of the way is told.
    replaced = [line["replaces"] for line in timeline.of_type("syscall")
                if "replaces" in line]
    assert {"on": "vm", "vm": 0} in replaced
    last = timeline.calls("KVM_RUN")[-1]
    assert (last["on"], last["errno"]) == ("not_kvm", "EBADF")


def test_passing_by_socket(trace):
    """A descriptor that comes by recvmsg has its role; and never another's
    exits, even where its kvm_run can't be found."""
    timeline = trace.program("scm_rights")
    sender = timeline.syscalls("openat")[0]["pid"]
    receiver = timeline.processes("fork")[0]["child"]
    null = timeline.call("KVM_GET_API_VERSION", errno="ENOTTY")
    assert null["on"] == "not_kvm" and null["pid"] == sender
    passed = timeline.calls("KVM_RUN", pid=sender)
    assert [call["on"] for call in passed] == ["vcpu", "vcpu"]
    for call, reason in zip(passed, ("KVM_EXIT_IO", "KVM_EXIT_HLT")):
        if "exit" in call:
            assert call["exit"]["reason"] == reason
        else:
            assert call["notes"][0]["code"] == "no-kvm-run"
    refused = timeline.calls(pid=receiver, errno="EIO")
    assert [(call["name"], call["on"]) for call in refused] == \
        [("KVM_CREATE_VCPU", "vm"), ("KVM_RUN", "vcpu")]
    hello(timeline, b"R", pid=receiver)
    foreign = {call.get("vm") for call in refused}
    own = {call["vm"] for call in timeline.calls("KVM_RUN", pid=receiver)
           if "exit" in call}
    assert len(own) == 1 and not own & foreign


def test_fork(trace):
    timeline = trace.program("fork_use")
    fork, = timeline.processes("fork")
    child = fork["child"]
    refused = timeline.calls(errno="EIO")
    assert [call["name"] for call in refused] == \
        ["KVM_CREATE_VCPU", "KVM_RUN", "KVM_GET_REGS"]
    assert {(call["pid"], call["vm"]) for call in refused} == {(child, 0)}
    hello(timeline, b"P", vm=0, vcpu=0, pid=fork["pid"])
    hello(timeline, b"C", vm=1, vcpu=0, pid=child)
    passed = timeline.syscalls("fork", ret=child)
    assert [line["on"] for line in passed] == ["system", "vm", "vcpu"]
    ends = {line["pid"]: line["status"] for line in timeline.processes("exit")}
    assert ends == {fork["pid"]: 0, child: 0}


def test_exec(trace):
    timeline = trace.program("exec_inherit")
    execs = timeline.processes("exec")
    assert len(execs) == 1 and execs[0]["path"].endswith("/exec_inherit")
    assert timeline.written(0x10, vm=0, vcpu=0) == b"O"
    hello(timeline, b"N", vm=1, vcpu=0)
    lost = timeline.calls(on="not_kvm")
    assert [(call["name"], call["errno"]) for call in lost] == \
        [("KVM_CREATE_VCPU", "EBADF"), ("KVM_GET_REGS", "ENOTTY")]
    refused = timeline.calls(errno="EIO")
    assert {(call["name"], call["on"], call["vm"]) for call in refused} == \
        {("KVM_RUN", "vcpu", 0), ("KVM_GET_REGS", "vcpu", 0),
         ("KVM_CREATE_VCPU", "vm", 0)}
    assert all(call["seq"] > execs[0]["seq"] for call in refused + lost)


def test_vfork(trace):
    timeline = trace.program("vfork_exec")
    hello(timeline, b"V", vm=0, vcpu=0)
    child = timeline.processes("fork")[0]["child"]
    path, = [line["path"] for line in timeline.processes("exec", pid=child)]
    assert path.endswith("/true")
    assert timeline.end["status"] == {"exited": 0}


def test_shared_table(trace):
    timeline = trace.program("clone_files")
    covered, foreign = timeline.calls("KVM_CREATE_VCPU")[1:]
    assert (covered["on"], covered["errno"]) == ("not_kvm", "ENOTTY")
    assert (foreign["on"], foreign["vm"], foreign["errno"]) == ("vm", 1, "EIO")
    assert timeline.call("KVM_GET_API_VERSION")["on"] == "system"
    hello(timeline, b"F", vm=0, vcpu=0)


def test_standard_numbers(trace):
    timeline = trace.program("closed_std")
    run = timeline.calls("KVM_RUN")[0]
    create = timeline.call("KVM_CREATE_VM")
    assert (create["fd"], create["ret"], run["fd"]) == (0, 1, 2)
    hello(timeline, b"0", vm=0, vcpu=0)


def test_other_offsets(trace):
    """kvm_run is the mapping at offset 0, whatever else is mapped."""
    timeline = trace.program("ring_map")
    offsets = [line["in"]["offset"] for line in timeline.syscalls("mmap")]
    assert offsets.count("0x0") == 2 and "0x1000" in offsets
    assert len(timeline.syscalls("munmap", on="vcpu", vm=0, vcpu=0)) == 1
    hello(timeline, b"M", vm=0, vcpu=0)


def test_private_mapping(trace):
    """What the program sees in a private kvm_run may be its own stale copy: no
    exit is shown, and a note says why."""
    timeline = trace.program("shared_kvm_run_private")
    runs = timeline.calls("KVM_RUN")
    assert len(runs) == 2
    for run in runs:
        assert "exit" not in run
        assert [note["code"] for note in run["notes"]] == ["private-kvm-run"]


@pytest.mark.parametrize("name, letter", [
    ("raw_syscall", b"Y"), ("int80", b"8"), ("int80_in64", b"6"),
    ("own_filter", b"Q"),
])
def test_ways_into_the_kernel(trace, name, letter):
    timeline = trace.program(name)
    hello(timeline, letter, vm=0, vcpu=0)
    assert not timeline.calls("unknown")
    slot = timeline.calls("KVM_SET_USER_MEMORY_REGION")[-1]
    assert slot["in"]["memory_size"] == "0x10000"
    regs = timeline.calls("KVM_SET_REGS")[-1]
    assert regs["in"]["rip"] == "0x1000"
    assert regs["cmd"] == "0x4090ae82"


@pytest.mark.parametrize("name", ["int80", "int80_in64"])
def test_32_bit_structures(trace, name):
    """KVM_GET_DIRTY_LOG's pointer has 32 bits; the rest is rubbish."""
    timeline = trace.program(name)
    log = timeline.call("KVM_GET_DIRTY_LOG")
    assert log["ret"] == 0 and log["on"] == "vm"
    pointer = log.get("in", {}).get("dirty_bitmap")
    assert pointer is None or int(pointer, 16) < 2**32
    masks = timeline.calls("KVM_SET_SIGNAL_MASK")
    assert all(mask["in"]["sigset"] == "0x2000" for mask in masks)
    assert len(masks) == (name == "int80")
