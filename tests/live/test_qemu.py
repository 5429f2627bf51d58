"""QEMU boots SeaBIOS on KVM: the same output as untraced, a whole trace."""
import re
import shutil
import signal

import pytest

from timeline import Timeline
from tracing import KVMTRACE, finish, start

pytestmark = pytest.mark.usefixtures("kvm")

QEMU = "qemu-system-x86_64"
COMMAND = (f"{QEMU} -accel kvm -cpu qemu64 -m 64 -nodefaults -no-reboot "
           "-display none -chardev stdio,id=d "
           "-device isa-debugcon,iobase=0x402,chardev=d").split()
# The firmware has nothing to boot from.
LAST_WORDS = b"No bootable device."


def boot(*command):
    """What the firmware says up to its last words; then QEMU is told to end,
    which it does with status 0."""
    process = start(*command, stderr=None)
    text = b""
    for line in process.stdout:
        text += line
        if LAST_WORDS in line:
            break
    process.send_signal(signal.SIGTERM)
    assert finish(process).status == 0
    assert LAST_WORDS in text, text
    # It measures its processor's speed.
    return re.sub(rb"(?m)^CPU Mhz=\d+", b"CPU Mhz=", text)


@pytest.mark.parametrize("engine, options", [
    ("ptrace", []), ("auto", []), ("auto", ["-smp", "2"]),
    ("auto", ["-accel", "kvm,kernel-irqchip=split"]),
    ("auto", ["-accel", "kvm,kernel-irqchip=off"])])
def test_seabios(tmp_path, engine, options):
    if not shutil.which(QEMU):
        pytest.skip(f"{QEMU} is not installed")
    path = tmp_path / "t"
    untraced = boot(*COMMAND, *options)
    traced = boot(KVMTRACE, "--engine", engine, "-o", path, *COMMAND, *options)
    assert traced == untraced
    timeline = Timeline(path.read_bytes())
    assert timeline.end["status"] == {"exited": 0}
    assert not timeline.calls("unknown")
    assert timeline.reasons(vm=0, vcpu=0)
    check_debug_console(timeline, traced)
    check_ways(timeline.end, engine)


def check_ways(end, engine):
    """Every call was taken in one way; in process whatever can be."""
    ways = end["capture"]
    if engine == "ptrace":
        assert "inprocess" not in ways
        return
    assert ways["inprocess"] + ways["ptrace"] == \
        sum(end["counts"]["ioctl"].values())
    assert ways["ptrace"] == sum(ways["slow"].values())
    assert ways["inprocess"] > 3 * ways["ptrace"]


def check_debug_console(timeline, text):
    """The firmware's words, as the exits on its port have them."""
    written = timeline.written(0x402, vm=0)
    assert LAST_WORDS in written
    assert re.sub(rb"(?m)^CPU Mhz=\d+", b"CPU Mhz=", written)[:len(text)] == \
        text
