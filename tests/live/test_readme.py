"""The README keeps its word. Its jq recipes work: each is run on a trace of hv
and must print something; they stand in sh blocks between two comments. And the
timelines that it shows are of tests/golden."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tracing import HV, KVMTRACE, ROOT, TIMEOUT_S, finish, program, run, \
    start, wait_for

README = ROOT / "README.md"
FORMAT = ROOT / "schemas/README.md"
LAYOUT = ROOT / "tracer/capture/inprocess/layout.h"
REASONS = ROOT / "tracer/record/slow_calls.c"
MARKED = re.compile(r"<!-- recipes -->(.*?)<!-- /recipes -->", re.DOTALL)
EXCERPT = re.compile(r"^    \$ ./kvmtrace (\S+.*)\n((?:    .*\n)+)",
                     re.MULTILINE)
EXCERPTS_OF = {
    "./hv --long": "hv-long",
    "build/tests/programs/broken/page_not_present": "page-not-present",
}
# Not recorded: what kvmtrace says of its own work.
TOLD = "-v -o trace.jsonl ./hv --long"
SWITCH = re.compile(r"<!-- switch -->\n```sh\n(.*?)```", re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([\w./-]*)#([\w-]+)\)")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(block):
    """A command ends with its line, unless a quote or a \\ goes on."""
    command = ""
    for line in block.splitlines():
        if not command and (not line.strip() or line.startswith("#")):
            continue
        command += line + "\n"
        if command.count("'") % 2 == 0 and not line.endswith("\\"):
            yield command.removeprefix("$ ").strip()
            command = ""
    assert not command, f"a quote is open: {command}"


def recipes():
    text = README.read_text() if README.exists() else ""
    return [command for part in MARKED.findall(text)
            for block in BLOCK.findall(part) for command in commands(block)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, kvm):
    """A folder like the reader's: the two programs, and a trace."""
    path = tmp_path_factory.mktemp("readme")
    shutil.copy(KVMTRACE, path / "kvmtrace")
    shutil.copy(HV, path / "hv")
    assert run(path / "kvmtrace", "-o", path / "trace.jsonl", path / "hv",
               "--long").status == 0
    return path


@pytest.fixture(name="inprocess")
def needs_inprocess(kvm):
    if run(KVMTRACE, "--engine", "inprocess", "-o", "/dev/null",
           "true").status:
        pytest.skip("the in-process engine can't work here")


@pytest.mark.parametrize("command", recipes())
def test_recipe(folder, command):
    result = subprocess.run(["bash", "-euo", "pipefail", "-c", command],
                            cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            timeout=TIMEOUT_S, check=False)
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.strip(), "it printed nothing"
    assert b"jq: error" not in result.stderr


def test_the_readme_has_recipes():
    assert len([command for command in recipes() if "jq" in command]) >= 10


def test_what_it_tells_of_itself(folder, inprocess):
    text = dict(EXCERPT.findall(README.read_text()))[TOLD]
    result = run(folder / "kvmtrace", *TOLD.split(), cwd=folder)
    assert result.stderr.decode().splitlines() == \
        [line[4:] for line in text.splitlines()]


def test_the_emergency_switch(tmp_path, inprocess):
    """It is on for as long as nobody takes it back, as this program won't."""
    command, = SWITCH.findall(README.read_text())
    path, exits = tmp_path / "trace.jsonl", 40000
    tracer = start(KVMTRACE, "--flow", "none", "-o", path, "--",
                   program("portio_loop"), exits)
    wait_for(lambda: path.exists() and path.stat().st_size > 100000, "exits")
    pid, = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children") \
        .read_text().split()
    switched = run("bash", "-euc", command, env={**os.environ, "PID": pid})
    result = finish(tracer)
    assert switched.status == 0, switched
    assert (result.status, result.stdout) == (0, b"40000 exits\n")
    capture = json.loads(path.read_text().splitlines()[-1])["capture"]
    assert capture["inprocess"] > 100 and capture["ptrace"] > 1000


def test_the_agents_addresses_are_true():
    for file in (README, ROOT / "tracer/man/kvmtrace.1.in"):
        found = set(re.findall(r"\b0x6b[0-9a-f]{10}\b", file.read_text()))
        assert found == set(re.findall(r"^#define AGENT_\w+\s+(0x\w+)$",
                                       LAYOUT.read_text(), re.MULTILINE))


def test_links_within_have_a_heading():
    for file in (README, FORMAT):
        for path, anchor in LINK.findall(file.read_text()):
            target = file.parent / path if path else file
            anchors = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
                       for heading in HEADING.findall(target.read_text())]
            assert anchor in anchors, (file.name, path, anchor)


def test_each_reason_of_a_slow_call_is_documented():
    keys = re.findall(r'\[SLOW_\w+\] = \{ "(\w+)",', REASONS.read_text())
    rows = re.findall(r"^\| `(\w+)` \|", FORMAT.read_text(), re.MULTILINE)
    assert len(keys) > 10 and [key for key in keys if key not in rows] == []


def test_the_excerpts_are_real():
    shown = dict(EXCERPT.findall(README.read_text()))
    del shown[TOLD]
    assert set(shown) == set(EXCERPTS_OF)
    for command, folder in EXCERPTS_OF.items():
        lines = [line[4:] for line in shown[command].splitlines()
                 if line.strip() != "..."]
        real = (ROOT / "tests/golden" / folder / "text.txt").read_text()
        assert len(lines) > 8
        assert [line for line in lines if line not in real.splitlines()] == []


def test_how_recipes_are_read():
    block = "# words\n\njq '.a |\n .b' trace.jsonl\n$ jq \\\n  . trace.jsonl\n"
    assert list(commands(block)) == \
        ["jq '.a |\n .b' trace.jsonl", "jq \\\n  . trace.jsonl"]
