"""kvmtrace diff: what is the same, and what differs, said once.

The traces are recorded ones (tests/golden) with one thing changed, and made
ones of several threads and vCPUs; tests/live/test_compare.py has live ones.
"""
import copy
import json
import random

import jsonschema
import pytest

from tracing import KVMTRACE, ROOT, run, start

SCHEMA = json.loads((ROOT / "schemas/diff.schema.json").read_text())
HV = ROOT / "tests/golden/hv-long/trace.jsonl"
NAMES = sorted(path.parent.name for path in
               (ROOT / "tests/golden").glob("*/trace.jsonl"))


def read(name="hv-long"):
    path = ROOT / "tests/golden" / name / "trace.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def dump(lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def renumber(lines):
    """As the tracer would have numbered them; references follow."""
    numbers = {line["seq"]: number for number, line in enumerate(lines)}
    for number, line in enumerate(lines):
        line["seq"] = number
        for key in ("from_seq", "to_seq", "run_seq"):
            if key in line:
                line[key] = numbers.get(line[key], line[key])
    if lines[-1]["type"] == "trace_end":
        lines[-1]["events"] = len(lines) - 1
    return lines


@pytest.fixture
def diff(tmp_path):
    """diff(expected, actual, *options): the JSON result, checked; lines may
    be given as bytes."""
    def compare(expected, actual, *options):
        paths = []
        for name, lines in (("expected", expected), ("actual", actual)):
            path = tmp_path / f"{name}.jsonl"
            path.write_bytes(lines if isinstance(lines, bytes)
                             else dump(lines))
            paths.append(path)
        done = run(KVMTRACE, "diff", "--format", "json", *options, *paths)
        result = json.loads(done.stdout)
        jsonschema.validate(result, SCHEMA)
        statuses = {"same": 0, "different": 1, "incomplete": 2}
        assert done.status == statuses[result["verdict"]], done
        assert (result["verdict"] == "same") == \
            (result["alike_permille"] == 1000)
        text = run(KVMTRACE, "diff", *options, *paths)
        assert text.status == done.status and text.stdout.isascii()
        assert text.stdout.startswith(result["verdict"].encode() + b": ")
        for difference in result["differences"]:
            if len(difference.get("fields", ())) < 3:
                assert difference["text"].encode() in text.stdout
        return result
    return compare


def only(result):
    """The one difference."""
    assert result["verdict"] == "different", result
    assert result["differences_total"] == 1, result["differences"]
    return result["differences"][0]


def find(lines, name, nth=0):
    return [line for line in lines if line.get("name") == name][nth]


def exits(lines, reason):
    return [line for line in lines
            if line.get("exit", {}).get("reason") == reason]


# The same


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_is_the_same_as_itself(name, diff):
    assert diff(read(name), read(name))["verdict"] == "same"


def shift_address(text, by):
    return hex(int(text, 16) + by)


def run_again(lines):
    """What another run of the same program gives: nothing else."""
    lines = copy.deepcopy(lines)
    tids = {}
    for line in lines:
        line["ts_ns"] += 5 * line["seq"]
        for key in ("pid", "tid", "child"):
            if key in line:
                line[key] = tids.setdefault(line[key], 4000 - len(tids))
        if "dur_ns" in line:
            line["dur_ns"] += 17
        if "fd" in line:
            line["fd"] += 40
        if "made" in line:
            line["made"]["fd"] += 40
            line["ret"] += 40
        if line.get("name") == "openat" and line["ret"] >= 0:
            line["ret"] += 40
        if line.get("name") == "mmap":
            line["ret"] = shift_address(line["ret"], 0x7000)
            line["in"]["length"] = "0x5000"
        if line.get("name") == "munmap":
            line["in"].update(addr="0x7fff0000", length="0x5000")
        if line.get("name") == "KVM_SET_USER_MEMORY_REGION":
            line["in"]["userspace_addr"] = shift_address(
                line["in"]["userspace_addr"], 0x1230000)
        if line.get("name") in ("KVM_CHECK_EXTENSION",
                                "KVM_GET_VCPU_MMAP_SIZE"):
            line["ret"] += 8192
        if int(line.get("arg", "0x0"), 16) > 1 << 20:
            line["arg"] = shift_address(line["arg"], 0x330)
        if "caller" in line:
            line["caller"] = {"ip": "0x401234", "object": "hv-static"}
        for step in line.get("flow", ()):
            step["text"] = "another text"
        for note in line.get("notes", ()):
            note["text"] = "another text"
        if "guest" in line:
            line["guest"]["entry"]["hva"] = shift_address(
                line["guest"]["entry"]["hva"], 0x1230000)
            for slot in line["guest"]["memory"]:
                slot["hva"] = shift_address(slot["hva"], 0x1230000)
    lines[0].update(argv=["/elsewhere/hv"], engine="inprocess",
                    start_time="2027-01-01T00:00:00.000000000Z",
                    host={"kernel": "7.0", "cpu_vendor": "GenuineIntel",
                          "kvm": "kvm_intel"})
    return lines


