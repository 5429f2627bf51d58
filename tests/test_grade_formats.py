"""The formats of `kvmtrace grade`, each by the rules of its readers: JUnit by
xmllint and tests/junit.xsd, TAP by prove, Gradescope by its documentation."""
import json
import shutil
import xml.etree.ElementTree as ET

import pytest

from grading import check, golden, grade, write, write_rubric
from tracing import ROOT, run

# Text that each format has to make safe, from the rubric and the file's name.
TITLE = 'a <b> & "c" # d \\ e \u00e9'


@pytest.fixture
def files(tmp_path):
    """A rubric that hv-long loses points by, and four submissions."""
    rubric = write_rubric(
        tmp_path / "r.json",
        check(0, title=TITLE, call="KVM_CREATE_VM", number="1.1"),
        check(1, title=TITLE, points=3, call="KVM_CREATE_IRQCHIP", number="1.2",
              hint=TITLE, visibility="hidden"),
        check(2, points=2, jq="0.25", visibility="after_due_date"))
    good = write(tmp_path / "g&<#.jsonl", golden())
    other = write(tmp_path / "other.jsonl", golden("mmio"))
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\x1b]0;\n")
    return rubric, good, other, broken


def printed(form, *arguments, status=0):
    result = grade("-f", form, *arguments)
    assert result.status == status, result
    return result.stdout


def test_json(files):
    document = json.loads(printed("json", *files[:3]))
    assert document["schema"] == "kvmtrace-grade/1"
    first = document["results"][0]
    assert first["checks"][1] == {
        "id": "c1", "title": TITLE, "number": "1.2", "points": 3, "score": 0,
        "passed": False, "hint": TITLE, "visibility": "hidden",
        "reason": "no KVM_CREATE_IRQCHIP"}
    assert first["checks"][0]["evidence"] == [3]


KEYS = {"score", "execution_time", "output", "output_format", "visibility",
        "stdout_visibility", "extra_data", "leaderboard", "tests"}
TEST_KEYS = {"score", "max_score", "status", "name", "name_format", "number",
             "output", "output_format", "tags", "visibility", "extra_data"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def check_gradescope(document):
    """What Gradescope documents of results.json."""
    assert set(document) <= KEYS
    assert isinstance(document["score"], (int, float))
    assert document["output_format"] in FORMATS
    assert document["stdout_visibility"] in VISIBILITIES
    for test in document["tests"]:
        assert set(test) <= TEST_KEYS
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["name"], str) and isinstance(test["output"], str)
        assert test["output_format"] in FORMATS
        assert test.get("visibility", "visible") in VISIBILITIES
        assert isinstance(test.get("number", ""), str)
    assert document["score"] == pytest.approx(
        sum(test["score"] for test in document["tests"]))


def test_gradescope(files):
    document = json.loads(printed("gradescope", *files[:2]))
    check_gradescope(document)
    passed, lost, part = document["tests"]
    assert document["score"] == 4.5
    assert (passed["status"], passed["output"]) == ("passed", "")
    assert lost["output"] == "no KVM_CREATE_IRQCHIP\nHint: " + TITLE
    assert (lost["number"], lost["visibility"]) == ("1.2", "hidden")
    assert (part["score"], part["status"]) == (.5, "failed")


def test_gradescope_of_a_broken_trace_is_whole(files):
    rubric, _, _, broken = files
    document = json.loads(printed("gradescope", rubric, broken, status=2))
    check_gradescope(document)
    assert document["score"] == 0 and "Not graded" in document["output"]


def test_gradescope_of_several_is_an_object_a_line(files):
    lines = printed("gradescope", *files[:3]).splitlines()
    assert len(lines) == 2
    for line in lines:
        check_gradescope(json.loads(line))


def test_junit(files, tmp_path):
    assert shutil.which("xmllint"), "libxml2-utils is not installed"
    raw = printed("junit", *files, status=2)
    path = tmp_path / "junit.xml"
    path.write_bytes(raw)
    result = run("xmllint", "--noout", "--schema", ROOT / "tests/junit.xsd",
                 path)
    assert result.status == 0, result
    suites = ET.fromstring(raw)
    assert suites.attrib["name"] == "a title"
    assert [suites.attrib[k] for k in ("tests", "failures", "errors")] == \
        ["9", "4", "3"]
    names = [(case.attrib["classname"], case.attrib["name"])
             for case in suites.iter("testcase")]
    assert len(set(names)) == len(names) == 9
    assert names[0] == (str(files[1]), "c0: " + TITLE)
    failure = suites.find(".//failure")
    assert failure.text == f"0 of 3 points: no KVM_CREATE_IRQCHIP\nHint: {TITLE}"
    points = {p.attrib["name"]: p.attrib["value"]
              for p in suites[0].iter("property")}
    assert points["score"] == "4.5" and points["max_score"] == "9"
    assert points["score.c2"] == "0.5"


def test_the_xsd_can_refuse(tmp_path):
    path = tmp_path / "junit.xml"
    path.write_text('<testsuites><testsuite name="x"><case/></testsuite>'
                    '</testsuites>')
    assert run("xmllint", "--noout", "--schema", ROOT / "tests/junit.xsd",
               path).status != 0


def prove(raw, tmp_path):
    path = tmp_path / "results.tap"
    path.write_bytes(raw)
    assert shutil.which("prove"), "perl is not installed"
    return run("prove", "--verbose", "--exec", "cat", path)


def test_tap(files, tmp_path):
    rubric, good, other, broken = files
    full = write_rubric(tmp_path / "full.json", check(title=TITLE, jq="true"))
    result = prove(printed("tap", full, good, other), tmp_path)
    assert result.status == 0 and b"Result: PASS" in result.stdout
    raw = printed("tap", rubric, good, other, broken, status=2)
    assert b"1..9\n" in raw
    result = prove(raw, tmp_path)
    assert result.status != 0
    assert b"Failed tests:  2-3, 5-9" in result.stdout
    assert b"Parse errors" not in result.stdout + result.stderr
    assert ("not ok 2 - " + str(good).replace("#", "\\#") + ": " +
            TITLE.replace("\\", "\\\\").replace("#", "\\#") + "\n").encode() \
        in raw


def test_text(files):
    out = printed("text", *files, status=2).decode()
    assert "g&<#.jsonl: 4.5 of 9 points" in out
    assert f"  lost      0/3  {TITLE}\n" in out
    assert f"hint: {TITLE}\n" in out and "  part    0.5/2" in out
    assert out.rstrip().splitlines()[-1].endswith("not graded")
    assert "\x1b" not in out
