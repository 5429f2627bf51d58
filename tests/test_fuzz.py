"""What `make fuzz` does for minutes, in seconds: its targets on the corpora,
the recorded runs, and inputs made of them. Crashes that it found are in
tests/fuzz/corpus, so they are replayed here."""
import pytest

from tracing import BUILD, ROOT, run

GOLDEN = ROOT / "tests/golden"
# Recorded runs of each kind that are small, so that many inputs are tried.
RUNS = ("killed", "shutdown", "hv-paged-shutdown", "mmio", "int80")
SEEDS = {
    "diff": [],
    "rubric": sorted((ROOT / "schemas/rubrics").glob("*.json")),
    "grade": [GOLDEN / name / "trace.jsonl" for name in RUNS],
    "record": [GOLDEN / name / "records.jsonl" for name in RUNS],
    "ring": [],
}
TIMES = {"diff": 400, "rubric": 100, "grade": 60, "record": 200,
         "ring": 200}


@pytest.mark.parametrize("target", SEEDS)
def test_smoke(target):
    files = [*SEEDS[target],
             *sorted((ROOT / "tests/fuzz/corpus" / target).iterdir())]
    result = run(BUILD / f"tests/fuzz/smoke_{target}", str(TIMES[target]),
                 *files, cwd=ROOT)
    assert result.status == 0, result.stderr[-2000:]
    assert result.stdout == f"{len(files)} files\n".encode()


def test_smoke_can_crash(tmp_path):
    result = run(BUILD / "tests/fuzz/smoke_rubric", "1", tmp_path / "none")
    assert result.status == 128 + 6
