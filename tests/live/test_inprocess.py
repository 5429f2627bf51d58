"""What could break a program whose calls are recorded inside it: each hazard
has a program of its own (tests/programs), which must end and print as untraced,
by both engines, and whose trace must hold what was certain to happen.

Where the machine can't do it, only the tests of how many calls were recorded in
process are skipped: `auto` then is the ptrace engine.
"""
import json
import os
import pwd
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from timeline import Timeline, tally
from tracing import KVMTRACE, finish, program, run, skip_if_told, start, \
    wait_for

pytestmark = pytest.mark.usefixtures("kvm")

ENGINES = ["ptrace", "auto"]
# Of the status: kvmtrace itself failed; it says why.
CANNOT = 125
by_both = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture(scope="session")
def inprocess():
    """For tests that need calls to be recorded in process."""
    done = run(KVMTRACE, "--engine", "inprocess", "-o", "/dev/null", "--",
               "true")
    said = done.stderr.decode().strip()
    if done.status == CANNOT or "no in-process engine" in said:
        pytest.skip(f"no calls in process here: {said}")
    assert done.status == 0, done


def same_as_untraced(trace, engine, name, *arguments):
    """The result; a program that says nothing wrong has checked itself."""
    untraced = run(program(name), *arguments)
    skip_if_told(untraced)
    assert untraced.status == 0, untraced
    traced = trace(program(name), *arguments, options=["--engine", engine])
    assert traced.status == 0, traced
    assert traced.stderr == untraced.stderr
    assert traced.stdout == untraced.stdout
    return traced.timeline


def calls_by(timeline, key, **like):
    """Lists of calls by process or thread."""
    found = {}
    for call in timeline.calls(**like):
        found.setdefault(call[key], []).append(call)
    return found


def returned(calls):
    """Those that came back: a tracer that stops at each return also sees those
    that the kernel begins again by itself."""
    return [call for call in calls
            if not call.get("errno", "").startswith("ERESTART")]


def names_of(calls):
    return tally(call["name"] for call in calls)


def errors_of(calls):
    return tally(call.get("errno") for call in calls)


@by_both
def test_registers_and_stacks(trace, engine):
    timeline = same_as_untraced(trace, engine, "preserve")
    assert len(timeline.calls("KVM_GET_API_VERSION")) == 1440
    registers = timeline.calls("KVM_GET_REGS")
    written = timeline.written(0x10)
    assert written == bytes(i % 256 for i in range(1, 1441))
    assert [int(call["out"]["rax"], 16) & 0xFF for call in registers] == \
        list(written)


