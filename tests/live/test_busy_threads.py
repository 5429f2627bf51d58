"""Threads that stop all the time neither starve an older one (it would take
minutes) nor lend their descriptors to KVM."""
import pytest

from timeline import tally

pytestmark = pytest.mark.usefixtures("kvm")


def test_older_thread_gets_its_turn(trace):
    timeline = trace.program("busy_threads", timeout=30)
    calls = timeline.calls("KVM_GET_API_VERSION", on="system")
    caller = calls[-1]["tid"]
    assert len([line for line in calls if line["tid"] == caller]) == 300
    closes = timeline.syscalls("close")
    assert {line["tid"] for line in closes} == {caller}
    opens = timeline.syscalls("openat", tid=caller)
    assert tally(line["ret"] for line in opens) == \
        tally(line["fd"] for line in closes)
