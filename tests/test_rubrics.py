"""The ready rubrics against good, partly good and wrong solutions, and the
starter that `kvmtrace rubric` makes of a reference."""
import json

import jsonschema
import pytest

from grading import (GOLDEN, RUBRICS, changed, golden, grade, grade_json,
                     renumber, without, write)
from tracing import KVMTRACE, ROOT, run

VALIDATOR = jsonschema.Draft7Validator(
    json.loads((ROOT / "schemas/rubric.schema.json").read_text()))
READY = {path.stem: json.loads(path.read_text())
         for path in sorted(RUBRICS.glob("*.json"))}
MODES = ("real", "protected", "paged", "long")


def paged():
    """No recorded one has got further than SHUTDOWN: legacy paging needs
    hardware that this was not recorded on."""
    state = next(event for event in golden("hv-paged-shutdown")
                 if event.get("name") == "KVM_SET_SREGS")
    return changed(golden("hv-protected"), "KVM_SET_SREGS",
                   **{"in": state["in"]})


GOOD = {"real": lambda: golden("hv-real"), "paged": paged,
        "protected": lambda: golden("hv-protected"),
        "long": lambda: golden("hv-long")}


def lost(rubric, path, *options):
    """(the points, the ids of the checks that lost some)"""
    graded, = grade_json(*options, RUBRICS / f"{rubric}.json", path)
    return graded["score"], {one["id"] for one in graded["checks"]
                             if not one["passed"]}


def test_they_are_all_here():
    assert set(READY) == {*MODES, "modes", "hypercalls"}


@pytest.mark.parametrize("name", READY)
def test_they_keep_the_schema_and_help(name):
    VALIDATOR.validate(READY[name])
    for check in READY[name]["checks"]:
        assert check["points"] > 0
        assert "hint" in check or check["points"] <= 2, check["id"]


@pytest.mark.parametrize("mode", MODES)
def test_good_solutions(mode, tmp_path):
    path = write(tmp_path / "t.jsonl", GOOD[mode]())
    total = sum(check["points"] for check in READY[mode]["checks"])
    assert lost(mode, path) == (total, set())


@pytest.mark.parametrize("mode", MODES)
def test_another_mode_loses_the_mode(mode, tmp_path):
    for other in set(MODES) - {mode}:
        path = write(tmp_path / "t.jsonl", GOOD[other]())
        assert "mode" in lost(mode, path)[1], other


@pytest.mark.parametrize("mode", MODES)
def test_wrong_solutions(mode, tmp_path):
    """Requests on other files and printed text are worth nothing."""
    events = [dict(event, on="not_kvm", ret=-1, errno="ENOTTY")
              if event["type"] == "ioctl" else event for event in GOOD[mode]()
              if event["type"] not in ("console", "syscall")]
    for event in events:
        event.pop("exit", None)
    score, ids = lost(mode, write(tmp_path / "t.jsonl", renumber(events)))
    assert score == 1 and "status" not in ids


def altered(name, **changes):
    return lambda events: changed(events, name, **changes)


def shutdown(events):
    """The first run ends it all."""
    first = next(i for i, e in enumerate(events) if e.get("name") == "KVM_RUN")
    run_once = dict(events[first], exit={"reason": "KVM_EXIT_SHUTDOWN",
                                         "code": 8})
    events = events[:first] + [run_once] + events[-2:]
    events[-1] = dict(events[-1], status={"exited": 1})
    return renumber(events)


# What is wrong with an otherwise good solution in long mode.
PARTLY = [
    (altered("KVM_SET_USER_MEMORY_REGION", **{"in": {"memory_size": "0x1000"}}),
     {"memory"}),
    (altered("KVM_SET_SREGS", **{"in": {"efer_names": ["LME"]}}), {"mode"}),
    (altered("KVM_SET_SREGS", ret=-1, errno="EINVAL"),
     {"mode", "table", "order"}),
    (altered("KVM_SET_SREGS", **{"in": {"cr3": "0x0"}}), {"table"}),
    (altered("KVM_SET_REGS", **{"in": {"rip": "0x1000"}}), {"entry"}),
    (altered("KVM_GET_REGS", out={"rax": "0x0"}), {"result"}),
    (lambda events: without(events, "mmap"), {"kvm_run"}),
    (shutdown, {"hello", "bytes", "halt", "result", "sound", "status"}),
]


@pytest.mark.parametrize("spoil, ids", PARTLY, ids=range(len(PARTLY)))
def test_partly_good_solutions(spoil, ids, tmp_path):
    events = spoil(golden("hv-long"))
    if spoil is shutdown:
        events = [e for e in events if e["type"] != "console"]
    score, found = lost("long", write(tmp_path / "t.jsonl", events))
    assert found == ids
    assert 8 <= score < 23