@pytest.mark.parametrize("name", ["hv-long", "hv-real", "mmio", "shutdown",
                                  "string-io", "two-vms"])
def test_what_a_run_gives_anew_is_masked(name, diff):
    assert diff(read(name), run_again(read(name)))["verdict"] == "same"


def test_another_caller_and_no_flow_are_the_same(diff):
    lines = read()
    for line in lines:
        line.pop("flow", None)
        line.pop("caller", None)
        line.pop("guest", None)
    assert diff(read(), lines)["verdict"] == "same"


def test_the_order_of_keys_is_free(diff):
    lines = [json.loads(json.dumps(line, sort_keys=True)) for line in read()]
    assert diff(read(), lines)["verdict"] == "same"
    lines = [dict(reversed(line.items())) for line in read()]
    assert diff(read(), lines)["verdict"] == "same"


def test_numbers_of_lines_that_were_cut_out_are_no_difference(diff):
    lines = read()
    for line in lines:
        line["seq"] += 1000
    assert diff(read(), lines)["verdict"] == "same"


def test_other_forms_of_a_trace(diff, tmp_path):
    """The array of --format json, CRLF, spaces, escapes."""
    lines = [json.dumps(line).encode() for line in read()]
    array = b"[" + b"\n,".join(lines) + b"\n]\n"
    assert diff(read(), array)["verdict"] == "same"
    assert diff(read(), b"\r\n".join(lines) + b"\r\n")["verdict"] == "same"
    spaced = [b" " + json.dumps(line, separators=(" ,\t", " : ")).encode()
              for line in read()]
    assert diff(read(), b"\n".join(spaced) + b"\n")["verdict"] == "same"
    escaped = HV.read_bytes().replace(b'"Hello', b'"\\u0048\\u0065llo')
    assert escaped != HV.read_bytes()
    assert diff(read(), escaped)["verdict"] == "same"


def test_standard_input_and_pipes(tmp_path):
    for arguments in (("-", HV), (HV, "-")):
        done = run(KVMTRACE, "diff", *arguments, input=HV.read_bytes())
        assert (done.status, done.stdout) == (0, b"same: 35 events\n"), done
    with HV.open("rb") as file:
        done = run(KVMTRACE, "diff", "-", HV, stdin=file)
    assert done.status == 0, done
    done = run("bash", "-c", f"{KVMTRACE} diff <(cat {HV}) <(cat {HV})")
    assert done.status == 0, done


# Different, in one thing


def test_a_bit_of_cr4(diff):
    lines = read()
    event = find(lines, "KVM_SET_SREGS")
    event["in"]["cr4"] = "0x620"
    event["in"]["cr4_names"] = ["PAE", "OSFXSR", "OSXMMEXCPT"]
    difference = only(diff(lines, read()))
    assert difference["kind"] == "changed"
    assert difference["expected"] == difference["actual"] == \
        {"seq": event["seq"]}
    assert difference["fields"] == [
        {"path": ".in.cr4", "expected": "0x620", "actual": "0x20"}]
    assert difference["text"] == "KVM_SET_SREGS on vm0/vcpu0: cr4 is 0x20 " \
        "(PAE), expected 0x620 (PAE OSFXSR OSXMMEXCPT)"


