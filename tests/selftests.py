#!/usr/bin/python3
"""selftests.py [--limit SECONDS] [--engine ENGINE] [TEST...]: real programs,
traced and not.

Runs each of Linux's KVM selftests (of Debian's package linux-source-6.1,
built in build/selftests) and QEMU's boot of SeaBIOS, untraced and under
kvmtrace. Traced they must end with the same status and print the same, and
their traces must be whole and without anything undecoded. Many selftests fail
or skip (status 4) for want of hardware: then they must do so in the same way.

Ends with 0 when all is the same, 1 when something differs, 2 in trouble.
"""
import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KVMTRACE = ROOT / os.environ.get("KVMTRACE", "kvmtrace")
HOME = ROOT / os.environ.get("BUILD", "build") / "selftests"
SOURCE = Path("/usr/src/linux-source-6.1.tar.xz")
TESTS = HOME / "linux/tools/testing/selftests/kvm"
BUILT = HOME / "built"
TRACES = HOME / "traces"

# What of the kernel's tree the tests are built from.
MEMBERS = [f"*/{path}" for path in (
    "scripts/subarch.include", "tools/arch/x86", "tools/build",
    "tools/include", "tools/lib", "tools/scripts",
    "tools/testing/selftests/*.h", "tools/testing/selftests/*.mk",
    "tools/testing/selftests/kvm", "tools/testing/selftests/rseq")]
# Two of 6.1's tests build with this only: dirty_log_test has a macro's later
# name, steal_time takes the tree's linux/stddef.h, which lacks a macro.
EXTRA_CFLAGS = ("-DTEST_ASSERT_EQ=ASSERT_EQ "
                "-include /usr/include/linux/stddef.h")
TESTS_LEAST = 60

QEMU = ("qemu-system-x86_64 -accel kvm -cpu qemu64 -m 64 -nodefaults "
        "-no-reboot -display none -chardev stdio,id=d "
        "-device isa-debugcon,iobase=0x402,chardev=d").split()
QEMU_LAST_WORDS = b"No bootable device."

TRACED_LIMIT_FACTOR = 5
TRACED_LIMIT_LEAST_S = 20
UNTRACED_MORE = 4	# runs, to learn that an output varies by itself

# Bytes without structure: what the guest's devices mean by them, code, vector
# registers, extended state that isn't all zero (its places are the
# processor's choice: tracer/abi/types_cpu.c), and what stands in reserved
# places though it means nothing.
PAYLOAD = re.compile(r"exit\.(io|mmio)\.data_hex|in\.completes\.data_hex|"
                     r".*\.coalesced_mmio\[\]\.data_hex|"
                     r".*\.insn_bytes_hex|"
                     r".*\.region\.(st|xmm|ymmh|components)_hex|"
                     r"(in|out)\.extra_hex|"
                     r".*\.(pad|padding|reserved)\d?_hex")

# ---- building


def build():
    """Unpack and build, once."""
    if BUILT.exists():
        return
    if not SOURCE.exists():
        sys.exit(f"selftests: no {SOURCE}; see tests/install-packages.sh")
    shutil.rmtree(HOME, ignore_errors=True)
    (HOME / "linux").mkdir(parents=True)
    subprocess.run(["tar", "-xf", SOURCE, "-C", HOME / "linux",
                    "--strip-components=1", "--wildcards", *MEMBERS],
                   check=True)
    # Not our Makefile's variables.
    environment = {key: value for key, value in os.environ.items()
                   if key in ("PATH", "HOME", "LANG")}
    with open(HOME / "build.log", "wb") as log:
        subprocess.run(["make", "-k", f"-j{os.cpu_count()}", "-C", TESTS,
                        "ARCH=x86_64", f"EXTRA_CFLAGS={EXTRA_CFLAGS}"],
                       env=environment, stdout=log, stderr=log, check=False)
    if len(find_tests()) < TESTS_LEAST:
        sys.exit(f"selftests: only {len(find_tests())} tests were built; "
                 f"see {HOME}/build.log")
    BUILT.touch()


def find_tests():
    return sorted(str(path.relative_to(TESTS)) for path in TESTS.rglob("*")
                  if path.is_file() and os.access(path, os.X_OK)
                  and path.suffix == "")


