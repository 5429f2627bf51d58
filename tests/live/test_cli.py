"""kvmtrace's options, exit statuses and messages."""
import json
import os
import re
from pathlib import Path

import pytest

from timeline import Timeline
from tracing import HV, KVMTRACE, program, run

TRUE = "/bin/true"


def said(result):
    """What kvmtrace itself said: the lines that begin with its name."""
    return [line for line in result.stderr.decode().splitlines()
            if line.startswith("kvmtrace: ")]


def test_help_tells_each_option():
    result = run(KVMTRACE, "--help")
    assert result.status == 0 and result.stderr == b""
    text = result.stdout.decode()
    for option in ("-o", "--format", "--flow", "--color", "--only", "--skip",
                   "--max-events", "--timeout", "--engine", "-p", "-q", "-h",
                   "--version", "--console", "--replay"):
        assert re.search(rf"(^|\s){option}\b", text), option
    assert run(KVMTRACE, "-h").stdout == result.stdout


def test_version():
    result = run(KVMTRACE, "--version")
    assert result.status == 0
    assert re.fullmatch(rb"kvmtrace \d+\.\d+\.\d+\n", result.stdout)


@pytest.mark.parametrize("arguments, words", [
    ([], ["no program"]),
    (["-o", "/dev/null"], ["no program"]),
    (["--formt", "json", TRUE], ["--formt", "--format"]),
    (["-Z", TRUE], ["-Z"]),
    (["-o"], ["-o", "argument"]),
    (["--format", "xml", TRUE], ["xml", "jsonl"]),
    (["--flow", "half", TRUE], ["half", "none"]),
    (["--color", "pink", TRUE], ["pink", "always"]),
    (["--engine", "magic", TRUE], ["magic", "ptrace"]),
    (["--only", "KVM_RNU", TRUE], ["KVM_RNU", "KVM_RUN"]),
    (["--skip", "KVM_EXIT_MMMIO", TRUE],
     ["KVM_EXIT_MMMIO", "KVM_EXIT_MMIO"]),
    (["--only", "zzzzzz", TRUE], ["zzzzzz"]),
    (["--max-events", "0", TRUE], ["--max-events", "0"]),
    (["--max-events", "many", TRUE], ["many"]),
    (["--max-events", "-1", TRUE], ["-1"]),
    (["--timeout", "0", TRUE], ["--timeout", "0"]),
    (["--timeout", "nan", TRUE], ["nan"]),
    (["--timeout", "1s", TRUE], ["1s"]),
    (["--console", "65536", TRUE], ["65536"]),
    (["-p", "0"], ["-p"]),
    (["-p", "x"], ["x"]),
    (["-p", "1", TRUE], ["-p"]),
], ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_bad_usage(arguments, words):
    result = run(KVMTRACE, *arguments)
    assert result.status == 2 and result.stdout == b""
    assert len(said(result)) == 1, result
    for word in words:
        assert word in said(result)[0]


@pytest.mark.parametrize("command, status, words", [
    (["/no/such/program"], 127, ["/no/such/program", "not found"]),
    (["no-such-program-in-path"], 127, ["no-such-program-in-path"]),
    ([""], 127, ["cannot run ''", "not found"]),
    (["/"], 126, ["cannot run '/'"]),
    (["/etc/passwd"], 126, ["/etc/passwd", "denied"]),
])
def test_no_program_to_run(tmp_path, command, status, words):
    result = run(KVMTRACE, "-o", tmp_path / "t", "--", *command)
    assert result.status == status, result
    assert len(said(result)) == 1
    for word in words:
        assert word in said(result)[0]
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("name", ["/no/such/program", "no-such-program", ""])
def test_no_program_leaves_the_file(tmp_path, name):
    """An older trace isn't lost to a slip of the fingers."""
    path = tmp_path / "t"
    path.write_text("of an older program\n")
    assert run(KVMTRACE, "-o", path, "--", name).status == 127
    assert path.read_text() == "of an older program\n"


def test_a_script_whose_interpreter_is_missing(tmp_path):
    """The script is there, though execve says ENOENT."""
    path = tmp_path / "script"
    path.write_text("#!/no/such/interpreter\n")
    path.chmod(0o755)
    result = run(KVMTRACE, "-o", tmp_path / "t", path)
    message, = said(result)
    assert result.status in (126, 127)
    assert str(path) in message and "interpreter" in message.split(": ", 2)[2]


def test_a_script_without_a_first_line(tmp_path, trace):
    """The kernel refuses it (ENOEXEC); as a shell does, sh is run on it."""
    path = tmp_path / "script"
    path.write_text("echo from the script\nexit 5\n")
    path.chmod(0o755)
    result = trace(path)
    assert (result.status, result.stdout) == (5, b"from the script\n")


@pytest.mark.parametrize("status", [0, 1, 2, 42, 77, 125, 255])
def test_exit_status_is_the_programs(trace, status):
    result = trace("sh", "-c", f"exit {status}")
    assert result.status == status
    assert result.timeline.end["status"] == {"exited": status}
    assert result.timeline.processes("exit")[-1]["status"] == status


@pytest.mark.parametrize("name, number", [("TERM", 15), ("KILL", 9),
                                          ("ABRT", 6), ("USR1", 10)])
def test_exit_status_of_a_signal(trace, name, number):
    result = trace("sh", "-c", f"ulimit -c 0; kill -{name} $$")
    assert result.status == 128 + number
    assert result.timeline.end["status"] == {"signal": "SIG" + name}


def test_killed_within_exec(tmp_path, trace):
    """The kernel ends a process whose old image is gone and whose new one
    can't be mapped, before the program's first instruction."""
    path = tmp_path / "cut"
    path.write_bytes(Path("/usr/bin/id").read_bytes()[:8192])
    path.chmod(0o755)
    untraced = run(path)
    assert untraced.status == 128 + 11
    result = trace(path)
    assert result.status == untraced.status
    start, ended, end = result.timeline.lines
    assert start["argv"] == [str(path)]
    assert (ended["type"], ended["event"], ended["signal"]) == \
        ("process", "exit", "SIGSEGV")
    assert end["status"] == {"signal": "SIGSEGV"}


def test_proc_of_other_processes(tmp_path):
    """In a pid namespace with the old /proc, the numbers there are others'."""
    if run("unshare", "-p", "-f", "true").status:
        pytest.skip("a pid namespace takes root")
    result = run("unshare", "-p", "-f", KVMTRACE, "-o", tmp_path / "t", TRUE)
    assert result.status == 125, result
    message, = result.stderr.decode().splitlines()
    assert message.startswith("kvmtrace: ") and "/proc" in message


def test_a_program_with_a_commands_name(tmp_path, trace):
    path = tmp_path / "diff"
    path.write_text("#!/bin/sh\necho mine\n")
    path.chmod(0o755)
    env = dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}")
    result = run(KVMTRACE, "--", "diff", env=env)
    assert result.status == 0 and result.stderr == b"mine\n"
    beside = run(KVMTRACE, "./diff", cwd=tmp_path)
    assert beside.status == 0 and beside.stderr == b"mine\n"
    result = trace("echo", "--version", "-o", "x")
    assert b"kvmtrace" not in result.stdout


