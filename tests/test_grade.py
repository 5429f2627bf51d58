"""`kvmtrace grade` on recorded traces: what each test of a rubric counts, the
reasons for lost points, malformed rubrics, broken traces, and limits."""
import json
import os
import re
import time

import jsonschema
import pytest

import grading
from grading import (changed, check, golden, grade, grade_json, judge,
                     renumber, rubric, without, write, write_rubric)
from tracing import KVMTRACE, ROOT, run

SCHEMA = json.loads((ROOT / "schemas/rubric.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
HELLO = golden()
IOCTLS = [event for event in HELLO if event["type"] == "ioctl"]
NOT_KVM = dict(on="not_kvm", ret=-1, errno="ENOTTY")

# SPEC 9's own.
SPEC = rubric(
    dict(id="vm", title="creates one VM", points=2, call="KVM_CREATE_VM",
         count={"min": 1, "max": 1}),
    dict(id="mem", title="gives it 2 MiB", points=3,
         call="KVM_SET_USER_MEMORY_REGION",
         where='.in.memory_size == "0x200000"'),
    dict(id="order", title="in order", points=2, order=[
        {"call": "KVM_CREATE_VM"}, {"call": "KVM_CREATE_VCPU"},
        {"call": "KVM_RUN"}]),
    dict(id="plain", title="no irqchip", points=1,
         never={"call": "KVM_CREATE_IRQCHIP"}),
    dict(id="hello", title="says hello", points=2, console="Hello, world!"),
    dict(id="halt", title="halts", points=1, exit="KVM_EXIT_HLT"),
    dict(id="ratio", title="one exit a character", points=2,
         jq="[.[]|select(.exit.io.port == $PORT)]|length == 14"),
    vars={"PORT": 233})


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(SPEC))
    return path


@pytest.fixture
def hello(tmp_path):
    return write(tmp_path / "hello.jsonl", HELLO)


def test_the_rubric_of_the_contract(spec, hello):
    graded, = grade_json(spec, hello)
    assert (graded["score"], graded["max_score"]) == (13, 13)
    assert graded["graded"] and graded["submission"] == str(hello)
    assert [one["id"] for one in graded["checks"]] == \
        [one["id"] for one in SPEC["checks"]]


@pytest.mark.parametrize("name", ["rubric", "grade"])
def test_schemas_are_printed_as_committed(name):
    printed = run(KVMTRACE, "schema", name)
    assert printed.status == 0
    raw = (ROOT / f"schemas/{name}.schema.json").read_bytes()
    assert printed.stdout == raw
    VALIDATOR.check_schema(json.loads(raw))


# Tests that a trace of hv passes or not: the share, words of the reason.
TESTS = [
    (dict(call="KVM_CREATE_VM"), 1, ""),
    (dict(call="KVM_CREATE_VM", count=1), 1, ""),
    (dict(call="KVM_CREATE_IRQCHIP"), 0, "no KVM_CREATE_IRQCHIP"),
    (dict(call="KVM_CREATE_IRQCHIP", count={"max": 3}), 1, ""),
    (dict(call="mmap", where='.on == "vcpu"'), 1, ""),
    (dict(call="KVM_RUN", count={"min": 15, "max": 15}), 1, ""),
    (dict(call="KVM_RUN", count={"min": 16}), 0,
     "15 of KVM_RUN (seq 12, 13, 14, 15, 16 ...), and there should be at "
     "least 16"),
    (dict(call="KVM_RUN", count={"min": 20}, partial=True), .75, "at least 20"),
    (dict(call="KVM_RUN", count=12, partial=True), .8, "should be 12"),
    (dict(call="KVM_RUN", count={"min": 1, "max": 3}), 0, "1 to 3"),
    (dict(exit="KVM_EXIT_HLT", count=1), 1, ""),
    (dict(exit="KVM_EXIT_MMIO"), 0,
     "no KVM_EXIT_MMIO; the last exit is KVM_EXIT_HLT at seq 27"),
    (dict(exit="KVM_EXIT_IO", where=".exit.io.port == $P", vars={"P": 233},
          count=14), 1, ""),
    (dict(exit="KVM_EXIT_IO", where=".exit.io.port == $P", vars={"P": 1}), 0,
     "no KVM_EXIT_IO with .exit.io.port == 1; at seq 12 exit.io.port is 233, "
     "at seq 13 exit.io.port is 233, at seq 14 exit.io.port is 233, and 11 "
     "more"),
    (dict(type="console"), 1, ""),
    (dict(type="process", where='.event == "exit" and .status == 0'), 1, ""),
    (dict(call="KVM_SET_USER_MEMORY_REGION",
          where='.in.memory_size == "0x400000"'), 0,
     "no KVM_SET_USER_MEMORY_REGION with .in.memory_size == \"0x400000\"; at "
     "seq 5 in.memory_size is \"0x200000\""),
    (dict(call="KVM_SET_REGS", where=".in.rip | test(1)"), 0, "in.rip"),
    (dict(call="KVM_SET_REGS", where=".in.no.such == 1"), 0,
     "at seq 11 there is no in.no.such"),
    (dict(call="KVM_SET_REGS", where='"." == "x"'), 0, "that is not so"),
    (dict(never={"call": "KVM_CREATE_IRQCHIP"}), 1, ""),
    (dict(never={"call": "KVM_CREATE_VM"}), 0,
     "there should be no KVM_CREATE_VM; at seq 3 there is one"),
    (dict(never={"exit": "KVM_EXIT_IO", "where": ".exit.io.size == 1"}), 0,
     "at seq 12 exit.io.size is 1, and 13 more"),
    (dict(order=[{"call": "KVM_CREATE_VM"}, {"exit": "KVM_EXIT_HLT"}]), 1, ""),
    (dict(order=[{"call": "KVM_RUN"}] * 15), 1, ""),
    (dict(order=[{"call": "KVM_RUN"}] * 16), 0, "step 16 of 16"),
    (dict(order=[{"call": "KVM_RUN"}] * 20, partial=True), .75, "step 16"),
    (dict(order=[{"call": "KVM_CREATE_VCPU"}, {"call": "KVM_CREATE_VM"},
                 {"call": "KVM_SET_SREGS"}, {"call": "KVM_RUN"}],
          partial=True), .75,
     "step 2 of 4, KVM_CREATE_VM, is at seq 3, but not behind "
     "KVM_CREATE_VCPU at seq 6"),
    (dict(order=[{"call": "KVM_CREATE_IRQCHIP"}]), 0,
     "step 1 of 1, KVM_CREATE_IRQCHIP, is not in the trace"),
    (dict(console="world"), 1, ""),
    (dict(console="word"), 0,
     'the guest printed "Hello, world!" (seq 26), not "word"'),
    (dict(console={"regex": "^Hello, [a-z]{5}!$"}), 1, ""),
    (dict(console={"regex": "^world"}), 0, "does not fit"),
    (dict(exit_status=0), 1, ""),
    (dict(exit_status=1), 0,
     "the program ended with status 0, and it should end with status 1"),
    (dict(jq="length > 5"), 1, ""),
    (dict(jq="false"), 0, "the expression gives false"),
    (dict(jq="0.25"), .25, "the expression gives 0.25"),
    (dict(jq="0.25", partial=False), 0, "the expression gives 0.25"),
    (dict(jq="1.5"), 0, "must give true, false or 0 to 1, and gives 1.5"),
    (dict(jq='"yes"'), 0, 'gives "yes"'),
    (dict(jq=".[0].type.y"), 0, "the expression fails: Cannot index"),
    (dict(jq="empty"), 0, "the expression gives nothing"),
    (dict(jq='{score: 0.5, reason: "half of \\(length)", evidence: [3]}'), .5,
     f"half of {len(HELLO)}"),
    (dict(jq=f"[calls] | length == {len(IOCTLS)}"), 1, ""),
    (dict(jq='("00080000" | le) == 2048 and ("ffffffff" | le) == 4294967295 '
             'and ("0x1f" | hex) == 31 and ("" | le) == 0'), 1, ""),
]


@pytest.mark.parametrize("test, share, reason", TESTS, ids=range(len(TESTS)))
def test_each_test(tmp_path, test, share, reason):
    found, said = judge(tmp_path, HELLO, **test)
    assert found == pytest.approx(share)
    assert reason in said
    assert bool(said) == (share < 1)


def test_like(tmp_path):
    write(tmp_path / "reference.jsonl", HELLO)
    assert judge(tmp_path, HELLO, like="reference.jsonl") == (1, "")
    other = changed(HELLO, "KVM_SET_SREGS", **{"in": {"cr3": "0x5000"}})
    share, said = judge(tmp_path, other, like="reference.jsonl")
    assert .8 < share < 1
    assert "differs from the reference in 1 place, first: " in said
    assert "0x5000" in said and "(seq 10)" in said
    assert judge(tmp_path, other, like="reference.jsonl", partial=False)[0] == 0
    share, said = judge(tmp_path, golden("mmio"), like="reference.jsonl")
    assert 0 < share < .8


def test_what_counts_as_a_call(tmp_path):
    """Only what the kernel took, on a descriptor of KVM's."""
    one = dict(call="KVM_CREATE_VM")
    failed = dict(one, ok=False)
    for changes, share, said in (
            (dict(on="not_kvm"), 0, "descriptor that is not KVM's"),
            (dict(on=None), 0, "descriptor that is not KVM's"),
            (dict(ret=None, unfinished=True), 0, "it did not return"),
            (dict(injected=True), 0, "its result was injected"),
            (dict(ret=-1, errno="EBUSY"), 0, "it failed with EBUSY")):
        events = changed(HELLO, "KVM_CREATE_VM", **changes)
        found, reason = judge(tmp_path, events, **one)
        assert found == share and f"at seq 3 {said}" in reason or \
            f"at seq 3 it went to a {said}" in reason
    refused = dict(ret=-1, errno="EBUSY")
    for changes, share in ((refused, 1), (dict(refused, injected=True), 1),
                           (NOT_KVM, 0), ({}, 0)):
        events = changed(HELLO, "KVM_CREATE_VM", **changes)
        assert judge(tmp_path, events, **failed)[0] == share
    assert "it did not fail" in judge(tmp_path, HELLO, **failed)[1]


def test_truncated_traces_prove_no_absence(tmp_path):
    events = renumber(HELLO)
    events[-1].update(truncated=True, dropped=7)
    never = dict(never={"call": "KVM_CREATE_IRQCHIP"})
    share, said = judge(tmp_path, events, **never)
    assert share == 0 and "leaves out events" in said
    assert judge(tmp_path, events, call="KVM_CREATE_VM")[0] == 1
    assert judge(tmp_path, events, call="KVM_CREATE_VM", count=1)[0] == 0
    graded, = grade_json(tmp_path / "rubric.json", tmp_path / "t.jsonl")
    assert "--max-events" in graded["notes"][0]


@pytest.mark.parametrize("status, wanted, passed", [
    ({"exited": 3}, 3, True), ({"exited": 3}, 0, False),
    ({"signal": "SIGSEGV"}, 139, True), ({"signal": "SIGSEGV"}, 0, False),
    ({"signal": "SIGKILL", "timed_out": True}, 137, False),
    ({"exited": 0, "timed_out": True}, 0, False),
    ({"detached": True}, 0, False), ({}, 0, False),
    ({"exited": "0"}, 0, False), ({"signal": "SIG\x1bX"}, 0, False),
])
def test_exit_status(tmp_path, status, wanted, passed):
    events = renumber(HELLO)
    events[-1]["status"] = status
    share, said = judge(tmp_path, events, exit_status=wanted)
    assert share == passed
    assert bool(said) != passed and "\x1b" not in said


def test_consoles_are_kept_apart(tmp_path):
    """Two vCPUs that print at the same time do not make one text."""
    line = next(e for e in HELLO if e["type"] == "console")
    lines = [dict(line, vcpu=0, text="one"), dict(line, vcpu=1, text="two"),
             dict(line, vcpu=0, text="three"), dict(line, port=0x3f8, text="x")]
    events = renumber(HELLO[:-1] + lines + HELLO[-1:])
    assert judge(tmp_path, events, console="one\nthree")[0] == 1
    assert judge(tmp_path, events, console="one\ntwo")[0] == 0
    assert judge(tmp_path, events, console={"regex": "^three$"})[0] == 1


def test_variables(tmp_path, spec, hello):
    assert grade_json(spec, hello, "-D", "PORT=0xe9")[0]["score"] == 13
    assert grade_json("-D", "PORT=4", spec, hello)[0]["score"] == 11
    for wrong, said in (("PRT=1", b"did you mean PORT?"),
                        ("PORT=abc", b"is a number"), ("PORT", b"NAME=VALUE"),
                        ("PORT=", b"is a number"), ("PORT=1x", b"is a number"),
                        ("PORT=nan", b"is a number")):
        result = grade("-D", wrong, spec, hello)
        assert result.status == 2 and said in result.stderr
    path = write_rubric(tmp_path / "vars.json",
                        check(jq='[$S, $B, $R] == ["0x200000", true, 0.5]'),
                        vars={"S": "", "B": False, "R": 1})
    assert grade_json(path, hello, "-D", "S=0x200000", "-D", "B=true",
                      "-D", "R=.5")[0]["score"] == 4


def bad(*checks, **keys):
    return rubric(*(check(i, **c) for i, c in enumerate(checks)), **keys)


RUN = dict(call="KVM_RUN")
# Rubric, place and reason; is it the schema that refuses it?
BAD = [
    (bad(RUN, runs=[{"id": "r", "inject": ["KVM_RUN", "KVM_RUM:errno=EINTR"]}]),
     "/runs/0/inject/1", "did you mean KVM_RUN?", False),
    (bad(RUN, runs=[{"id": "r", "inject": ["KVM_RUN:when=0"]}]),
     "/runs/0/inject/0", "when takes", False),
    (bad(RUN, runs=[{"id": "r", "inject": ["KVM_RUN"] * 65}]),
     "/runs/0/inject/64", "at most 64", False),
    (bad(dict(RUN, point=1)), "/checks/0/point", "did you mean 'points'?", True),
    (bad(dict(RUN, colour=1)), "/checks/0/colour", "no such key", True),
    (bad(dict(cal="KVM_RUN")), "/checks/0/cal", "did you mean 'call'?", True),
    (bad({}), "/checks/0", "must have one test", True),
    (bad(dict(RUN, jq="1")), "/checks/0/jq", "beside", True),
    (bad(dict(jq="1", where=".")), "/checks/0/where", "beside", True),
    (bad(dict(RUN, points="4")), "/checks/0/points", "of type", True),
    (bad(dict(RUN, points=-1)), "/checks/0/points", "at least 0", True),
    (bad(dict(RUN, visibility="secret")), "/checks/0/visibility", "one of",
     True),
    (bad(dict(RUN, title="")), "/checks/0/title", "pattern", True),
    (bad(dict(order=[])), "/checks/0/order", "elements", True),
    (bad(dict(order=[{}])), "/checks/0/order/0", "call, exit and type", True),
    (bad(dict(never={"call": "KVM_RUN", "jq": "1"})), "/checks/0/never/jq",
     "beside", True),
    (bad(dict(console={"regexp": "x"})), "/checks/0/console/regexp",
     "did you mean 'regex'?", True),
    (bad(dict(exit_status=256)), "/checks/0/exit_status", "at most", True),
    (bad(RUN, runs=[{"id": "../x"}]), "/runs/0/id", "pattern", True),
    (dict(bad(RUN), rubric="kvmtrace-rubric/2"), "/rubric", "must be", True),
    (dict(bad(RUN), checks=[]), "/checks", "elements", True),
    ([], "", "of type", True),
    (bad(RUN, dict(RUN, id="c0")), "/checks/1/id", "two of the id 'c0'", False),
    (bad(dict(call="KVM_CREATE_WM")), "/checks/0/call",
     "did you mean 'KVM_CREATE_VM'?", False),
    (bad(dict(exit="KVM_EXIT_HALT")), "/checks/0/exit", "there is no exit",
     False),
    (bad(dict(order=[RUN, dict(call="KVM_RUNS")])), "/checks/0/order/1/call",
     "did you mean 'KVM_RUN'?", False),
    (bad(dict(RUN, count={"min": 2, "max": 1})), "/checks/0/count", "above",
     False),
    (bad(dict(console={"regex": "("})), "/checks/0/console", "Unmatched",
     False),
    (bad(dict(like="no/such")), "/checks/0/like", "cannot read", False),
    (bad(dict(jq=". | |")), "/checks/0/jq", "syntax error", False),
    (bad(RUN, dict(jq="nope")), "/checks/1/jq", "nope/0 is not defined", False),
    (bad(dict(never=dict(RUN, where="\n\n$NOPE"))), "/checks/0/never/where",
     "$NOPE is not defined", False),
    (bad(dict(jq="1; def f: 2")), "/checks/0/jq", "syntax error", False),
    (bad(dict(jq="1) | (2")), "/checks/0/jq", "syntax error", False),
    (bad(dict(jq="1] | [2")), "/checks/0/jq", "syntax error", False),
    (bad(dict(jq='import "a" as a; 1')), "/checks/0/jq", "import", False),
    (bad(dict(jq='include "a"; 1')), "/checks/0/jq", "include", False),
    (bad(RUN, vars={"ENV": 1}), "/vars", "'ENV'", False),
    (bad(RUN, vars={"a-b": 1}), "/vars", "'a-b'", False),
    (bad(RUN, runs=[{"id": "a"}, {"id": "a"}]), "/runs/1/id", "two", False),
    (bad(RUN, runs=[{"id": "a"}, {"id": "b"}]), "/checks/0", "which of the",
     False),
    (bad(dict(RUN, run="reel"), runs=[{"id": "real"}, {"id": "long"}]),
     "/checks/0/run", "did you mean 'real'?", False),
]


@pytest.mark.parametrize("document, place, reason, by_schema", BAD,
                         ids=range(len(BAD)))
def test_malformed_rubrics(tmp_path, hello, document, place, reason,
                           by_schema):
    """Refused with file, place and reason; the schema means the same."""
    assert VALIDATOR.is_valid(document) != by_schema
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document))
    result = grade(path, hello)
    assert (result.status, result.stdout) == (2, b"")
    said = result.stderr.decode()
    assert f"{path}: {place}{': ' if place else ''}" in said
    assert reason in said


