#!/usr/bin/python3
"""bench_diff.py FOLDER: what comparing costs. In FOLDER, two traces of a
million events are made, ten of them different.

Each way of recording is measured: lines of 700 bytes (--flow none) and of
1.5 KB. The traces are made from a recorded one; a run has to end with exactly
the ten differences, within the limits.
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT / "tests/golden/hv-long/trace.jsonl"
EVENTS = 1_000_000
CHANGES = 10
SECONDS_MAX = 20
MIB_MAX = 200


def recorded(has_flow):
    lines = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    for line in lines if not has_flow else ():
        line.pop("flow", None)
    return lines


def dump(line):
    return json.dumps(line, separators=(",", ":"))


def template(line):
    """The text of a port write, and what to put in for each event."""
    text = dump(line).replace("%", "%%")
    for key in ("seq", "ts_ns", "run_index"):
        text = re.sub(rf'"{key}":\d+', f'"{key}":%({key})d', text, count=1)
    return re.sub(r'"data_hex":"[0-9a-f]+","text":"[^"]*"',
                  r'"data_hex":"%(byte)02x"', text)


def write(path, has_flow, shift_ns, is_changed):
    """One trace: the recorded set-up, and writes of a repeated text."""
    lines = recorded(has_flow)
    # Not the first run, which has the guest view.
    first = next(line["seq"] for line in lines
                 if line.get("run_index") == 2)
    text = template(lines[first])
    end = lines[-1]
    every = EVENTS // CHANGES
    with open(path, "w", encoding="ascii") as file:
        for line in lines[:first]:
            file.write(dump(line) + "\n")
        for i in range(EVENTS):
            byte = 97 + i * i % 23
            if is_changed and i % every == every // 2:
                byte = 48 + i // every
            file.write(text % {
                "seq": first + i, "run_index": i + 1, "byte": byte,
                "ts_ns": 1000000 + i * 70000 + shift_ns} + "\n")
        end.update(seq=first + EVENTS, events=first + EVENTS)
        file.write(dump(end) + "\n")


def compare(expected, actual):
    """Seconds, MiB and the result. The child is the only one that grows."""
    start = time.monotonic()
    done = subprocess.run([ROOT / "kvmtrace", "diff", "--format", "json",
                           expected, actual], capture_output=True, check=False)
    seconds = time.monotonic() - start
    mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if done.returncode != 1:
        sys.exit(f"diff ended with {done.returncode}: {done.stderr.decode()}")
    return seconds, mib, json.loads(done.stdout)


def measure(folder, has_flow):
    expected, actual = folder / "expected.jsonl", folder / "actual.jsonl"
    write(expected, has_flow, 0, False)
    write(actual, has_flow, 12345, True)
    seconds, mib, result = compare(expected, actual)
    found = result["differences_total"]
    gb = (os.path.getsize(expected) + os.path.getsize(actual)) / 1e9
    print(f"two traces of {EVENTS} events, {gb:.1f} GB in all: "
          f"{seconds:.1f} s, {mib:.0f} MiB, {found} differences")
    return found == CHANGES and seconds < SECONDS_MAX and mib < MIB_MAX


def main():
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
        good = [measure(Path(folder), has_flow) for has_flow in (False, True)]
    if not all(good):
        sys.exit(f"bench-diff: not {CHANGES} differences in less than "
                 f"{SECONDS_MAX} s and {MIB_MAX} MiB")


if __name__ == "__main__":
    main()
