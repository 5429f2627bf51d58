"""Completion: what `kvmtrace --complete` answers, and what bash and zsh make of
it at a terminal of their own."""
import os
import pty
import re
import select
import shutil
import signal
import time

import pytest

from tracing import KVMTRACE, ROOT, run

COMPLETION = ROOT / "tracer/completion"
COMMANDS = ("view", "stat", "report", "diff", "grade", "rubric", "explain",
            "schema", "validate")


def complete(*words):
    """The candidates, and what the shell is asked for."""
    result = run(KVMTRACE, "--complete", *words)
    assert result.status == 0 and not result.stderr, result
    lines = result.stdout.decode().splitlines()
    return ([line.split("\t")[0] for line in lines if line[0] != ":"],
            [line for line in lines if line[0] == ":"])


def test_the_first_word():
    words, asked = complete("")
    assert tuple(words) == COMMANDS and asked == [":program 0"]
    words, asked = complete("d")
    assert words == ["diff"] and asked == [":program 0"]


def options_of(*command):
    text = run(KVMTRACE, *command, "--help").stdout.decode()
    return set(re.findall(r"^  (?:-.,|   ) (--[a-z-]+)", text, re.MULTILINE))


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)],
                         ids=lambda command: command[0] if command else "run")
def test_every_option_is_offered(command):
    words, asked = complete(*command, "-")
    assert set(words) == options_of(*command) and "--help" in words
    assert asked == []


@pytest.mark.parametrize("line, expected", [
    ("--fo", ["--format"]),
    ("--format ", ["jsonl", "json", "text", "raw"]),
    ("--format=t", ["--format=text"]),
    ("--engine p", ["ptrace"]),
    ("--flow full --color a", ["auto", "always"]),
    ("-q", ["-q"]),
    ("--only KVM_EXIT_HL", ["KVM_EXIT_HLT"]),
    ("--only vcpu,consol", ["vcpu,console"]),
    ("--only=vm,kvm_create_vc", ["--only=vm,KVM_CREATE_VCPU"]),
    ("--inject kvm_set_sregs2", ["KVM_SET_SREGS2"]),
    ("--inject KVM_RUN:", ["KVM_RUN:errno=", "KVM_RUN:ret=", "KVM_RUN:when="]),
    ("--inject KVM_RUN:ret=0:w", ["KVM_RUN:ret=0:when="]),
    ("--inject KVM_RUN:errno=EINT", ["KVM_RUN:errno=EINTR"]),
    ("--max-events ", []),
    ("--nonsense=x", []),
    ("diff --format ", ["text", "json"]),
    ("diff --unmask cpuid,t", ["cpuid,time"]),
    ("schema rep", ["report"]),
    ("explain KVM_CREATE_VC", ["KVM_CREATE_VCPU"]),
    ("explain long-m", ["long-mode"]),
    ("explain EINTR page-not-pres", ["page-not-present"]),
])
def test_candidates(line, expected):
    words, asked = complete(*line.split(" "))
    assert list(dict.fromkeys(words)) == expected
    assert asked == []


@pytest.mark.parametrize("line, expected", [
    ("./", ":program 0"), ("-q -o t ./h", ":program 3"),
    ("-- x", ":program 1"), ("-q ./hv --lo", ":program 1"),
    ("./hv --format ", ":program 0"), ("-- view ", ":program 1"),
    ("-o ", ":files"), ("-qo ", ":files"), ("-vqo x", ":files"),
    ("--output=", ":files"), ("--replay x", ":files"), ("-p 1", ":processes"),
    ("diff ", ":files"), ("diff --format json a ", ":files"),
    ("diff -- -", ":files"), ("validate x", ":files"), ("report -o ", ":files"),
])
def test_what_the_shell_is_asked_for(line, expected):
    words, asked = complete(*line.split(" "))
    assert (words, asked) == ([], [expected])