# ---- running


class Run:
    """How a program ended and what it printed."""

    def __init__(self, command, limit_s, last_words=None):
        begin = time.monotonic()
        self.name = Path(command[-1]).name
        self.out, self.err = HOME / "out", HOME / "err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            process = subprocess.Popen(command, cwd=TESTS, stdout=out,
                                       stderr=err, stdin=subprocess.DEVNULL,
                                       start_new_session=True)
        self.is_over_limit = not self.wait(process, limit_s, last_words)
        if self.is_over_limit:
            end_group(process)
        self.seconds = time.monotonic() - begin
        code = process.returncode
        self.status = "limit" if self.is_over_limit else \
            str(code if code >= 0 else 128 - code)
        self.texts = self.out.read_bytes(), self.err.read_bytes()

    def wait(self, process, limit_s, last_words):
        """Until it ends, also by being told to after its last words."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            if last_words and last_words in self.out.read_bytes():
                os.kill(program_of(process.pid), signal.SIGTERM)
                last_words = None
            try:
                process.wait(0.05 if last_words else
                             max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                continue
            return True
        return False


def program_of(pid):
    """The traced program, when `pid` is its tracer: QEMU prints who ended
    it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else pid


def end_group(process):
    """Politely, so that a tracer writes the end of its trace; then not."""
    for number, patience_s in ((signal.SIGTERM, 10), (signal.SIGKILL, 60)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience_s)
            return
        except (subprocess.TimeoutExpired, ProcessLookupError):
            pass


# ---- comparing

NUMBER = re.compile(rb"(0x[0-9a-f]+|\d+)")
# Written over on a terminal: how often a test told of its progress.
OVERWRITTEN = re.compile(rb"[^\r\n]*\r(?!\n)")


# Two threads print, each at once.
WITHOUT_ORDER = {"xapic_ipi_test"}


class Expected:
    """What untraced runs did. Numbers that differ between runs may differ;
    all else must be as in one of them."""

    def __init__(self):
        self.variants = {}

    @staticmethod
    def split(run):
        """Status and texts without their numbers; the numbers."""
        texts = [OVERWRITTEN.sub(b"", text) for text in run.texts]
        if run.name in WITHOUT_ORDER:
            texts = [b"\n".join(sorted(text.splitlines())) for text in texts]
        pieces = [NUMBER.split(text) for text in texts]
        frame = (run.status, *(tuple(piece[::2]) for piece in pieces))
        return frame, [number for piece in pieces for number in piece[1::2]]

    def add(self, run):
        frame, numbers = self.split(run)
        seen = self.variants.setdefault(frame, [set() for _ in numbers])
        for values, number in zip(seen, numbers):
            values.add(number)

    def allows(self, run):
        frame, numbers = self.split(run)
        return frame in self.variants and all(
            len(values) > 1 or number in values
            for values, number in zip(self.variants[frame], numbers))


# ---- checking a trace


