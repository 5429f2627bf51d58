"""kvmtrace stat: its numbers are those that jq gets from the same trace."""
import csv
import io
import json
import subprocess

import jsonschema
import pytest

from tracing import HV as HV_PROGRAM
from tracing import KVMTRACE, ROOT, run

GOLDEN = ROOT / "tests/golden"
NAMES = sorted(path.parent.name for path in GOLDEN.glob("*/trace.jsonl"))
SCHEMA = json.loads((ROOT / "schemas/stat.schema.json").read_text())
TABLES = ["ioctls", "exits", "ports", "mmio", "vcpus", "threads"]

# The nearest rank, as the schema says it.
JQ = r'''
def rank(p): sort | .[((length * p / 100) | ceil) - 1];
def runs: map(select(.name == "KVM_RUN" and .on == "vcpu"));
def by(f; g): group_by(f) | map(g);
def hex: ltrimstr("0x") | explode
  | reduce .[] as $c (0; . * 16 + (if $c > 96 then $c - 87 else $c - 48 end));
map(select(.type == "ioctl")) as $calls
| map(select(.type == "ioctl" or .type == "syscall")) as $all
| ($calls | map(.dur_ns) | add // 0) as $total
| ($calls | runs) as $runs
| ($runs | map(select(.exit))) as $exits
| { calls: ($calls | length), total_ns: $total, events: length,
    errors: ($calls | map(select(.errno)) | length),
    end_ns: (map(.ts_ns + (.dur_ns // 0)) | max),
    ioctls: ($calls
      | by(if .name == "unknown" then "unknown " + .cmd else .name end;
        map(.dur_ns) as $times
        | { name: (.[0] | if .name == "unknown" then "unknown " + .cmd
                          else .name end),
            calls: length, errors: map(select(.errno)) | length,
            total_ns: ($times | add), min_ns: ($times | min),
            median_ns: ($times | rank(50)), p99_ns: ($times | rank(99)),
            max_ns: ($times | max) })),
    exits: ($exits | by(.exit.reason; { reason: .[0].exit.reason,
      exits: length, total_ns: map(.dur_ns) | add })),
    ports: ($exits | map(select(.exit.io))
      | by([.exit.io.port, .exit.io.direction];
        { port: .[0].exit.io.port,
          direction: (if .[0].exit.io.direction == 1 then "out" else "in" end),
          exits: length, bytes: map(.exit.io | .size * .count) | add,
          total_ns: map(.dur_ns) | add })),
    mmio: ($exits | map(select(.exit.mmio)
        | .page = (.exit.mmio.phys_addr | hex / 4096 | floor))
      | by([.page, .exit.mmio.is_write];
        { page: .[0].page,
          direction: (if .[0].exit.mmio.is_write == 1 then "write"
                      else "read" end),
          exits: length, bytes: map(.exit.mmio.len) | add,
          total_ns: map(.dur_ns) | add })),
    vcpus: ($runs | by([.vm, .vcpu];
      (.[0] | with_entries(select(.key == "vm" or .key == "vcpu"))) + {
      runs: length, errors: map(select(.errno)) | length,
      run_ns: map(.dur_ns) | add })),
    threads: ($runs | by([.pid, .tid];
      .[0].pid as $pid | .[0].tid as $tid
      | (map(.ts_ns) | min) as $begin
      | (map(.ts_ns + .dur_ns) | max) as $last
      | (map(.dur_ns) | add) as $run
      | ($all | map(select(.pid == $pid and .tid == $tid and
                           .ts_ns >= $begin and .ts_ns < $last and
                           (.name != "KVM_RUN" or .on != "vcpu")))
         | unique_by(.ts_ns) | map(.dur_ns) | add // 0) as $other
      | { pid: $pid, tid: $tid, runs: length, begin_ns: $begin,
          end_ns: $last, run_ns: $run, other_ns: $other,
          user_ns: ($last - $begin - $run - $other) })) }
'''


