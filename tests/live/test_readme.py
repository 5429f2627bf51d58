"""The README keeps its word. Its jq recipes work: each is run on a trace of hv
and must print something; they stand in sh blocks between two comments. And the
timelines that it shows are of tests/golden."""
import re
import shutil
import subprocess

import pytest

from tracing import HV, KVMTRACE, ROOT, TIMEOUT_S, run

README = ROOT / "README.md"
MARKED = re.compile(r"<!-- recipes -->(.*?)<!-- /recipes -->", re.DOTALL)
EXCERPT = re.compile(r"^    \$ ./kvmtrace (\S+.*)\n((?:    .*\n)+)",
                     re.MULTILINE)
EXCERPTS_OF = {
    "./hv --long": "hv-long",
    "build/tests/programs/broken/page_not_present": "page-not-present",
}
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


def test_the_excerpts_are_real():
    shown = dict(EXCERPT.findall(README.read_text()))
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