@by_both
def test_calls_of_handlers(trace, engine):
    timeline = same_as_untraced(trace, engine, "nested_ioctl")
    rounds, depth = 1000, 12
    left = returned(timeline.calls("KVM_RUN", vm=0))
    assert errors_of(left) == {"EINTR": 2 * rounds + rounds // 100 * depth}
    runs = tally(call["vcpu"] for call in left)
    assert runs == {0: 2 * rounds + rounds // 100,
                    **{i: rounds // 100 for i in range(1, depth)}}
    assert timeline.written(0x10, vm=1) == \
        bytes((i + 1) % 256 for i in range(2 * rounds))
    other = timeline.calls("KVM_GET_REGS")
    assert len(other) == 2 * rounds
    assert {(call["vcpu"], call["out"]["rip"]) for call in other} == \
        {(depth, "0x4321")}


@by_both
def test_cancelled_threads(trace, engine):
    """Each run belongs to a thread of its own, which ended in it or after."""
    timeline = same_as_untraced(trace, engine, "cancel")
    runs = timeline.calls("KVM_RUN")
    assert errors_of(runs) == {"EINTR": 200}
    assert [call["run_index"] for call in runs] == list(range(1, 201))
    assert len({call["tid"] for call in runs}) == 200


@by_both
def test_threads_with_one_fs_base(trace, engine):
    timeline = same_as_untraced(trace, engine, "fs_twins")
    threads = calls_by(timeline, "tid")
    asked = sorted((names_of(calls) for calls in threads.values()), key=str)
    assert asked == [
        {"KVM_CHECK_EXTENSION": 500},
        {"KVM_GET_VCPU_MMAP_SIZE": 1, "KVM_GET_API_VERSION": 500},
        {"KVM_GET_VCPU_MMAP_SIZE": 500},
    ]
    main, = [tid for tid, calls in threads.items() if len(calls) == 501]
    assert {call["pid"] for call in timeline.calls()} == {main}


@by_both
def test_arguments_that_vanish(trace, engine):
    """What is shown was there: the registers that the vCPU had, or zeros, which
    it got from a page that came back."""
    timeline = same_as_untraced(trace, engine, "copy_race")
    racing = timeline.calls("KVM_GET_REGS") + timeline.calls("KVM_SET_REGS") + \
        timeline.calls("KVM_GET_SUPPORTED_CPUID")
    ends = errors_of(racing)
    assert set(ends) == {None, "EFAULT"}
    # Four dispositions, two ways, five kinds of argument, 20 of each end.
    assert min(ends.values()) >= 4 * 2 * 5 * 20
    for call in timeline.calls("KVM_GET_REGS"):
        if "rip" in call.get("out", {}) and "errno" not in call:
            assert call["out"]["rip"] in ("0x0", "0x1000"), call
    assert not timeline.processes("signal")[1:], "more than its own fault"


@by_both
def test_kvm_run_moves(trace, engine):
    """The third run's page could not be read by the program itself; whoever
    can't either leaves that exit out."""
    timeline = same_as_untraced(trace, engine, "remap_run")
    assert timeline.written(0x10, vm=0) in (b"abcdefg", b"abdefg")
    assert timeline.written(0x10, vm=1) == b"xy"
    assert set(timeline.reasons()) == {"IO"}
    refused = timeline.calls("KVM_RUN", on="not_kvm")
    assert errors_of(refused) == {"ENOTTY": 100}


@by_both
def test_more_threads_than_processors(trace, engine):
    timeline = same_as_untraced(trace, engine, "many_threads")
    for vcpu in range(16):
        assert timeline.written(0x10, vcpu=vcpu) == bytes([vcpu]) * 200
        assert timeline.reasons(vcpu=vcpu) == ["IO"] * 200 + ["HLT"]
        tids = {call["tid"] for call in timeline.calls("KVM_RUN", vcpu=vcpu)}
        assert len(tids) == 1


@by_both
def test_few_addresses(trace, engine):
    timeline = same_as_untraced(trace, engine, "tight_as")
    assert timeline.written(0x10) == b"T"


@by_both
def test_first_calls_at_once(trace, engine):
    """Code is changed while eight threads run it: fifty times."""
    for _ in range(50 if engine == "auto" else 3):
        timeline = same_as_untraced(trace, engine, "late_threads")
        assert len(calls_by(timeline, "pid")) == 3
        threads = calls_by(timeline, "tid")
        assert [len(calls) for calls in threads.values()] == [40] * 24
        assert {call["ret"] for call in timeline.calls()} == {12}


@by_both
def test_code_that_comes_late(trace, engine):
    timeline = same_as_untraced(trace, engine, "number_late")
    assert len(timeline.calls("KVM_GET_API_VERSION")) == 600


@by_both
def test_fork_beside_a_run(trace, engine):
    timeline = same_as_untraced(trace, engine, "fork_mid")
    left = timeline.call("KVM_RUN", errno="EINTR")
    asked = {pid: len(calls) for pid, calls in
             calls_by(timeline, "pid", name="KVM_GET_API_VERSION").items()}
    assert asked.pop(left["pid"]) == 200 and left["tid"] != left["pid"]
    assert list(asked.values()) == [10] * 20
    for pid in asked:
        assert timeline.written(0x10, pid=pid) == b"F"
        runs = timeline.calls("KVM_RUN", pid=pid)
        assert errors_of(runs) == {"EIO": 1, None: 2}


@by_both
def test_killed_in_runs(trace, engine):
    """Which leaves one, two and one of them open."""
    for _ in range(5):
        timeline = same_as_untraced(trace, engine, "unfinished")
        runs = timeline.calls("KVM_RUN", unfinished=True)
        assert sorted(tally(call["pid"] for call in runs).values()) == [1, 1, 2]
        ends = timeline.processes("exit", signal="SIGKILL")
        assert len(ends) == 3
        for end in ends:
            assert max(call["seq"] for call in runs
                       if call["pid"] == end["pid"]) < end["seq"]
        timeline.call("KVM_RUN", errno="EINTR", pid=ends[-1]["pid"])
        assert timeline.written(0x10) == b"U"


# None: any but those that the program needs; shmat, mmap and getpid.
@by_both
@pytest.mark.parametrize("number", [None, 30, 9])
def test_filter_before_the_first_call(trace, engine, number):
    arguments = [] if number is None else [str(number)]
    timeline = same_as_untraced(trace, engine, "early_filter", *arguments)
    calls = timeline.calls("KVM_GET_API_VERSION")
    assert [call["ret"] for call in calls] == [12] * 5


@by_both
def test_filter_that_answers(trace, engine):
    """What it answers never comes to the kernel's ioctl, nor to a tracer."""
    timeline = same_as_untraced(trace, engine, "trapped_call")
    assert names_of(timeline.calls()) == {"KVM_GET_API_VERSION": 5,
                                          "KVM_GET_VCPU_MMAP_SIZE": 10}


@by_both
def test_calls_allowed_at_one_place(trace, engine):
    timeline = same_as_untraced(trace, engine, "dispatched_calls")
    calls = timeline.calls("KVM_GET_API_VERSION")
    assert [call["ret"] for call in calls] == [12] * 20


@by_both
def test_errors_of_the_machines_memory(trace, engine):
    timeline = same_as_untraced(trace, engine, "memory_error")
    told, = timeline.processes("signal")
    left = timeline.call("KVM_RUN", errno="EINTR")
    assert told["signal"] == "SIGBUS"
    assert (told["run_seq"], told["tid"]) == (left["seq"], left["tid"])
    assert timeline.reasons()[0] == "IO"


@by_both
def test_copies_at_each_instruction(trace, engine):
    """Of the copies, those that stood before the request make it, once."""
    timeline = same_as_untraced(trace, engine, "single_step")
    calls = calls_by(timeline, "pid", name="KVM_GET_API_VERSION")
    parent = timeline.calls("KVM_GET_VCPU_MMAP_SIZE")[0]["pid"]
    copies = [line["child"] for line in timeline.processes("fork")]
    assert {pid: len(of_it) for pid, of_it in calls.items()} == \
        {pid: 1 for pid in calls}
    made = [pid in calls for pid in copies]
    assert parent in calls and made == sorted(made, reverse=True)
    assert 1 < made.count(True) < len(made)


@by_both
def test_threads_without_their_leader(trace, engine):
    """Ten, one after the other, whose calls are the process's first; and four
    of a process that had made calls, of which one goes on with a VM."""
    timeline = same_as_untraced(trace, engine, "leader_gone")
    late, early = calls_by(timeline, "pid").values()
    assert set(names_of(late)) == {"KVM_GET_API_VERSION"}
    assert list(tally(call["tid"] for call in late).values()) == [50] * 10
    assert late[0]["pid"] not in {call["tid"] for call in late}
    asked = [call for call in early if call["name"] == "KVM_GET_API_VERSION"]
    on = tally((call["tid"], call["on"], call.get("errno")) for call in asked)
    main = early[0]["pid"]
    other, goes_on, last = list(dict.fromkeys(
        call["tid"] for call in asked if call["tid"] != main))
    assert on == {(main, "system", None): 50, (other, "system", None): 100,
                  (goes_on, "system", None): 50, (last, "system", None): 50,
                  (goes_on, "vm", "ENOTTY"): 50}


@by_both
def test_numbers_of_another_namespace(trace, engine):
    """Both the tracer and the program begin to count their segments."""
    entered = run("unshare", "-i", "true")
    if entered.status:
        pytest.skip(f"no IPC namespace: {entered.stderr.decode().strip()}")
    path = trace.next_path()
    traced = run("unshare", "-i", KVMTRACE, "--engine", engine, "-o", path,
                 "--", program("own_ipc"))
    skip_if_told(traced)
    assert traced.status == 0 and traced.stderr == b"", traced
    assert traced.stdout == b"0 bytes of the program's segments changed\n"
    timeline = Timeline(path.read_bytes())
    assert len(timeline.calls("KVM_GET_API_VERSION")) == 100


def locked_kib(trace, engine):
    result = trace(program("locked_memory"), "-v",
                   options=["--engine", engine])
    skip_if_told(result)
    assert result.status == 0, result
    assert len(result.timeline.calls("KVM_GET_API_VERSION")) == 100
    return int(result.stdout)


def test_memory_that_is_locked(trace):
    more = locked_kib(trace, "auto") - locked_kib(trace, "ptrace")
    assert more <= 40 << 10


@pytest.fixture(name="nobody")
def as_nobody():
    """How to run a command as somebody who has no privileges, with /dev/kvm
    as a descriptor; the folder is theirs."""
    if os.getuid():
        pytest.skip("only root can become somebody else")
    user = pwd.getpwnam("nobody")
    kvm = os.open("/dev/kvm", os.O_RDWR)
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, user.pw_uid, user.pw_gid)
        yield {"cwd": folder, "user": user.pw_uid, "group": user.pw_gid,
               "extra_groups": [], "pass_fds": [kvm]}
    os.close(kvm)


@by_both
def test_memory_that_is_taken_away(nobody, engine):
    """From a tracer that isn't root, which finds both programs beside it."""
    folder, kvm = Path(nobody["cwd"]), nobody["pass_fds"][0]
    for path in (KVMTRACE, program("undumpable")):
        shutil.copy(path, folder)
    traced = run("./kvmtrace", "--engine", engine, "-o", "t.jsonl", "--",
                 "./undumpable", str(kvm), **nobody)
    assert traced.status == 0 and traced.stderr == b"", traced
    assert traced.stdout == b"all calls of 4 threads are right\n"
    timeline = Timeline((folder / "t.jsonl").read_bytes())
    assert list(tally(call["tid"] for call in
                      timeline.calls("KVM_GET_API_VERSION")).values()) == \
        [50] * 5


def capture_of(timeline):
    """How the calls were taken; all by ptrace are no calls in process."""
    capture = timeline.end["capture"]
    assert capture["inprocess"] + capture["ptrace"] >= \
        sum(timeline.end["counts"]["ioctl"].values())
    assert sum(capture["slow"].values()) <= capture["ptrace"]
    return capture


@pytest.mark.parametrize("name", [
    "portio_loop", "static/portio_loop", "static-pie/portio_loop",
    "musl/portio_loop", "api_loop"])
def test_loops_are_in_process(trace, inprocess, name):
    result = trace(program(name), "-t", "5000", options=["--engine", "auto"])
    skip_if_told(result)
    capture = capture_of(result.timeline)
    assert capture["inprocess"] >= 5000 * 0.99
    assert capture["stops"] < 500


def test_engine_inprocess(trace, inprocess):
    timeline = trace.program("portio_loop", "5000",
                             options=["--engine", "inprocess"])
    assert capture_of(timeline)["inprocess"] >= 5000 * 0.99


def test_engine_ptrace_stays_outside(trace):
    timeline = trace.program("portio_loop", options=["--engine", "ptrace"])
    assert timeline.end["capture"].get("inprocess", 0) == 0
    assert timeline.start["engine"] == "ptrace"


def test_threads_are_in_process(trace, inprocess):
    timeline = trace.program("many_threads", options=["--engine", "auto"])
    assert capture_of(timeline)["inprocess"] >= 16 * 200 * 0.95


def test_leaderless_are_in_process(trace, inprocess):
    """The first of each thread isn't, nor need be the 50 of the VM."""
    timeline = trace.program("leader_gone", options=["--engine", "auto"])
    assert capture_of(timeline)["inprocess"] >= 750 * 0.95


# Of preserve's four kinds of code, the one that jumps to the instruction can't
# be in process, nor need the one be whose operand is relative to rip, nor the
# calls on one of the four odd stacks: an eighth is less than what remains.
def test_assembler_is_in_process(trace, inprocess):
    timeline = trace.program("preserve", options=["--engine", "auto"])
    assert capture_of(timeline)["inprocess"] >= 4320 // 8


def test_slow_ones_have_reasons(trace, inprocess):
    """Anonymous memory: 200 of number_late's calls at least."""
    timeline = trace.program("number_late", options=["--engine", "auto"])
    capture = capture_of(timeline)
    assert capture["ptrace"] >= 200
    assert sum(capture["slow"].values()) >= 200
    assert all(reason.strip() for reason in capture["slow"])


def count_runs(path):
    """Their indices; a million lines' worth of checks would take minutes."""
    with open(path, encoding="ascii") as trace:
        lines = [json.loads(line) for line in trace]
    assert [line["seq"] for line in lines] == list(range(len(lines)))
    assert lines[-1]["type"] == "trace_end" and lines[-1]["dropped"] == 0
    return [line["run_index"] for line in lines if "run_index" in line]


@by_both
def test_tracer_that_stalls(tmp_path, engine):
    """It stands still for a second, several times: the program waits at last,
    and nothing is lost."""
    path = tmp_path / "trace.jsonl"
    exits = 60000 if engine == "ptrace" else 150000
    tracer = start(KVMTRACE, "--engine", engine, "--flow", "none", "-o", path,
                   "--", program("portio_loop"), exits)
    wait_for(lambda: path.exists() and path.stat().st_size > 4096, "lines")
    for _ in range(3):
        tracer.send_signal(signal.SIGSTOP)
        time.sleep(1)
        tracer.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    result = finish(tracer)
    skip_if_told(result)
    assert result.status == 0, result
    assert result.stdout == f"{exits} exits\n".encode()
    assert count_runs(path) == list(range(1, exits + 2))


@by_both
def test_tracer_that_is_killed(tmp_path, engine):
    """The program ends with its tracer, as by PTRACE_O_EXITKILL: it must not
    run on with calls that answer ENOSYS."""
    path = tmp_path / "trace.jsonl"
    tracer = start(KVMTRACE, "--engine", engine, "-o", path, "--",
                   program("portio_loop"), "10000000")
    wait_for(lambda: path.exists() and path.stat().st_size > 100000, "lines")
    tracer.kill()
    result = finish(tracer)
    assert result.status == 128 + signal.SIGKILL
    assert (result.stdout, result.stderr) == (b"", b"")