def test_the_size_of_a_slot(diff):
    lines = read()
    event = find(lines, "KVM_SET_USER_MEMORY_REGION")
    event["in"]["memory_size"] = "0x100000"
    for line in lines:
        for slot in line.get("guest", {}).get("memory", ()):
            slot["size"] = "0x100000"
    difference = only(diff(read(), lines))
    assert difference["fields"] == [{"path": ".in.memory_size",
                                     "expected": "0x200000",
                                     "actual": "0x100000"}]


@pytest.mark.parametrize("name", ["KVM_GET_API_VERSION", "KVM_SET_TSS_ADDR",
                                  "KVM_SET_USER_MEMORY_REGION",
                                  "KVM_SET_SREGS", "mmap", "KVM_GET_REGS"])
def test_a_call_is_missing_or_not_expected(name, diff):
    lines = read()
    gone = find(lines, name)
    lines.remove(gone)
    for fewer in (renumber(copy.deepcopy(lines)), lines):
        difference = only(diff(read(), fewer))
        assert difference["kind"] == "missing"
        assert difference["event"].startswith(f"{name} on ")
        assert difference["expected"] == {"seq": gone["seq"]}
        assert difference["actual"] == {"after_seq": gone["seq"] - 1}
    difference = only(diff(renumber(lines), read()))
    assert difference["kind"] == "extra"
    assert difference["actual"] == {"seq": gone["seq"]}


@pytest.mark.parametrize("seq", [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13])
def test_the_order_of_two_calls(seq, diff):
    """Neighbours that are not equal, on the same object or not."""
    lines = read()
    lines[seq], lines[seq + 1] = lines[seq + 1], lines[seq]
    difference = only(diff(read(), renumber(lines)))
    assert difference["kind"] == "moved"
    assert sorted([difference["expected"]["seq"],
                   difference["actual"]["seq"]]) == [seq, seq + 1]
    assert ("comes after" in difference["text"] or
            "comes before" in difference["text"]), difference


def test_an_exit_more(diff):
    lines = read()
    event = copy.deepcopy(exits(lines, "KVM_EXIT_IO")[3])
    event["exit"]["io"].update(data_hex="3f", text="?")
    lines.insert(event["seq"] + 1, event)
    for number, line in enumerate(line for line in lines
                                  if line.get("name") == "KVM_RUN"):
        line["run_index"] = number + 1
    difference = only(diff(read(), renumber(lines)))
    assert difference["kind"] == "extra"
    assert difference["actual"] == {"seq": 16}
    assert 'KVM_EXIT_IO, port 0xe9 out 3f "?"' in difference["text"]


def change_byte(lines, nth=4):
    event = exits(lines, "KVM_EXIT_IO")[nth]
    event["exit"]["io"].update(data_hex="78", text="x")
    return event


@pytest.mark.parametrize("nth", range(14))
def test_a_wrong_byte_on_the_console(nth, diff):
    """The console's line follows from it."""
    lines = read()
    event = change_byte(lines, nth)
    console = next(line for line in lines if line["type"] == "console")
    text = list("Hello, world!\n")
    text[nth] = "x"
    console["text"] = "".join(text).rstrip("\n")
    result = diff(read(), lines)
    difference = only(result)
    assert [field["path"] for field in difference["fields"]] == \
        [".exit.io.data_hex"]
    assert difference["actual"] == {"seq": event["seq"]}
    assert result["following"] == (0 if console["text"] == "Hello, world!"
                                   else 1)


def test_a_console_line_alone(diff):
    """With --only console nothing else is there to tell it."""
    expected = [line for line in read() if line["type"] != "ioctl"]
    actual = copy.deepcopy(expected)
    next(line for line in actual
         if line["type"] == "console")["text"] = "Hello, word!"
    difference = only(diff(renumber(expected), renumber(actual)))
    assert difference["fields"][0]["actual"] == "Hello, word!"


