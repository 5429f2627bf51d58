"""The schemas, their examples, and `kvmtrace validate`, whose verdicts must be
python3-jsonschema's: on real lines, and on lines spoiled in every way that
comes to mind."""
import copy
import json
import random
import re

import jsonschema
import pytest

import check_schemas
from tracing import KVMTRACE, ROOT, run

SCHEMA = check_schemas.load()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
EXAMPLES = {path.stem: json.loads(path.read_text())
            for path in check_schemas.examples()}
TYPES = "trace_start ioctl syscall console process trace_end".split()
TRACES = sorted((ROOT / "tests/golden").glob("*/trace.jsonl"))

START = EXAMPLES["trace_start"]
END = EXAMPLES["trace_end"]


def trace_of(*lines):
    """A whole trace around the lines, numbered."""
    lines = [START, *lines, dict(END, events=len(lines) + 1)]
    return b"".join(json.dumps(dict(line, seq=seq)).encode() + b"\n"
                    for seq, line in enumerate(lines))


def validate(raw):
    return run(KVMTRACE, "validate", "-", input=raw)


def test_committed_schema_is_the_printed_one():
    printed = run(KVMTRACE, "schema").stdout
    assert printed == run(KVMTRACE, "schema", "timeline").stdout
    assert json.loads(printed) == SCHEMA, "run make schemas"
    assert printed == (ROOT / "schemas/timeline.schema.json").read_bytes()


def test_schemas_are_sound_and_examples_keep_them():
    assert check_schemas.check(check_schemas.examples()) == []


def test_every_type_of_line_has_an_example():
    assert {line["type"] for line in EXAMPLES.values()} == set(TYPES)


def test_patterns_mean_the_same_everywhere():
    """POSIX and ECMA expressions differ in escapes and classes."""
    patterns = re.findall(r'"pattern": "([^"]*)"', json.dumps(SCHEMA))
    assert patterns
    for pattern in patterns:
        assert re.fullmatch(r"\^[^\\$]*\$", pattern), pattern
        assert "(?" not in pattern


def test_unknown_types_and_keys_are_no_mistake():
    line = {"type": "of_tomorrow", "seq": 1, "ts_ns": 5, "new": [1.5, None]}
    assert VALIDATOR.is_valid(line)
    assert validate(trace_of(line)).status == 0
    line = dict(EXAMPLES["ioctl-create-vcpu"], guest={"mode": "long"})
    assert VALIDATOR.is_valid(line)


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.parent.name)
def test_golden_traces_are_valid(path):
    result = run(KVMTRACE, "validate", path)
    assert result.status == 0, result
    assert result.stdout.startswith(str(path).encode() + b": valid, ")
    assert check_schemas.check([path]) == []


# What a value is replaced by; None stands for leaving the key out.
INSTEAD = [None, "", "x", "0x", "0X1", "0x01", "0xffffffffffffffffff", "0xa",
           "KVM_RUN", "KVM_EXIT_MMIO", "EINVAL", -1, 0, 1, 7, 256, 2**31, 2**33,
           1.5, 3.0, True, False, [], {}, [0], [{}], {"x": 1}, "SIGINT",
           "\x00\x7f\u00ff", "not_kvm", "user"]


def places(value, path=()):
    """Every place in a line, as paths of keys and indexes."""
    if path:
        yield path
    inner = (value.items() if isinstance(value, dict) else
             enumerate(value) if isinstance(value, list) else ())
    for key, member in inner:
        yield from places(member, path + (key,))


def spoil(line, path, instead):
    line = copy.deepcopy(line)
    holder = line
    for key in path[:-1]:
        holder = holder[key]
    if instead is not None:
        holder[path[-1]] = instead
    else:
        del holder[path[-1]]
    return line


def spoiled_lines(line):
    for path in places(line):
        if path in (("type",), ("seq",)):
            continue
        for instead in INSTEAD:
            yield spoil(line, path, instead)


