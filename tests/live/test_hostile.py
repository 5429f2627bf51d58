"""Counts, sizes and inner pointers that lie end in a note: not in memory, not
in a crash, and the program sees what it sees untraced."""
import pytest

from timeline import Timeline
from tracing import KVMTRACE, PYTHON, program, run, skip_if_told

pytestmark = pytest.mark.usefixtures("kvm")

NAME = "hostile_counts"
FOUR_BILLION = 0xFFFFFFFF
PEAK_BYTES_MAX = 64 << 20
# Between pytest and kvmtrace, since exec hands on the peak of what it replaces.
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[1], "w").write(str(peak * 1024))
sys.exit(status)
"""


def codes(call):
    return {note["code"] for note in call.get("notes", ())}


def notes_of(timeline, name, count, member):
    """The codes of the notes on the call that names so large a count."""
    call, = [call for call in timeline.calls(name)
             if call["in"][member] == count]
    return codes(call)


def test_results_are_those_without_a_tracer(trace):
    untraced = run(program(NAME))
    skip_if_told(untraced)
    traced = trace(program(NAME))
    assert (traced.status, traced.stdout, traced.stderr) == \
        (untraced.status, untraced.stdout, untraced.stderr)
    told = [line.rsplit(": ", 1)[1]
            for line in traced.stdout.decode().splitlines()
            if not line.startswith("msrs there are")]
    calls = traced.timeline.calls()
    first = [call["name"] for call in calls].index("KVM_GET_MSRS")
    found = [call for call in calls[first:first + len(told) + 1]
             if call["name"] != "KVM_SET_USER_MEMORY_REGION"]
    assert [str(call.get("errno", call["ret"])) for call in found] == told


@pytest.mark.parametrize("name, member", [
    ("KVM_GET_MSRS", "nmsrs"), ("KVM_SET_MSRS", "nmsrs"),
    ("KVM_SET_CPUID", "nent"), ("KVM_SET_GSI_ROUTING", "nr"),
    ("KVM_SET_PMU_EVENT_FILTER", "nevents"),
    ("KVM_SET_NESTED_STATE", "size"),
])
def test_four_billion_is_cut(trace, name, member):
    timeline = trace.program(NAME)
    assert {"unreadable", "cut"} <= notes_of(timeline, name, FOUR_BILLION,
                                             member)


def test_more_than_kvm_takes_is_cut(trace):
    """All of it is readable, but KVM looks at 300 events at most."""
    call = trace.program(NAME).calls("KVM_SET_PMU_EVENT_FILTER")[-1]
    assert call["errno"] == "E2BIG" and codes(call) == {"cut"}
    assert call["in"]["nevents"] == 301
    assert len(call["in"]["events"]) == len(call["in"]["event_fields"]) == 300


def test_only_the_size_asks_for_nested_state(trace):
    """What KVM has not written is not shown as its answer."""
    call = trace.program(NAME).calls("KVM_GET_NESTED_STATE")[1]
    assert call["in"] == {"size": 1}
    if call.get("errno") == "E2BIG":
        assert list(call["out"]) == ["size"] and call["out"]["size"] > 1


def test_unreadable_tails(trace):
    timeline = trace.program(NAME)
    assert notes_of(timeline, "KVM_SET_MSRS", 100, "nmsrs") == {"unreadable"}
    assert notes_of(timeline, "KVM_SET_CPUID2", 60, "nent") == {"unreadable"}
    msrs, = [call for call in timeline.calls("KVM_SET_MSRS")
             if call["in"]["nmsrs"] == 100]
    assert len(msrs["in"]["entries"]) == 2
    mask = timeline.call("KVM_SET_SIGNAL_MASK")
    assert codes(mask) == {"unreadable"} and "sigset" not in mask["in"]


def test_inner_pointers(trace):
    timeline = trace.program(NAME)
    for name in ("KVM_X86_SET_MSR_FILTER", "KVM_SET_DEVICE_ATTR"):
        call = timeline.call(name)
        assert call["errno"] == "EFAULT" and "unreadable" in codes(call)
    registers = timeline.calls("KVM_SET_ONE_REG")
    assert all("unreadable" in codes(call) for call in registers)
    # Registers of 256 and 32768 bytes, of which 8 are there.
    assert [call["in"].get("addr_hex") for call in registers] == \
        ["00" * 8, "00" * 8, None]
    assert not any("addr_data" in call["in"] for call in registers)
    for name in ("KVM_GET_ONE_REG", "KVM_GET_DEVICE_ATTR",
                 "KVM_GET_DIRTY_LOG"):
        assert all("errno" in call and "out" not in call
                   for call in timeline.calls(name))


def test_notes_alike_are_one(trace):
    call = trace.program(NAME).call("KVM_X86_SET_MSR_FILTER")
    found = {note["code"]: note["text"] for note in call["notes"]}
    assert len(found) == len(call["notes"]) == 2
    assert "16 times" in found["unreadable"] and "15 times" in found["cut"]


def test_what_kvm_cannot_write_is_noted(trace):
    calls = [call for call in trace.program(NAME).calls()
             if call["name"] in ("KVM_GET_DIRTY_LOG", "KVM_GET_DEVICE_ATTR")
             and call.get("errno") == "EFAULT"]
    assert calls and all(codes(call) == {"unreachable"} for call in calls)


def test_counts_before_and_after(trace):
    timeline = trace.program(NAME)
    call = timeline.calls("KVM_GET_MSR_INDEX_LIST")[-1]
    assert call["errno"] == "E2BIG" and codes(call) == {"too-few-entries"}
    assert call["in"]["nmsrs"] == 0 < call["out"]["nmsrs"]
    # Here KVM doesn't tell how many there are.
    call = timeline.call("KVM_GET_SUPPORTED_CPUID")
    assert call["errno"] == "E2BIG"
    assert call["in"]["nent"] == call["out"]["nent"] == 1
    assert "entries" not in call["out"]


def test_partial_results(trace):
    timeline = trace.program(NAME)
    for name in ("KVM_SET_MSRS", "KVM_GET_MSRS"):
        call = timeline.calls(name)[-1]
        assert call["in"]["nmsrs"] == 3 and call["ret"] < 3
        assert "partial" in codes(call)


@pytest.mark.skipif("asan" in str(KVMTRACE),
                    reason="a sanitizer has memory of its own")
def test_peak_memory(tmp_path):
    peak, path = tmp_path / "peak", tmp_path / "trace.jsonl"
    result = run(PYTHON, "-c", MEASURE, peak, KVMTRACE, "-o", path, "--",
                 program(NAME))
    assert result.status == 0, result
    Timeline(path.read_bytes())
    assert int(peak.read_text()) < PEAK_BYTES_MAX