class Trace:
    """What is wrong with a timeline, and how much is in it."""

    def __init__(self, path):
        self.ioctls = self.seq = 0
        self.names, self.reasons = (collections.Counter() for _ in range(2))
        self.unknown, self.undecoded = (collections.Counter()
                                        for _ in range(2))
        self.errors, self.ways = (collections.Counter() for _ in range(2))
        self.problems = []
        last = {}
        with open(path, "rb") as lines:
            for raw in lines:
                last = self.read(raw)
        self.check_end(last)

    def read(self, raw):
        try:
            line = json.loads(raw)
        except ValueError as error:
            self.problems.append(f"line {self.seq} is not JSON: {error}")
            return {}
        if line["seq"] != self.seq:
            self.problems.append(f"line {self.seq} has seq {line['seq']}")
        self.seq += 1
        if line["type"] == "ioctl":
            self.check_ioctl(line)
        for note in line.get("notes", ()):
            if note["severity"] == "error":
                self.errors[f"{line.get('name', line['type'])}: "
                            f"{note['code']}: {note['text']}"] += 1
        return line

    def check_ioctl(self, line):
        name = line["name"]
        self.ioctls += 1
        self.names[name] += 1
        if "exit" in line:
            self.reasons[line["exit"]["reason"]] += 1
            if line["exit"]["reason"] not in ABOUT_NOTHING and \
                    len(line["exit"]) < 3:
                self.undecoded[f"{line['exit']['reason']}: no body"] += 1
        if name == "unknown" and line["on"] != "not_kvm":
            self.unknown[line["cmd"]] += 1
        elif lacks_argument(line):
            self.undecoded[f"{name}: no in, no out"] += 1
        for part in ("in", "out", "exit"):
            for path in find_raw(line.get(part), part, "errno" not in line):
                if not PAYLOAD.fullmatch(path):
                    self.undecoded[f"{name}: {path}"] += 1
    def check_end(self, end):
        if end.get("type") != "trace_end":
            self.problems.append("it has no end")
            return
        counts = end["counts"]
        if counts["ioctl"] != self.names or counts["exit"] != self.reasons \
                or end["dropped"] or end["truncated"]:
            self.problems.append(f"the end doesn't sum it up: {end}")
        self.count_ways(end.get("capture", {}))

    def count_ways(self, capture):
        """How the calls were taken; those by ptrace by the reason. None is
        counted twice, and none by nobody."""
        if "slow" not in capture:	# the ptrace engine
            self.ways["ptrace"] += self.ioctls
            return
        self.ways.update(capture["slow"], inprocess=capture["inprocess"])
        if capture["ptrace"] != sum(capture["slow"].values()):
            self.problems.append(f"slow calls without a reason: {capture}")
        if self.ways.total() != self.ioctls:
            self.problems.append(f"{self.ioctls} ioctls, but: {capture}")


# Exits without a member in the union of struct kvm_run.
ABOUT_NOTHING = {f"KVM_EXIT_{name}" for name in (
    "UNKNOWN", "HLT", "IRQ_WINDOW_OPEN", "SHUTDOWN", "INTR", "SET_TPR", "NMI",
    "X86_BUS_LOCK", "AP_RESET_HOLD")}


def lacks_argument(line):
    """By the size in the request it has one (<asm-generic/ioctl.h>), or by
    the value, where nothing tells why it isn't shown."""
    size = int(line["cmd"], 16) >> 16 & 0x3fff
    return (size or line["arg"] != "0x0") and line["name"] != "KVM_RUN" and \
        not any(key in line for key in ("in", "out", "notes", "errno",
                                        "unfinished"))


def flatten(names):
    """Of an array of flags: a list of names for each element."""
    for name in names:
        if isinstance(name, list):
            yield from name
        else:
            yield name