@pytest.mark.parametrize("text, said", [
    ('{"rubric":', "line 1, column"),
    ('{"a":1,\n"a":2}', "line 2, column"),
    ("", "line 1, column"),
])
def test_rubrics_that_are_no_json(tmp_path, hello, text, said):
    path = tmp_path / "bad.json"
    path.write_text(text)
    result = grade(path, hello)
    assert result.status == 2 and f"{path}, {said}" in result.stderr.decode()
    assert grade(tmp_path / "none.json", hello).status == 2


def test_jq_reaches_nothing_outside(tmp_path, hello):
    (tmp_path / ".jq").write_text("def leak: true; def length: 1;")
    env = dict(os.environ, HOME=str(tmp_path), SECRET="s")
    expressions = ["env.SECRET", "$ENV.SECRET", "input", "[inputs] | length",
                   "now > 0", '"a" | modulemeta', "input_filename",
                   "localtime", "halt", "halt_error"]
    path = write_rubric(tmp_path / "r.json", *(
        check(i, jq=jq) for i, jq in enumerate(expressions)))
    graded, = grade_json(path, hello, env=env)
    assert graded["score"] == 0
    assert "s" not in [one["reason"] for one in graded["checks"]]
    path = write_rubric(tmp_path / "r.json", check(jq=f"length == {len(HELLO)}"))
    assert grade_json(path, hello, env=env)[0]["score"] == 4
    path = write_rubric(tmp_path / "r.json", check(jq="leak"))
    assert grade(path, hello, env=env).status == 2


