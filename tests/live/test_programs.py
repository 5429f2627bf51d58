"""Every program of tests/programs prints the same and ends the same, traced
and untraced; and the trace of each passes the checks of a timeline."""
import shutil

import pytest

from tracing import PROGRAMS, PYTHON, ROOT, program, run, skip_if_told

pytestmark = pytest.mark.usefixtures("kvm")

SOURCES = ROOT / "tests/programs"
NAMES = sorted(path.stem for path in SOURCES.glob("*.c"))
VARIANTS = [f"{folder}/{name}" for folder in ("static", "static-pie", "musl")
            for name in ("portio_loop", "threads", "two_vms")]
ARGUMENTS = {
    "invalid_utf8_args": [b"caf\xe9", b"\xff\xfe", b"", b"plain"],
    "setuid_exec": ["/bin/echo", "after exec"],
}
# Ends that depend on which of two threads or processes is first.
RACES = ("exec_inherit", "exit_group_in_run", "handler_ioctl", "killed",
         "longjmp_out", "selfstop", "signals", "threads", "vfork_exec")


def same_as_untraced(trace, *command):
    untraced = run(*command)
    skip_if_told(untraced)
    traced = trace(*command)
    assert traced.stdout == untraced.stdout
    assert traced.stderr == untraced.stderr
    assert traced.status == untraced.status
    return traced.timeline


@pytest.mark.parametrize("name", NAMES + VARIANTS)
def test_same_as_untraced(trace, name):
    for _ in range(3 if name in RACES else 1):
        same_as_untraced(trace, program(name), *ARGUMENTS.get(name, ()))


@pytest.mark.parametrize("name", ["cpp", "go", "rs", "java", "node"])
def test_compiled_languages(trace, name):
    timeline = same_as_untraced(trace, program(f"other/hello_{name}"))
    check_hello(timeline)


@pytest.mark.parametrize("command", [
    [PYTHON, SOURCES / "other/hello.py"],
    ["perl", SOURCES / "other/hello.pl"],
], ids=["python", "perl"])
def test_interpreters(trace, command):
    assert shutil.which(command[0]), f"{command[0]} is not installed"
    check_hello(same_as_untraced(trace, *command))


def check_hello(timeline):
    assert timeline.written(0xE9, vm=0, vcpu=0) == b"Hi\n"
    assert timeline.reasons() == ["IO"] * 3 + ["HLT"]
    console, = timeline.of_type("console")
    assert console["text"] == "Hi" and console["port"] == 0xE9


@pytest.mark.parametrize("name", VARIANTS)
def test_static_ones_are_traced_alike(trace, name):
    """The variants make the calls of the plain program, with its exits."""
    plain = trace.program(name.split("/")[1])
    other = trace.program(name)
    for vm in (0, 1):
        for vcpu in (0, 1):
            of_it = {"vm": vm, "vcpu": vcpu}
            assert other.reasons(**of_it) == plain.reasons(**of_it)
            assert other.written(0x10, **of_it) == plain.written(0x10, **of_it)
    assert other.end["counts"] == plain.end["counts"]


def test_go_lives_with_its_signals(trace):
    """SIGURG all the time: each VM is made, and every failure is EINTR."""
    timeline = trace.program("other/hello_go", "-churn", "20")
    made = timeline.calls("KVM_CREATE_VM")
    assert sum(call["ret"] >= 0 for call in made) == 20
    assert {call["errno"] for call in made if "errno" in call} <= {"EINTR"}


def test_all_programs_are_here():
    """A source whose program was not built would not be tested."""
    built = {path.name for path in PROGRAMS.iterdir()}
    assert set(NAMES) <= built
