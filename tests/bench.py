#!/usr/bin/python3
"""What tracing costs, side by side in one run: nanoseconds a call, and the time
that QEMU needs for its firmware.

Each round runs every way once, so that a noisy moment hits all of them; the
table shows medians, ratios to the untraced program of the same round (their
median), and what strace costs more. All of kvmtrace's ways write their trace
to a file meanwhile.
"""
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

ROUNDS = int(os.environ.get("ROUNDS", "7"))
PROGRAMS = "build/tests/programs"
TRACE_FILE = "build/bench.jsonl"
QEMU = ("qemu-system-x86_64 -accel kvm -cpu qemu64 -m 64 -nodefaults "
        "-no-reboot -display none -chardev stdio,id=d "
        "-device isa-debugcon,iobase=0x402,chardev=d").split()
LAST_WORDS = b"No bootable device."

WAYS = {
    "untraced": [],
    "kvmtrace": ["./kvmtrace", "-q", "-o", TRACE_FILE],
    "  --flow none": ["./kvmtrace", "-q", "--flow", "none", "-o", TRACE_FILE],
    "  --engine ptrace": ["./kvmtrace", "-q", "--engine", "ptrace", "-o",
                          TRACE_FILE],
    "strace": ["strace", "-f", "--seccomp-bpf", "-e", "trace=ioctl",
               "-o", "/dev/null"],
}
SLOW = ("  --engine ptrace", "strace")

# What is done once a loop, the program, its arguments, those of the slow ways
LOOPS = [
    ("port-I/O exit", "portio_loop", "100000", "10000"),
    ("port-I/O exit, two vCPUs at once", "portio_loop", "50000 2", "5000 2"),
    ("KVM_GET_API_VERSION, in bursts of 20,000", "api_loop", "20000 6",
     "5000 2"),
    ("KVM_GET_API_VERSION, 300,000 without a pause", "api_loop", "300000",
     "10000"),
]


def time_loop(way, program, arguments):
    """Run it; the figure that the program prints about itself."""
    command = WAYS[way] + [f"{PROGRAMS}/{program}", "-t"] + arguments.split()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"([0-9.]+) ns per", done.stderr)
    if not found:
        sys.exit(f"bench: {' '.join(command)} printed no figure "
                 f"(status {done.returncode}): {done.stderr.strip()}")
    return float(found.group(1))


def time_boot(way):
    """Milliseconds until the firmware gives up."""
    begin = time.monotonic()
    with subprocess.Popen(WAYS[way] + QEMU, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:
        for line in process.stdout:
            if LAST_WORDS in line:
                break
        took = time.monotonic() - begin
        # Both: strace ended by a signal leaves QEMU alone.
        os.killpg(process.pid, signal.SIGKILL)
    return took * 1000


def show(what, unit, measure):
    taken = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            taken[way].append(measure(way))
    print(f"\n{what}: median of {ROUNDS} interleaved runs")
    print(f"{'':22}{unit:>10}{'x untraced':>13}{'strace / this':>16}")
    for way, values in taken.items():
        ratios = [value / untraced for value, untraced
                  in zip(values, taken["untraced"])]
        median = statistics.median(values)
        print(f"{way:22}{median:10.0f}{statistics.median(ratios):13.2f}"
              f"{statistics.median(taken['strace']) / median:16.2f}",
              flush=True)


def main():
    for what, program, arguments, slow_arguments in LOOPS:
        show(what, "ns", lambda way: time_loop(
            way, program, slow_arguments if way in SLOW else arguments))
    if shutil.which(QEMU[0]):
        show("QEMU starts its firmware", "ms", time_boot)
    else:
        print(f"\n{QEMU[0]} is not installed: its start is not measured")


if __name__ == "__main__":
    main()
