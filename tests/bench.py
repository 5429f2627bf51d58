#!/usr/bin/python3
"""What tracing costs: nanoseconds a call, side by side in one run.

Each round runs every way once, so that a noisy moment hits all of them; the
table shows medians, and ratios to the untraced program and to strace.
"""
import re
import statistics
import subprocess
import sys

ROUNDS = 7
PROGRAMS = "build/tests/programs"
TRACE_FILE = "build/bench.jsonl"

# name, what the program does once a loop, loops untraced and traced
LOOPS = [
    ("portio_loop", "port-I/O exit", 50000, 10000),
    ("api_loop", "KVM_GET_API_VERSION", 300000, 10000),
]

WAYS = [
    ("untraced", []),
    ("kvmtrace", ["./kvmtrace", "-o", TRACE_FILE]),
    ("kvmtrace --flow none",
     ["./kvmtrace", "--flow", "none", "-o", TRACE_FILE]),
    ("strace", ["strace", "-f", "--seccomp-bpf", "-e", "trace=ioctl",
                "-o", "/dev/null"]),
]


def nanoseconds(command):
    """Run it; the figure that the program prints about itself."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"([0-9.]+) ns per", done.stderr)
    if not found:
        sys.exit(f"bench: {' '.join(command)} printed no figure "
                 f"(status {done.returncode}): {done.stderr.strip()}")
    return float(found.group(1))


def measure(program, loops_untraced, loops_traced):
    taken = {name: [] for name, _ in WAYS}
    for _ in range(ROUNDS):
        for name, tracer in WAYS:
            loops = loops_traced if tracer else loops_untraced
            taken[name].append(nanoseconds(
                tracer + [f"{PROGRAMS}/{program}", "-t", str(loops)]))
    return {name: statistics.median(values) for name, values in taken.items()}


def main():
    for program, what, untraced, traced in LOOPS:
        medians = measure(program, untraced, traced)
        print(f"\n{what}: median of {ROUNDS} interleaved runs")
        print(f"{'':22}{'ns':>10}{'x untraced':>13}{'strace / this':>16}")
        for name, value in medians.items():
            print(f"{name:22}{value:10.0f}{value / medians['untraced']:13.2f}"
                  f"{medians['strace'] / value:16.2f}")


if __name__ == "__main__":
    main()
