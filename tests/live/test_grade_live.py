"""Programs recorded here and now, graded by the ready rubrics: hv, and
tests/programs/solution.c with and without its faults."""
import json
import os
import time

import pytest

from grading import RUBRICS, check, grade, grade_json, write_rubric
from tracing import HV, KVMTRACE, program, run

pytestmark = pytest.mark.usefixtures("kvm")

OPTIONS = {"real": "-r", "protected": "-s", "long": "-l"}
FAULTS = {
    "": set(),
    "small": {"memory"},
    "mute": {"hello", "bytes"},
    "real": {"mode", "table"},
    "impatient": {"hello", "bytes", "halt", "result"},
    "blind": {"result"},
    "failing": {"status"},
}


def lost(mode, traced):
    graded, = grade_json(RUBRICS / f"{mode}.json", traced.path)
    return {one["id"] for one in graded["checks"] if not one["passed"]}


@pytest.mark.parametrize("mode", OPTIONS)
def test_good_ones_get_everything(trace, mode):
    assert lost(mode, trace(HV, OPTIONS[mode])) == set()
    assert lost(mode, trace(program("solution"), OPTIONS[mode])) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_cost_what_they_spoil(trace, fault):
    traced = trace(program("solution"), "-l", fault)
    assert lost("long", traced) == FAULTS[fault]


def test_a_fake_gets_nothing(trace):
    """Calls on /dev/null, a printed greeting and printed trace lines."""
    graded, = grade_json(RUBRICS / "long.json",
                         trace(program("solution"), "-l", "fake").path)
    assert graded["score"] == 1, "it does end with status 0"
    assert any("not KVM's" in one.get("reason", "")
               for one in graded["checks"])


@pytest.mark.parametrize("mode", ["real", "long"])
def test_hypercalls(trace, mode):
    graded, = grade_json(RUBRICS / "hypercalls.json", trace(
        HV, f"--{mode}", "--guest", "hypercalls").path)
    assert graded["score"] == graded["max_score"]


# Recorded and graded by one command.

def live(rubric, *command, options=(), status=0):
    graded, = grade_json(*options, rubric, "--", *command, status=status)
    return graded


@pytest.mark.parametrize("mode", OPTIONS)
def test_a_program_gets_what_its_trace_gets(trace, mode):
    for fault in ("", "mute"):
        recorded, = grade_json(
            RUBRICS / f"{mode}.json",
            trace(program("solution"), OPTIONS[mode], fault).path)
        graded = live(write_runs(trace.folder, mode, fault),
                      program("solution"))
        assert graded["checks"] == recorded["checks"]
        assert graded["submission"] == str(program("solution"))


def write_runs(folder, mode, fault):
    """The ready rubric, but with arguments of ours."""
    document = json.loads((RUBRICS / f"{mode}.json").read_text())
    document["runs"][0]["argv"] = ["$PROGRAM", OPTIONS[mode], fault]
    path = folder / "runs.json"
    path.write_text(json.dumps(document))
    return path


# Says its arguments and input, and how it may end.
ECHO = 'printf "[%s]" "$@"; cat; exit 7'


@pytest.mark.parametrize("keys, said", [
    ({}, b"[one][two]"),
    ({"runs": [{"id": "r", "argv": ["$PROGRAM", "-c", ECHO, "sh", "x$ARGS",
                                    "$ARGS", "", "$HOME"],
                "input": "a line\n"}]},
     b"[x$ARGS][-c][" + ECHO.encode() + b"][sh][one][two][][$HOME]a line\n"),
])
def test_arguments_and_input(tmp_path, keys, said):
    path = write_rubric(tmp_path / "r.json", check(exit_status=7), **keys)
    graded = live(path, "sh", "-c", ECHO, "sh", "one", "two",
                  options=["--keep", tmp_path / "kept"])
    assert graded["score"] == 4
    name = "r" if keys else "trace"
    assert (tmp_path / f"kept/{name}.stdout").read_bytes() == said


def test_arguments_that_no_run_takes_are_told():
    result = grade(RUBRICS / "long.json", "--", HV, "--real")
    assert "'--real' and what follows is not used" in result.stderr.decode()
    result = grade(RUBRICS / "long.json", "--", HV)
    assert "is not used" not in result.stderr.decode()


