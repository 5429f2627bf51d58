"""kvmtrace view: a recorded trace as text, JSON, and for other viewers.

Perfetto's format is read back by Google's own protobuf library, with a schema
of the part that is needed (perfetto.proto); Chrome's JSON is held against the
rules that Perfetto's importer has.
"""
import collections
import functools
import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tracing import KVMTRACE, ROOT, finish, run, start, wait_for

GOLDEN = ROOT / "tests/golden"
NAMES = sorted(path.parent.name for path in GOLDEN.glob("*/trace.jsonl"))
HV = GOLDEN / "hv-long/trace.jsonl"


def path_of(name):
    return GOLDEN / name / "trace.jsonl"


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def dump(lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def view(*args, status=0, **how):
    done = run(KVMTRACE, "view", *args, **how)
    assert done.status == status, done
    return done


# Text and JSON

@pytest.mark.parametrize("name", NAMES)
def test_text_is_the_live_one(name):
    assert view(path_of(name)).stdout == \
        (GOLDEN / name / "text.txt").read_bytes()


@pytest.mark.parametrize("options", [
    ["--flow", "full"], ["--flow", "none"], ["--color", "always"],
    ["--long-arrays"], ["-v", "--flow", "none"]])
def test_text_options_are_the_tracers(options, tmp_path):
    folder = GOLDEN / "qemu-boot"
    live = tmp_path / "live.txt"
    done = run(KVMTRACE, "--replay", folder / "records.jsonl", "-o", live,
               "--format", "text", "--color", "never", *options)
    assert done.status == 0, done
    # --flow none leaves the steps out of the events; here they are there.
    trace = tmp_path / "trace.jsonl"
    steps = [word for word in options if word in ("--flow", "none", "full")]
    run(KVMTRACE, "--replay", folder / "records.jsonl", "-o", trace, *steps)
    assert view(*options, trace).stdout == live.read_bytes()


def test_width_and_folding():
    narrow = view("--width", "70", HV).stdout.decode().splitlines()
    wide = view("--width", "200", HV).stdout.decode().splitlines()
    assert len(narrow) > len(wide)
    assert max(map(len, wide)) > 100
    folded = view("--flow", "none", HV).stdout.decode()
    unfolded = view("--flow", "none", "--no-fold", HV).stdout.decode()
    runs = sum(event.get("name") == "KVM_RUN" for event in read(HV))
    assert unfolded.count("KVM_RUN #") == runs > folded.count("KVM_RUN #")


@pytest.mark.parametrize("name", NAMES)
def test_no_word_runs_past_the_width(name):
    """But what the guest prints, which keeps its blanks."""
    for options in ([], ["--flow", "full", "-v"]):
        text = view("--width", "60", *options, path_of(name)).stdout.decode()
        assert [line for line in text.splitlines()
                if len(line.rstrip()) > 60 and "console" not in line] == []


def test_a_long_word_is_broken_behind_what_parts_it(tmp_path):
    events = read(HV)
    call = next(event for event in events if event.get("name") == "openat")
    call["in"]["path"] = "/some/folder" * 12
    trace = tmp_path / "trace.jsonl"
    trace.write_text("".join(json.dumps(event) + "\n" for event in events))
    lines = view("--width", "60", "--flow", "none", trace).stdout.decode() \
        .splitlines()
    first = next(i for i, line in enumerate(lines) if "/some/folder" in line)
    parts = [line.strip() for line in lines[first:first + 6]]
    assert all(len(line) <= 60 for line in lines)
    assert "".join(parts).startswith("/some/folder" * 12)
    assert parts[0].endswith("/")


@pytest.mark.parametrize("name", NAMES)
def test_json_and_back(name, tmp_path):
    array = tmp_path / "array.json"
    view("--format", "json", "-o", array, path_of(name))
    assert json.loads(array.read_text()) == read(path_of(name))
    assert view("--format", "jsonl", array).stdout == \
        path_of(name).read_bytes()
    assert view(array).stdout == (GOLDEN / name / "text.txt").read_bytes()


@pytest.mark.parametrize("options", [
    ["--only", "KVM_RUN"], ["--skip", "KVM_EXIT_IO"], ["--skip", "KVM_RUN"],
    ["--only", "vm,process"], ["--skip", "syscall"]])
@pytest.mark.parametrize("name", ["hv-long-hypercalls", "signals", "dups"])
def test_selected_events_are_the_tracers(name, options, tmp_path):
    """What is selected later is what would have been selected at once."""
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    records = GOLDEN / name / "records.jsonl"
    run(KVMTRACE, "--replay", records, "-o", whole)
    run(KVMTRACE, "--replay", records, "-o", part, *options)
    view("--format", "jsonl", "-o", whole.with_suffix(".part"), *options,
         whole)
    later, live = read(whole.with_suffix(".part")), read(part)
    assert len(later) > 2
    for one, other in zip(live, later):
        for event in (one, other):
            # Sentences name lines, and evidence that was seen by neither.
            event.pop("notes", None)
            event.pop("dropped", None)
    assert later == live


def test_views_keep_the_numbers_of_the_trace():
    text = view("--only", "KVM_GET_REGS", HV).stdout.decode()
    seq = next(event["seq"] for event in read(HV)
               if event.get("name") == "KVM_GET_REGS")
    assert any(line.split()[:1] == [str(seq)] for line in text.splitlines())


def test_selection_of_a_trace_is_a_trace(tmp_path):
    path = tmp_path / "some.jsonl"
    view("--format", "jsonl", "--only", "KVM_RUN", "-o", path,
         path_of("hv-long-hypercalls"))
    done = run(KVMTRACE, "validate", path)
    assert done.status == 0, done


def test_html_takes_the_options(tmp_path):
    """The page itself has tests of its own; this is the way to it."""
    page = tmp_path / "page.html"
    view("--format", "html", "-o", page, HV)
    assert page.read_bytes().startswith(b"<!doctype html>")
    fewer = view("--format", "html", "--max-events", "3", HV).stdout
    assert len(fewer) < page.stat().st_size


# What goes wrong

def test_incomplete_is_shown_and_said():
    whole = HV.read_bytes().splitlines(keepends=True)
    done = view("-", input=b"".join(whole[:-1]), status=2)
    assert b"INCOMPLETE" in done.stdout and b"incomplete" in done.stderr


def test_trouble_leaves_the_output_alone(tmp_path):
    output = tmp_path / "kept"
    output.write_text("kept")
    view("-o", output, tmp_path / "missing", status=2)
    assert output.read_text() == "kept"
    trace = tmp_path / "trace.jsonl"
    trace.write_bytes(HV.read_bytes())
    done = view("-o", trace, trace, status=2)
    assert b"the trace itself" in done.stderr
    assert trace.read_bytes() == HV.read_bytes()


@pytest.mark.parametrize("args", [
    [], [HV, HV], ["--format", "xml", HV], ["--width", "9", HV],
    ["--flow", "some", HV], ["--only", "KVM_RUNS", HV], ["--bogus", HV],
    ["--follow", "--format", "chrome", HV]])
def test_usage(args):
    done = view(*args, status=2)
    assert done.stdout == b""
    assert done.stderr.startswith(b"kvmtrace: ")
    assert done.stderr.count(b"\n") == 1


def test_full_device():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([KVMTRACE, "view", HV], stdout=full,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2 and b"No space left" in done.stderr


def changed(value):
    """Each member of a value gone or of another type, one at a time."""
    if isinstance(value, dict):
        for key in value:
            yield {other: value[other] for other in value if other != key}
            for odd in (None, -1, 2**62, "x", [], {"x": [1.5, True]}, "\x00"):
                yield {**value, key: odd}
            for inner in changed(value[key]):
                yield {**value, key: inner}


@pytest.mark.parametrize("form", ["text", "perfetto", "chrome", "jsonl",
                                  "html"])
def test_nothing_in_an_event_hurts(form):
    """Each key of some events absent or odd: all formats go on."""
    lines = read(HV)
    odd = [variant for event in lines[1:]
           if event.get("name") in ("KVM_RUN", "openat", None)
           for variant in list(changed({key: event[key] for key in event
                                        if key not in ("flow", "guest")}))]
    odd = [event for event in odd if isinstance(event.get("type"), str) and
           event["type"] not in ("trace_start", "trace_end")]
    assert len(odd) > 1000
    for seq, event in enumerate(odd, 1):
        event["seq"] = seq
    done = run(KVMTRACE, "view", "--format", form, "-",
               input=dump(lines[:1] + odd))
    assert done.status == 2 and b"incomplete" in done.stderr, done
    if form == "perfetto":
        decode(done.stdout)
    elif form == "chrome":
        check_chrome(json.loads(done.stdout))


# Perfetto


@functools.lru_cache
def trace_class():
    """Perfetto's Trace, as perfetto.proto describes it."""
    compiled = subprocess.run(
        ["protoc", "--descriptor_set_out=/dev/stdout",
         f"--proto_path={ROOT / 'tests'}", "perfetto.proto"],
        check=True, stdout=subprocess.PIPE).stdout
    files = descriptor_pb2.FileDescriptorSet.FromString(compiled)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(files.file[0])
    return message_factory.MessageFactory(pool).GetPrototype(
        pool.FindMessageTypeByName("Trace"))


def decode(raw):
    """The packets; nothing in them that the schema doesn't know."""
    trace = trace_class().FromString(raw)
    size = trace.ByteSize()
    trace.DiscardUnknownFields()
    assert trace.ByteSize() == size
    return trace.packet


def python_value(annotation):
    kind = annotation.WhichOneof("value")
    if kind:
        return getattr(annotation, kind)
    if annotation.array_values:
        return [python_value(value) for value in annotation.array_values]
    return {entry.name: python_value(entry)
            for entry in annotation.dict_entries}


class Slice:
    def __init__(self, track, name, begin, packet):
        event = packet.track_event
        self.track, self.name, self.begin, self.end = track, name, begin, None
        self.args = {annotation.name: python_value(annotation)
                     for annotation in event.debug_annotations}
        self.flows_out = list(event.flow_ids)
        self.flows_in = list(event.terminating_flow_ids)


def slices_of(packets):
    """As Perfetto reads them: by time, in the file's order at equal times;
    every begin has its end, and none is open at another's begin."""
    events = [packet for packet in packets if packet.HasField("track_event")]
    events.sort(key=lambda packet: packet.timestamp)
    tracks = {packet.track_descriptor.uuid for packet in packets
              if packet.HasField("track_descriptor")}
    open_slices, done = {}, []
    for packet in events:
        event = packet.track_event
        assert event.track_uuid in tracks
        assert packet.trusted_packet_sequence_id == 1
        if event.type == 1:
            assert event.track_uuid not in open_slices, "slices overlap"
            open_slices[event.track_uuid] = Slice(
                event.track_uuid, event.name, packet.timestamp, packet)
        elif event.type == 2:
            slice_ = open_slices.pop(event.track_uuid)
            slice_.end = packet.timestamp
            done.append(slice_)
    assert not open_slices
    return done


def plain(value):
    """An empty array and an empty object look alike in an annotation."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value] or {}
    return value


def instants_of(packets):
    return [Slice(packet.track_event.track_uuid, packet.track_event.name,
                  packet.timestamp, packet)
            for packet in packets if packet.track_event.type == 3]


def is_call(event):
    return event["type"] in ("ioctl", "syscall")


def whole_calls(lines):
    """One line of each call: one that closes several descriptors has several,
    and its others are instants."""
    calls = {}
    for event in lines:
        key = event["tid"], event["ts_ns"], event["dur_ns"]
        calls.setdefault(key, event)
    return list(calls.values())


@pytest.mark.parametrize("name", NAMES)
def test_perfetto_has_every_call(name):
    packets = decode(view("--format", "perfetto", path_of(name)).stdout)
    slices = slices_of(packets)
    by_seq = {slice_.args["seq"]: slice_ for slice_ in slices
              if "seq" in slice_.args}
    lines = [event for event in read(path_of(name)) if is_call(event)]
    calls = whole_calls(lines)
    assert calls and len(by_seq) == len(calls)
    moments = {event.args["seq"]: event for event in instants_of(packets)}
    for event in lines:
        if event not in calls:
            assert moments[event["seq"]].begin == event["ts_ns"]
    for event in calls:
        slice_ = by_seq[event["seq"]]
        assert slice_.begin == event["ts_ns"]
        assert slice_.end == event["ts_ns"] + event["dur_ns"]
        shown = {key: value for key, value in event.items()
                 if key not in ("type", "pid", "tid", "flow")}
        assert slice_.args == plain(shown)


@pytest.mark.parametrize("name", NAMES)
def test_perfetto_arrows(name):
    """Each from one slice to one that begins no earlier, of one thread."""
    slices = slices_of(decode(view("--format", "perfetto",
                                   path_of(name)).stdout))
    sources = {flow: slice_ for slice_ in slices for flow in slice_.flows_out}
    targets = {flow: slice_ for slice_ in slices for flow in slice_.flows_in}
    assert sources and sources.keys() == targets.keys()
    assert len(sources) == sum(len(slice_.flows_out) for slice_ in slices)
    for flow, source in sources.items():
        assert source.track != targets[flow].track
        assert source.end <= targets[flow].begin


def test_perfetto_lanes():
    packets = decode(view("--format", "perfetto", HV).stdout)
    descriptors = [packet.track_descriptor for packet in packets
                   if packet.HasField("track_descriptor")]
    process, user, kernel, vcpu = descriptors
    start_event = read(HV)[0]
    pid = read(HV)[1]["pid"]
    assert process.process.pid == pid
    assert list(process.process.cmdline) == start_event["argv"]
    assert (user.thread.pid, user.thread.tid) == (pid, pid)
    assert "user space" in user.thread.thread_name
    assert "kernel" in kernel.name
    assert vcpu.name == "vm0/vcpu0: in KVM_RUN (guest + kernel)"
    ranks = [lane.sibling_order_rank for lane in (user, kernel, vcpu)]
    assert ranks == sorted(ranks)
    assert {lane.parent_uuid for lane in (user, kernel, vcpu)} == \
        {process.uuid}
    snapshot = packets[0].clock_snapshot
    clocks = {clock.clock_id: clock.timestamp for clock in snapshot.clocks}
    assert clocks[6] == 0
    whole, _, fraction = start_event["start_time"].partition(".")
    assert time.gmtime(clocks[1] // 10**9)[:6] == \
        time.strptime(whole, "%Y-%m-%dT%H:%M:%S")[:6]
    assert clocks[1] % 10**9 == int(fraction.rstrip("Z"))


def test_slice_names_are_stable():
    slices = slices_of(decode(view("--format", "perfetto", HV).stdout))
    names = collections.Counter(slice_.name for slice_ in slices)
    assert names["IO out 0xe9"] == names["handle IO out 0xe9"] == 14
    assert names["HLT"] == 1
    mmio = slices_of(decode(view("--format", "perfetto",
                                 path_of("mmio")).stdout))
    names = {slice_.name for slice_ in mmio}
    assert {"MMIO read 0x20000", "MMIO write 0x20000"} <= names


def test_flow_steps_are_arguments_when_wanted():
    slices = slices_of(decode(view("--format", "perfetto", "--flow", "full",
                                   HV).stdout))
    flows = {slice_.args["seq"]: slice_.args["flow"] for slice_ in slices
             if "flow" in slice_.args}
    assert flows == {event["seq"]: event["flow"] for event in read(HV)
                     if "flow" in event}


def test_two_threads_on_one_vcpu():
    """Two that wait for one vCPU overlap, so each has a lane of its own."""
    lines = read(path_of("mmio"))
    event = next(line for line in lines if line.get("name") == "KVM_RUN")
    other = {**event, "tid": event["tid"] + 1, "ts_ns": event["ts_ns"] + 1}
    lines = [lines[0], {**event, "seq": 1}, {**other, "seq": 2}]
    raw = view("--format", "perfetto", "-", input=dump(lines),
               status=2).stdout
    calls = [slice_ for slice_ in slices_of(decode(raw)) if slice_.args]
    assert [slice_.end - slice_.begin for slice_ in calls] == \
        2 * [event["dur_ns"]]
    assert calls[0].track != calls[1].track


# Chrome

def check_chrome(document):
    """Perfetto's rules: on each track B and E nest, ids are one arrow's, an
    arrow's ends stand in open slices, 64-bit numbers are strings."""
    events = document["traceEvents"]
    order = sorted((event for event in events if event["ph"] != "M"),
                   key=lambda event: event["ts"])
    named = {(event["pid"], event["tid"]) for event in events
             if event["ph"] == "M" and event["name"] == "thread_name"}
    open_slices, arrows = {}, collections.defaultdict(list)
    for event in order:
        track = event["pid"], event["tid"]
        assert track in named
        if event["ph"] == "B":
            assert track not in open_slices
            open_slices[track] = event
        elif event["ph"] == "E":
            del open_slices[track]
        elif event["ph"] in "sf":
            assert track in open_slices
            arrows[event["id"]].append((event["ph"], event.get("bp")))
        else:
            assert event["ph"] == "i" and event["s"] == "t"
        check_numbers(event.get("args"))
    assert not open_slices
    for ends in arrows.values():
        assert ends == [("s", None), ("f", "e")]


def check_numbers(value):
    if isinstance(value, dict):
        for inner in value.values():
            check_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            check_numbers(inner)
    elif isinstance(value, int):
        assert abs(value) <= 2**53


@pytest.mark.parametrize("name", NAMES)
def test_chrome_keeps_the_rules(name):
    raw = view("--format", "chrome", path_of(name)).stdout
    document = json.loads(raw)
    check_chrome(document)
    assert "displayTimeUnit" not in document
    assert document["otherData"] == read(path_of(name))[0]
    begins = [event for event in document["traceEvents"]
              if event["ph"] == "B" and "args" in event]
    calls = [event for event in read(path_of(name)) if is_call(event)]
    calls = whole_calls(calls)
    # Exact to the nanosecond, in a text of three decimals.
    assert [round(event["ts"] * 1000) for event in begins] == \
        [event["ts_ns"] for event in calls]
    lanes = {event["tid"] for event in begins}
    assert all(tid >= 10**9 for tid in lanes)


def test_chrome_is_closed_on_an_interrupt(tmp_path):
    """Ctrl-C in the middle: the document is whole."""
    reading, writing = os.pipe()
    output = tmp_path / "trace.json"
    process = start(KVMTRACE, "view", "--format", "chrome", "-o", output, "-",
                    stdin=reading)
    os.close(reading)
    lines = HV.read_bytes().splitlines(keepends=True)
    os.write(writing, b"".join(lines[:10]))
    wait_for(output.exists, "the output")
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    os.write(writing, lines[10])
    done = finish(process)
    os.close(writing)
    assert done.status == 0, done
    check_chrome(json.loads(output.read_text()))


# Growing files

@pytest.mark.parametrize("form", ["text", "jsonl", "json"])
def test_follow_to_the_end(form, tmp_path):
    path = tmp_path / "growing.jsonl"
    lines = HV.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0])
    process = start(KVMTRACE, "view", "--follow", "--format", form, path)
    with open(path, "ab", buffering=0) as file:
        for line in lines[1:]:
            file.write(line[:20])
            time.sleep(0.01)
            file.write(line[20:])
    done = finish(process)
    assert done.status == 0 and done.stderr == b"", done
    assert done.stdout == view("--format", form, HV).stdout