@pytest.mark.parametrize("words", [
    (), ("",), ("-",), ("--",), ("---",), ("--=",), ("--format=",),
    ("--inject", ":"), ("--inject", "=:="), ("--only", ",,,"), ("diff",) * 50,
    ("x" * 100000,), ("--" + "x" * 100000,), ("explain", "%s%n"),
    (b"\xff\xfe",), ("--complete", ""), ("-" * 3, "-"), ("-oooo", "-ov", ""),
])
def test_odd_words(words):
    complete(*words)


class Terminal:
    """A shell at a terminal; what it shows for a line that is not ended."""

    def __init__(self, command, **environment):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(environment["HOME"])
            os.execvpe(command[0], command, {
                "TERM": "dumb", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                "PATH": f"{KVMTRACE.parent}:/usr/bin:/bin", **environment})

    def read(self, wanted, seconds=20):
        """What the pattern finds in all that comes, at the shell's leisure."""
        seen, end = b"", time.monotonic() + seconds
        while not (found := re.search(wanted, seen)):
            assert time.monotonic() < end, seen
            if select.select([self.fd], [], [], 0.2)[0]:
                seen += os.read(self.fd, 65536)
        return found

    def type(self, keys):
        os.write(self.fd, keys)

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def start_bash(home):
    (home / "rc").write_text("PS1='ready> '\n"
                             "bind 'set enable-bracketed-paste off'\n"
                             "bind 'set bell-style none'\n"
                             f". {COMPLETION}/kvmtrace.bash\n")
    return Terminal(["bash", "--noprofile", "--rcfile", str(home / "rc"), "-i"],
                    HOME=str(home))


def start_zsh(home):
    (home / ".zshrc").write_text(
        "PS1='ready> '\nunsetopt zle_bracketed_paste prompt_cr prompt_sp beep\n"
        f"fpath=({COMPLETION} $fpath)\nautoload -Uz compinit\n"
        "compinit -u -D\nLISTMAX=0\n")
    return Terminal(["zsh", "-d", "-i"], HOME=str(home), ZDOTDIR=str(home))


@pytest.fixture(params=["bash", "zsh"])
def shell(request, tmp_path):
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    (tmp_path / "first.jsonl").touch()
    terminal = {"bash": start_bash, "zsh": start_zsh}[request.param](tmp_path)
    terminal.read(b"ready> ")
    yield terminal
    terminal.close()


@pytest.mark.parametrize("typed, completed", [
    ("kvmtrace vali", "kvmtrace validate "),
    ("kvmtrace --max-e", "kvmtrace --max-events "),
    ("kvmtrace --format te", "kvmtrace --format text "),
    ("kvmtrace --engine=pt", "kvmtrace --engine=ptrace "),
    ("kvmtrace --only vm,KVM_EXIT_HL", "kvmtrace --only vm,KVM_EXIT_HLT "),
    ("kvmtrace --inject KVM_CREATE_VM:errno=EMF",
     "kvmtrace --inject KVM_CREATE_VM:errno=EMFILE "),
    ("kvmtrace --inject KVM_RUN:e", "kvmtrace --inject KVM_RUN:errno="),
    ("kvmtrace explain kvm_create_vcp", "kvmtrace explain KVM_CREATE_VCPU "),
    ("kvmtrace diff --global-order fi", "kvmtrace diff --global-order first.jsonl "),
    ("kvmtrace --output=fi", "kvmtrace --output=first.jsonl "),
    ("kvmtrace -o fi", "kvmtrace -o first.jsonl "),
    ("kvmtrace -q /usr/bin/sha224s", "kvmtrace -q /usr/bin/sha224sum "),
    ("kvmtrace -q sha224su", "kvmtrace -q sha224sum "),
    ("kvmtrace -q cat fi", "kvmtrace -q cat first.jsonl "),
    ("kvmtrace schema ru", "kvmtrace schema rubric "),
    ("kvmtrace grade --str", "kvmtrace grade --strict "),
])
def test_shells(shell, typed, completed):
    """The line that a tab makes of the one typed: as an argument of echo."""
    shell.type(typed.encode() + b'\t\x01echo "[\x05]"\r')
    line = shell.read(rb"\n\[([^\r]*)\]\r").group(1).decode()
    assert line.rstrip(" ") == completed.rstrip(" ")
    if completed.endswith("="):
        assert line == completed