def test_each_run_has_its_faults_and_its_time(tmp_path):
    path = write_rubric(
        tmp_path / "r.json",
        check(0, run="eintr", call="KVM_RUN", ok=False, count=1,
              where='.injected and .errno == "EINTR"'),
        check(1, run="eintr", exit_status=0),
        check(2, run="denied", exit_status=1),
        check(3, run="slow", exit_status=0),
        runs=[{"id": "eintr", "argv": ["$PROGRAM", "--real"],
               "inject": ["KVM_RUN:errno=EINTR:when=2"]},
              {"id": "denied", "inject": ["KVM_CREATE_VCPU:errno=ENOMEM"]},
              {"id": "slow", "argv": ["sleep", "60"], "timeout": 0.3}])
    began = time.monotonic()
    graded = live(path, HV, "--real")
    assert time.monotonic() - began < 10
    assert graded["score"] == 12 and graded["limits"] == ["timeout"]
    assert graded["notes"] == \
        ["slow: the program was ended: --timeout was met"]
    assert "ended by the tracer" in graded["checks"][3]["reason"]


def test_the_command_line_caps_the_rubric(tmp_path):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0),
                        runs=[{"id": "r", "timeout": 1000}])
    began = time.monotonic()
    assert live(path, "sleep", "50",
                options=["--timeout", "0.3"])["limits"] == ["timeout"]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("form", ["text", "gradescope", "junit", "tap"])
def test_every_format_tells_the_limits(tmp_path, form):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0))
    result = grade("-f", form, "--timeout", "0.2", path, "--", "sleep", "9")
    assert result.status == 0 and b"--timeout was met" in result.stdout


def test_what_cannot_be_run(tmp_path):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0))
    text = tmp_path / "text"
    text.write_text("text\n")
    for command, said in (("/no/such", "not found"),
                          (str(text), "Permission denied")):
        graded = live(path, command, status=2)
        assert (graded["graded"], graded["score"]) == (False, 0)
        assert graded["error"] == f"cannot run '{command}': {said}"


def test_a_status_of_its_own_is_no_failure_of_ours(tmp_path):
    """125 to 127 are the tracer's too; and what a program says is its own."""
    path = write_rubric(tmp_path / "r.json", check(exit_status=127))
    graded = live(path, "sh", "-c", "echo kvmtrace: no >&2; exit 127")
    assert graded["score"] == 4


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&- 9</dev/null"])
def test_a_grader_without_standard_descriptors(tmp_path, closed):
    """And with others: neither is the program's concern."""
    path = write_rubric(tmp_path / "r.json", check(exit_status=7))
    out = tmp_path / "out"
    script = "echo out; cat; test -e /proc/self/fd/9 || exit 7"
    result = run("sh", "-c", f'exec "$@" {closed}', "sh", KVMTRACE, "grade",
                 "-o", out, "--keep", tmp_path / "kept", path, "--", "sh",
                 "-c", script)
    assert result.status == 0
    assert "4 of 4 points" in out.read_text()
    assert (tmp_path / "kept/trace.stdout").read_bytes() == b"out\n"


def test_strict(tmp_path):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0))
    assert grade("--strict", path, "--", "true").status == 0
    assert grade("--strict", path, "--", "false").status == 1
    assert grade(path, "--", "false").status == 0


@pytest.mark.parametrize("arguments, said", [
    (["R", "--"], "grade takes"), (["--", "true"], "grade takes"),
    (["R", "t.jsonl", "--", "true"], "grade takes"),
    (["--keep", "k", "R", "t.jsonl"], "--keep is for a program"),
    (["--max-tasks", "0", "R", "--", "true"], "--max-tasks takes a number"),
    (["--max-file", "1Q", "R", "--", "true"], "--max-file takes a number"),
    (["--max-output", "9999G", "R", "--", "true"], "--max-output takes a number"),
    (["--user", "no such user", "R", "--", "true"], "--user no such user"),
    (["--keep", "/dev/null", "R", "--", "true"], "cannot make the folder"),
])
def test_usage(tmp_path, arguments, said):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0))
    result = grade(*(path if word == "R" else word for word in arguments))
    assert result.status == 2 and said in result.stderr.decode()
    assert result.stdout == b""


def test_a_user_who_may_not_open_kvm_is_told():
    """Not his submission's fault: nothing is graded."""
    if os.geteuid() != 0:
        pytest.skip("only root may run programs as another user")
    if os.stat("/dev/kvm").st_mode & 0o006:
        pytest.skip("everybody may open /dev/kvm here")
    result = grade("--user", "65534", RUBRICS / "long.json", "--", HV)
    assert result.status == 2 and b"may not open /dev/kvm" in result.stderr