def test_the_programs_options_are_its_own(trace):
    result = trace("/bin/echo", "-p", "--help")
    assert result.stdout == b"-p --help\n"
    assert result.timeline.start["argv"] == ["/bin/echo", "-p", "--help"]


def test_program_without_kvm(trace):
    """A whole trace, of three lines, for a program that has none of KVM."""
    timeline = trace(TRUE).timeline
    assert [line["type"] for line in timeline.lines] == \
        ["trace_start", "process", "trace_end"]
    assert timeline.end["counts"] == {"ioctl": {}, "exit": {}, "errors": 0}


def test_bad_utf8_in_arguments(trace):
    arguments = [b"a\xffb", b"\xc3\xa9", b"\x1b[31m", b""]
    result = trace(program("invalid_utf8_args"), *arguments)
    assert result.stdout == b"4 arguments, 10 bytes\n"
    start = result.timeline.start
    assert [bytes.fromhex(word) for word in start["argv_hex"][1:]] == arguments
    assert start["argv"][2:] == ["\u00e9", "\x1b[31m", ""]
    good = trace(program("invalid_utf8_args"), "\u00e9").timeline.start
    assert "argv_hex" not in good and good["argv"][1] == "\u00e9"


def test_openings_that_fail(tmp_path, trace):
    """A failed open of /dev/kvm is told; as nobody, or by an odd flag."""
    script = ("import os\n"
              "try: os.open('/dev/kvm/x', os.O_RDWR)\n"
              "except OSError: pass\n"
              "try: os.open('/dev/kvm', os.O_RDWR | os.O_DIRECTORY)\n"
              "except OSError as error: print(error.strerror)\n")
    result = trace("/usr/bin/python3", "-c", script)
    if result.stdout != b"Not a directory\n":
        pytest.skip("there is no /dev/kvm to fail on")
    failed = result.timeline.syscalls("openat", errno="ENOTDIR")
    assert [line["in"]["path"] for line in failed][-1] == "/dev/kvm"
    assert failed[-1]["ret"] == -1