def test_how_the_program_ends(diff):
    """The process's exit and the trace's end are one thing."""
    lines = read()
    lines[-1]["status"] = {"exited": 1}
    event = next(line for line in lines if line.get("event") == "exit")
    event["status"] = 1
    difference = only(diff(read(), lines))
    assert difference["text"] == "process exit of T1: status is 1, expected 0"


def test_a_call_that_fails(diff):
    lines = read()
    event = find(lines, "KVM_CREATE_VCPU")
    event.update(ret=-1, errno="EEXIST")
    event.pop("made")
    difference = only(diff(read(), lines))
    assert difference["text"].endswith(": errno is EEXIST, expected none")


def leaves(value, path=""):
    """The values in a line that stand for themselves."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not key.endswith(("_name", "_names")) and key != "text":
                yield from leaves(member, f"{path}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, f"{path}[{index}]")
    else:
        yield path


def set_leaf(line, path, change):
    *above, last = path.replace("[", ".").replace("]", "").split(".")[1:]
    for key in above:
        line = line[int(key) if isinstance(line, list) else key]
    last = int(last) if isinstance(line, list) else last
    line[last] = change(line[last])


def changed(value):
    if isinstance(value, str):
        return hex(int(value, 16) ^ 8) if value.startswith("0x") else \
            value + "0"
    return value + 1


@pytest.mark.parametrize("name", ["KVM_SET_SREGS", "KVM_SET_REGS",
                                  "KVM_CREATE_VM", "KVM_SET_TSS_ADDR",
                                  "KVM_CREATE_VCPU", "KVM_RUN"])
def test_each_value_of_a_call_counts(name, diff, tmp_path):
    original = find(read(), name)
    counted = [f".{part}{path}" for part in ("in", "exit")
               for path in leaves(original.get(part, {}))]
    counted.append(".errno" if "errno" in original else ".ret")
    for path in counted:
        lines = read()
        set_leaf(find(lines, name), path,
                 lambda value: -5 if path == ".ret" else changed(value))
        # The host's, the stack's, and another reading of the same bytes.
        if path.endswith(("data_offset", "padding_hex", "apic_base_gpa")):
            assert diff(read(), lines)["verdict"] == "same"
            continue
        result = diff(read(), lines)
        assert result["differences_total"] == 1, path
        assert [field["path"] for field in
                result["differences"][0]["fields"]] == [path]


@pytest.mark.parametrize("name", ["KVM_CREATE_IRQCHIP", "KVM_SET_CPUID2"])
def test_what_the_host_decides_can_be_unmasked(name, diff):
    lines = read("qemu-boot")
    for line in lines:
        if line.get("name") == "KVM_CHECK_EXTENSION" and line["ret"] == 1:
            line["ret"] = 2
    assert find(lines, name)
    assert diff(read("qemu-boot"), lines)["verdict"] == "same"
    result = diff(read("qemu-boot"), lines, "--unmask", "capabilities")
    assert sum(difference["count"] for difference in result["differences"]
               if difference["event"] == "KVM_CHECK_EXTENSION on kvm") > 5


def test_the_guest_view_counts_alone(diff):
    """A page table's entry stands nowhere else."""
    lines = read("hv-long")
    view = {"mode": "long", "entry": {"gva": "0x0", "hva": "0x0"},
            "memory": [], "page_tables": [{"level": 4, "entry": "0x3003"}]}
    find(lines, "KVM_RUN")["guest"] = copy.deepcopy(view)
    other = copy.deepcopy(lines)
    find(other, "KVM_RUN")["guest"]["page_tables"][0]["entry"] = "0x3001"
    assert only(diff(lines, other))["fields"] == [{
        "path": ".guest.page_tables[0].entry", "expected": "0x3003",
        "actual": "0x3001"}]
    # Of a trace without it nothing is claimed.
    find(other, "KVM_RUN").pop("guest")
    assert diff(lines, other)["verdict"] == "same"
    # What differs in the registers explains it.
    other = copy.deepcopy(lines)
    find(other, "KVM_RUN")["guest"]["mode"] = "pae"
    find(other, "KVM_SET_SREGS")["in"]["efer"] = "0x0"
    result = diff(lines, other)
    assert only(result)["fields"][0]["path"] == ".in.efer"
    assert result["following"] == 1