def by_jq(path):
    done = subprocess.run(["jq", "-s", JQ, path], check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def stat(*args, status=0, **how):
    done = run(KVMTRACE, "stat", *args, **how)
    assert done.status == status, done
    return done


def stat_json(path, **how):
    document = json.loads(stat("--format", "json", path, **how).stdout)
    jsonschema.validate(document, SCHEMA)
    return document


def sorted_rows(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_jq(name):
    path = GOLDEN / name / "trace.jsonl"
    wanted = by_jq(path)
    found = stat_json(path)
    for row in found["mmio"]:
        row["page"] = int(row.pop("gpa"), 16) // 4096
    for table in TABLES:
        for row in found[table]:
            row.pop("share", None)
        assert sorted_rows(found[table]) == sorted_rows(wanted[table]), table
    for key in ("calls", "total_ns", "errors", "events", "end_ns"):
        assert found[key] == wanted[key]
    assert found["complete"] is True


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_the_traces_own(name):
    path = GOLDEN / name / "trace.jsonl"
    counts = json.loads(path.read_text().splitlines()[-1])["counts"]
    found = stat_json(path)
    assert {row["reason"]: row["exits"] for row in found["exits"]} == \
        counts["exit"]
    assert found["errors"] == counts["errors"]
    assert found["calls"] == sum(counts["ioctl"].values())


def test_shares_and_order():
    found = stat_json(GOLDEN / "hv-long-hypercalls/trace.jsonl")
    for table in ("ioctls", "exits"):
        assert sum(row["share"] for row in found[table]) == \
            pytest.approx(1, abs=1e-4)
        times = [row["total_ns"] for row in found[table]]
        assert times == sorted(times, reverse=True) and len(times) > 1
    for row in found["ioctls"]:
        assert row["share"] == pytest.approx(
            row["total_ns"] / found["total_ns"], rel=1e-5)


def test_text():
    text = stat(GOLDEN / "hv-long-hypercalls/trace.jsonl").stdout.decode()
    tables = text.split("\n\n")
    assert tables[0].startswith("43 ioctls, 0 failed; ")
    assert [table.splitlines()[0].split("  ")[-1] for table in tables[1:]] == \
        ["ioctl", "exit", "port", "vCPU",
         "thread, from its first KVM_RUN to its last"]
    rows = {line.split()[-1]: line for line in tables[1].splitlines()}
    assert " 29 " in rows["KVM_RUN"]
    ports = {line.split("  ")[-1]: line.split() for line in
             tables[3].splitlines()}
    assert ports["0xe9 out"][2:4] == ["11", "11"]
    assert "\x1b" not in text
    coloured = stat("--color", "always",
                    GOLDEN / "hv-long-hypercalls/trace.jsonl").stdout
    assert b"\x1b[1m" in coloured


def test_csv_says_what_json_says():
    path = GOLDEN / "mmio/trace.jsonl"
    raw = stat("--format", "csv", path).stdout.decode()
    assert raw.count("\r\n") == raw.count("\n")
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    found = stat_json(path)
    names = dict(zip(["ioctl", "exit", "port", "mmio", "vcpu", "thread"],
                     TABLES))
    wanted = [{"table": word, **row} for word, table in names.items()
              for row in found[table]]
    assert [{key: value for key, value in row.items() if value}
            for row in rows] == \
        [{key: str(value) for key, value in row.items()} for row in wanted]


def event_line(**keys):
    return {"type": "ioctl", "ts_ns": 0, "dur_ns": 5, "pid": 1, "tid": 1,
            "name": "KVM_RUN", "cmd": "0xae80", "fd": 3, "on": "vcpu",
            "vm": 0, "vcpu": 0, "arg": "0x0", "ret": 0, **keys}


def write(path, events):
    first = json.loads((GOLDEN / "mmio/trace.jsonl").read_text()
                       .splitlines()[0])
    with open(path, "w") as file:
        print(json.dumps(first), file=file)
        for seq, event in enumerate(events, 1):
            print(json.dumps({**event, "seq": seq}), file=file)


def test_names_are_safe_in_tables(tmp_path):
    """Escape sequences, formulas, quotes and odd types of a hostile trace."""
    path = tmp_path / "trace.jsonl"
    names = ["\x1b[31mred", "=1+1", "a\"b,c\r\nd", "x" * 5000, "", "\u202e",
             None, 7, ["KVM_RUN"]]
    write(path, [event_line(name=name, dur_ns=odd, vm=odd, exit={
        "reason": name, "io": {"port": odd, "size": odd, "count": odd},
        "mmio": {"phys_addr": odd, "len": odd}})
        for name in names for odd in (0, -1, 2**62, "x", None, {})])
    text = stat(path, status=2).stdout.decode()
    assert all(" " <= char <= "~" or char == "\n" for char in text)
    assert max(map(len, text.splitlines())) < 200
    raw = stat("--format", "csv", path, status=2).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    found = {row["name"] for row in rows if row["table"] == "ioctl"}
    assert "'=1+1" in found and "a\"b,c\r\nd" in found
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    json.loads(stat("--format", "json", path, status=2).stdout)


@pytest.mark.parametrize("many", [100000, 100001])
def test_many_samples(many, tmp_path):
    """Exact up to 100,000; then within what the manual says."""
    path = tmp_path / "trace.jsonl"
    times = [(number * 7919) % 1000003 + 1000 for number in range(many)]
    write(path, [event_line(dur_ns=ns) for ns in times])
    row = stat_json(path, status=2)["ioctls"][0]
    times.sort()
    exact = {"min_ns": times[0], "max_ns": times[-1],
             "median_ns": times[-(-many // 2) - 1],
             "p99_ns": times[-(-many * 99 // 100) - 1]}
    found = {key: row[key] for key in exact}
    assert row.get("approximate", False) == (many > 100000)
    if many <= 100000:
        assert found == exact
    else:
        assert found != exact
        assert found == pytest.approx(exact, rel=0.004)
        assert b"approximate" in stat(path, status=2).stdout


@pytest.mark.parametrize("args", [[], ["a", "b"], ["--format", "xml", "a"],
                                  ["--bogus", "a"], ["missing"]])
def test_usage(args):
    done = stat(*args, status=2)
    assert done.stdout == b"" and done.stderr.count(b"\n") == 1


CAPTURE = {"stops": 34, "inprocess": 18, "ptrace": 7,
           "slow": {"request": 5, "first_call": 1, "look": 1}}


def stat_of_capture(tmp_path, capture, *options):
    """What is said behind the tables of the recorded trace."""
    recorded = GOLDEN / "hv-long/trace.jsonl"
    path = tmp_path / "trace.jsonl"
    *lines, end = recorded.read_text().splitlines()
    end = json.dumps({**json.loads(end), "capture": capture})
    path.write_text("\n".join([*lines, end, ""]))
    without = stat(*options, recorded).stdout.decode()
    return stat(*options, path).stdout.decode().removeprefix(without)


def test_which_way_calls_were_taken(tmp_path):
    assert stat_of_capture(tmp_path, CAPTURE) == (
        "\n18 KVM ioctls were taken in the process, 7 by ptrace: "
        "first_call 1, request 5, look 1\n")
    assert stat_of_capture(tmp_path, {**CAPTURE, "ptrace": 0, "slow": {}}) \
        == "\n18 KVM ioctls were taken in the process, 0 by ptrace\n"
    for options in (["--format", "json"], ["--format", "csv"]):
        assert stat_of_capture(tmp_path, CAPTURE, *options) == ""


@pytest.mark.parametrize("capture", [
    {"stops": 7}, {}, None, 7, "x", ["inprocess"], {"inprocess": "x"}])
def test_nothing_is_made_up_of_how_calls_were_taken(tmp_path, capture):
    assert stat_of_capture(tmp_path, capture) == ""


@pytest.mark.parametrize("slow", [
    None, "x", [1], {"look": -1, "request": "5", "\x1b[31m": 3, "later": 1}])
def test_odd_counts_of_slow_calls(tmp_path, slow):
    odd = {"inprocess": -1, "ptrace": 2**62, "slow": slow}
    assert stat_of_capture(tmp_path, odd) == (
        "\n0 KVM ioctls were taken in the process, "
        f"{2**62} by ptrace\n")


def test_incomplete_is_counted_and_said():
    lines = (GOLDEN / "mmio/trace.jsonl").read_bytes().splitlines(True)
    done = stat("--format", "json", "-", input=b"".join(lines[:-1]), status=2)
    assert json.loads(done.stdout)["complete"] is False
    assert b"incomplete" in done.stderr


def test_schema_is_printed():
    done = run(KVMTRACE, "schema", "stat")
    assert done.status == 0 and json.loads(done.stdout) == SCHEMA


# -c of the tracer; here it decodes recorded calls, so no KVM is needed

def replay(name, *options):
    return run(KVMTRACE, "--replay", GOLDEN / name / "records.jsonl", "-c",
               *options)


def test_summary_in_place_of_the_trace():
    done = replay("hv-long")
    assert done.status == 0 and done.stdout == b""
    assert done.stderr == stat(GOLDEN / "hv-long/trace.jsonl").stdout


def test_summary_beside_the_trace(tmp_path):
    path = tmp_path / "trace.jsonl"
    done = replay("hv-long", "-o", path)
    assert path.read_bytes() == (GOLDEN / "hv-long/trace.jsonl").read_bytes()
    assert done.stderr == stat(path).stdout


def test_summary_of_raw_records_is_refused():
    done = replay("hv-long", "--format", "raw")
    assert done.status == 2 and b"raw" in done.stderr


def test_summary_of_a_program(kvm):
    """The program keeps its own output; the summary comes behind it."""
    done = run(KVMTRACE, "-c", HV_PROGRAM, "--long")
    assert done.status == 0 and b"Hello, world!" in done.stdout
    assert b"KVM_RUN" in done.stderr and b"{" not in done.stdout


def test_of_a_live_trace(kvm, trace):
    """The line's numbers are of the trace, and its calls."""
    traced = trace(HV_PROGRAM, "--long", options=["--engine", "inprocess"])
    capture = traced.timeline.end["capture"]
    text = stat(traced.path).stdout.decode()
    assert text.splitlines()[-1].startswith(
        f"{capture['inprocess']} KVM ioctls were taken in the process, "
        f"{capture['ptrace']} by ptrace: ")
    assert capture["inprocess"] + capture["ptrace"] == \
        len(traced.timeline.calls())


def test_a_trace_cut_within_a_line_is_counted_up_to_it(tmp_path):
    whole = (ROOT / "tests/golden/hv-long/trace.jsonl").read_bytes()
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole[:len(whole) // 2 + 7])
    result = run(KVMTRACE, "stat", cut)
    assert result.status == 2 and b"cut off" in result.stderr
    assert b"KVM_CREATE_VM" in result.stdout
