#!/usr/bin/env python3
"""check_style.py [TREE]: the layout rules that have no exceptions.

Tables make up much of this code, and clang-format would take them apart; so
it is asked for changed lines only (`make format`), and here is checked what
holds everywhere: tabs, at most 100 columns, no blanks at a line's end, and a
newline at the file's.
"""
import sys
from pathlib import Path

COLUMNS = 100
FOLDERS = ("tracer", "hypervisor", "guests", "tests")


def problem(line):
    if line != line.rstrip():
        return "blanks at the end"
    if line.startswith("        "):
        return "eight spaces where a tab belongs"
    if " \t" in line[:len(line) - len(line.lstrip())]:
        return "a space before a tab"
    if len(line.expandtabs(8)) > COLUMNS:
        return f"more than {COLUMNS} columns"
    return None


def check_file(path):
    text = path.read_text()
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield f"{path}: ends without a newline, or with several"
    for number, line in enumerate(text.splitlines(), 1):
        what = problem(line)
        if what:
            yield f"{path}:{number}: {what}"


def check(tree):
    return [sentence for folder in FOLDERS
            for path in sorted((Path(tree) / folder).rglob("*.[chS]"))
            for sentence in check_file(path)]


if __name__ == "__main__":
    wrong = check(sys.argv[1] if len(sys.argv) > 1 else
                  Path(__file__).parent.parent)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)