def test_notes_count_by_their_codes(diff):
    lines = read()
    find(lines, "KVM_RUN")["notes"] = [
        {"code": "cut", "severity": "warn", "text": "…"}]
    difference = only(diff(read(), lines))
    assert difference["fields"] == [{"path": ".notes[0].code",
                                     "actual": "cut"}]


# Several


def test_repeats_are_folded(diff):
    lines = read()
    event = exits(lines, "KVM_EXIT_IO")[3]
    at = lines.index(event)
    lines[at:at] = [copy.deepcopy(event) for _ in range(500)]
    difference = only(diff(read(), renumber(lines)))
    assert difference["kind"] == "extra" and difference["count"] == 500
    assert difference["actual"] == {"seq": 16, "last_seq": 515}
    assert difference["text"].startswith("500 times KVM_RUN on vm0/vcpu0 ")


def test_the_same_change_is_said_once(diff):
    lines = read()
    for line in exits(lines, "KVM_EXIT_IO"):
        line["exit"]["io"]["port"] = 0x3f8
    difference = only(diff(read(), lines))
    assert difference["count"] == 14
    assert difference["text"] == "KVM_RUN on vm0/vcpu0: exit.io.port is " \
        "1016 (0x3f8), expected 233 (0xe9)", difference


def test_each_of_several_differences_is_said_once(diff):
    lines = read()
    find(lines, "KVM_SET_SREGS")["in"]["cr4"] = "0x620"
    find(lines, "KVM_SET_USER_MEMORY_REGION")["in"]["memory_size"] = "0x1000"
    change_byte(lines)
    lines.remove(find(lines, "KVM_GET_API_VERSION"))
    result = diff(read(), renumber(lines))
    assert [difference["kind"] for difference in result["differences"]] == \
        ["missing", "changed", "changed", "changed"]


def test_other_programs_differ_but_are_somewhat_alike(diff):
    near = diff(read("hv-long"), read("hv-protected"))
    far = diff(read("hv-long"), read("qemu-boot"))
    assert near["verdict"] == far["verdict"] == "different"
    assert near["alike_permille"] > 800 > 300 > far["alike_permille"]


# Threads and vCPUs


def made(*calls):
    """A trace: calls are (tid, name, vcpu or None, argument)."""
    lines = [{"type": "trace_start", "seq": 0, "ts_ns": 0,
              "schema": "kvmtrace/1"}]
    for tid, name, vcpu, value in calls:
        line = {"type": "ioctl", "seq": 0, "ts_ns": 0, "pid": 1, "tid": tid,
                "name": name, "on": "vm" if vcpu is None else "vcpu", "vm": 0}
        if vcpu is not None:
            line["vcpu"] = vcpu
        line.update({"in": {"value": value}, "ret": 0})
        lines.append(line)
    lines.append({"type": "trace_end", "seq": 0, "ts_ns": 0,
                  "status": {"exited": 0}})
    return renumber(lines)


SET_UP = [(1, "KVM_CREATE_IRQCHIP", None, 0), (1, "KVM_SET_REGS", 0, 1),
          (1, "KVM_SET_REGS", 1, 2)]


def runs(*order):
    """KVM_RUNs of vCPUs on the threads 10, 11 …, each with its number."""
    count = {}
    for vcpu in order:
        count[vcpu] = count.get(vcpu, 0) + 1
        yield (10 + vcpu, "KVM_RUN", vcpu, count[vcpu])


