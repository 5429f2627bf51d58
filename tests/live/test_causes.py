"""Small hypervisors with one mistake each (tests/programs/broken) and their
sound twins: both behave under kvmtrace as without it, and the trace of a sound
one has nothing to complain of. Causes that this machine can't show are recorded
(tests/golden-causes); those records can be read."""
import pytest

from test_programs import same_as_untraced
from tracing import KVMTRACE, PROGRAMS, ROOT, run

NAMES = sorted(path.stem
               for path in (ROOT / "tests/programs/broken").glob("*.c"))
RECORDED = sorted(path.parent.name for path in
                  (ROOT / "tests/golden-causes").glob("*/records.jsonl"))


@pytest.mark.usefixtures("kvm")
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_one(trace, name):
    same_as_untraced(trace, PROGRAMS / "broken" / name)


@pytest.mark.usefixtures("kvm")
@pytest.mark.parametrize("name", NAMES)
def test_its_sound_twin(trace, name):
    timeline = same_as_untraced(trace, PROGRAMS / "sound" / name)
    complaints = [(line["name"], note) for line in timeline.lines
                  for note in line.get("notes", [])
                  if note["severity"] != "info"]
    assert complaints == []


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_one(name, tmp_path):
    trace = tmp_path / "trace.jsonl"
    records = ROOT / "tests/golden-causes" / name / "records.jsonl"
    done = run(KVMTRACE, "--replay", records, "-o", trace)
    assert (done.status, done.stderr) == (0, b"")
    assert run(KVMTRACE, "validate", trace).status == 0


def test_there_are_some():
    assert len(NAMES) > 40 and len(RECORDED) > 5
