"""--inject: answers in the kernel's place, and nothing else changes."""
import pytest

from timeline import refused_step
from tracing import HV, KVMTRACE, program, run

pytestmark = pytest.mark.usefixtures("kvm")


def injected(timeline):
    return [call for call in timeline.of_type("ioctl")
            if call.get("injected")]


def test_error(trace):
    traced = trace(
        HV, "--long", options=["--inject", "KVM_CREATE_VCPU:errno=EMFILE"])
    call, = injected(traced.timeline)
    assert (call["name"], call["ret"], call["errno"]) == \
        ("KVM_CREATE_VCPU", -1, "EMFILE")
    assert refused_step(call) == 2 and "notes" not in call
    assert "not reached" in call["flow"][3]["text"]
    assert traced.status == 1
    assert b"Too many open files" in traced.stderr
    # The kernel made none: the calls behind it are those of an orderly end.
    assert not traced.timeline.calls("KVM_RUN")


def test_return_value(trace):
    traced = trace(HV, options=["--inject", "KVM_GET_API_VERSION:ret=11"])
    call, = injected(traced.timeline)
    assert call["ret"] == 11 and "errno" not in call
    assert traced.status == 1 and b"11" in traced.stderr


@pytest.mark.parametrize("answer,got", [("ret=7", 7), ("errno=EPERM", -1),
                                        ("errno=4000", -4000)])
@pytest.mark.parametrize("when,hit", [
    (":when=3", {3}), (":when=3+", set(range(3, 21))),
    (":when=2+4", {2, 6, 10, 14, 18}), ("", set(range(1, 21)))])
def test_when(trace, when, hit, answer, got):
    traced = trace(
        program("api_results"), "20",
        options=["--inject", f"KVM_GET_API_VERSION:{answer}{when}"])
    assert [int(word) for word in traced.stdout.split()] == \
        [got if i in hit else 12 for i in range(1, 21)]
    calls = traced.timeline.calls("KVM_GET_API_VERSION")
    assert {i for i, call in enumerate(calls, 1)
            if call.get("injected")} == hit


def test_several(trace):
    """Each counts by itself; the first that meets a call answers it."""
    traced = trace(
        program("api_results"), "5",
        options=["--inject", "KVM_GET_API_VERSION:ret=1:when=2",
                 "--inject", "KVM_GET_API_VERSION:ret=2:when=2+2"])
    assert traced.stdout.split() == [b"12", b"1", b"12", b"2", b"12"]


def test_interrupted_run(trace):
    """The guest isn't entered; hv calls again, and all goes on as it would."""
    traced = trace(
        HV, "--real", options=["--inject", "KVM_RUN:errno=EINTR:when=1+3"])
    assert traced.status == 0 and b"Hello, world!\n" in traced.stdout
    runs = traced.timeline.calls("KVM_RUN")
    assert [call["run_index"] for call in injected(traced.timeline)] == \
        list(range(1, len(runs) + 1, 3))
    assert all("exit" not in call and "guest" not in call
               for call in injected(traced.timeline))
    # The first run that enters the guest shows it.
    assert [call["run_index"] for call in runs if "guest" in call] == [2]


@pytest.mark.parametrize("text,said", [
    ("KVM_RUNN:errno=EIO", "did you mean KVM_RUN"),
    ("KVM_RUN:errno=ENOSUCH", "errno takes a name"),
    ("KVM_RUN:errno=0", "errno takes a name"),
    ("KVM_RUN:ret=-1", "errors are errno's"),
    ("KVM_RUN:when=0", "when takes"),
    ("KVM_RUN:when=1+0", "when takes"),
    ("KVM_RUN:errno=EIO:ret=0", "exclude"),
    ("KVM_RUN:delay=3", "it takes errno="),
    ("", "is no ioctl"),
])
def test_malformed(text, said):
    result = run(KVMTRACE, "--inject", text, HV)
    assert result.status == 2 and said in result.stderr.decode()
    assert len(result.stderr.splitlines()) == 1