def test_threads_may_take_turns_otherwise(diff):
    expected = made(*SET_UP, *runs(0, 1, 0, 1, 0, 1))
    actual = made(*SET_UP, *runs(0, 1, 1, 1, 0, 0))
    assert diff(expected, actual)["verdict"] == "same"
    result = diff(expected, actual, "--global-order")
    assert {difference["kind"] for difference in result["differences"]} == \
        {"moved"}


def test_one_thread_may_run_its_vcpus_in_turns(diff):
    """A scheduler's quanta: only each vCPU's own order counts."""
    def turns(*order):
        return [(1,) + call[1:] for call in runs(*order)]
    expected = made(*SET_UP, *turns(0, 1, 0, 1))
    assert diff(expected, made(*SET_UP, *turns(0, 0, 1, 1)))["verdict"] == \
        "same"
    # But what it does to the VM, and when, is the program's.
    late = made(*SET_UP[1:], turns(0)[0], SET_UP[0], *turns(0, 1, 0, 1)[1:])
    difference = only(diff(expected, late))
    assert difference["kind"] == "moved"
    assert difference["event"] == "KVM_CREATE_IRQCHIP on vm0"


def test_who_calls_counts(diff):
    expected = made(*SET_UP, *runs(0, 1, 0))
    other = [(10, "KVM_RUN", 1, 1) if call[0] == 11 else call
             for call in runs(0, 1, 0)]
    difference = only(diff(expected, made(*SET_UP, *other)))
    assert difference["fields"] == [{"path": ".tid", "expected": "T3",
                                     "actual": "T2"}]


def test_a_thread_number_that_comes_again(diff):
    """The tid of a thread that has ended may be given to another."""
    def with_end(tid):
        lines = made(*SET_UP, (tid, "KVM_RUN", 0, 1))
        lines[-1:-1] = [{"type": "process", "seq": 0, "ts_ns": 0, "pid": 1,
                         "tid": tid, "event": "exit", "status": 0}]
        return lines
    expected = with_end(10)
    actual = with_end(10)
    expected[-1:-1] = made((10, "KVM_RUN", 1, 1))[1:-1]
    actual[-1:-1] = made((12, "KVM_RUN", 1, 1))[1:-1]
    assert diff(renumber(expected), renumber(actual))["verdict"] == "same"


def test_an_address_of_guest_memory_has_a_name(diff):
    """As gvaToHva gives it to the guest: 32 bits of it."""
    def answered(base, answer):
        lines = read()
        find(lines, "KVM_SET_USER_MEMORY_REGION")["in"]["userspace_addr"] = \
            hex(base)
        find(lines, "KVM_RUN", 1)["in"]["completes"] = {
            "seq": 12, "data_hex":
            (answer & 0xffffffff).to_bytes(4, "little").hex()}
        return lines
    expected = answered(0x7f1234500000, 0x7f1234500400)
    actual = answered(0x7fab98700000, 0x7fab98700400)
    assert diff(expected, actual)["verdict"] == "same"
    actual = answered(0x7fab98700000, 0x7fab98700401)
    assert only(diff(expected, actual))["fields"] == [
        {"path": ".in.completes.data_hex", "expected": "slot0+0x400",
         "actual": "slot0+0x401"}]


# Options


@pytest.mark.parametrize("ignored", [".in.cr4", "KVM_SET_SREGS.in.cr4",
                                     ".in", "KVM_SET_SREGS",
                                     "close, KVM_SET_SREGS,KVM_EXIT_HLT",
                                     "ioctl"])
def test_ignore(ignored, diff):
    lines = read()
    find(lines, "KVM_SET_SREGS")["in"]["cr4"] = "0x620"
    if ignored == "ioctl":
        result = diff(read(), lines)
    else:
        result = diff(read(), lines, "--ignore", ignored)
    assert result["verdict"] == ("different" if ignored == "ioctl" else "same")


def test_ignore_an_exit(diff):
    lines = read()
    event = exits(lines, "KVM_EXIT_IO")[0]
    extra = copy.deepcopy(event)
    extra["exit"] = {"reason": "KVM_EXIT_INTR", "code": 10}
    lines.insert(lines.index(event), extra)
    renumber(lines)
    only(diff(read(), lines))
    assert diff(read(), lines, "--ignore", "KVM_EXIT_INTR")["verdict"] == \
        "same"