@pytest.mark.usefixtures("kvm")
class TestWithKvm:
    """Options that choose what of a trace is shown."""

    def test_flow(self, trace):
        full = trace(HV).timeline
        assert all("flow" in call for call in full.calls())
        asked = trace(HV, options=["--flow", "full"]).timeline
        assert all("flow" in call for call in asked.calls())
        none = trace(HV, options=["--flow", "none"]).timeline
        assert none.calls() and not any("flow" in call
                                        for call in none.calls())

    @pytest.mark.parametrize("chosen, wanted", [
        ("KVM_RUN", lambda line: line.get("name") == "KVM_RUN"),
        ("KVM_RUN,KVM_CREATE_VM", lambda line: line.get("name") in
         ("KVM_RUN", "KVM_CREATE_VM")),
        ("KVM_EXIT_HLT", lambda line:
         line.get("exit", {}).get("reason") == "KVM_EXIT_HLT"),
        ("system", lambda line: line.get("on") == "system"),
        ("console", lambda line: line["type"] == "console"),
        ("syscall", lambda line: line["type"] == "syscall"),
        ("process", lambda line: line["type"] == "process"),
    ])
    def test_only_and_skip(self, trace, chosen, wanted):
        whole = trace(HV).timeline.lines[1:-1]
        check = {"is_filtered": True}
        only = trace(HV, options=["--only", chosen],
                     check=check).timeline.lines[1:-1]
        skip = trace(HV, options=["--skip", chosen],
                     check=check).timeline.lines[1:-1]
        assert shapes(only) == shapes(filter(wanted, whole)) != []
        assert shapes(skip) == shapes(line for line in whole
                                      if not wanted(line))

    def test_max_events(self, trace):
        whole = trace(HV).timeline
        result = trace(HV, options=["--max-events", "5"],
                       check={"is_filtered": True})
        end = result.timeline.end
        assert result.status == 0 and b"Hello, world!" in result.stdout
        assert len(result.timeline.lines) == 1 + 5 + 1
        assert end["truncated"] is True and end["dropped"] > 0
        assert end["counts"] == whole.end["counts"]

    def test_max_events_that_suffice(self, trace):
        end = trace(HV, options=["--max-events", "1000"]).timeline.end
        assert end["truncated"] is False and end["dropped"] == 0

    def test_engine(self, trace):
        timeline = trace(HV, options=["--engine", "ptrace"]).timeline
        assert timeline.start["engine"] == "ptrace"
        assert timeline.end["capture"].keys() == {"stops"}
        timeline = trace(HV, options=["--engine", "auto"]).timeline
        assert timeline.start["engine"] in ("inprocess", "ptrace")

    def test_verbose_tells_which_way_calls_went(self, tmp_path):
        by_ptrace = ["-v", "--engine", "ptrace", "-o", tmp_path / "t", HV]
        assert said(run(KVMTRACE, *by_ptrace)) == \
            ["kvmtrace: all KVM ioctls were taken by ptrace"]
        assert said(run(KVMTRACE, "-q", *by_ptrace)) == []
        first, *reasons = said(run(KVMTRACE, "-v", "-o", tmp_path / "t", HV))
        found = re.fullmatch(r"kvmtrace: (\d+) KVM ioctls were taken in the "
                             r"process, (\d+) by ptrace", first)
        if first == "kvmtrace: all KVM ioctls were taken by ptrace":
            pytest.skip("the in-process engine can't work here")
        counts = [int(line.split()[1]) for line in reasons]
        assert sum(counts) == int(found[2]) and all(counts)

    def test_engine_inprocess_refuses_to_attach(self, tmp_path):
        result = run(KVMTRACE, "--engine", "inprocess", "-o", tmp_path / "t",
                     "-p", str(os.getpid()))
        message, = said(result)
        assert result.status == 125 and "runs already" in message
        assert not (tmp_path / "t").exists()

    def test_json(self, tmp_path):
        path = tmp_path / "t.json"
        result = run(KVMTRACE, "-o", path, "--format", "json", HV)
        assert result.status == 0
        timeline = Timeline.of_array(path.read_bytes())
        assert timeline.written(0xE9) == b"Hello, world!\n"

    def test_text(self, tmp_path):
        path = tmp_path / "t.txt"
        run(KVMTRACE, "-o", path, "--format", "text", HV)
        text = path.read_text()
        for word in ("KVM_CREATE_VM", "KVM_SET_SREGS", "KVM_RUN", "HLT",
                     "Hello, world!"):
            assert word in text
        assert "\x1b" not in text

    def test_raw_records_say_the_same(self, tmp_path):
        """The decoder sees nothing but the records."""
        raw, replayed = tmp_path / "raw.jsonl", tmp_path / "replayed.jsonl"
        assert run(KVMTRACE, "-o", raw, "--format", "raw", HV).status == 0
        result = run(KVMTRACE, "-o", replayed, "--replay", raw)
        assert result.status == 0 and result.stderr == b""
        timeline = Timeline(replayed.read_bytes())
        assert timeline.written(0xE9) == b"Hello, world!\n"
        assert timeline.start["argv"] == [str(HV)]
        assert all("flow" in call for call in timeline.calls())

    def test_replay_of_rubbish(self, tmp_path):
        path = tmp_path / "rubbish"
        for text in ("", "{}\n", "[1]\n", "\0\1", '{"record":"start"}\n'):
            path.write_text(text)
            result = run(KVMTRACE, "--replay", path)
            assert result.status == 125 and len(said(result)) == 1, text
        result = run(KVMTRACE, "--replay", tmp_path / "nothing")
        assert result.status == 125 and len(said(result)) == 1


