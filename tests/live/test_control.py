"""Signals to kvmtrace, the terminal's keys, and attaching to a program."""
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios

import pytest

from timeline import Timeline
from tracing import (KVMTRACE, PYTHON, ROOT, TIMEOUT_S, finish, program,
                     reset_signals, run, skip_if_told, start, wait_for)

# Prints when it is ready, then waits for the signal that the test sends.
READY = "import time; print('ready', flush=True); "
COUNTING = """
import signal, time
got = []
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, frame: got.append(number))
print("ready", flush=True)
while not got: time.sleep(0.02)
time.sleep(0.3)
print("got", *got, flush=True)
raise SystemExit(9)
"""
# The guest of hello.py, but for ever: a byte to port 0x10 each exit. Ends
# when the file that is its argument is there.
LOOPING = """
import fcntl, mmap, os, sys
sys.path.insert(0, sys.argv[2])
import hello
hello.GUEST = bytes((0xe6, 0x10, 0xeb, 0xfc))
kvm = os.open("/dev/kvm", os.O_RDWR)
vm = fcntl.ioctl(kvm, hello.KVM_CREATE_VM, 0)
memory = hello.set_memory(vm)
vcpu = fcntl.ioctl(vm, hello.KVM_CREATE_VCPU, 0)
run = mmap.mmap(vcpu, fcntl.ioctl(kvm, hello.KVM_GET_VCPU_MMAP_SIZE, 0))
hello.set_registers(vcpu)
print("ready", flush=True)
while not os.path.exists(sys.argv[1]):
    fcntl.ioctl(vcpu, hello.KVM_RUN, 0)
    assert run[8] == hello.KVM_EXIT_IO
print("ended", flush=True)
raise SystemExit(6)
"""


def start_traced(path, script):
    process = start(KVMTRACE, "-o", path, PYTHON, "-c", script)
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM,
                                    signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_is_passed_on(tmp_path, number):
    path = tmp_path / "t"
    script = ("import resource, signal; "
              "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
              "signal.signal(signal.SIGINT, signal.SIG_DFL); " + READY +
              "time.sleep(600)")
    process = start_traced(path, script)
    process.send_signal(number)
    result = finish(process)
    assert result.status == 128 + number and result.stderr == b""
    assert Timeline(path.read_bytes()).end["status"] == {"signal": number.name}


def test_a_program_that_handles_it(tmp_path):
    path = tmp_path / "t"
    process = start_traced(path, COUNTING)
    process.send_signal(signal.SIGINT)
    result = finish(process)
    assert result.stdout == b"got 2\n" and result.status == 9
    assert Timeline(path.read_bytes()).end["status"] == {"exited": 9}


def test_a_program_that_ignores_it(tmp_path):
    """Three in a row end it all the same, with a whole trace."""
    path = tmp_path / "t"
    process = start_traced(path, "import signal; signal.signal(signal.SIGINT, "
                           "signal.SIG_IGN); " + READY + "time.sleep(600)")
    wait_for(lambda: press_until_it_ends(process), "the end")
    result = finish(process)
    assert result.status == 137
    assert Timeline(path.read_bytes()).end["status"] == {"signal": "SIGKILL"}


def press_until_it_ends(process):
    """Equal signals that wait become one, so three may not be enough."""
    process.send_signal(signal.SIGINT)
    return process.poll() is not None


def test_the_interrupt_key(tmp_path):
    """The terminal sends SIGINT to both; the program must get one only."""
    path = tmp_path / "t"
    master, slave = pty.openpty()

    def take_terminal():
        reset_signals()
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [KVMTRACE, "-o", path, PYTHON, "-c", COUNTING], stdin=slave,
        stdout=slave, stderr=slave, preexec_fn=take_terminal)
    os.close(slave)
    shown = read_until(master, b"ready")
    os.write(master, b"\x03")
    shown += read_until(master, b"got 2")
    assert process.wait(timeout=TIMEOUT_S) == 9
    os.close(master)
    assert b"got 2 2" not in shown
    Timeline(path.read_bytes())


def read_until(master, text):
    data = b""
    while text not in data:
        ready, _, _ = select.select([master], [], [], TIMEOUT_S)
        assert ready, f"{text} didn't come: {data!r}"
        data += os.read(master, 4096)
    return data