@pytest.mark.parametrize("arguments,sentence", [
    ((), "two traces"),
    ((HV,), "two traces"),
    ((HV, HV, HV), "two traces"),
    (("-", "-"), "only one of the traces"),
    ((HV, "no/such/file"), "No such file"),
    ((HV, ROOT), "Is a directory"),
    (("--format", "xml", HV, HV), "--format takes"),
    (("--ignore", "KVM_SET_SREG", HV, HV), "did you mean KVM_SET_SREGS?"),
    (("--ignore", "KVM_SET_SREG.in.cr4", HV, HV), "did you mean"),
    (("--ignore", ".", HV, HV), "no key"),
    (("--unmask", "times", HV, HV), "did you mean time?"),
    (("--frobnicate", HV, HV), "unknown option '--frobnicate'"),
    (("--ignore",), "needs an argument"),
])
def test_bad_usage(arguments, sentence):
    done = run(KVMTRACE, "diff", *arguments)
    assert done.status == 2 and done.stdout == b"", done
    assert sentence in done.stderr.decode() and \
        done.stderr.count(b"\n") == 1, done


def test_help():
    done = run(KVMTRACE, "diff", "--help")
    assert done.status == 0 and b"--global-order" in done.stdout


def test_the_schema_is_printed():
    done = run(KVMTRACE, "schema", "diff")
    assert done.status == 0 and json.loads(done.stdout) == SCHEMA
    jsonschema.Draft7Validator.check_schema(SCHEMA)


# Incomplete and hostile


def test_an_incomplete_trace_is_compared_as_far_as_it_goes(diff):
    cut = read()[:20]
    for traces in ((read(), cut), (cut, read())):
        result = diff(*traces)
        assert result["verdict"] == "incomplete"
        assert result["differences_total"] == 0
    change_byte(cut)
    result = diff(read(), cut)
    assert result["verdict"] == "incomplete"
    assert result["differences_total"] == 1
    # Cut off within a line.
    result = diff(read(), dump(read()[:20])[:-100])
    assert result["verdict"] == "incomplete"
    assert result["differences_total"] == 0


def test_a_trace_that_left_out_events_is_incomplete(diff):
    lines = read()
    lines[-1].update(truncated=True, dropped=7)
    assert diff(read(), lines)["verdict"] == "incomplete"