def shapes(lines):
    """What two runs of a program have in common."""
    return [(line["type"], line.get("name"), line.get("on"),
             line.get("run_index"), line.get("exit", {}).get("reason"),
             line.get("text")) for line in lines]


def test_timeout(trace):
    for options, messages in ((["--timeout", "0.3"], 1),
                              (["--timeout", "0.3", "-q"], 0)):
        result = trace("sleep", "600", options=options)
        assert result.status == 137
        assert result.timeline.end["status"] == \
            {"signal": "SIGKILL", "timed_out": True}
        assert len(said(result)) == messages


def test_timeout_not_reached(trace):
    result = trace(TRUE, options=["--timeout", "600"])
    assert result.status == 0
    assert result.timeline.end["status"] == {"exited": 0}


def test_quiet_errors_are_still_told(tmp_path):
    result = run(KVMTRACE, "-q", "-o", tmp_path / "t", "/no/such/program")
    assert result.status == 127 and len(said(result)) == 1


def test_schema():
    result = run(KVMTRACE, "schema")
    assert result.status == 0
    assert isinstance(json.loads(result.stdout), dict)
    assert run(KVMTRACE, "schema", "timeline").stdout == result.stdout
    wrong = run(KVMTRACE, "schema", "no-such")
    assert wrong.status == 2 and "no-such" in said(wrong)[0]