@pytest.fixture
def looping(tmp_path, kvm):
    """A program that runs a guest until the test says; untraced."""
    flag = tmp_path / "end now"
    folder = ROOT / "tests/programs/other"
    process = start(PYTHON, "-B", "-c", LOOPING, flag, folder)
    assert process.stdout.readline() == b"ready\n"
    process.flag = flag
    yield process
    process.kill()
    process.wait()


def has_runs(path):
    """Are there runs in the trace, in the file so far?"""
    return path.exists() and path.read_bytes().count(b'"KVM_RUN"') > 20


def check_attached(timeline):
    """The runs of a vCPU that was made before the trace began."""
    runs = timeline.calls("KVM_RUN")
    assert {call["on"] for call in runs} == {"vcpu"}
    exits = [call["exit"] for call in runs if "exit" in call]
    assert len(exits) >= len(runs) - 1 > 10
    assert {end["reason"] for end in exits} == {"KVM_EXIT_IO"}
    assert {end["io"]["port"] for end in exits} == {0x10}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_detach(tmp_path, looping, number):
    """The program goes on, and ends as if nothing had been."""
    path = tmp_path / "t"
    tracer = start(KVMTRACE, "-o", path, "-p", looping.pid)
    wait_for(lambda: has_runs(path), "runs in the trace")
    tracer.send_signal(number)
    result = finish(tracer)
    assert result.status == 0, result
    assert looping.poll() is None
    timeline = Timeline(path.read_bytes())
    assert timeline.end["status"] == {"detached": True}
    check_attached(timeline)
    # Again: nothing of the first time is left in its way.
    again = run(KVMTRACE, "-o", path, "-p", str(looping.pid), "--timeout",
                "0.5")
    assert again.status == 0
    check_attached(Timeline(path.read_bytes()))
    looping.flag.touch()
    ended = finish(looping)
    assert (ended.stdout, ended.stderr, ended.status) == (b"ended\n", b"", 6)


@pytest.fixture
def waiting():
    """A program whose threads wait in the kernel until its input ends."""
    process = start(program("waits"), stdin=subprocess.PIPE)
    if process.stdout.readline() != b"ready\n":
        skip_if_told(finish(process))
    yield process
    process.kill()
    process.wait()


def test_no_wait_is_broken(tmp_path, waiting):
    """Attaching and leaving stop each thread; what they wait for goes on."""
    for attempt in range(5):
        path = tmp_path / f"t{attempt}"
        result = run(KVMTRACE, "-o", path, "-p", str(waiting.pid), "--timeout",
                     "0.3")
        assert result.status == 0, result
        timeline = Timeline(path.read_bytes())
        assert timeline.end["status"]["detached"]
        assert {call["vcpu"] for call in timeline.calls("KVM_RUN")} == {0, 1}
        assert waiting.poll() is None, finish(waiting)
    ended = finish(waiting)
    assert (ended.stdout, ended.stderr, ended.status) == \
        (b"no wait came back\n", b"", 0)


def test_attached_to_the_end(tmp_path, looping):
    path = tmp_path / "t"
    tracer = start(KVMTRACE, "-o", path, "-p", looping.pid)
    wait_for(lambda: has_runs(path), "runs in the trace")
    looping.flag.touch()
    result = finish(tracer)
    assert result.status == 6
    timeline = Timeline(path.read_bytes())
    assert timeline.end["status"] == {"exited": 6}
    check_attached(timeline)
    assert finish(looping).status == 6


def test_a_tracer_that_dies(tmp_path, looping):
    """After kill -9 of kvmtrace an attached program must not stay stopped. A
    KVM_RUN may end with EINTR then: nobody is left to start it again."""
    path = tmp_path / "t"
    tracer = start(KVMTRACE, "-o", path, "-p", looping.pid)
    wait_for(lambda: has_runs(path), "runs in the trace")
    tracer.kill()
    finish(tracer)
    looping.flag.touch()
    ended = finish(looping)
    assert ended.status == 6 or b"InterruptedError" in ended.stderr
    Timeline(whole_lines(path), is_whole=False)


def whole_lines(path):
    raw = path.read_bytes()
    return raw[:raw.rindex(b"\n") + 1]


def test_no_process_to_attach_to(tmp_path):
    done = start("/bin/true")
    finish(done)
    result = run(KVMTRACE, "-o", tmp_path / "t", "-p", str(done.pid))
    assert result.status == 125
    message, = result.stderr.decode().splitlines()
    assert message.startswith("kvmtrace: ") and str(done.pid) in message
