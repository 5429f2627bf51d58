"""The README's chapter for instructors does what it says: its commands run
here, from the reference solution to the table of a class."""
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from test_readme import BLOCK, README, commands
from tracing import HV, KVMTRACE, TIMEOUT_S, program, run

pytestmark = [pytest.mark.usefixtures("kvm"), pytest.mark.skipif(
    os.geteuid() != 0, reason="--user needs root")]

FIRST_UID = 300000 + os.getpid() % 100000 * 4

# The users and the /dev/kvm that the chapter asks for, in a mount namespace
# of the test's own: $0 is a folder.
PREPARE = """
set -eu
mknod -m 666 "$0/kvm" c 10 232
mount --bind "$0/kvm" /dev/kvm
for file in passwd group; do
    cp /etc/$file "$0"
done
for i in 1 2; do
    echo "grader$i:x:$((FIRST_UID + i)):$((FIRST_UID + i))::/:/bin/sh" >>"$0/passwd"
    echo "grader$i:x:$((FIRST_UID + i)):" >>"$0/group"
done
mount --bind "$0/passwd" /etc/passwd
mount --bind "$0/group" /etc/group
cd "$1"
exec bash -euo pipefail -c "$2"
"""


def block(name):
    """The sh block behind the comment of that name."""
    text = README.read_text()
    after = text[text.index(f"<!-- {name} -->"):]
    return BLOCK.search(after)[1]


def bash(folder, script):
    """As root, in the namespace; where there is none, skip."""
    tools = Path(tempfile.mkdtemp(dir=folder))
    result = run("unshare", "--mount", "sh", "-c", PREPARE, tools, folder,
                 script, timeout=TIMEOUT_S,
                 env=dict(os.environ, FIRST_UID=str(FIRST_UID)))
    if result.status and b"unshare" in result.stderr:
        pytest.skip(f"no namespace here: {result.stderr.decode().strip()}")
    shutil.rmtree(tools)
    return result


@pytest.fixture(scope="module")
def place():
    """A folder that every user may look into, with two submissions."""
    path = Path(tempfile.mkdtemp(prefix="class-"))
    path.chmod(0o755)
    for tool in (KVMTRACE, HV):
        shutil.copy(tool, path)
    for name, source in (("alice", HV), ("bob", program("solution"))):
        folder = path / "submissions" / name
        folder.mkdir(parents=True)
        shutil.copy(source, folder / "hv")
    result = bash(path, "\n".join(commands(block("instructors"))))
    assert result.status == 0, result
    yield path, result
    shutil.rmtree(path)


def test_five_commands(place):
    path, result = place
    assert len(list(commands(block("instructors")))) == 5
    said = result.stdout.decode()
    rubric = json.loads((path / "rubric.json").read_text())
    most = sum(check["points"] for check in rubric["checks"])
    for name in ("reference.jsonl", "submissions/alice/hv", "traces/alice"):
        assert f"{name}: {most} of {most} points" in said
    assert b"warning" not in result.stderr


def autograder(place, name, files):
    """results.json, with /autograder as a folder here."""
    path, _ = place
    root = path / f"autograder-{name}"
    for folder in ("source", "results", "submission"):
        (root / folder).mkdir(parents=True)
    for file in ("kvmtrace", "rubric.json"):
        shutil.copy(path / file, root / "source")
    for file, content in files.items():
        shutil.copy(content, root / "submission" / file)
    script = block(f"autograder: {name}").replace("/autograder", str(root))
    (root / "run_autograder").write_text(script)
    result = bash(path, f"sh {root}/run_autograder")
    assert result.status == 0, result
    return json.loads((root / "results/results.json").read_text()), root


def test_gradescope_recorded(place):
    path, _ = place
    found, _ = autograder(place, "recorded",
                          {"trace.jsonl": path / "reference.jsonl"})
    assert found["score"] == sum(test["max_score"] for test in found["tests"])


def test_gradescope_without_a_trace(place):
    path, _ = place
    root = path / "autograder-recorded"
    shutil.rmtree(root, ignore_errors=True)
    found, _ = autograder(place, "recorded", {})
    assert found["score"] == 0 and "trace.jsonl" in found["output"]


def test_gradescope_live(place, tmp_path):
    path, _ = place
    makefile = tmp_path / "Makefile"
    makefile.write_text("hv: built\n\tcp built hv\n\tid -un >who\n")
    found, root = autograder(place, "live", {"Makefile": makefile,
                                             "built": path / "hv"})
    assert found["score"] == sum(test["max_score"] for test in found["tests"])
    assert (root / "submission/who").read_text() == "grader1\n"


def test_a_class_with_parallel(place):
    path, _ = place
    assert shutil.which("parallel"), "parallel is not installed"
    shutil.rmtree(path / "traces")
    result = bash(path, block("class: parallel"))
    assert result.status == 0, result
    rows = [line.split("\t") for line in result.stdout.decode().splitlines()]
    assert [row[0] for row in rows] == ["submissions/alice/hv",
                                        "submissions/bob/hv"]
    assert rows[0][1] == rows[0][2]
    assert 0 < float(rows[1][1]) < float(rows[1][2])
    merged = json.loads((path / "class.json").read_text())
    assert merged["schema"] == "kvmtrace-grade/1"
    # Then by number, as on a cluster.
    shutil.rmtree(path / "results")
    (path / "grade-one.sh").write_text(block("class: one"))
    for number, variable in enumerate(("SLURM_ARRAY_TASK_ID",
                                       "JOB_COMPLETION_INDEX")):
        result = run("sh", "grade-one.sh", cwd=path,
                     env=dict(os.environ, **{variable: str(number)}))
        assert result.status == 0, result
    scores = [json.loads((path / f"results/{name}.json").read_text())
              ["results"][0]["score"] for name in ("alice", "bob")]
    assert scores == [one["score"] for one in merged["results"]]


def test_the_job_names_what_the_script_reads():
    assert "JOB_COMPLETION_INDEX" in block("class: one")
    yaml = re.search(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)[1]
    assert "completionMode: Indexed" in yaml and "grade-one.sh" in yaml