def sample(name, count):
    """Some of the spoiled lines, half of them wrong ones where possible."""
    lines = list(spoiled_lines(EXAMPLES[name]))
    random.Random(name).shuffle(lines)
    verdicts = [(line, VALIDATOR.is_valid(line)) for line in lines[:8 * count]]
    good = [line for line, is_good in verdicts if is_good][:count // 2]
    bad = [line for line, is_good in verdicts if not is_good]
    return good, bad[:count - len(good)]


NAMES = [name for name, line in EXAMPLES.items()
         if not line["type"].startswith("trace_")]


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_agree(name):
    good, bad = sample(name, 20)
    assert good and bad
    assert validate(trace_of(*good)).status == 0
    for line in bad:
        result = validate(trace_of(line))
        assert result.status == 1, line
        assert result.stdout.startswith(b"-:2: "), result


@pytest.mark.parametrize("line, pointer, expected", [
    (dict(EXAMPLES["ioctl-create-vcpu"], on="kvm"), b"/on", b"one of"),
    (spoil(EXAMPLES["ioctl-create-vcpu"], ("flow", 3, "box"), "x"),
     b"/flow/3/box", b'must be "driver_operation"'),
    (spoil(EXAMPLES["ioctl-set-sregs"], ("in", "cr3"), 8192), b"/in/cr3",
     b'of type "string"'),
    (spoil(EXAMPLES["ioctl-create-vcpu"], ("ret",), None), b"the line",
     b'must have the key "ret"'),
    (dict(EXAMPLES["ioctl-create-vcpu"], exit={}), b"/exit",
     b"must not be there"),
    (dict(EXAMPLES["ioctl-failed"], ret=0), b"/ret", b"must be -1"),
], ids=range(6))
def test_problems_say_where_and_what(line, pointer, expected):
    assert not VALIDATOR.is_valid(line)
    said = validate(trace_of(line)).stdout.splitlines()
    assert any(sentence.startswith(b"-:2: " + pointer + b": ")
               and expected in sentence for sentence in said), said


GOOD = trace_of(EXAMPLES["ioctl-create-vcpu"])


@pytest.mark.parametrize("raw, said", [
    (GOOD.replace(b'"seq": 1,', b'"seq": 2,', 1), b"/seq"),
    (GOOD.replace(b'"events": 2,', b'"events": 9,', 1), b"/events"),
    (GOOD.replace(b'"type": "trace_start"', b'"type": "later"'), b"/type"),
    (GOOD + GOOD.splitlines()[2] + b"\n", b"behind trace_end"),
    (trace_of(START), b"/type"),
    (GOOD.replace(b"kvmtrace/1", b"kvmtrace/1x", 1), b"/schema"),
    (b"5\n" + GOOD, b'of type "object"'),
], ids=range(7))
def test_what_no_single_line_shows(raw, said):
    result = validate(raw)
    assert result.status == 1, result
    assert said in result.stdout


@pytest.mark.parametrize("raw, said", [
    (b"", b"incomplete"),
    (GOOD[:GOOD.rindex(b'{"type"')], b"incomplete"),
    (GOOD[:-20], b"line 3: not JSON, or cut off"),
    (b"[" * 100000 + b"\n", b"line 1: not JSON"),
    (b"\xff\xfe\n", b"line 1: not JSON"),
    (GOOD.replace(b'"fd"', b'"fd":3,"fd"', 1), b"line 2: not JSON"),
    (GOOD.replace(b'"ts_ns": ', b'"ts_ns": 99999999999999999999', 1),
     b"line 1: not JSON"),
    (GOOD.replace(b"kvmtrace/1", b"kvmtrace/2", 1), b"kvmtrace/1 only"),
    (b"\n" + GOOD, b"line 1: not JSON"),
], ids=range(9))
def test_trouble_is_told_apart(raw, said):
    result = validate(raw)
    assert result.status == 2, result
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_line_has_its_limit(tmp_path):
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)
    result = run(KVMTRACE, "validate", path)
    assert result.status == 2
    assert b"longer than 64 MiB" in result.stderr


def test_trouble_with_files():
    for name in ("no/such/file", str(ROOT)):
        result = run(KVMTRACE, "validate", name)
        assert result.status == 2
        assert name.encode() in result.stderr
    assert run(KVMTRACE, "validate").status == 2
    assert run(KVMTRACE, "validate", "a", "b").status == 2
    assert run(KVMTRACE, "schema", "no-such").status == 2


def test_twenty_problems_are_enough():
    result = validate(b'{"type":"ioctl"}\n' * 40 + GOOD)
    lines = result.stdout.splitlines()
    assert result.status == 1
    assert len(lines) == 21
    assert re.fullmatch(rb"-: and \d+ more", lines[-1])


def test_a_hostile_trace_writes_nothing_raw_to_a_terminal():
    counts = dict(END["counts"], exit={"\x1b]0;x\x07/~\u00e9": 0})
    lines = [START, dict(END, seq=1, events=1, counts=counts)]
    result = validate("\n".join(json.dumps(line, ensure_ascii=False)
                                for line in lines).encode())
    assert result.status == 1
    assert b"/counts/exit/?]0;x?~1~0??: must be at least 1" in result.stdout
    assert not re.search(rb"[^\n -~]", result.stdout)
