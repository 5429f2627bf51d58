"""Recorded runs: raw records go in, the timeline comes out byte for byte.

Each folder of tests/golden holds records.jsonl (made by kvmtrace --format raw
from a real run), and what they decode to: trace.jsonl and text.txt. With
UPDATE_GOLDEN=1 the expected files are written anew: read the difference
before it is committed.

The folders selftest-* and qemu-boot (the first 200 records, and an end line
by hand) are a sample of what `make selftests` runs.
"""
import difflib
import os

import pytest

import selftests
from timeline import Timeline
from tracing import KVMTRACE, ROOT, run

FOLDERS = sorted((ROOT / "tests/golden").glob("*/records.jsonl"))
NAMES = [path.parent.name for path in FOLDERS]
SAMPLE = [name for name in NAMES
          if name.startswith("selftest-") or name == "qemu-boot"]
FORMS = {
    "trace.jsonl": [],
    "text.txt": ["--format", "text", "--color", "never"],
}


def decode(records, path, *options):
    result = run(KVMTRACE, "--replay", records, "-o", path, *options)
    assert (result.status, result.stdout, result.stderr) == (0, b"", b"")
    return path.read_bytes()


def lines_of(raw):
    return raw.decode().splitlines()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_golden(name, form, tmp_path):
    folder = ROOT / "tests/golden" / name
    found = decode(folder / "records.jsonl", tmp_path / form, *FORMS[form])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        (folder / form).write_bytes(found)
    wanted = (folder / form).read_bytes()
    assert found == wanted, "\n".join(difflib.unified_diff(
        lines_of(wanted), lines_of(found), "expected", "found", n=1,
        lineterm=""))


@pytest.mark.parametrize("name", NAMES)
def test_golden_keeps_the_rules(name):
    Timeline((ROOT / "tests/golden" / name / "trace.jsonl").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_text_is_safe_for_a_terminal(name):
    raw = (ROOT / "tests/golden" / name / "text.txt").read_bytes()
    assert all(c >= " " and c != "\x7f" or c == "\n" for c in raw.decode())


def test_there_are_golden_cases():
    assert len(NAMES) >= 10 and len(SAMPLE) >= 8


@pytest.mark.parametrize("name", SAMPLE)
def test_nothing_is_undecoded(name):
    trace = selftests.Trace(ROOT / "tests/golden" / name / "trace.jsonl")
    assert trace.ioctls and not trace.problems
    assert not trace.unknown and not trace.undecoded


@pytest.mark.parametrize("name", NAMES)
def test_records_survive_being_rewritten(name, tmp_path):
    """Reading and writing raw records loses nothing."""
    records = ROOT / "tests/golden" / name / "records.jsonl"
    assert decode(records, tmp_path / "again", "--format", "raw") == \
        records.read_bytes()