# Broken traces, and words of what is said.
RAW = grading.text_of(HELLO)
BROKEN = {
    "empty": ("", "incomplete"),
    "truncated": (RAW[:RAW.rindex('{"type"')], "incomplete"),
    "cut": (RAW[:-30], "not JSON, or cut off"),
    "reordered": ("".join(RAW.splitlines(True)[i] for i in
                          (0, 2, 1, *range(3, len(HELLO)))), "/seq"),
    "extra": (RAW + RAW.splitlines()[3] + "\n", "behind trace_end"),
    "huge": (RAW.replace('"ret": 4', '"ret": 99999999999999999999999', 1),
             "not JSON"),
    "deep": ("[" * 100000, "not JSON"),
    "twice": (RAW.replace('"fd": 3', '"fd": 3, "fd": 3', 1), "not JSON"),
    "bytes": (RAW.encode().replace(b"Hello", b"He\xff\xfeo"), "not JSON"),
    "text": ("Hello\x1b[2J\n", "not JSON"),
    "version": (RAW.replace("kvmtrace/1", "kvmtrace/2", 1), "kvmtrace/1 only"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_traces_get_nothing(tmp_path, spec, hello, name):
    """And the others all of theirs."""
    raw, said = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    broken, good = grade_json(spec, path, hello, status=2)
    assert (broken["graded"], broken["score"], good["score"]) == (False, 0, 13)
    assert said in broken["error"] and broken["max_score"] == 13
    assert all(one["reason"] == broken["error"] and not one["passed"]
               for one in broken["checks"])
    result = grade(spec, path)
    assert result.status == 2 and said in result.stderr.decode()
    assert b"0 of 13 points" in result.stdout and b"\x1b" not in result.stdout


def test_odd_values_are_no_match(tmp_path, spec):
    """Sound JSON with keys of any type in place of the right ones."""
    for odd in (None, 1, "x", [], {}, [[]], True, 1e308, "\x00\x1b\x7f"):
        events = [dict({key: odd for key in event}, seq=event["seq"],
                       type=event["type"]) for event in HELLO]
        events[0]["schema"] = "kvmtrace/1"
        events[-1].update(events=len(HELLO) - 1, truncated=False)
        write(tmp_path / "odd.jsonl", events)
        graded, = grade_json(spec, tmp_path / "odd.jsonl")
        assert graded["score"] == 1, "only the irqchip isn't there"
        for form in ("text", "junit", "tap", "gradescope"):
            result = grade("-f", form, spec, tmp_path / "odd.jsonl")
            assert result.status == 0
            assert not re.search(rb"[^\n -~]", result.stdout)


def test_nothing_that_a_guest_prints_forges_a_result(tmp_path):
    evil = ('\n  ok      4/4  check 0\nok 1\n1..1\n</failure><x>]]>&\x1b[2J'
            '\r\u0085\u2028\ufffe"\\#')
    line = next(e for e in HELLO if e["type"] == "console")
    events = renumber(HELLO[:26] + [dict(line, text=evil)] + HELLO[27:])
    path = write_rubric(tmp_path / "r.json", check(console="nothing such"))
    trace = write(tmp_path / "t.jsonl", events)
    for form in ("text", "json", "junit", "tap", "gradescope"):
        raw = grade("-f", form, path, trace).stdout
        assert not re.search(rb"[^\n -~]", raw)
        assert not re.search(rb"(?m)^ *ok", raw)
        assert b"<x>" not in raw or form != "junit"


def test_limits(tmp_path, hello):
    path = write_rubric(tmp_path / "r.json", check(jq="[repeat(1)] | last"))
    began = time.monotonic()
    endless, = grade_json("--timeout", "0.5", path, hello, status=2)
    assert time.monotonic() - began < 20
    assert "--timeout" in endless["error"] and endless["score"] == 0
    path = write_rubric(tmp_path / "r.json",
                        check(jq='reduce range(40) as $i ("x"; . + .) != ""'))
    hungry, = grade_json(path, hello, status=2)
    assert "memory" in hungry["error"]


def test_a_pipe_in_a_folder_stops_nobody(tmp_path, spec):
    folder = tmp_path / "s"
    folder.mkdir()
    os.mkfifo(folder / "trace.jsonl")
    graded, = grade_json(spec, folder, status=2)
    assert "is no file" in graded["error"]


def test_runs(tmp_path):
    """A folder for each submission, in it a trace for each run."""
    path = write_rubric(
        tmp_path / "r.json",
        check(0, run="real", call="KVM_SET_SREGS",
              where='.in.cr0_names | index("PE") | not'),
        check(1, run="long", call="KVM_SET_SREGS",
              where='.in.efer_names | index("LMA")'),
        runs=[{"id": "real", "argv": ["$PROGRAM", "-r"], "input": "x",
               "timeout": 2, "inject": ["KVM_RUN:errno=EINTR:when=3"]},
              {"id": "long"}])
    folder = tmp_path / "alice"
    write(folder / "real.jsonl", golden("hv-real"))
    write(folder / "long.jsonl", golden("hv-long"))
    graded, = grade_json(path, folder)
    assert graded["score"] == 8
    assert [one["run"] for one in graded["checks"]] == ["real", "long"]
    (folder / "long.jsonl").unlink()
    graded, = grade_json(path, folder, status=2)
    assert graded["score"] == 4 and not graded["graded"]
    assert "long.jsonl" in graded["checks"][1]["reason"]
    graded, = grade_json(path, tmp_path / "alice/real.jsonl", status=2)
    assert graded["score"] == 0 and "several runs" in graded["error"]


def test_strict_output_and_usage(tmp_path, spec, hello):
    assert grade("--strict", spec, hello).status == 0
    lost = write(tmp_path / "lost.jsonl", without(HELLO, "KVM_GET_REGS"))
    assert grade("--strict", spec, lost).status == 0
    lost = write(tmp_path / "lost.jsonl", without(HELLO, "KVM_CREATE_VM"))
    assert grade(spec, lost).status == 0
    assert grade("--strict", spec, lost, hello).status == 1
    assert grade("--strict", spec, lost, "/no/such").status == 2
    out = tmp_path / "out"
    result = grade("-o", out, spec, lost)
    assert (result.stdout, out.read_bytes()) == (b"", grade(spec, lost).stdout)
    assert grade("-o", tmp_path / "no/out", spec, lost).status == 2
    assert grade(spec, "-", input=RAW.encode()).status == 0
    for wrong in ([], [spec], ["-f", "x", spec, hello], ["-j", "0", spec, hello],
                  ["--timeout", "0", spec, hello], ["--nope", spec, hello]):
        result = grade(*wrong)
        assert result.status == 2 and result.stderr, wrong
    assert b"usage" in grade("--help").stdout


def test_partial_points_round_and_add_up(tmp_path, hello):
    path = write_rubric(tmp_path / "r.json", *(
        check(i, points=p, jq=jq) for i, (p, jq) in enumerate(
            [(.1, "true"), (.2, "true"), (1, "1/3"), (2, "2/3"), (1, "0.999"), (0, "true")])))
    graded, = grade_json(path, hello)
    assert [one["score"] for one in graded["checks"]] == \
        [.1, .2, .33, 1.33, .99, 0]
    assert (graded["score"], graded["max_score"]) == (2.95, 4.3)
    assert b"2.95 of 4.3 points" in grade(path, hello).stdout


def test_a_class(tmp_path, spec):
    """200 submissions in less than 10 s, the same bytes however many jobs."""
    variants = [HELLO, without(HELLO, "KVM_SET_REGS"), golden("mmio"),
                golden("hv-long-hypercalls")]
    paths = [write(tmp_path / f"class/s{i:03}.jsonl", variants[i % 4])
             for i in range(200)]
    began = time.monotonic()
    result = grade("-j2", spec, *paths)
    assert time.monotonic() - began < 10
    assert result.status == 0
    assert result.stdout == grade("-j", "7", spec, *paths).stdout
    table = result.stdout.decode().split("\n\n")[-1].splitlines()
    assert table[0].split() == ["submission", "points", "of", "lost"]
    assert [row.split()[0] for row in table[1:]] == [str(p) for p in paths]
    assert [row.split()[1] for row in table[1:5]] == ["13", "13", "6", "9"]


def test_an_expression_that_fails_is_told(tmp_path):
    """A hex string can't be divided: for never, that is no pass."""
    path = write_rubric(
        tmp_path / "r.json",
        check(1, never={"call": "KVM_RUN", "where": ".exit.reason / 2 == 1"}),
        check(2, call="KVM_SET_USER_MEMORY_REGION",
              where=".in.memory_size / 2 > 5"),
        check(3, call="KVM_RUN", where='.exit.io.data_hex == "48"'))
    trace = write(tmp_path / "t.jsonl", HELLO)
    graded, = grade_json(path, trace)
    never, count, sound = graded["checks"]
    assert [one["score"] for one in graded["checks"]] == [0, 0, 4]
    assert "cannot be divided" in never["reason"]
    assert "the expression fails at seq 5" in count["reason"]


def test_the_result_never_overwrites_its_inputs(tmp_path):
    path = write_rubric(tmp_path / "r.json", check(exit_status=0))
    trace = write(tmp_path / "t.jsonl", HELLO)
    for output in (path, trace):
        before = output.read_bytes()
        result = grade("-o", output, path, trace)
        assert result.status == 2 and output.read_bytes() == before
