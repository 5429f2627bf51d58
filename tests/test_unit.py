"""The cmocka programs of tests/unit, each of them a test."""
import os

import pytest

from tracing import BUILD, ROOT, run

SOURCES = sorted((ROOT / "tests/unit").glob("test_*.c"))


@pytest.mark.parametrize("name", [source.stem for source in SOURCES])
def test_unit(name):
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=1")
    result = run(BUILD / "tests/unit" / name, cwd=ROOT, env=env)
    said = (result.stdout + result.stderr).decode(errors="replace")
    assert result.status == 0, said
    # A program that ran no test has proved nothing.
    assert "[  PASSED  ]" in said, said
