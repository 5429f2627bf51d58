"""Programs of tests/programs/hostile under `kvmtrace grade RUBRIC -- PROGRAM`:
each gets the points for what it did and no others, ends within the limits,
leaves no process behind, and can't reach its trace or its grader."""
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

import grading
from grading import check, write_rubric
from tracing import (KVMTRACE, finish, program, run, skip_if_told, start,
                     wait_for)

pytestmark = pytest.mark.usefixtures("kvm")

# What the honest part of each program earns: 4 + 4 of 16 points.
WORK = [check(0, call="KVM_CREATE_VM"), check(1, exit="KVM_EXIT_HLT")]
NEVER = [check(2, call="KVM_CREATE_IRQCHIP"), check(3, console="forged")]
HONEST, MOST = 8, 16
# A user that nobody else has, so that kill(-1) meets nobody else.
NOBODY = 200000 + os.getpid() % 100000
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def rubric(tmp_path):
    return write_rubric(tmp_path / "r.json", *WORK, *NEVER)


@pytest.fixture
def room():
    """A folder that every user may look into."""
    path = Path(tempfile.mkdtemp(prefix="room-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def processes_of(executable):
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and \
                    os.readlink(entry / "exe") == str(executable):
                found.append(entry.name)
        except OSError:
            pass
    return found


def hostile(room, name):
    """A copy of its own, so that its processes can be told from others."""
    return Path(shutil.copy(program(f"hostile/{name}"), room / name))


def result_of(result, status=0):
    assert result.status == status, result
    document = json.loads(result.stdout)
    grading.VALIDATOR.validate(document)
    graded, = document["results"]
    return graded


def grade(rubric, room, name, *args, options=(), status=0, **how):
    """The result; whatever it does, it ends, with all its processes."""
    path = hostile(room, name)
    began = time.monotonic()
    result = run(KVMTRACE, "grade", "-f", "json", *options, rubric, "--", path,
                 *args, cwd=room, **how)
    assert time.monotonic() - began < 60
    assert processes_of(path) == []
    return result_of(result, status)


def reasons(graded):
    return " ".join(one.get("reason", "") for one in graded["checks"])


# Those that do their work and get what it is worth, however they end.
@pytest.mark.parametrize("name, args, options, limits", [
    ("forge", [], [], []),
    ("flood", [], ["--timeout", "1", "--max-output", "10K"],
     ["timeout", "max-output"]),
    ("endless", [], ["--timeout", "0.5"], ["timeout"]),
    ("endless", ["handler"], ["--timeout", "0.5"], ["timeout"]),
    ("endless", ["daemon"], ["--timeout", "1"], ["timeout"]),
    ("endless", ["calls"], ["--timeout", "1", "--max-events", "100"],
     ["timeout", "max-events"]),
    ("bomb", [], ["--max-tasks", "40"], ["max-tasks"]),
    ("bomb", ["threads"], [], ["max-tasks"]),
    ("bomb", ["untraced"], ["--timeout", "1"], ["timeout"]),
    ("bomb", ["orphans"], ["--timeout", "1"], ["timeout"]),
    ("fill", ["big"], ["--max-file", "3M"], ["max-file"]),
    ("fill", ["big", "ignore"], ["--max-file", "3M"], []),
    ("uring", [], [], []),
    ("user", [], [], []),
    ("signals", ["parent", "12"], [], []),
    ("signals", ["group", "9"], [], []),
    ("signals", ["parent", "19"], [], []),
    ("signals", ["grader", "19"], [], []),
])
def test_work_is_seen(rubric, room, name, args, options, limits):
    if name == "uring":
        skip_if_told(run(program("hostile/uring")))
    graded = grade(rubric, room, name, *args, options=options)
    assert (graded["score"], graded["max_score"]) == (HONEST, MOST)
    assert sorted(graded.get("limits", [])) == sorted(limits)
    assert len(graded.get("notes", [])) == len(limits)


@pytest.mark.parametrize("name", ["int80_in64", "closed_std"])
def test_other_ways_to_the_kernel_are_seen(rubric, name):
    skip_if_told(run(program(name)))
    graded = result_of(run(KVMTRACE, "grade", "-f", "json", rubric, "--",
                           program(name)))
    assert graded["score"] == HONEST


def test_who_kills_the_tracer_gets_nothing(rubric, room):
    """Not even for what it did before: nobody can tell that any more."""
    graded = grade(rubric, room, "signals", "parent", "9", status=2)
    assert (graded["graded"], graded["score"]) == (False, 0)
    assert "SIGKILL" in graded["error"] and "--user" in graded["error"]
    assert "SIGKILL" in reasons(graded)


def test_who_kills_the_grader_gets_no_result(rubric, room):
    path = hostile(room, "signals")
    result = run(KVMTRACE, "grade", rubric, "--", path, "grader", "9")
    assert (result.status, result.stdout) == (137, b"")
    wait_for(lambda: not processes_of(path), "the program's end")


def test_an_interrupted_grader_takes_all_along(rubric, room):
    path = hostile(room, "endless")
    process = start(KVMTRACE, "grade", "--timeout", "60", rubric, "--", path)
    wait_for(lambda: processes_of(path), "the program")
    process.terminate()
    assert finish(process).status == 128 + 15
    wait_for(lambda: not processes_of(path), "the program's end")


def test_files_end_at_the_limit(rubric, room):
    grade(rubric, room, "fill", "big", options=["--max-file", "3M"])
    assert (room / "big").stat().st_size == 3 << 20


def test_output_is_kept_up_to_the_limit(rubric, room, tmp_path):
    folder = tmp_path / "kept"
    grade(rubric, room, "flood", options=[
        "--timeout", "0.5", "--max-output", "3", "--keep", folder])
    assert (folder / "trace.stdout").read_bytes() == b"yyy"
    assert (folder / "trace.stderr").read_bytes() == b"yyy"
    again = result_of(run(KVMTRACE, "grade", "-f", "json", rubric, folder))
    assert again["score"] == HONEST


# As another user: /dev/kvm is not everybody's on every machine, so there is
# one that is in a mount namespace of the test's own.
OPEN_KVM = """
set -eu
mknod -m 666 "$0/kvm" c 10 232
mount --bind "$0/kvm" /dev/kvm
exec "$@"
"""


def in_namespace(room, *command):
    return ["unshare", "--mount", "sh", "-c", OPEN_KVM, room, *command]


@pytest.fixture
def other_user(room):
    """Skips where root may not do this."""
    result = run(*in_namespace(room, "true"))
    if result.status:
        pytest.skip(f"no namespace here: {result.stderr.decode().strip()}")
    (room / "kvm").unlink()


def as_user(rubric, room, name, *args, status=0, options=()):
    path = hostile(room, name)
    result = run(*in_namespace(
        room, KVMTRACE, "grade", "-f", "json", "--user", str(NOBODY), *options,
        rubric, "--", path, *args))
    assert processes_of(path) == []
    return result_of(result, status), result


@needs_root
@pytest.mark.usefixtures("other_user")
@pytest.mark.parametrize("name, args", [
    *(("signals", [who, number]) for who in ("parent", "grader", "all")
      for number in ("9", "19", "2")),
    ("peek", []), ("forge", []), ("user", []), ("uring", []),
])
def test_another_user_reaches_nobody(rubric, room, name, args):
    if name == "uring":
        skip_if_told(run(program("hostile/uring")))
    graded, result = as_user(rubric, room, name, *args)
    assert graded["score"] == HONEST and "limits" not in graded
    assert b"as root" not in result.stderr


STATUSES = {"user": 3, "peek": 0, "signals": 3}


@needs_root
@pytest.mark.usefixtures("other_user")
@pytest.mark.parametrize("name", STATUSES)
def test_another_user_is_refused(tmp_path, room, name):
    """What they try fails: by the status that they end with."""
    path = write_rubric(tmp_path / "r.json",
                        check(exit_status=STATUSES[name]))
    args = ["parent", "9"] if name == "signals" else []
    graded, _ = as_user(path, room, name, *args)
    assert graded["score"] == 4, graded


@needs_root
@pytest.mark.usefixtures("other_user")
def test_the_same_user_cannot_look_into_the_grader(tmp_path, room):
    """Without --user, and not root: the trace is out of reach all the same."""
    tool = Path(shutil.copy(KVMTRACE, room / "kvmtrace"))
    path = write_rubric(room / "r.json", *WORK, check(2, exit_status=0))
    result = run(*in_namespace(
        room, "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
        "--clear-groups", tool, "grade", "-f", "json", path, "--",
        hostile(room, "peek")))
    assert result_of(result)["score"] == 12, result
    result = run("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                 "--clear-groups", tool, "grade", "--user", "root", path, "--",
                 "true")
    assert result.status == 2 and b"only root may" in result.stderr
