"""Both engines give the same timeline, field by field, but for times.

Every program runs three times: twice by ptrace, which shows that the comparison
holds what can be held and leaves out what varies, and once in process. Three
ways to compare two traces are known here:

- strictly: all lines in their order;
- by thread: what each thread did, in its order, whichever thread came first:
  where threads or processes race, but each does the same in each run;
- by kind: which calls, results and exits there are at all: where a race decides
  how often.

The project's own comparer must find nothing either, with all it can compare.
"""
import copy
import ctypes
import json
import re

import pytest

import test_causes
import test_hv
import test_programs
from tracing import HV, KVMTRACE, PROGRAMS, program, reset_signals, run, \
    skip_if_told

pytestmark = pytest.mark.usefixtures("kvm")

LIBC = ctypes.CDLL(None)
ADDR_NO_RANDOMIZE = 0x0040000

# Threads or processes that do the same in each run, in whichever order.
BY_THREAD = {"fork_mid", "fs_twins", "late_threads", "leader_gone",
             "many_threads", "memory_error", "threads", "static/threads",
             "static-pie/threads", "musl/threads", "undumpable",
             "vcpu_ioctl_from_other_thread"}
# A race says how often: copies that fail, numbers of descriptors, VMs made by
# two threads at once, signals before or within KVM_RUN. Or the engine does: how
# many instructions a call has.
BY_KIND = {"busy_threads", "copy_race", "nested_ioctl", "single_step",
           "unfinished", "waits"}
# Two threads use one vCPU, so its calls have no order.
NO_ORDER = BY_KIND | {"vcpu_ioctl_from_other_thread"}
# Enough to compare; test_inprocess.py runs them for long.
SHORTER = {"nested_ioctl": ["100"], "preserve": ["8"]}
# All that the comparer can compare but what a processor's number or the time
# changes: CPUID's leaves 1 and 0xb, and MSR 0x10.
UNMASKED = "capabilities,mmap-size,host,guest-code"


def fixed_addresses():
    """In the child, as setarch -R: traces differ by no address."""
    reset_signals()
    LIBC.personality(ADDR_NO_RANDOMIZE)


def trace_by(trace, engine, *command):
    result = trace(*command, options=["--engine", engine],
                   preexec_fn=fixed_addresses)
    skip_if_told(result)
    return result


class Normaliser:
    """Lines without what may differ between two runs by one engine. Numbers of
    processes and threads, and pages of the program's memory, become ordinals:
    an engine that maps memory into the program moves what is mapped later."""

    # hpa: where the host has put the page.
    LEFT_OUT = {"ts_ns", "dur_ns", "start_time", "hpa"}
    TASKS = {"pid", "tid", "child", "parent"}
    FORKS = {"fork", "vfork", "clone", "clone3"}
    ADDRESS = re.compile(r"\b0x[0-9a-f]{9,12}\b")
    PROCESS = re.compile(r"\b(process) ([0-9]+)\b")
    INODE = re.compile(r"\b(pipe|socket):\[[0-9]+\]")
    MILLISECONDS = re.compile(r"\b[0-9]+ ms\b")
    # Leaves that tell which processor asks: SDM vol. 2 and APM vol. 3, CPUID.
    LEAVES_OF_ONE_CPU = {1, 0xB, 0x1F, 0x8000001E, 0x80000026}
    TSC = "IA32_TIME_STAMP_COUNTER"

    def __init__(self, has_order=True):
        self.has_order = has_order
        self.tasks = {}
        self.pages = {}

    def ordinal(self, table, value):
        return table.setdefault(value, len(table))

    def address(self, match):
        value = int(match[0], 16)
        page = self.ordinal(self.pages, value >> 12)
        return f"page{page}+{value & 0xfff:#x}"

    def process(self, match):
        return f"process #{self.ordinal(self.tasks, int(match[2]))}"

    def text(self, value):
        value = self.ADDRESS.sub(self.address, value)
        value = self.PROCESS.sub(self.process, value)
        value = self.MILLISECONDS.sub("some ms", value)
        return self.INODE.sub(r"\1", value)

    def members(self, value):
        if value.get("function") in self.LEAVES_OF_ONE_CPU:
            return {name: value[name] for name in ("function", "index")}
        left_out = set(self.LEFT_OUT)
        if value.get("name") in self.FORKS and value.get("ret", 0) > 0:
            value = {**value, "child": value["ret"]}
            left_out.add("ret")
        if value.get("index_name") == self.TSC:
            left_out.add("data")
        return {name: self.value(member, name)
                for name, member in value.items() if name not in left_out}

    def value(self, value, key=""):
        if isinstance(value, dict):
            return self.members(value)
        if isinstance(value, list):
            return [self.value(member, key) for member in value]
        if key in self.TASKS:
            return self.ordinal(self.tasks, value)
        if not self.has_order and (key == "seq" or key.endswith("_seq")):
            return None
        return self.text(value) if isinstance(value, str) else value

    def line(self, line):
        """Which engine it was, and its own counts, must differ."""
        own = {"trace_start": "engine", "trace_end": "capture"}
        return self.value({key: member for key, member in line.items()
                           if key != own.get(line["type"])})


