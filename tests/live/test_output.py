"""Where the trace goes, what a reader that leaves or a disk that fills does to
it, and that the program notices nothing of the tracer."""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from timeline import Timeline
from tracing import (HV, KVMTRACE, PYTHON, finish, program, run, skip_if_told,
                     start)

NOBODY = 65534


def read_all(master):
    """Everything that comes out of a pseudo-terminal until its end."""
    data = b""
    while True:
        ready, _, _ = select.select([master], [], [], 60)
        assert ready, f"no end after {data!r}"
        try:
            piece = os.read(master, 65536)
        except OSError:		# EIO: the other side is closed
            return data
        if not piece:
            return data
        data += piece


def on_terminal(*command, **environment):
    """Standard output and standard error, each a terminal of its own."""
    env = {name: value for name, value in os.environ.items()
           if name != "NO_COLOR"}
    out, out_side = pty.openpty()
    err, err_side = pty.openpty()
    process = subprocess.Popen([str(word) for word in command],
                               stdin=subprocess.DEVNULL, stdout=out_side,
                               stderr=err_side, env=dict(env, **environment))
    os.close(out_side)
    os.close(err_side)
    told = read_all(err)
    shown = read_all(out)
    os.close(out)
    os.close(err)
    return process.wait(), shown, told


@pytest.mark.usefixtures("kvm")
class TestPlaces:
    """The three places of SPEC section 2."""

    def test_file(self, trace):
        result = trace(HV)
        assert b"Hello, world!\n" in result.stdout
        assert result.stderr == b""
        assert result.path.stat().st_mode & 0o777 == 0o666 & ~umask()

    def test_file_is_overwritten(self, tmp_path):
        path = tmp_path / "t"
        path.write_text("x" * 100000)
        run(KVMTRACE, "-o", path, HV)
        Timeline(path.read_bytes())

    @pytest.mark.parametrize("options", [[], ["-o", "-"]])
    def test_standard_output_no_terminal(self, options):
        result = run(KVMTRACE, *options, HV)
        assert result.status == 0
        timeline = Timeline(result.stdout)
        assert timeline.written(0xE9) == b"Hello, world!\n"
        assert result.stderr == b"Testing long mode\nHello, world!\n"

    def test_terminal(self):
        status, shown, told = on_terminal(KVMTRACE, HV)
        assert status == 0
        assert shown == b"Testing long mode\r\nHello, world!\r\n"
        assert b"\x1b[" in told and b"KVM_CREATE_VM" in told

    @pytest.mark.parametrize("options, environment, is_coloured", [
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        (["--color", "never"], {}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ])
    def test_colour(self, options, environment, is_coloured):
        _, _, told = on_terminal(KVMTRACE, *options, HV, **environment)
        assert (b"\x1b[" in told) == is_coloured
        assert b"KVM_CREATE_VM" in told

    def test_colour_in_a_file(self, tmp_path):
        path = tmp_path / "t"
        for choice, is_coloured in (("always", True), ("auto", False)):
            run(KVMTRACE, "-o", path, "--format", "text", "--color", choice,
                HV)
            assert (b"\x1b[" in path.read_bytes()) == is_coloured

    def test_guests_cant_write_to_the_terminal(self):
        """Escapes, bells and bytes above 0x7f stay out of the text."""
        _, _, told = on_terminal(KVMTRACE, "--color", "never",
                                 program("console"))
        assert b"the last words." in told
        text = told.replace(b"\r\n", b"\n")
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", text)
        text.decode()	# whole UTF-8
        _, _, told = on_terminal(KVMTRACE, program("console"))
        assert b"\x1b[31mred" not in told

    def test_lines_come_as_they_are_made(self):
        """The first calls can be read while the program still runs."""
        process = start(KVMTRACE, PYTHON, "-c",
                        "import os, time; os.open('/dev/kvm', os.O_RDWR);"
                        "time.sleep(600)")
        first = json.loads(process.stdout.readline())
        second = json.loads(process.stdout.readline())
        assert first["type"] == "trace_start"
        assert second["name"] == "openat"
        process.terminate()
        rest = finish(process)
        assert rest.status == 143
        assert json.loads(rest.stdout.splitlines()[-1])["status"] == \
            {"signal": "SIGTERM"}


def umask():
    value = os.umask(0o22)
    os.umask(value)
    return value


@pytest.mark.parametrize("place", ["/no/such/folder/t", "/"])
def test_unwritable_output(tmp_path, place):
    """Told before anything starts: the program must not have run."""
    done = tmp_path / "done"
    result = run(KVMTRACE, "-o", place, "touch", done)
    assert result.status == 125 and not done.exists()
    message, = result.stderr.decode().splitlines()
    assert message.startswith("kvmtrace: ") and place in message


def test_full_device(tmp_path):
    done = tmp_path / "done"
    result = run(KVMTRACE, "-o", "/dev/full", "touch", done)
    assert result.status == 125 and done.exists()
    message, = result.stderr.decode().splitlines()
    assert "/dev/full" in message and "No space left" in message


@pytest.mark.usefixtures("kvm")
def test_full_disk(tmp_path):
    """Whole lines up to where the disk was full; the program's work done."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk).status:
        pytest.skip("a small file system can't be mounted here")
    try:
        result = run(KVMTRACE, "-o", disk / "t", program("portio_loop"),
                     "2000")
        raw = (disk / "t").read_bytes()
    finally:
        run("umount", disk)
    assert result.status == 125 and result.stdout == b"2000 exits\n"
    assert b"No space left" in result.stderr
    assert len(raw) > 32 * 1024
    timeline = Timeline(raw, is_whole=False)
    assert len(timeline.calls("KVM_RUN")) > 10


@pytest.mark.usefixtures("kvm")
def test_a_reader_that_leaves(tmp_path):
    """kvmtrace ... | head -1: no complaint, and the program's work is done."""
    done = tmp_path / "done"
    process = start(KVMTRACE, "sh", "-c",
                    f"{program('portio_loop')} 2000 && touch {done}")
    first = process.stdout.readline()
    process.stdout.close()
    stderr = process.stderr.read()
    assert json.loads(first)["type"] == "trace_start"
    assert process.wait() == 0 and done.exists()
    assert stderr == b"2000 exits\n"
    process.stderr.close()


LOOK = """
import os, signal
print(sorted(os.listdir("/proc/self/fd")))
for fd in range(3, 60):
    try: print(fd, os.readlink(f"/proc/self/fd/{fd}"))
    except OSError: pass
status = open("/proc/self/status").read().splitlines()
print([line for line in status if line.startswith(("Sig", "Shd", "Cap", "Umask"))])
stat = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
print(os.getpgrp() - os.getpid() == 0, os.getsid(0), stat[4], stat[15:17])
print(os.getcwd(), dict(os.environ), os.getppid() != 1)
"""


def test_the_program_sees_no_tracer(trace):
    """Its descriptors, signals, rights and surroundings are the untraced
    ones: no descriptor of the trace among them."""
    untraced = run(PYTHON, "-c", LOOK)
    traced = trace(PYTHON, "-c", LOOK)
    assert untraced.status == 0
    assert traced.stdout == untraced.stdout
    assert str(traced.path).encode() not in traced.stdout


def test_no_descriptor_with_the_trace_on_a_pipe():
    result = run(KVMTRACE, "sh", "-c", "ls /proc/self/fd; ls /proc/$$/fd")
    Timeline(result.stdout)
    # ls has the folder itself open; the shell nothing more.
    assert result.stderr.split() == b"0 1 2 3 0 1 2".split()


def test_standard_input_is_the_programs(trace):
    result = trace("cat", input=b"from the test\n")
    assert result.stdout == b"from the test\n"


def test_closed_standard_descriptors(tmp_path):
    """With 0, 1 and 2 closed, the trace must not take their place."""
    path = tmp_path / "t"
    command = f'exec "$0" -o "$1" sh -c "ls /proc/self/fd >$2" <&- >&- 2>&-'
    seen = tmp_path / "seen"
    result = run("sh", "-c", command, KVMTRACE, path, seen)
    assert result.status == 0 or seen.exists()
    Timeline(path.read_bytes())


def test_children_that_outlive_the_program(trace):
    result = trace("sh", "-c", "(sleep 0.4; echo late) & exit 3")
    assert result.stdout == b"late\n"
    assert result.status == 3
    assert result.timeline.end["status"] == {"exited": 3}


@pytest.fixture
def nobodys():
    """A folder of nobody's, with copies of what it needs, and the words that
    make a command nobody's."""
    if os.geteuid() != 0:
        pytest.skip("becoming nobody takes root")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in (KVMTRACE, HV, "/usr/bin/id"):
            shutil.copy(source, folder)
        os.chown(folder, NOBODY, NOBODY)
        folder.chmod(0o755)
        yield folder, ["setpriv", "--reuid", str(NOBODY), "--regid",
                       str(NOBODY), "--clear-groups"]


def test_a_set_uid_program(trace, nobodys):
    """ptrace(2): a tracer without rights makes the kernel ignore the bit.
    That is told."""
    folder, as_nobody = nobodys
    (folder / "id").chmod(0o4755)
    if run(*as_nobody, folder / "id", "-u").stdout != b"0\n":
        pytest.skip("set-uid bits count for nothing on this file system")
    result = run(*as_nobody, folder / "kvmtrace", "-o", folder / "t", "sh",
                 "-c", f"exec {folder}/id -u")
    assert result.status == 0 and result.stdout == b"65534\n", result
    timeline = Timeline((folder / "t").read_bytes())
    assert timeline.processes("exec")[-1]["setuid_ignored"] is True
    # The same for the program itself.
    result = run(*as_nobody, folder / "kvmtrace", "-o", folder / "t",
                 folder / "id", "-u")
    assert result.status == 0 and result.stdout == b"65534\n", result
    message, = result.stderr.decode().splitlines()
    assert message.startswith("kvmtrace: ") and str(folder / "id") in message
    first = Timeline((folder / "t").read_bytes()).processes("exec")[0]
    assert first["setuid_ignored"] is True
    # Root's tracer takes nothing away.
    result = trace(*as_nobody, folder / "id", "-u")
    assert result.stdout == b"0\n"
    assert "setuid_ignored" not in result.timeline.processes("exec")[-1]


@pytest.mark.usefixtures("kvm")
def test_a_program_that_may_not_be_looked_at(nobodys):
    """proc(5): the links of a process that isn't dumpable are root's. Whose
    descriptor it is stays unsaid; nothing is guessed."""
    folder, as_nobody = nobodys
    hidden = folder / "hidden"
    shutil.copy(program("inherited_kvm"), hidden)
    hidden.chmod(0o711)
    passing = ["sh", "-c", 'exec "$@" 3<>/dev/kvm', "sh", *as_nobody]
    untraced = run(*passing, hidden)
    skip_if_told(untraced)
    traced = run(*passing, folder / "kvmtrace", "-o", folder / "t", hidden)
    assert (traced.status, traced.stdout) == (0, untraced.stdout), traced
    calls = Timeline((folder / "t").read_bytes()).calls()
    assert {"KVM_GET_API_VERSION", "KVM_CREATE_VM", "KVM_RUN"} <= \
        {call["name"] for call in calls}
    for call in calls:
        assert "on" not in call
        assert "unreadable-descriptor" in \
            {note["code"] for note in call["notes"]}


def test_no_right_to_kvm(nobodys):
    """hv says why, as untraced, and the trace has the open that failed."""
    folder, as_nobody = nobodys
    untraced = run(*as_nobody, folder / "hv")
    if untraced.status == 0:
        pytest.skip("nobody may use KVM here")
    traced = run(*as_nobody, folder / "kvmtrace", "-o", folder / "t",
                 folder / "hv")
    assert (traced.status, traced.stdout, traced.stderr) == \
        (untraced.status, untraced.stdout, untraced.stderr)
    timeline = Timeline((folder / "t").read_bytes())
    failed, = timeline.syscalls("openat")
    assert failed["in"]["path"] == "/dev/kvm" and failed["ret"] == -1
    assert failed["errno"] in ("EACCES", "ENOENT") and not timeline.calls()
    assert timeline.end["status"] == {"exited": 1}


def test_under_another_tracer():
    """Two tracers can't have one process: a message, and no hang."""
    result = run("strace", "-f", "-o", "/dev/null", KVMTRACE, "-o",
                 "/dev/null", "/bin/true")
    assert result.status == 125
    assert b"kvmtrace: " in result.stderr