START = dump(read()[:1])
HOSTILE = {
    "empty": b"",
    "no trace": b"hello\n",
    "no start": dump(read()[1:]),
    "two starts": START + START + dump(read()[1:]),
    "behind the end": dump(read()) + dump(read()[5:6]),
    "another version": START.replace(b"kvmtrace/1", b"kvmtrace/2"),
    "version 10": START.replace(b"kvmtrace/1", b"kvmtrace/10"),
    "binary": bytes(range(256)) * 100,
    "no object": START + b"[1]\n" + dump(read()[1:]),
    "no type": START + b'{"seq":1}\n' + dump(read()[1:]),
    "type is a number": START + b'{"type":1}\n' + dump(read()[1:]),
    "not JSON": START + b"{'type':'ioctl'}\n" + dump(read()[1:]),
    "a comma too many": START + b'{"type":"ioctl",}\n' + dump(read()[1:]),
    "a key twice": START + b'{"type":"ioctl","in":{"a":1,"a":2}}\n' +
    dump(read()[1:]),
    "a key twice at the top": START + b'{"type":"ioctl","type":"ioctl"}\n' +
    dump(read()[1:]),
    "an escaped key twice": START + b'{"type":"ioctl","a":1,"\\u0061":2}\n' +
    dump(read()[1:]),
    "bad UTF-8": START + b'{"type":"console","text":"\xff"}\n' +
    dump(read()[1:]),
    "a control character": START + b'{"type":"console","text":"\x1b[2J"}\n' +
    dump(read()[1:]),
    "a bad number": START + b'{"type":"ioctl","ret":01}\n' + dump(read()[1:]),
    "deep": START + b'{"type":"ioctl","in":' + b"[" * 100000 + b"\n" +
    dump(read()[1:]),
    "deep and closed": START + b'{"type":"ioctl","in":' + b"[" * 5000 +
    b"]" * 5000 + b"}\n" + dump(read()[1:]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_trace_is_refused(name, tmp_path):
    path = tmp_path / "hostile.jsonl"
    path.write_bytes(HOSTILE[name])
    for arguments in ((path, HV), (HV, path)):
        done = run(KVMTRACE, "diff", *arguments)
        assert done.status == 2 and done.stdout == b"", done
        assert done.stderr.startswith(b"kvmtrace: ") and \
            done.stderr.count(b"\n") == 1, done
        assert done.stderr[:-1].decode("ascii").isprintable(), done


ODD = [
    ("huge numbers", lambda event: event.update({
        "seq": 10**30, "vm": 10**400, "vcpu": -1, "tid": 2**63, "ret": 1e308})),
    ("no seq", lambda event: event.pop("seq")),
    ("other types", lambda event: event.update({
        "in": "in", "exit": [1], "vm": {"a": []}, "on": None, "tid": "x"})),
    ("a long string", lambda event: event.update({"in": {"a": "x" * 2**20}})),
    ("a long key", lambda event: event.update({"in": {"x" * 2**20: "a"}})),
    ("many values", lambda event: event.update({
        "in": {"entries": list(range(300000))}})),
    ("many keys", lambda event: event.update({
        f"k{i}": i for i in range(100000)})),
    ("control characters", lambda event: event.update({
        "name": "\x1b[2J\x00", "in": {"\x1b]0;": "\x1b[31m"}})),
    ("unknown", lambda event: event.update({
        "type": "later", "name": "", "new": {"a": [{}, []]}})),
    ("half a surrogate pair", lambda event: event.update({
        "in": {"a": "\ud800"}})),
]


@pytest.mark.parametrize("odd", [change for _, change in ODD],
                         ids=[name for name, _ in ODD])
def test_odd_events_are_compared(odd, diff):
    lines = read()
    odd(lines[15])
    assert diff(lines, lines)["verdict"] == "same"
    result = diff(read(), lines)
    assert 1 <= result["differences_total"] <= 2 or odd is ODD[1][1]
    for difference in result["differences"]:
        assert difference["text"].isprintable()
        assert len(difference["text"]) < 20000


def test_spoilt_bytes_never_crash(tmp_path):
    """A verdict or a sentence, whatever stands in the file."""
    random.seed(695)
    raw = dump(read()[:14])
    path = tmp_path / "spoilt.jsonl"
    for _ in range(150):
        spoilt = bytearray(raw)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(spoilt))
            spoilt[at:at + random.randint(0, 3)] = random.choice(
                [b'"', b"{", b"}", b"\\", b"\n", b",", b"\x80", b"[", b"9"])
        path.write_bytes(spoilt)
        assert run(KVMTRACE, "diff", HV, path).status in (1, 2)


def test_totally_different_traces_end_soon(diff):
    """Nothing to align, in 40000 events."""
    def numbered(first):
        return made(*((1, "KVM_RUN", 0, first + i) for i in range(20000)))
    result = diff(numbered(0), numbered(10**6))
    assert result["differences_total"] >= 1
    assert len(result["differences"]) <= 1000


def test_a_reader_that_goes_away():
    process = start("bash", "-c", f"{KVMTRACE} diff {HV} {HV} >/dev/full")
    process.communicate(timeout=60)
    assert process.returncode == 2


def test_an_endless_input_is_refused():
    """Before it has filled the disk."""
    result = run(KVMTRACE, "diff", ROOT / "tests/golden/hv-long/trace.jsonl",
                 "/dev/zero")
    assert result.status == 2 and b"too large" in result.stderr