def test_four_modes_in_one(tmp_path):
    """modes.json is the four others, a run each."""
    for mode in MODES:
        write(tmp_path / f"all/{mode}.jsonl", GOOD[mode]())
    total = sum(check["points"] for mode in MODES
                for check in READY[mode]["checks"])
    assert lost("modes", tmp_path / "all") == (total, set())
    (tmp_path / "all/real.jsonl").unlink()
    graded, = grade_json(RUBRICS / "modes.json", tmp_path / "all", status=2)
    assert graded["score"] == total - 18
    together = [dict(check, id=f"{mode}-{check['id']}", run=mode)
                for mode in MODES for check in READY[mode]["checks"]]
    assert READY["modes"]["checks"] == together
    assert READY["modes"]["runs"] == [READY[mode]["runs"][0] for mode in MODES]


HYPERCALLS = ("hv-real-hypercalls", "hv-long-hypercalls")


@pytest.mark.parametrize("name", HYPERCALLS)
def test_hypercalls(name):
    assert lost("hypercalls", GOLDEN / name / "trace.jsonl") == (24, set())


@pytest.mark.parametrize("name", HYPERCALLS)
def test_hypercalls_on_other_ports(name, tmp_path):
    """Courses leave the ports to the students."""
    events = golden(name)
    for event in events:
        io = event.get("exit", {}).get("io", {})
        if io.get("port", 0) >= 0x500:
            io["port"] -= 0x400
    path = write(tmp_path / "t.jsonl", events)
    assert lost("hypercalls", path)[0] < 10
    ports = [option for name, port in READY["hypercalls"]["vars"].items()
             if port >= 0x500 for option in ("-D", f"{name}={port - 0x400:#x}")]
    assert lost("hypercalls", path, *ports) == (24, set())


def answered(port, data_hex, nth=0):
    """Another answer to the nth IN from a port."""
    def spoil(events):
        asked = [e["seq"] for e in events if e.get("exit", {}).get(
            "io", {}).get("port") == port and e["exit"]["io"]["direction"] == 0]
        for event in events:
            if event.get("in", {}).get("completes", {}).get("seq") == \
                    asked[nth]:
                event["in"]["completes"]["data_hex"] = data_hex
        return events
    return spoil


def on_the_vm(events):
    """As the sheet's hint has it."""
    return changed(events, "KVM_TRANSLATE", on="vm", ret=-1, errno="ENOTTY",
                   out=None)


PARTLY_HYPERCALLS = [
    (answered(0x508, "0d000000"), {"numExits"}, 22.5),
    (answered(0x508, "0d000000", 1), {"numExits"}, 22.5),
    (answered(0x50c, "00000000"), {"numExitsByType"}, 22),
    (answered(0x510, "00000000"), {"gvaToHva"}, 21),
    (answered(0x510, "01000000", 1), {"gvaToHvaInvalid"}, 22),
    (answered(0x514, "00000000"), {"getTimestamp"}, 23),
    (on_the_vm, {"translate", "gvaToHvaInvalid", "wrong"}, 19),
]


@pytest.mark.parametrize("spoil, ids, score", PARTLY_HYPERCALLS,
                         ids=range(len(PARTLY_HYPERCALLS)))
def test_partly_good_hypercalls(spoil, ids, score, tmp_path):
    path = write(tmp_path / "t.jsonl", spoil(golden("hv-long-hypercalls")))
    assert lost("hypercalls", path) == (score, ids)


TRACES = sorted(path.parent.name for path in GOLDEN.glob("*/trace.jsonl"))


@pytest.mark.parametrize("name", TRACES)
def test_a_starter_gives_its_reference_all(name, tmp_path):
    trace = GOLDEN / name / "trace.jsonl"
    result = run(KVMTRACE, "rubric", trace)
    assert result.status == 0, result
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    path = tmp_path / "starter.json"
    assert run(KVMTRACE, "rubric", "-o", path, trace).status == 0
    assert path.read_bytes() == result.stdout
    graded = grade("--strict", path, trace)
    assert graded.status == 0, graded


def test_a_starter_is_useful(tmp_path):
    """It finds what is wrong with another solution."""
    path = tmp_path / "starter.json"
    run(KVMTRACE, "rubric", "-o", path, GOLDEN / "hv-long/trace.jsonl")
    document = json.loads(path.read_text())
    assert document["vars"] == {"PORT_E9": 233}
    assert sum("hint" in check for check in document["checks"]) >= 5
    for spoil, wanted in ((PARTLY[0][0], "set-user-memory-region"),
                          (PARTLY[1][0], "set-sregs"),
                          (PARTLY[4][0], "set-regs"), (PARTLY[5][0], "result"),
                          (shutdown, "exit-shutdown")):
        trace = write(tmp_path / "t.jsonl", spoil(golden("hv-long")))
        graded, = grade_json(path, trace)
        assert wanted in {one["id"] for one in graded["checks"]
                          if not one["passed"]}


def test_starters_need_a_whole_trace(tmp_path):
    cut = tmp_path / "cut.jsonl"
    cut.write_text("")
    for wrong in ([cut], ["/no/such"], [], [cut, cut], ["--nope", cut]):
        result = run(KVMTRACE, "rubric", *wrong)
        assert (result.status, result.stdout) == (2, b"") and result.stderr