def strictly(lines):
    normaliser = Normaliser()
    return [normaliser.line(line) for line in lines]


def text(value):
    return json.dumps(value, sort_keys=True)


def by_thread(lines):
    """The threads' lines, each normalised as if it were alone."""
    threads = {}
    for line in lines:
        threads.setdefault((line.get("pid"), line.get("tid")), []).append(line)
    alone = []
    for group in threads.values():
        normaliser = Normaliser(has_order=False)
        alone.append([normaliser.line(line) for line in group])
    return sorted(alone, key=text)


def by_kind(lines):
    """Calls that the kernel began again by itself, only some tracers see."""
    kinds = set()
    for line in lines:
        if line.get("errno", "").startswith("ERESTART"):
            continue
        kinds.add(text([line["type"], line.get("name"), line.get("event"),
                        line.get("on"), line.get("errno"),
                        line.get("unfinished"),
                        line.get("exit", {}).get("reason")]))
    return sorted(kinds)


def way_for(name):
    if name in BY_KIND:
        return by_kind
    return by_thread if name in BY_THREAD else strictly


def first_difference(expected, actual):
    for number, (one, other) in enumerate(zip(expected, actual)):
        if one != other:
            return f"{number}: {text(one)}\n{number}: {text(other)}"
    if len(expected) != len(actual):
        return f"{len(expected)} and {len(actual)} of them"
    return None


# Ports of the guest that makes hypercalls (guests/ports.h): what hv answers
# there is an address in hv, or a time; the guest writes it elsewhere.
VARYING_PORTS = (0x510, 0x514)


def without_answers(lines):
    """A copy, in which those answers are left out, and their echo."""
    lines = copy.deepcopy(lines)
    for line in lines:
        completes = line.get("in", {}).get("completes")
        if completes is None or "data_hex" not in completes:
            continue
        read = lines[completes["seq"]]["exit"].get("io", {})
        if read.get("port") in VARYING_PORTS:
            del completes["data_hex"]
            line["exit"].get("io", {}).pop("data_hex", None)
    return lines


def check_same(name, one, other, ignored=()):
    """Two results of one program: their ends, and their traces by our own eyes
    and by the comparer's."""
    assert one.status == other.status and one.stderr == other.stderr
    way = way_for(name)
    lines = [result.timeline.lines for result in (one, other)]
    if ignored:
        lines = [without_answers(some) for some in lines]
    else:
        assert one.stdout == other.stdout
    assert first_difference(way(lines[0]), way(lines[1])) is None
    if name not in NO_ORDER:
        check_by_diff(way, one, other, ignored)


def check_by_diff(way, one, other, ignored):
    options = ["--unmask", UNMASKED]
    if way is strictly:
        options += ["--global-order"]
    if ignored:
        options += ["--ignore", ",".join(ignored)]
    done = run(KVMTRACE, "diff", *options, one.path, other.path)
    assert done.status == 0, done