def test_follow_shows_at_once_and_ends_on_interrupt(tmp_path):
    path = tmp_path / "growing.jsonl"
    lines = HV.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5]) + lines[5][:30])
    process = start(KVMTRACE, "view", "--follow", "--format", "jsonl", path)
    assert read_some(process.stdout, len(b"".join(lines[:5]))) == \
        b"".join(lines[:5])
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert (done.status, done.stdout, done.stderr) == (0, b"", b""), done


def read_some(file, length):
    found = b""
    while len(found) < length:
        assert select.select([file], [], [], 60)[0], "nothing was shown"
        more = os.read(file.fileno(), length - len(found))
        assert more
        found += more
    return found


# A terminal

def on_terminal(*command, env, typed=b"", stderr_only=False):
    """What a terminal shows, and the status; the same for both outputs."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [str(word) for word in command], stdin=slave,
        stdout=subprocess.DEVNULL if stderr_only else slave, stderr=slave,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **env})
    os.close(slave)
    shown = b""
    if typed:
        os.write(master, typed)
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:
            break
        shown += more
    os.close(master)
    return process.wait(timeout=60), shown.replace(b"\r\n", b"\n")


def test_pager_gets_text_and_colour(tmp_path):
    paged = tmp_path / "paged"
    status, shown = on_terminal(
        KVMTRACE, "view", "--width", "100", HV,
        env={"KVMTRACE_PAGER": f"echo $LESS >{paged}; cat >>{paged}",
             "PAGER": "false"})
    assert (status, shown) == (0, b"")
    less, _, text = paged.read_bytes().partition(b"\n")
    assert less == b"FRX"
    assert text == view("--color", "always", HV).stdout


def test_pager_that_quits_at_once():
    status, shown = on_terminal(KVMTRACE, "view", path_of("qemu-boot"),
                                env={"PAGER": "true"})
    assert (status, shown) == (0, b"")


@pytest.mark.parametrize("how", [
    {"args": ["--no-pager"], "env": {"PAGER": "false"}},
    {"args": [], "env": {"PAGER": ""}},
    {"args": [], "env": {"KVMTRACE_PAGER": "cat", "PAGER": "false"}}])
def test_no_pager(how):
    status, shown = on_terminal(
        KVMTRACE, "view", "--color", "never", "--width", "100", *how["args"],
        HV, env=how["env"])
    assert status == 0
    assert shown == (HV.parent / "text.txt").read_bytes()


def test_documents_are_not_for_terminals():
    status, shown = on_terminal(KVMTRACE, "view", "--format", "perfetto", HV,
                                env={})
    assert status == 2 and b"-o FILE" in shown


def long_trace(path, seconds):
    """One that takes so long: its size is found by trying."""
    first, *middle, last = read(HV)
    events = [event for event in middle if event.get("name") == "KVM_RUN"]
    count = 20000
    while True:
        with open(path, "w") as file:
            print(json.dumps(first), file=file)
            for seq in range(1, count + 1):
                event = dict(events[seq % len(events)], seq=seq)
                print(json.dumps(event), file=file)
            print(json.dumps(dict(last, seq=count + 1, events=count + 1)),
                  file=file)
        begin = time.monotonic()
        assert run(KVMTRACE, "stat", path).status == 0
        if time.monotonic() - begin > seconds:
            return
        count *= 2


def test_progress_is_for_terminals_and_long_work(tmp_path):
    path = tmp_path / "long.jsonl"
    long_trace(path, 1.5)
    for command in ("stat", "validate", "view"):
        status, shown = on_terminal(KVMTRACE, command, path, env={},
                                    stderr_only=True)
        assert status == 0
        assert b"events" in shown and b"a second" in shown
        assert b"% , " not in shown and b"left" in shown
        assert shown.endswith(b"\r\x1b[K"), "the line is erased"
    assert run(KVMTRACE, "stat", path).stderr == b""
    _, shown = on_terminal(KVMTRACE, "stat", HV, env={}, stderr_only=True)
    assert shown == b""
