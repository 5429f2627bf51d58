"""What the tests of `kvmtrace grade` share: traces made from recorded ones,
rubrics of one check, and results taken apart."""
import copy
import json

import jsonschema

from tracing import KVMTRACE, ROOT, run

GOLDEN = ROOT / "tests/golden"
RUBRICS = ROOT / "schemas/rubrics"
HELLO = "hv-long"
VALIDATOR = jsonschema.Draft7Validator(
    json.loads((ROOT / "schemas/grade.schema.json").read_text()))


def golden(name=HELLO):
    """The events of a recorded run."""
    path = GOLDEN / name / "trace.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def renumber(events):
    """The events with `seq` right again after some came or went."""
    events = [dict(event, seq=seq) for seq, event in enumerate(events)]
    if events[-1]["type"] == "trace_end":
        events[-1]["events"] = len(events) - 1
    return events


def changed(events, name, **changes):
    """The events, in each call of that name the keys of `changes`; None
    takes a key away, an object changes the members that it has."""
    events = copy.deepcopy(events)
    for event in events:
        if event.get("name") != name:
            continue
        for key, value in changes.items():
            if value is None:
                event.pop(key, None)
            elif isinstance(value, dict) and key in event:
                event[key].update(value)
            else:
                event[key] = value
    return events


def without(events, name):
    return renumber([e for e in events if e.get("name") != name])


def text_of(events):
    return "".join(json.dumps(event) + "\n" for event in events)


def write(path, events):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(events))
    return path


def rubric(*checks, **keys):
    return dict(rubric="kvmtrace-rubric/1", title="a title", **keys,
                checks=list(checks))


def check(nth=0, **test):
    """A check; what isn't given is filled in."""
    return {"id": f"c{nth}", "title": f"check {nth}", "points": 4, **test}


def write_rubric(path, *checks, **keys):
    path.write_text(json.dumps(rubric(*checks, **keys)))
    return path


def grade(*arguments, **how):
    return run(KVMTRACE, "grade", *arguments, **how)


def grade_json(*arguments, status=0, **how):
    """The results, one a submission."""
    result = grade("--format", "json", *arguments, **how)
    assert result.status == status, result
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    return document["results"]


def judge(folder, events, **test):
    """One test on a trace: (the share of the points, the reason)."""
    keys = {key: test.pop(key) for key in ("vars",) if key in test}
    path = write_rubric(folder / "rubric.json", check(**test), **keys)
    graded, = grade_json(path, write(folder / "t.jsonl", events))
    one, = graded["checks"]
    assert one["passed"] == (one["score"] == 4) == ("reason" not in one)
    return one["score"] / 4, one.get("reason", "")
