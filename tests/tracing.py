"""Running kvmtrace and programs, for the tests.

Programs come from tests/programs (exit status 77: skipped, and why on standard
error). Every timeline that a Tracer makes goes through timeline.Timeline,
which checks it, whether the test looks at it or not.
"""
import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from timeline import Timeline

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / os.environ.get("BUILD", "build")
KVMTRACE = ROOT / os.environ.get("KVMTRACE", "kvmtrace")
HV = ROOT / "hv"
PROGRAMS = BUILD / "tests/programs"
PYTHON = "/usr/bin/python3"

SKIPPED = 77
KVM_GET_API_VERSION = 0xAE00
# Generous: a test that waits that long has failed, however slow the machine.
TIMEOUT_S = 120


def kvm_problem():
    """Why KVM can't be used here, or None."""
    try:
        fd = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return f"/dev/kvm can't be opened: {error.strerror}"
    try:
        version = fcntl.ioctl(fd, KVM_GET_API_VERSION, 0)
    except OSError as error:
        return f"/dev/kvm is not KVM's: {error.strerror}"
    finally:
        os.close(fd)
    return None if version == 12 else f"/dev/kvm has API version {version}"


class Result:
    """What a finished program leaves: status as a shell tells it."""

    def __init__(self, code, stdout, stderr):
        self.status = code if code >= 0 else 128 - code
        self.stdout = stdout
        self.stderr = stderr

    def __repr__(self):
        return (f"status {self.status}\nstdout {self.stdout!r}\n"
                f"stderr {self.stderr!r}")


# What the shell, nohup or a CI job may have set to ignored, a child would
# inherit; tests are about what programs do by themselves.
ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def reset_signals():
    """In the child: the dispositions and the mask of a login shell's."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def run(*command, **how):
    """Run to the end; bytes in and out, no terminal."""
    how.setdefault("stdin", None if "input" in how else subprocess.DEVNULL)
    how.setdefault("timeout", TIMEOUT_S)
    how.setdefault("preexec_fn", reset_signals)
    done = subprocess.run([str(word) if isinstance(word, Path) else word
                           for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **how)
    return Result(done.returncode, done.stdout, done.stderr)


def start(*command, **how):
    """Start, with pipes that the test reads."""
    how.setdefault("stdin", subprocess.DEVNULL)
    how.setdefault("stdout", subprocess.PIPE)
    how.setdefault("stderr", subprocess.PIPE)
    how.setdefault("preexec_fn", reset_signals)
    return subprocess.Popen([str(word) for word in command], **how)


def finish(process):
    """The result of what start() started; killed when it takes too long."""
    try:
        stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    return Result(process.returncode, stdout, stderr)


def wait_for(condition, what):
    """Until condition() is true; its value."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    pytest.fail(f"waited in vain for {what}")


def program(name):
    """A program of tests/programs; it must have been built."""
    path = PROGRAMS / name
    assert path.exists(), f"{path} is missing: make test-programs"
    return path


def skip_if_told(result):
    if result.status == SKIPPED:
        pytest.skip(result.stderr.decode().strip() or "status 77")


class Tracer:
    """Runs programs under kvmtrace -o; each trace in a file of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def next_path(self):
        self.count += 1
        return self.folder / f"trace{self.count}.jsonl"

    def __call__(self, *command, options=(), check=None, **how):
        path = self.next_path()
        result = run(KVMTRACE, "-o", path, *options, "--", *command, **how)
        assert path.exists(), f"no trace was written: {result}"
        result.path = path
        result.timeline = Timeline(path.read_bytes(), **(check or {}))
        return result

    def program(self, name, *args, **how):
        """A program of tests/programs that must end well, or skip."""
        result = self(program(name), *args, **how)
        skip_if_told(result)
        assert result.status == 0, result
        return result.timeline