def find_raw(value, path, is_accepted):
    """Paths of bytes as such, and of bits without a name; but bits that KVM
    refused need have none."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key.endswith("_hex"):
                yield f"{path}.{key}"
            elif key.endswith("_names") and is_accepted:
                bits = [name for name in flatten(member)
                        if name and name.startswith("0x")]
                yield from (f"{path}.{key}: {bit}" for bit in bits)
            elif not key.endswith("_names"):
                yield from find_raw(member, f"{path}.{key}", is_accepted)
    elif isinstance(value, list):
        for member in value:
            yield from find_raw(member, f"{path}[]", is_accepted)


# ---- one program


class Verdict:
    """A program untraced, traced, and what its trace says."""

    def __init__(self, name, command, args, last_words=None):
        limit_s = args.limit
        self.name = name
        self.path = TRACES / (name.replace("/", "-") + ".jsonl")
        self.expected = Expected()
        self.untraced = Run(command, limit_s, last_words)
        self.expected.add(self.untraced)
        if not self.untraced.is_over_limit:
            self.expected.add(Run(command, limit_s, last_words))
            limit_s = max(TRACED_LIMIT_FACTOR * self.untraced.seconds,
                          TRACED_LIMIT_LEAST_S)
        self.traced = Run([KVMTRACE, "-q", "--engine", args.engine,
                           "-o", self.path, "--", *command],
                          limit_s, last_words)
        self.is_same = self.expected.allows(self.traced) or \
            self.learn(command, last_words)
        self.trace = Trace(self.path)

    def learn(self, command, last_words):
        """Does it do, untraced and now and then, what it did traced?"""
        if self.untraced.is_over_limit:
            return False
        for _ in range(UNTRACED_MORE):
            self.expected.add(Run(command, TRACED_LIMIT_LEAST_S +
                                  self.untraced.seconds, last_words))
            if self.expected.allows(self.traced):
                return True
        return False

    def false_alarms(self):
        """Errors told of a program that does well by itself."""
        return self.trace.errors if self.untraced.status == "0" else {}

    def is_fine(self):
        trace = self.trace
        return self.is_same and not (trace.problems or trace.unknown or
                                     trace.undecoded or self.false_alarms())

    def row(self):
        return (f"{self.name:44}{self.untraced.status:>9}"
                f"{self.traced.status:>8}{'yes' if self.is_same else 'NO':>6}"
                f"{self.trace.ioctls:>8}{self.trace.unknown.total():>9}"
                f"{self.trace.undecoded.total():>11}"
                f"{self.untraced.seconds:>8.2f}{self.traced.seconds:>8.2f}")

    def complaints(self):
        trace = self.trace
        if not self.is_same:
            yield "untraced it printed: " + show(self.untraced)
            yield "traced it printed:   " + show(self.traced)
        yield from trace.problems
        for what, found in (("unknown", trace.unknown),
                            ("undecoded", trace.undecoded),
                            ("error", self.false_alarms())):
            for thing, count in found.items():
                yield f"{what} {count} times: {thing}"


HEADING = (f"{'test':44}{'untraced':>9}{'traced':>8}{'same':>6}{'ioctls':>8}"
           f"{'unknown':>9}{'undecoded':>11}{'s':>8}{'s':>8}")


def show(run):
    text = b"".join(run.texts).decode(errors="replace")
    return f"(status {run.status})\n" + text[-2000:]


def judge(name, args):
    """Run one; its row at once, its trace kept only if it is needed."""
    is_qemu = name == QEMU[0]
    verdict = Verdict(name, QEMU if is_qemu else [TESTS / name], args,
                      QEMU_LAST_WORDS if is_qemu else None)
    print(verdict.row(), flush=True)
    if verdict.is_fine():
        verdict.path.unlink()
    return verdict


def summarise(verdicts):
    """What is wrong with each, then one line on all."""
    for verdict in verdicts:
        for complaint in verdict.complaints():
            print(f"{verdict.name}: {complaint}")
    names = sum((verdict.trace.names for verdict in verdicts),
                collections.Counter())
    print(f"{len(verdicts)} programs, "
          f"{sum(v.is_same for v in verdicts)} the same traced "
          f"({sum(v.untraced.is_over_limit for v in verdicts)} over the time "
          f"limit without kvmtrace); {names.total()} ioctls, {len(names)} "
          f"different, "
          f"{sum(v.trace.unknown.total() for v in verdicts)} unknown, "
          f"{sum(v.trace.undecoded.total() for v in verdicts)} undecoded, "
          f"{sum(sum(v.false_alarms().values()) for v in verdicts)} errors told of "
          f"programs that do well, "
          f"{sum(len(v.trace.problems) for v in verdicts)} faulty lines")


def print_ways(verdicts):
    ways = sum((verdict.trace.ways for verdict in verdicts),
               collections.Counter())
    print("ways: " + ", ".join(f"{count} {way}"
                               for way, count in ways.most_common()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--limit", type=float, default=60,
                        help="seconds for an untraced run")
    parser.add_argument("--engine", default="auto",
                        choices=["auto", "ptrace", "inprocess"])
    parser.add_argument("tests", nargs="*", metavar="TEST",
                        help="names as in the table; all without any")
    args = parser.parse_args()
    build()
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        sys.exit("selftests: /dev/kvm can't be used here")
    known = find_tests() + QEMU[:1]
    strange = [name for name in args.tests if name not in known]
    if strange:
        print(f"selftests: no test {', '.join(strange)} was built in {TESTS}",
              file=sys.stderr)
        return 2
    TRACES.mkdir(exist_ok=True)
    print(HEADING)
    verdicts = [judge(name, args) for name in args.tests or known]
    summarise(verdicts)
    print_ways(verdicts)
    return 0 if all(verdict.is_fine() for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
