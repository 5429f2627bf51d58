"""The cmocka programs of tests/unit, each of them a test."""
import pytest

from tracing import BUILD, ROOT, run

SOURCES = sorted((ROOT / "tests/unit").glob("test_*.c"))


@pytest.mark.parametrize("name", [source.stem for source in SOURCES])
def test_unit(name):
    result = run(BUILD / "tests/unit" / name, cwd=ROOT)
    said = (result.stdout + result.stderr).decode(errors="replace")
    assert result.status == 0, said
    # A program that ran no test has proved nothing.
    assert "[  PASSED  ]" in said or "PASSED" in said, said
