"""What the flow says of an exit: whose port it was, how far from memory, and
what the program has to do about it."""
import pytest

from tracing import ROOT

pytestmark = pytest.mark.usefixtures("kvm")


def steps_of(call):
    """The driver's step and the program's."""
    return call["flow"][3]["text"], call["flow"][5]["text"]


def runs(timeline, reason):
    return [call for call in timeline.calls("KVM_RUN")
            if call.get("exit", {}).get("reason") == f"KVM_EXIT_{reason}"]


def test_a_port_and_its_owner(trace):
    timeline = trace(ROOT / "hv", "--long").timeline
    call = runs(timeline, "IO")[0]
    assert call["exit"]["io"]["port"] == 0xe9
    assert call["exit"]["io"]["port_name"] == "debug console"
    said, todo = steps_of(call)
    assert "1 byte out to port 0xe9 (debug console)" in said
    assert f"take 1 byte at kvm_run + {call['exit']['io']['data_offset']}" \
        in todo
    assert "the guest waits" in steps_of(runs(timeline, "HLT")[0])[1]


def test_a_port_without_an_owner(trace):
    io = runs(trace.program("two_vms"), "IO")[0]["exit"]["io"]
    assert io["port"] == 0x10 and "port_name" not in io


def test_mmio_and_memory(trace):
    """The slot ends at 0x10000, the device is at 0x20000."""
    write, read = (next(call for call in runs(trace.program("mmio"), "MMIO")
                        if call["exit"]["mmio"]["is_write"] == is_write)
                   for is_write in (1, 0))
    assert "0x10000 behind the end of slot 0" in steps_of(write)[0]
    assert "take 1 byte in mmio.data" in steps_of(write)[1]
    assert "in mmio.data, then KVM_RUN" in steps_of(read)[1]
    assert "write " in steps_of(read)[1]


def test_string_instructions(trace):
    call = next(call for call in runs(trace.program("string_io"), "IO")
                if call["exit"]["io"]["count"] > 1)
    io = call["exit"]["io"]
    said, todo = steps_of(call)
    assert f"{io['count']} times " in said and "a string instruction" in said
    assert f" {io['count'] * io['size']} bytes at kvm_run" in todo


def test_the_registers_at_the_end(trace):
    """They came along in kvm_run: KVM_CAP_SYNC_REGS."""
    call = runs(trace.program("sync_regs"), "HLT")[0]
    regs = call["out"]["sync_regs"]["regs"]
    assert f"rax {regs['rax']}, rip {regs['rip']}" in steps_of(call)[0]
