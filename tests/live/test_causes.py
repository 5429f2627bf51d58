"""Small hypervisors with one mistake each (tests/programs/broken) and their
sound twins: both behave under kvmtrace as without it, the broken one gets the
diagnosis that CAUSES.tsv names and the sound one none. Causes that this machine
can't show are recorded (tests/golden-causes)."""
import csv

import pytest

from test_programs import same_as_untraced
from timeline import Timeline
from tracing import KVMTRACE, PROGRAMS, ROOT, run

BROKEN = ROOT / "tests/programs/broken"
NAMES = sorted(path.stem for path in BROKEN.glob("*.c"))
RECORDED = sorted(path.parent.name for path in
                  (ROOT / "tests/golden-causes").glob("*/records.jsonl"))


def read_causes():
    with open(BROKEN / "CAUSES.tsv", encoding="ascii") as table:
        rows = (line for line in table if not line.startswith("#"))
        return {row["name"]: row
                for row in csv.DictReader(rows, delimiter="\t")}


CAUSES = read_causes()


def notes_of(timeline):
    return [(line, note) for line in timeline.lines
            for note in line.get("notes", [])]


def complaints(timeline):
    return [(line["seq"], note) for line, note in notes_of(timeline)
            if note["severity"] != "info"]


def reach(value, path):
    """The member of a line that a path names."""
    for key in path.split("."):
        value = value[key]
    return value


def check_evidence(timeline):
    """Each diagnosis rests on lines and members that are there."""
    for line, note in notes_of(timeline):
        if "vendor" not in note:
            continue
        seqs = note["evidence"]["seq"]
        assert seqs[0] == line["seq"] and len(set(seqs)) == len(seqs)
        assert all(seq <= line["seq"] for seq in seqs)
        for path in note["evidence"].get("fields", []):
            reach(line, path)


def check_diagnosis(timeline, name):
    """It is there; and it is an error where the program gave up over it."""
    code = CAUSES[name]["code"]
    found = [note for _, note in notes_of(timeline) if note["code"] == code]
    assert found, notes_of(timeline)
    check_evidence(timeline)
    for line, note in notes_of(timeline):
        if note["severity"] == "error":
            assert line["type"] == "process" and line["event"] == "exit"
            assert line.get("status") != 0


@pytest.mark.usefixtures("kvm")
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_one(trace, name):
    timeline = same_as_untraced(trace, PROGRAMS / "broken" / name)
    row = CAUSES[name]
    if row["here"] == "yes" and row["code"] != "-":
        check_diagnosis(timeline, name)
    else:
        assert complaints(timeline) == []


@pytest.mark.usefixtures("kvm")
@pytest.mark.parametrize("name", NAMES)
def test_its_sound_twin(trace, name):
    timeline = same_as_untraced(trace, PROGRAMS / "sound" / name)
    assert complaints(timeline) == []


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_one(name, tmp_path):
    trace = tmp_path / "trace.jsonl"
    records = ROOT / "tests/golden-causes" / name / "records.jsonl"
    done = run(KVMTRACE, "--replay", records, "-o", trace)
    assert (done.status, done.stderr) == (0, b"")
    check_diagnosis(Timeline(trace.read_bytes()), name)


def test_every_cause_is_here():
    """Each has a program or a recorded run, and each of these its row."""
    assert set(NAMES) | set(RECORDED) == set(CAUSES)
    assert len(NAMES) > 40 and len(RECORDED) > 5
    assert {str(number) for number in range(1, 21)} <= \
        {row["failures_row"] for row in CAUSES.values()}
