"""The tables of tracer/abi against what is known of KVM from elsewhere
(tests/abi/README.md) and against the headers of this machine; and what each
row decodes of fixed bytes, against a golden file.

Nothing may be missing without a reason in tests/abi/left-out.tsv, and what
stands there must be missing.
"""
import csv
import difflib
import fnmatch
import functools
import json
import math
import os
import re

import jsonschema
import pytest

import check_schemas
from tracing import BUILD, ROOT, run

DATA = ROOT / "tests/abi"
GOLDEN = ROOT / "tests/golden-rows/rows.jsonl"
GOLDEN_BYTES_MAX = 2 << 20
EXITS = 44

# In the headers these are numbers of bits, in the tables the bits themselves;
# and parts of a register's id, which the tables have in their places.
BIT_NUMBERS = ("KVM_FEATURE_", "KVM_HINTS_")
KVM_X86_REG_TYPE_KVM = 3
IN_PLACE = {
    "KVM_X86_REG_TYPE_MSR": 2 << 32,
    "KVM_X86_REG_TYPE_KVM": KVM_X86_REG_TYPE_KVM << 32,
    "KVM_REG_GUEST_SSP": KVM_X86_REG_TYPE_KVM << 32 | 0,
}


def read_table(name):
    with open(DATA / name, encoding="ascii", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


class Tables:
    """What abi_dump prints."""

    def __init__(self):
        result = run(BUILD / "tests/abi_dump")
        assert result.status == 0, result
        self.__dict__.update(json.loads(result.stdout))

    def requests(self):
        found = {}
        for row in self.ioctls:
            found.setdefault((row["name"], row["request"]), []).append(row)
        return found

    def constants(self):
        """Name -> its values: one for each family that has it."""
        found = {}
        for family in self.names:
            for name, value in family["list"]:
                found.setdefault(name, set()).add(value)
        for row in self.exits:
            found.setdefault(row["name"], set()).add(row["code"])
        return found

    def members(self, shape, base=0):
        """Each (name, offset, bytes of one, count), inner structures' too."""
        for field in shape["fields"]:
            at = base + field["offset"]
            yield field["name"], at, field["size"], field["count"]
            if field["is_pointer"]:
                continue
            if "type" in field:
                yield from self.members(self.types[field["type"]], at)
            for arm in field.get("arms", ()):
                if "type" in arm:
                    inner = self.types[arm["type"]]
                    yield arm["name"], at, inner["size"], 1
                    yield from self.members(inner, at)


@functools.cache
def tables():
    return Tables()


class LeftOut:
    """The reasons of one kind, by patterns of names."""

    def __init__(self, kind):
        self.patterns = {row["name"] for row in read_table("left-out.tsv")
                         if row["kind"] == kind}
        self.used = set()

    def matching(self, name):
        return {pattern for pattern in self.patterns
                if fnmatch.fnmatchcase(name, pattern)}

    def excuses(self, name):
        """Is there a reason for this missing one? It has been used then."""
        self.used |= self.matching(name)
        return bool(self.matching(name))

    def unused(self):
        return [f"{pattern}: is left out, but nothing of it is missing"
                for pattern in sorted(self.patterns - self.used)]


def report(problems):
    assert not problems, "\n" + "\n".join(problems)


# Ioctls

def flow_of(data_flow):
    """What the kernel does, targets of pointers included."""
    if "writes" in data_flow or "in or out" in data_flow:
        return "inout"
    word = re.match("[a-z]+", data_flow)[0]
    return "none" if word == "value" else word


def ioctl_problems(fact, rows, left_out):
    name = fact["name"]
    roles = {role for row in rows for role in row["roles"]}
    if roles != set(fact["fd"].split(",")):
        yield f"{name}: is for {roles}, not {fact['fd']}"
    for row in rows:
        if row["flow"] != flow_of(fact["data_flow"]):
            yield f"{name}: flow {row['flow']}, not {fact['data_flow']}"
        if row["is_value"] != (fact["data_flow"] == "value"):
            yield f"{name}: its argument is {fact['arg']}"
        if "type" in row:
            size = tables().types[row["type"]]["size"]
            if size != int(fact["size"]) and not left_out.excuses(name):
                yield f"{name}: {size} bytes, not {fact['size']}"
        elif "*" in fact["arg"] and re.search(r"\ball\b|x86", fact["archs"]):
            yield f"{name}: {fact['arg']} is not described"


def test_every_ioctl_is_in_the_tables():
    requests = tables().requests()
    facts = read_table("ioctls.tsv")
    left_out = LeftOut("ioctl-size")
    problems = []
    for fact in facts:
        rows = requests.get((fact["name"], int(fact["request"], 16)))
        problems += (ioctl_problems(fact, rows, left_out) if rows else
                     [f"{fact['name']} {fact['request']} is missing"])
    assert len(facts) > 160
    report(problems + left_out.unused())


def test_no_ioctl_is_made_up():
    known = {fact["name"] for fact in read_table("ioctls.tsv")}
    assert {row["name"] for row in tables().ioctls} <= known


# Members of structures

def last_name(path):
    """entries[].function -> function"""
    return re.sub(r"\[.*", "", path.split(".")[-1])


def count_of(text):
    return math.prod(int(part) for part in text.split("x"))


def is_member(fact, members):
    """The same bytes by the same name; an array may be shown as one value."""
    name, offset = last_name(fact["field"]), int(fact["offset"])
    size, count = int(fact["size"]), count_of(fact["count"])
    return any(found[0] == name and found[1] == offset and
               (found[2:] == (size, count) or count and
                found[2] * found[3] == size * count and
                (found[2] == 1 or found[3] == 1 or "x" in fact["count"]))
               for found in members)


def test_every_exit_is_in_the_tables():
    exits = {row["name"]: row for row in tables().exits}
    around = [member for shape in tables().run
              for member in tables().members(shape)]
    left_out = LeftOut("exit-field")
    problems, codes = [], set()
    for fact in read_table("exits.tsv"):
        row, members = exits.get(fact["exit"]), around
        if fact["number"]:
            assert row, f"{fact['exit']} is missing"
            assert row["code"] == int(fact["number"]), fact["exit"]
            codes.add(row["code"])
            members = list(tables().members(tables().types[row["type"]])
                           if "type" in row else ())
        if not fact["field"]:
            if members:
                problems.append(f"{fact['exit']} has no members")
        elif not is_member(fact, members) and \
                not left_out.excuses(f"{fact['exit']}.{fact['field']}"):
            problems.append(f"{fact['exit']}: {fact['field']} is missing")
    assert codes == set(range(EXITS)) == {row["code"] for row in exits.values()}
    report(problems + left_out.unused())


def test_every_field_is_in_the_tables():
    """A structure may have several rows: any of them, all of one size."""
    shapes, left_out, problems = {}, LeftOut("field"), []
    for shape in tables().types:
        sizes, members = shapes.setdefault(shape["name"], (set(), set()))
        sizes.add(shape["size"])
        members.update(tables().members(shape))
    for fact in read_table("fields.tsv"):
        name = f"{fact['struct']}.{fact['field']}"
        sizes, members = shapes.get(fact["struct"], (set(), set()))
        missing = not is_member(fact, members) or \
            int(fact["struct_size"]) not in sizes
        if missing and not left_out.excuses(name):
            problems.append(f"{name} is missing or lies elsewhere")
        elif not missing and left_out.matching(name):
            problems.append(f"{name} is left out, but there")
    report(problems + left_out.unused())


# Constants and headers

def value_of(fact):
    name, value = fact["name"], int(fact["value"])
    if name in IN_PLACE:
        return IN_PLACE[name]
    return 1 << value if name.startswith(BIT_NUMBERS) else value


def defined_names():
    """Of this machine's headers: ioctls, exits and capabilities."""
    result = run(os.environ.get("CC", "gcc"), "-dM", "-E", "-x", "c", "-",
                 input=b"#include <linux/kvm.h>\n#include <asm/kvm.h>\n")
    assert result.status == 0, result
    for name, text in re.findall(r"^#define (KVM_\w+) (.*)$",
                                 result.stdout.decode(), re.MULTILINE):
        if name.startswith(("KVM_EXIT_", "KVM_CAP_")):
            yield name
        elif re.search(r"\bKVMIO\b", text):
            yield name


def test_every_constant_is_in_the_tables():
    """Those of the facts and of this machine's headers."""
    constants, left_out = tables().constants(), LeftOut("constant")
    known = set(constants) | {row["name"] for row in tables().ioctls}
    problems = []
    for fact in read_table("constants.tsv"):
        name = fact["name"]
        if name not in constants:
            if not left_out.excuses(name):
                problems.append(f"{name} = {fact['value']} is missing")
        elif value_of(fact) not in constants[name]:
            problems.append(f"{name} is {fact['value']}, not "
                            f"{constants[name]}")
    scraped = set(defined_names())
    assert len(scraped) > 300
    problems += [f"{name} of <linux/kvm.h> is missing"
                 for name in sorted(scraped - known)
                 if not left_out.excuses(name)]
    problems += [f"{name} is left out, but there" for name in sorted(known)
                 if left_out.matching(name)]
    report(problems + left_out.unused())


def test_every_reason_is_given():
    rows = read_table("left-out.tsv")
    assert {row["kind"] for row in rows} <= {"ioctl-size", "exit-field",
                                             "field", "constant"}
    assert all(len(row["reason"]) > 10 for row in rows)
    names = [(row["kind"], row["name"]) for row in rows]
    assert len(set(names)) == len(names)


# What rows decode

@functools.cache
def golden_lines():
    result = run(BUILD / "tests/golden_rows")
    assert result.status == 0, result
    return result.stdout


def parsed():
    return [json.loads(line) for line in golden_lines().splitlines()]


def test_rows_decode_as_before():
    """UPDATE_GOLDEN=1 writes the file: read the difference."""
    found = golden_lines()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_bytes(found)
    wanted = GOLDEN.read_bytes()
    assert len(wanted) < GOLDEN_BYTES_MAX
    assert found == wanted, "\n".join(
        line[:2000] for line in difflib.unified_diff(
            wanted.decode().splitlines(), found.decode().splitlines(),
            "expected", "found", n=0, lineterm=""))


def test_every_row_is_decoded():
    lines = parsed()
    assert {(line["name"], line["cmd"], tuple(line["roles"]))
            for line in lines if "name" in line} == {
                (row["name"], hex(row["request"]), tuple(row["roles"]))
                for row in tables().ioctls}
    assert {line["reason"] for line in lines if "reason" in line} == {
        row["name"] for row in tables().exits}


def test_every_row_is_in_the_schema():
    schema = check_schemas.load()
    whole = jsonschema.Draft7Validator(schema)
    for row in tables().ioctls + tables().exits:
        assert row["name"] in schema["definitions"]
    for line in parsed():
        if "struct" in line:
            continue
        name = line.get("name") or line["reason"]
        validator = whole.evolve(schema={"$ref": f"#/definitions/{name}"})
        for role in line.get("roles", [None]):
            problem = next(validator.iter_errors(dict(line, on=role)), None)
            assert problem is None, (name, role, problem)
