"""Signals, stops and ends: delivered at their time, shown, and passed on."""
import pytest

from tracing import program

pytestmark = pytest.mark.usefixtures("kvm")


def test_interrupted_runs(trace):
    timeline = trace.program("signals")
    runs = timeline.calls("KVM_RUN")
    assert len(runs) == 13
    assert {call["errno"] for call in runs} == {"EINTR"}
    for call in runs:
        check_interrupted(call)
    told = timeline.processes("signal")
    assert {line["signal"] for line in told} == {"SIGALRM"}
    # Three ways with a handler, three rounds each; the fourth blocks it.
    assert [line["run_seq"] for line in told] == \
        [call["seq"] for call in runs[:9]]
    assert runs[9]["in"]["immediate_exit"] == 1
    mask = timeline.call("KVM_SET_SIGNAL_MASK")
    assert mask["in"]["len"] == 8 and mask["seq"] > runs[9]["seq"]


def check_interrupted(call):
    """kvm_run says KVM_EXIT_INTR; with immediate_exit KVM doesn't touch it."""
    if call["in"]["immediate_exit"]:
        assert "exit" not in call
    else:
        assert call["exit"] == {"reason": "KVM_EXIT_INTR", "code": 10}
    driver = call["flow"][3]["text"]
    assert "interrupted" in driver and "refused with" not in driver


def test_a_run_that_is_jumped_out_of(trace):
    timeline = trace.program("longjmp_out")
    left = timeline.calls("KVM_RUN", vm=0)
    assert [call["errno"] for call in left] == ["EINTR"] * 3
    assert timeline.reasons(vm=1) == ["IO", "HLT"]
    assert timeline.written(0x10, vm=1) == b"J"


def test_calls_of_a_handler(trace):
    timeline = trace.program("handler_ioctl")
    run = timeline.call("KVM_RUN", errno="EINTR")
    broke, = timeline.processes("signal")
    version = timeline.call("KVM_GET_API_VERSION")
    regs = timeline.call("KVM_GET_REGS")
    assert broke["run_seq"] == run["seq"]
    assert run["seq"] < version["seq"] < regs["seq"]
    assert regs["out"]["rip"] == "0x1000"
    assert version["ret"] == 12


@pytest.mark.parametrize("name, status, end", [
    ("killed", 137, {"signal": "SIGKILL"}),
    ("exit_group_in_run", 7, {"exited": 7}),
])
def test_a_run_that_never_returns(trace, name, status, end):
    for _ in range(3):
        result = trace(program(name))
        assert result.status == status
        run = result.timeline.call("KVM_RUN")
        assert run["unfinished"] and "ret" not in run and "exit" not in run
        assert run["in"]["immediate_exit"] == 0
        assert result.timeline.end["status"] == end


def test_death_by_signal(trace):
    result = trace(program("segv"))
    assert result.status == 128 + 11
    assert result.timeline.end["status"] == {"signal": "SIGSEGV"}
    last, = result.timeline.processes("exit")
    assert last["signal"] == "SIGSEGV" and "status" not in last


def test_job_control(trace):
    """The parent's waitpid sees the stops (the program checks that)."""
    timeline = trace.program("selfstop")
    assert timeline.written(0x10) == b"T"
    runs = timeline.calls("KVM_RUN")[1:]
    assert runs and {call["errno"] for call in runs} == {"EINTR"}
    assert timeline.processes("signal")[-1]["signal"] == "SIGUSR1"
