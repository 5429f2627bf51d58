"""A timeline as the tests see it: read, checked against what schemas/ and the
format's rules say of every timeline, and searched.

The checks are written from the specification, not from kvmtrace's source.
"""
import json
import re

from pathlib import Path

import jsonschema

SCHEMA = json.loads((Path(__file__).resolve().parent.parent /
                     "schemas/timeline.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
VALIDATED = set()

HEX = re.compile(r"0x(0|[1-9a-f][0-9a-f]{0,15})")
HEX_BYTES = re.compile(r"([0-9a-f]{2})*")
IOCTL_KEYS = ("type seq ts_ns dur_ns pid tid name cmd fd on vm vcpu device "
              "run_index arg in out unfinished injected ret errno exit guest "
              "flow caller notes").split()
ROLES = set("system vm vcpu device guest_memfd stats not_kvm".split())
BOXES = ("user_application syscall_handler ioctl_handler driver_operation "
         "ioctl_handler user_application").split()
SPACES = "user kernel kernel kernel kernel user".split()


def no_twins(pairs):
    """For the JSON reader: an object that has a key twice is refused."""
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
    return dict(pairs)


def no_constant(name):
    raise AssertionError(f"{name} is not JSON")


def read_line(raw):
    assert raw.isascii(), f"not ASCII: {raw!r}"
    assert not re.search(rb"[\x00-\x1f\x7f]", raw), f"raw control: {raw!r}"
    return json.loads(raw, object_pairs_hook=no_twins,
                      parse_constant=no_constant)


def check_values(value, key=""):
    """SPEC section 3, on every value at any depth."""
    if isinstance(value, dict):
        for name, member in value.items():
            check_values(member, name)
    elif isinstance(value, list):
        for member in value:
            check_values(member, key)
    elif isinstance(value, str) and key.endswith("_hex"):
        assert HEX_BYTES.fullmatch(value), f"{key}: {value!r}"
    elif isinstance(value, str) and value.startswith("0x"):
        assert HEX.fullmatch(value) or key == "text", f"{key}: {value!r}"
    elif isinstance(value, int) and key not in ("seq", "ts_ns", "dur_ns"):
        assert -2**31 <= value < 2**53, f"{key}: {value} is too wide"
    else:
        assert not isinstance(value, float), f"{key}: {value}"


# Any whole number from 0, or any text, is as good as another there.
FREE_NUMBERS = set("seq ts_ns dur_ns pid tid run_index run_seq from_seq to_seq "
                   "line child events stops".split())
FREE_TEXTS = set("text file symbol object ip offset arg".split())


def outline(value, key=""):
    """The line without what makes lines differ that are equal to a schema."""
    if isinstance(value, dict):
        return {name: outline(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [outline(member, key) for member in value]
    if key in FREE_NUMBERS and type(value) is int and value >= 0:
        return 0
    if key in FREE_TEXTS and isinstance(value, str) and value:
        return "0x0" if HEX.fullmatch(value) else "text"
    return value


def validate(line):
    """By the schema; once only for lines that it can't tell apart, as the
    validator takes milliseconds for each."""
    key = json.dumps(outline(line))
    if key not in VALIDATED:
        VALIDATOR.validate(line)
        VALIDATED.add(key)


def check_flow(line):
    """SPEC section 5: six steps; where the call failed, who refused it."""
    flow = line["flow"]
    assert [step["step"] for step in flow] == [1, 2, 3, 4, 5, 6]
    assert [step["box"] for step in flow] == BOXES
    assert [step["space"] for step in flow] == SPACES
    assert all(step["text"] for step in flow)
    refused = [step["step"] for step in flow if step.get("refused")]
    assert len(refused) == (1 if "errno" in line else 0), line
    if line.get("errno") == "ENOTTY" and line["name"] != "unknown" and \
            "on" in line:
        assert refused == [3], line


ADDRESS = 0xffffffffff000       # of a table, in an entry


def check_walk(guest):
    """Each entry leads to the next table, the last one to the page."""
    steps = guest["page_tables"]
    for step, below in zip(steps, steps[1:]):
        assert int(step["entry"], 16) & ADDRESS == int(below["table"], 16)
        assert step["level"] == below["level"] + 1
        assert "P" in step["flags_names"]
    for step in steps:
        if not step.get("in_register"):
            size = 8 if guest["mode"] != "paged32" else 4
            assert int(step["address"], 16) == \
                int(step["table"], 16) + step["index"] * size
    if "page_size" in guest:
        size = int(guest["page_size"], 16)
        gva, gpa = (int(guest["entry"][key], 16) for key in ("gva", "gpa"))
        assert gva % size == gpa % size and steps[-1]["level"] < 4


def check_guest(guest):
    """SPEC section 6: addresses agree with the slots and the tables."""
    entry = guest.get("entry", {})
    if "hva" in entry:
        slot, = [slot for slot in guest["memory"]
                 if slot["slot"] == entry["slot"]]
        offset = int(entry["gpa"], 16) - int(slot["gpa"], 16)
        assert 0 <= offset < int(slot["size"], 16)
        assert int(entry["hva"], 16) == int(slot["hva"], 16) + offset
    if "hpa" in entry:
        assert int(entry["hpa"], 16) % 4096 == int(entry["hva"], 16) % 4096
    assert ("gpa" in entry) or "fault" in guest or not entry
    if "page_tables" in guest:
        check_walk(guest)
    if guest.get("mode") in ("real", "protected"):
        assert not {"page_tables", "page_size", "mapped"} & set(guest)


def check_ioctl(line):
    """SPEC section 4: the keys of a call, in their order."""
    order = [IOCTL_KEYS.index(key) for key in line if key in IOCTL_KEYS]
    assert order == sorted(order), f"keys out of order: {list(line)}"
    if "on" in line:
        assert line["on"] in ROLES
    else:
        assert "unreadable-descriptor" in \
            [note["code"] for note in line["notes"]], line
    assert HEX.fullmatch(line["cmd"]) and int(line["cmd"], 16) < 2**32
    assert line["name"] == "unknown" or line["name"].startswith("KVM_")
    assert ("ret" in line) != bool(line.get("unfinished")), line
    assert ("errno" in line) == (line.get("ret") == -1), line
    if line.get("on") in ("system", "not_kvm"):
        assert "vm" not in line and "vcpu" not in line, line
    if "guest" in line:
        check_guest(line["guest"])
    if "exit" in line:
        assert line["name"] == "KVM_RUN", line
        assert line["ret"] == 0 or line["errno"] == "EFAULT" or \
            (line["errno"] == "EINTR" and
             line["exit"]["reason"] == "KVM_EXIT_INTR"), line
    if "flow" in line:
        check_flow(line)


class Timeline:
    """The lines of a trace. is_whole: it has its end; is_filtered: options
    left out lines, so that counts and references can't be followed."""

    def __init__(self, raw, is_whole=True, is_filtered=False):
        assert raw.endswith(b"\n"), f"cut off: {raw[-80:]!r}"
        self.lines = [read_line(line) for line in raw[:-1].split(b"\n")]
        self.start, self.end = self.lines[0], self.lines[-1]
        self.check(is_whole, is_filtered)

    @classmethod
    def of_array(cls, raw):
        """Of --format json: one array."""
        lines = json.loads(raw)
        return cls(b"".join(json.dumps(line).encode() + b"\n"
                            for line in lines))

    def check(self, is_whole, is_filtered):
        for number, line in enumerate(self.lines):
            validate(line)
            check_values(line)
            assert line["seq"] == number, f"line {number} has {line['seq']}"
            assert line["ts_ns"] >= 0
            if line["type"] == "ioctl":
                check_ioctl(line)
        types = [line["type"] for line in self.lines]
        assert types[0] == "trace_start" and "trace_start" not in types[1:]
        assert self.start["schema"] == "kvmtrace/1"
        assert "trace_end" not in types[:-1]
        if is_whole:
            assert types[-1] == "trace_end", "it has no end"
            assert self.end["events"] == self.end["seq"]
        if is_whole and not is_filtered:
            self.check_counts()
        if not is_filtered:
            self.check_runs()
            self.check_consoles()

    def check_counts(self):
        """The last line sums up what stands above it."""
        counts = self.end["counts"]
        calls = self.calls()
        assert not self.end["truncated"] and self.end["dropped"] == 0
        assert counts["ioctl"] == tally(line["name"] for line in calls)
        assert counts["exit"] == tally(line["exit"]["reason"]
                                       for line in calls if "exit" in line)
        assert counts["errors"] == sum("errno" in line for line in calls)

    def check_runs(self):
        """Each vCPU's runs are counted from 1; reads are completed."""
        last = {}
        for line in self.calls("KVM_RUN", on="vcpu"):
            key = line.get("vm"), line["vcpu"]
            assert line["run_index"] == last.get(key, 0) + 1, line
            last[key] = line["run_index"]
            completes = line.get("in", {}).get("completes")
            if completes:
                read = self.lines[completes["seq"]]
                assert read["seq"] < line["seq"]
                assert (read.get("vm"), read["vcpu"]) == key
                assert "exit" in read

    def check_consoles(self):
        """A console's line is made of port writes that stand before it."""
        for line in self.of_type("console"):
            assert line["from_seq"] <= line["to_seq"] < line["seq"]
            for number in (line["from_seq"], line["to_seq"]):
                port = self.lines[number]["exit"]["io"]["port"]
                assert port == line["port"]

    def of_type(self, kind, **like):
        return [line for line in self.lines
                if line["type"] == kind and is_like(line, like)]

    def calls(self, name=None, **like):
        """The ioctl lines with that name and those values."""
        return [line for line in self.of_type("ioctl", **like)
                if name in (None, line["name"])]

    def call(self, name, **like):
        """The only such call."""
        found = self.calls(name, **like)
        assert len(found) == 1, f"{len(found)} times {name} {like}"
        return found[0]

    def syscalls(self, name, **like):
        return self.of_type("syscall", name=name, **like)

    def processes(self, event, **like):
        return self.of_type("process", event=event, **like)

    def exits(self, **like):
        return [line["exit"] for line in self.calls("KVM_RUN", **like)
                if "exit" in line]

    def reasons(self, **like):
        """Exit reasons without their prefix, in order."""
        return [end["reason"].replace("KVM_EXIT_", "")
                for end in self.exits(**like)]

    def written(self, port, **like):
        """The bytes that a guest wrote to a port, by its exits."""
        return b"".join(bytes.fromhex(end["io"]["data_hex"])
                        for end in self.exits(**like)
                        if "io" in end and end["io"]["port"] == port
                        and end["io"]["direction"] == 1)

    def notes(self):
        return {note["code"] for line in self.calls()
                for note in line.get("notes", ())}


def is_like(line, wanted):
    return all(line.get(key) == value for key, value in wanted.items())


def tally(names):
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def refused_step(line):
    """Which of the six steps refused the call."""
    return [step["step"] for step in line["flow"] if step.get("refused")][0]