def check_engines(trace, name, *command, ignored=()):
    ptrace = [trace_by(trace, "ptrace", *command) for _ in range(2)]
    check_same(name, *ptrace, ignored)
    check_same(name, ptrace[0], trace_by(trace, "auto", *command), ignored)


@pytest.mark.parametrize("name", test_programs.NAMES + test_programs.VARIANTS)
def test_programs_are_the_same(trace, name):
    arguments = SHORTER.get(name, test_programs.ARGUMENTS.get(name, ()))
    check_engines(trace, name, program(name), *arguments)


@pytest.mark.parametrize("name", test_causes.NAMES)
def test_broken_ones_are_the_same(trace, name):
    """With their diagnoses."""
    check_engines(trace, name, PROGRAMS / "broken" / name)


@pytest.mark.parametrize("guest", test_hv.GUESTS)
@pytest.mark.parametrize("mode", test_hv.MODES)
def test_hv_is_the_same(trace, mode, guest):
    """With what its guest looks like from inside."""
    ignored = ()
    if guest == "hypercalls":
        ignored = (".exit.io.data_hex", ".in.completes.data_hex")
    check_engines(trace, "hv", HV, f"--{mode}", "--guest", guest,
                  ignored=ignored)


def changed(lines, kind, change):
    """A copy with the first line of that name changed."""
    lines = copy.deepcopy(lines)
    line = next(line for line in lines if line.get("name") == kind)
    change(line)
    return lines


CHANGES = {
    "a byte of port data": ("KVM_RUN", lambda line: line["exit"]["io"].update(
        data_hex="7f")),
    "a register": ("KVM_SET_REGS", lambda line: line["in"].update(rip="0x1")),
    "a result": ("KVM_SET_SREGS", lambda line: line.update(ret=1)),
    "a caller": ("KVM_RUN", lambda line: line["caller"].update(line=1)),
    "another vCPU": ("KVM_RUN", lambda line: line.update(vcpu=5)),
    "no exit": ("KVM_RUN", lambda line: line.pop("exit")),
    "an address's page": ("KVM_SET_REGS",
                          lambda line: line.update(arg="0x123456789000")),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("way", [strictly, by_thread])
def test_a_change_is_found(trace, what, way):
    lines = trace.program("two_vms").lines
    assert first_difference(way(lines), way(copy.deepcopy(lines))) is None
    other = changed(lines, *CHANGES[what])
    assert first_difference(way(lines), way(other)) is not None


@pytest.mark.parametrize("way", [strictly, by_thread, by_kind])
def test_a_line_that_is_missing_is_found(trace, way):
    lines = trace.program("vcpu_reuse").lines
    for number in range(len(lines)):
        rest = lines[:number] + lines[number + 1:]
        is_only = by_kind([lines[number]])[0] not in by_kind(rest)
        if way is not by_kind or is_only:
            assert first_difference(way(lines), way(rest)) is not None


def test_lines_that_are_swapped_are_found(trace):
    lines = trace.program("portio_loop").lines
    swapped = lines[:20] + [lines[21], lines[20]] + lines[22:]
    assert first_difference(strictly(lines), strictly(swapped)) is not None


def test_two_programs_differ(trace):
    """By each way, and by the comparer."""
    one = trace_by(trace, "ptrace", program("mmio"))
    other = trace_by(trace, "ptrace", program("shutdown"))
    for way in (strictly, by_thread, by_kind):
        assert first_difference(way(one.timeline.lines),
                                way(other.timeline.lines)) is not None
    with pytest.raises(AssertionError):
        check_by_diff(strictly, one, other, ())
    with pytest.raises(AssertionError):
        check_same("mmio", one, other)


def test_programs_that_vary_differ(trace):
    """Its number of exits is the shell's process id."""
    with pytest.raises(AssertionError):
        check_engines(trace, "portio_loop", "sh", "-c",
                      'exec "$0" $(($$ % 100 + 1))', program("portio_loop"))
