"""The table of diagnoses, tracer/annotate/diagnoses.c, against what people and
programs are told of it: schemas/README.md, and the causes in tests/."""
import csv
import re

from tracing import ROOT

ROW = re.compile(r'\[(CODE_\w+)\] = \{ "([a-z0-9-]+)", "(\w+)", NOTE_(\w+),')
README_ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (\w+) \| (\w+) \| .+ \|$", re.M)


def read_table():
    """(code, severity, vendor) in order."""
    text = (ROOT / "tracer/annotate/diagnoses.c").read_text()
    return [(code, severity.lower(), vendor)
            for _, code, vendor, severity in ROW.findall(text)]


def read_codes():
    return {code for code, _, _ in read_table()}


def test_the_readme_has_them_all():
    text = (ROOT / "schemas/README.md").read_text()
    assert README_ROW.findall(text) == read_table()


def test_no_row_is_missing():
    header = (ROOT / "tracer/annotate/diagnoses.h").read_text()
    names = re.findall(r"^\t(CODE_\w+),$", header, re.M)
    text = (ROOT / "tracer/annotate/diagnoses.c").read_text()
    assert names == [row[0] for row in ROW.findall(text)]
    assert len(read_codes()) == len(names)


def test_each_code_is_said_somewhere():
    """A row that no rule says is a promise that nobody keeps."""
    sources = "".join(path.read_text() for path in
                      (ROOT / "tracer/annotate").glob("*.c")
                      if path.name != "diagnoses.c")
    text = (ROOT / "tracer/annotate/diagnoses.c").read_text()
    unsaid = [row[0] for row in ROW.findall(text)
              if not re.search(rf"\b{row[0]}\b", sources)]
    assert unsaid == []


def test_causes_have_codes_of_the_table():
    with open(ROOT / "tests/programs/broken/CAUSES.tsv",
              encoding="ascii") as table:
        rows = [row for row in csv.DictReader(
            (line for line in table if not line.startswith("#")),
            delimiter="\t")]
    assert {row["code"] for row in rows} - {"-"} <= read_codes()
