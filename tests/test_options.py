"""What all command lines have in common, because one table parses each: the
help, and how they say what is wrong."""
import re
import subprocess

import pytest

from tracing import KVMTRACE, run

COMMANDS = ("view", "stat", "report", "diff", "grade", "rubric", "explain",
            "schema", "validate")
ALL = pytest.mark.parametrize(
    "command", [(), *((name,) for name in COMMANDS)],
    ids=lambda command: command[0] if command else "kvmtrace")


def rows(command):
    """(letter, name, argument) of each option in the help."""
    text = run(KVMTRACE, *command, "--help").stdout.decode()
    return re.findall(r"^  (?:-(.),|   ) --([a-z-]+)(?: ([A-Z|=a-z]+))?(?:  |$)",
                      text, re.MULTILINE)


def sentence(result):
    assert result.status == 2 and result.stdout == b"", result
    line, = result.stderr.decode().splitlines()
    assert line.startswith("kvmtrace: "), line
    return line


@ALL
def test_help(command):
    name = " ".join(("kvmtrace", *command))
    for option in ("--help", "-h", "--hel"):
        result = run(KVMTRACE, *command, option)
        assert result.status == 0 and result.stderr == b""
        assert result.stdout.decode().startswith(f"usage: {name} ")
        assert b"-h, --help" in result.stdout
        assert max(map(len, result.stdout.decode().splitlines())) < 80
    full = subprocess.run([KVMTRACE, *command, "-h"], stderr=subprocess.PIPE,
                          stdout=open("/dev/full", "wb"), check=False)
    assert full.returncode == 2 and b"No space" in full.stderr


@ALL
def test_unknown_options(command):
    name = " ".join(("kvmtrace", *command))
    near = sentence(run(KVMTRACE, *command, "--hepl"))
    assert near.endswith("unknown option '--hepl': did you mean --help?")
    for option in ("--qqqqqqqq", "--qqqqqqqq=x", "-Z", "--" + "x" * 300):
        said = sentence(run(KVMTRACE, *command, option))
        assert option[:100] in said and said.endswith(f"see {name} --help")
    assert "takes no argument" in sentence(run(KVMTRACE, *command, "--help=x"))


@ALL
def test_arguments_of_options(command):
    for letter, name, argument in rows(command):
        for option in ["--" + name] + ([f"-{letter}"] if letter else []):
            if argument:
                said = sentence(run(KVMTRACE, *command, option))
                assert f"'{option}' needs an argument: {argument}" in said
            elif option.startswith("--"):
                said = sentence(run(KVMTRACE, *command, option + "=x"))
                assert f"'{option}=x' takes no argument" in said


@pytest.mark.parametrize("arguments, said", [
    (("diff",), "diff takes two traces: kvmtrace diff [OPTIONS] EXPECTED ACTUAL"),
    (("view", "a", "b"), "view takes one trace: kvmtrace view [OPTIONS] TRACE"),
    (("schema", "a", "b"), "schema takes one name: kvmtrace schema [NAME]"),
    (("schema", "a"), "there is no schema 'a'; there are: timeline, "),
    (("grade", "-j", "1025", "r", "t"),
     "-j (--jobs) takes a number from 1 to 1024, not '1025'"),
    (("view", "--width", " 80", "t"), "--width takes a number from 60 to"),
    (("--format", "", "true"),
     "--format takes jsonl, json, text or raw, not ''"),
])
def test_wrong_values(arguments, said):
    assert said in sentence(run(KVMTRACE, *arguments))


def test_options_stand_behind_operands_too():
    assert run(KVMTRACE, "schema", "diff", "--help").stdout.startswith(b"usage")
    assert b"no schema '--help'" in run(KVMTRACE, "schema", "--", "--help").stderr
