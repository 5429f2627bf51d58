"""The source keeps the order of its layers and its layout, and the checkers
that say so can say otherwise."""
import pytest

import check_layers
import check_style
from tracing import ROOT


def test_no_include_points_up():
    assert check_layers.check(ROOT) == []


@pytest.mark.parametrize("file, include", [
    ("tracer/base/bad.c", "record/record.h"),
    ("tracer/abi/bad.c", "session/session.h"),
    ("tracer/guest/bad.c", "record/record.h"),
    ("tracer/capture/bad.c", "session/session.h"),
    ("tracer/decode/bad.c", "session/session.h"),
    ("tracer/session/bad.c", "annotate/flow.h"),
    ("tracer/annotate/bad.c", "sink/sink.h"),
    ("tracer/sink/bad.c", "capture/capture.h"),
    ("tracer/session/bad.c", "cli/options.h"),
    ("tracer/capture/bad.c", "../../hypervisor/vm.h"),
    ("hypervisor/bad.c", "../tracer/record/record.h"),
    ("tracer/fresh/bad.c", "base/log.h"),
    ("tracer/base/bad.c", "no/such/file.h"),
])
def test_an_include_that_points_up_is_found(tmp_path, file, include):
    for header in ("base/log.h", "record/record.h", "session/session.h",
                   "annotate/flow.h", "sink/sink.h", "capture/capture.h",
                   "cli/options.h", "../hypervisor/vm.h"):
        path = tmp_path / "tracer" / header
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    bad = tmp_path / file
    bad.parent.mkdir(parents=True, exist_ok=True)
    assert check_layers.check(tmp_path) == []
    bad.write_text(f'#include <stdio.h>\n#include "{include}"\n')
    assert len(check_layers.check(tmp_path)) == 1


def test_layout():
    assert check_style.check(ROOT) == []


@pytest.mark.parametrize("text", [
    "int a; \n", "int a;\t\n", "        int a;\n", "  \tint a;\n",
    "/* " + "x" * 98 + " */\n", "int a;", "int a;\n\n",
])
def test_a_bad_layout_is_found(tmp_path, text):
    (tmp_path / "tracer").mkdir()
    (tmp_path / "tracer/bad.c").write_text(text)
    assert len(check_style.check(tmp_path)) == 1
