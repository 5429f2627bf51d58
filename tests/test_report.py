"""`kvmtrace report` on recorded traces: each question has an answer, with
evidence of the right kind; what a trace doesn't show is called so."""
import copy
import fcntl
import json
import os
import pty
import random
import re
import struct
import subprocess
import termios

import jsonschema
import pytest

from tracing import KVMTRACE, ROOT, run

SCHEMA = json.loads((ROOT / "schemas/report.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
TRACES = sorted((ROOT / "tests/golden").glob("*/trace.jsonl"))
IDS = "1a 1b 2a 2b 3a 3b 3c 3d 4a 4b 5a 5b 5c".split()
MODES = {"real": "real mode", "protected": "without paging",
         "long": "64-bit code, 4-level paging",
         "paged-shutdown": "32-bit paging"}


def read(name):
    text = (ROOT / f"tests/golden/{name}/trace.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def write(lines):
    """A trace of these lines, numbered."""
    numbered = [dict(line, seq=seq) for seq, line in enumerate(lines)]
    if numbered and numbered[-1]["type"] == "trace_end":
        numbered[-1]["events"] = len(numbered) - 1
    return b"".join(json.dumps(line).encode() + b"\n" for line in numbered)


def report(trace, *options):
    """The report as JSON, checked against the schema."""
    how = {"input": trace} if isinstance(trace, bytes) else {}
    result = run(KVMTRACE, "report", "--format", "json", *options,
                 "-" if how else trace, **how)
    assert result.status == 0, result
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    assert [question["id"] for question in document["questions"]] == IDS
    return document


def answers(trace):
    return {question["id"]: question["answer"].replace("`", "")
            for question in report(trace)["questions"]}


def calls(lines, name):
    return [line for line in lines if line.get("name") == name]


def allowed(line, question):
    """May this line be evidence for the question?"""
    name, kind = line.get("name", ""), line["type"]
    if name.startswith("open"):
        return True
    if question in ("1a", "1b"):
        return kind == "ioctl"
    if question in ("2a", "2b"):
        return kind in ("ioctl", "trace_end") or name == "mmap"
    if question[0] == "3" or question == "4a":
        return "guest" in line or name == "KVM_RUN" or re.fullmatch(
            r"KVM_([SG]ET_S?REGS2?|SET_USER_MEMORY_REGION2?)", name)
    if question in ("4b", "5a"):
        return name == "KVM_RUN"
    if question == "5b":
        return name in ("KVM_RUN", "mmap") or kind == "console"
    return name in ("KVM_RUN", "KVM_GET_REGS") or kind == "trace_end"


def check_evidence(document, lines):
    for question in document["questions"]:
        evidence = question["evidence"]
        assert evidence == sorted(set(evidence))
        assert question["answered"] == bool(evidence)
        for seq in evidence:
            assert allowed(lines[seq], question["id"]), (question, seq)
        for seq in re.findall(r"\bseq (\d+)", question["answer"]):
            assert int(seq) < len(lines), question


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.parent.name)
def test_evidence_is_there_and_of_the_right_kind(path):
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    check_evidence(report(path), lines)


@pytest.mark.parametrize("mode", MODES)
def test_the_modes(mode):
    lines = read(f"hv-{mode}")
    told = answers(write(lines))
    sregs, = calls(lines, "KVM_SET_SREGS")
    regs, = calls(lines, "KVM_SET_REGS")
    region, = calls(lines, "KVM_SET_USER_MEMORY_REGION")
    runs = calls(lines, "KVM_RUN")
    assert f"starts in {told['3a'].split('starts in ')[1]}" in told["3a"]
    assert MODES[mode] in told["3a"].split("\n")[2]
    assert f"CR4 is {sregs['in']['cr4']}," in told["3d"]
    assert "2 MiB (0x200000 bytes)" in told["3b"]
    assert f"(seq {region['seq']})" in told["3b"]
    is_paged = sregs["in"]["cr0"] == "0x80000011"
    assert ("None: the guest starts in" in told["3c"]) != is_paged
    assert (f"CR3 = {sregs['in']['cr3']}" in told["3c"]) == is_paged
    assert told["4a"].startswith(
        f"At {regs['in']['rip']}: RIP = 0x0 (seq {regs['seq']})")
    for call in (sregs, regs):
        assert f"({call['caller']['file']}, line {call['caller']['line']}) " \
               f"(seq {call['seq']})" in told["4a"]
    assert f"line {runs[0]['caller']['line']}), seq {runs[0]['seq']}" in \
        told["4b"]


@pytest.mark.parametrize("mode", ["real", "protected", "long"])
def test_the_greeting_and_the_answer(mode):
    lines = read(f"hv-{mode}")
    told = answers(write(lines))
    runs = calls(lines, "KVM_RUN")
    mapped, = calls(lines, "mmap")
    assert (f"OUT to port 0xe9 (debug console), 1 "
            f"byte each: 14 exits, 14 bytes "
            f"(seq {runs[0]['seq']} to {runs[13]['seq']})") in told["5a"]
    assert "Hello, world!, by port 0xe9" in told["5b"]
    assert f"finds them at {int(mapped['ret'], 16) + 0x1000:#x}" in told["5b"]
    assert "RAX = 0x2a, which is 42 " in told["5c"]
    assert f"KVM_EXIT_HLT, seq {runs[14]['seq']}" in told["5c"]
    for seq in [runs[14]["seq"], calls(lines, "KVM_GET_REGS")[0]["seq"]]:
        assert seq in report(write(lines))["questions"][12]["evidence"]


def test_every_call_is_listed_with_its_count():
    for name in ("hv-long", "qemu-boot", "two-vms"):
        lines = read(name)
        told = answers(write(lines))["2b"]
        made = [line["name"] for line in lines if line["type"] == "ioctl"
                and line["on"] != "not_kvm"]
        assert f"uses {len(set(made))} calls" in told
        for call in set(made):
            count = made.count(call)
            assert f"- {call}, {count} time{'s' * (count > 1)} on " in told


def test_a_read_is_followed_to_the_guest():
    lines = read("hv-long-hypercalls")
    told = answers(write(lines))["5a"]
    done = next(line for line in calls(lines, "KVM_RUN")
                if "completes" in line["in"])
    assert (f"the read at seq {done['in']['completes']['seq']} got the bytes "
            f"{done['in']['completes']['data_hex']}, with the next KVM_RUN "
            f"(seq {done['seq']})") in told
    assert "IN from port 0x508, 4 bytes each: 2 exits, 8 bytes" in told


def halting_with(rax, mode="hv-long"):
    lines = read(mode)
    calls(lines, "KVM_GET_REGS")[0]["out"]["rax"] = hex(rax)
    return answers(write(lines))["5c"]


def test_another_value_than_42_is_told():
    assert "RAX = 0x2b, which is 43 and not 42" in halting_with(43)
    assert "and not 42" in halting_with(0x10000002a)
    assert "of which EAX, the part that counts in 32-bit modes, is 42" in \
        halting_with(0x10000002a, "hv-protected")
    assert "of which AX, the part that counts in real mode, is 42" in \
        halting_with(0x3002a, "hv-real")


def test_registers_that_nobody_read_are_not_guessed():
    lines = [line for line in read("hv-long")
             if line.get("name") != "KVM_GET_REGS"]
    told = answers(write(lines))["5c"]
    assert "did not read the registers" in told
    assert "RAX =" not in told


# What the tracer adds to the calls that set state: schemas/README.md.
GUEST = {
    "mode": "long",
    "why": {"CR0.PE": 1, "CR0.PG": 1, "CR4.PAE": 1, "EFER.LMA": 1, "CS.L": 1},
    "entry": {"gva": "0x1234", "gpa": "0x5234", "slot": 0,
              "hva": "0x7f0000005234", "hpa": "0x9234", "bytes_hex": "f4",
              "instruction": "hlt"},
    "memory": [{"slot": 0, "gpa": "0x0", "last": "0x1fffff",
                "size": "0x200000", "hva": "0x7f0000000000", "flags": 0,
                "flags_names": []}],
    "page_tables": [
        {"level": 4, "name": "PML4", "table": "0x2000", "index": 0,
         "address": "0x2000", "entry": "0x3007",
         "flags_names": ["P", "RW", "US"]},
        {"level": 3, "name": "PDPT", "table": "0x3000", "index": 0,
         "address": "0x3000", "entry": "0x4007",
         "flags_names": ["P", "RW", "US"]}],
    "page_size": "0x40000000",
    "mapped": [{"gva": "0x0", "last": "0x3fffffff", "gpa": "0x4000",
                "page_size": "0x40000000", "flags_names": ["P", "RW"]}],
}


def with_guest(guest, drop=()):
    lines = [line for line in read("hv-long") if line.get("name") not in drop]
    for line in lines:
        line.pop("guest", None)
    calls(lines, "KVM_SET_SREGS")[0]["guest"] = guest
    calls(lines, "KVM_RUN")[0]["guest"] = guest
    return lines


def test_the_guest_as_the_tracer_saw_it():
    lines = with_guest(GUEST)
    told = answers(write(lines))
    seq = calls(lines, "KVM_RUN")[0]["seq"]
    assert f"CR4.PAE = 1, EFER.LMA = 1, CS.L = 1 (seq {seq})" in told["3a"]
    assert re.search(r"PDPT +0x3000 +0 0x3000 +0x4007 +P RW US", told["3a"])
    assert "after 2 tables with a page of 1 GiB" in told["3a"]
    assert ("guest virtual 0x1234 -> guest physical 0x5234 -> host virtual "
            "0x7f0000005234 -> host physical 0x9234") in told["3a"]
    assert "virtual 0x0 to 0x3fffffff -> guest physical 0x4000, pages of " \
        "1 GiB" in told["3b"]
    sregs = calls(lines, "KVM_SET_SREGS")[0]
    assert f"were there at KVM_SET_SREGS in {sregs['caller']['symbol']}" in \
        told["3c"]
    assert f"There is hlt (bytes f4) (seq {seq})" in told["4a"]
    check_evidence(report(write(lines)),
                   [dict(line, seq=n) for n, line in enumerate(lines)])


def test_a_walk_that_faults():
    guest = copy.deepcopy(GUEST)
    guest["fault"] = {"level": 3, "reason": "not_present"}
    for key in ("page_size", "mapped"):
        del guest[key]
    del guest["entry"]["gpa"]
    told = answers(write(with_guest(guest)))
    assert "ends in a page fault at level 3: not_present" in told["3a"]
    assert "were there at" not in told["3c"]


def test_an_attached_program_has_its_slots_from_the_guest():
    drop = ["KVM_SET_USER_MEMORY_REGION"]
    told = answers(write(with_guest(GUEST, drop)))
    assert "slot 0: 2 MiB (0x200000 bytes), guest physical 0x0 to 0x1fffff, " \
        "at 0x7f0000000000" in told["3b"]


def only(*names):
    """hv's calls of these names, between start and end."""
    lines = read("hv-long")
    return write([lines[0], *(line for line in lines
                              if line.get("name") in names), lines[-1]])


NOTHING = "KVM_GET_API_VERSION KVM_CREATE_VM KVM_CREATE_VCPU".split()


@pytest.mark.parametrize("count, said", [
    (0, "no VM was made"), (1, "no VM was made"), (2, "has no vCPU"),
    (3, "KVM_RUN was never called"),
])
def test_a_program_that_goes_no_further(count, said):
    document = report(only(*NOTHING[:count]))
    told = {question["id"]: question for question in document["questions"]}
    for name in ("2a", "3a", "3b", "4a", "4b", "5a", "5b", "5c"):
        assert said in told[name]["answer"], name
    for name in ("3b", "4a", "4b", "5a", "5b", "5c"):
        assert not told[name]["evidence"]
        assert "The trace can't tell" in told[name]["answer"]


def test_no_dev_kvm():
    lines = read("hv-long")
    failed = dict(calls(lines, "openat")[0], ret=-1, errno="EACCES")
    told = answers(write([lines[0], failed, lines[-1]]))
    for name in ("3b", "4b", "5c"):
        assert "could not open /dev/kvm (seq 1: EACCES)" in told[name]


def test_runs_that_all_fail():
    lines = read("hv-long")
    lines = [line for line in lines if line["type"] != "console"]
    for line in calls(lines, "KVM_RUN"):
        line.pop("exit")
        line.update(ret=-1, errno="EINVAL")
    told = answers(write(lines))
    assert "failed with EINVAL, and no later one succeeded" in told["4b"]
    assert "KVM_RUN never came back with an exit" in told["5c"]
    assert "15 of them without success, the first with EINVAL" in told["2b"]


def test_special_registers_without_pae_are_refused():
    lines = read("hv-long")
    sregs = calls(lines, "KVM_SET_SREGS")[0]
    refused = copy.deepcopy(sregs)
    refused.update(ret=-1, errno="EINVAL")
    refused["in"]["cr4"] = "0x0"
    lines.insert(lines.index(sregs), refused)
    told = answers(write(lines))["3d"]
    assert "CR4.PAE = 0, failed with EINVAL" in told
    assert "CR4 is 0x20, so CR4.PAE = 1" in told


def refuse(sregs, **given):
    """The call with these registers, as KVM refuses it."""
    refused = copy.deepcopy(sregs)
    refused["in"].update(given)
    refused.pop("guest", None)
    note = {"code": "sregs-lma-missing", "severity": "warn",
            "text": "EFER.LMA is not set."}
    refused.update(ret=-1, errno="EINVAL", notes=[note])
    return refused


def never_run(*changed):
    """hv until it sets special registers, with these calls in that place."""
    lines = read("hv-long")
    sregs = calls(lines, "KVM_SET_SREGS")[0]
    return lines[:lines.index(sregs)] + list(changed) + lines[-1:]


def test_a_refused_start_is_no_start():
    sregs = calls(read("hv-long"), "KVM_SET_SREGS")[0]
    lines = never_run(refuse(sregs, efer="0x100"))
    assert calls(lines, "KVM_GET_SREGS")
    told = answers(write(lines))
    seq, caller = len(lines) - 2, sregs["caller"]
    for name in ("3a", "3c", "4a"):
        assert "starts in" not in told[name].split("The other modes")[0]
        assert "RIP and CS" not in told[name]
        assert "CS.base = 0xffff0000" not in told[name]
        assert f"line {caller['line']}) was refused with EINVAL (seq {seq}" \
            in told[name]
    assert f"note on that call (seq {seq}): EFER.LMA is not set." in told["3a"]
    assert "It asked for long mode: CR0 = 0x80000011, CR3 = 0x2000, " \
        "CR4 = 0x20, EFER = 0x100, CS.base = 0x0, CS.L = 1." in told["3a"]
    assert "CR3 = 0x2000 in it is the guest physical address" in told["3c"]
    assert "The root table is at guest physical 0x2000" in told["3c"]
    assert "None:" not in told["3c"]
    assert f"refused have CR4 = 0x20, so CR4.PAE = 1 (seq {seq})" in told["3d"]


def test_registers_that_are_set_but_not_run():
    lines = read("hv-real")
    told = answers(write([line for line in lines
                          if line.get("name") != "KVM_RUN"]))
    assert "The vCPU would start in real mode" in told["3a"]
    assert "None: the guest would start in real mode" in told["3c"]
    assert "RIP = 0x0" in told["4a"]


def test_a_refusal_that_the_program_mends_is_not_told():
    lines = read("hv-long")
    sregs = calls(lines, "KVM_SET_SREGS")[0]
    lines.insert(lines.index(sregs), refuse(sregs, efer="0x100"))
    told = answers(write(lines))
    assert "The vCPU starts in long mode" in told["3a"]
    for name in ("3a", "3c", "4a"):
        assert "was refused" not in told[name]


def test_a_refusal_before_a_run_is_told_with_what_ran():
    lines = read("hv-long")
    sregs = calls(lines, "KVM_SET_SREGS")[0]
    lines.insert(lines.index(sregs) + 1, refuse(sregs, cr3="0x5000"))
    told = answers(write(lines))
    assert "The vCPU starts in long mode" in told["3a"]
    assert "It asked for long mode: CR0 = 0x80000011, CR3 = 0x5000" in \
        told["3a"]
    assert "CR3 = 0x2000 in it is the guest physical address" in told["3c"]


def test_refused_registers_that_travel_in_kvm_run():
    sregs = calls(read("hv-long"), "KVM_SET_SREGS")[0]
    run_ = copy.deepcopy(calls(read("hv-long"), "KVM_RUN")[0])
    for key in ("exit", "out", "guest"):
        run_.pop(key, None)
    run_.update(ret=-1, errno="EINVAL")
    run_["in"]["sync_regs"] = {"sregs": dict(sregs["in"], efer="0x100")}
    told = answers(write(never_run(run_)))
    assert "KVM_RUN in " in told["3a"] and "was refused" in told["3a"]
    assert "It asked for long mode:" in told["3a"]
    assert "real mode, because" not in told["3a"]


def interrupted(dur_ns=302769768, **changed):
    """hv, whose one KVM_RUN a signal broke off."""
    lines = read("hv-long")
    first = calls(lines, "KVM_RUN")[0]
    first.update(ret=-1, errno="EINTR", dur_ns=dur_ns,
                 exit={"reason": "KVM_EXIT_INTR", "code": 10})
    first["in"]["immediate_exit"] = 0
    first.update(changed)
    keep = lines[:lines.index(first) + 1] + lines[-1:]
    return [line for line in keep if line["type"] != "console"]


def test_a_run_that_a_signal_broke_off_did_start_the_guest():
    lines = interrupted()
    told = answers(write(lines))
    assert "KVM_RUN starts the guest: the first one that entered it" in \
        told["4b"]
    assert "The guest ran until a signal for its thread broke the call off, " \
        "after 302 ms: it failed with EINTR." in told["4b"]
    assert "can't tell" not in told["4b"]
    assert "The vCPU starts in long mode" in told["3a"]
    assert "last KVM_RUN ended with KVM_EXIT_INTR" in told["5c"]


def test_a_run_that_a_signal_broke_off_at_once_may_not_have_entered():
    told = answers(write(interrupted(dur_ns=90000)))["4b"]
    assert "whether the guest got to execute anything" in told
    assert " ms" not in told


def test_a_wait_in_the_kernel_is_not_taken_for_running():
    lines = interrupted()
    made = dict(calls(lines, "KVM_CREATE_VCPU")[0], name="KVM_CREATE_IRQCHIP")
    del made["made"]
    lines.insert(4, made)
    assert "some of that time may be waiting" in answers(write(lines))["4b"]
    assert "may be waiting" not in answers(write(interrupted()))["4b"]


@pytest.mark.parametrize("changed, why", [
    ({"in": {"immediate_exit": 1}}, "immediate_exit was set, and then KVM "
     "doesn't enter the guest"),
    ({"injected": True}, "which the tracer put in the place of the call"),
    ({"exit": None}, ""),
])
def test_a_run_that_did_not_enter_the_guest(changed, why):
    lines = interrupted(**changed)
    told = answers(write(lines))
    assert "KVM_RUN would start the guest" in told["4b"]
    assert "but it failed with EINTR" in told["4b"] and why in told["4b"]
    assert "ran until a signal" not in told["4b"]
    assert "The vCPU would start in long mode" in told["3a"]


def test_a_run_that_never_came_back():
    lines = interrupted(unfinished=True)
    for key in ("ret", "errno", "exit", "dur_ns"):
        del calls(lines, "KVM_RUN")[0][key]
    told = answers(write(lines))["4b"]
    assert "KVM_RUN starts the guest" in told
    assert "It had not returned when its thread or the trace ended." in told


def test_the_first_that_ran_is_the_first_that_began():
    """Lines stand in the order in which calls ended."""
    lines = interrupted()
    early = calls(lines, "KVM_RUN")[0]
    create = copy.deepcopy(calls(lines, "KVM_CREATE_VCPU")[0])
    create["in"]["vcpu_id"] = create["made"]["vcpu"] = 1
    late = dict(calls(read("hv-long"), "KVM_RUN")[0], vcpu=1,
                ts_ns=early["ts_ns"] + 100)
    told = []
    for ts_ns in (early["ts_ns"], late["ts_ns"] + 1):
        early["ts_ns"] = ts_ns
        trace = write(lines[:-2] + [create, late, early] + lines[-1:])
        told.append(report(trace)["introduction"])
    assert "`vm0/vcpu0`, the first that ran" in told[0]
    assert "`vm0/vcpu1`, the first that ran" in told[1]


def test_ports_have_the_owners_of_the_table():
    lines = read("hv-long")
    for line, port in zip(calls(lines, "KVM_RUN"), (0x3fd, 0x71, 0x10071)):
        line["exit"]["io"]["port"] = port
    told = answers(write(lines))["5a"]
    assert "OUT to port 0x3fd (COM1 line status), 1 byte each" in told
    assert "OUT to port 0x71 (CMOS data), 1 byte each" in told
    assert "OUT to port 0x10071, 1 byte each" in told


def test_output_is_followed_at_the_port_of_the_console():
    lines = read("hv-long")
    calls(lines, "KVM_RUN")[0]["exit"]["io"]["port"] = 0x80
    told = answers(write(lines))["5b"]
    second = calls(lines, "KVM_RUN")[1]
    assert f"at seq {second['seq']} the bytes" in told
    assert "for port 0xe9 were" in told


@pytest.mark.parametrize("is_there", [True, False])
def test_ranges_that_an_earlier_run_has(is_there):
    """The first run failed and set nothing in motion; the second maps alike."""
    lines = with_guest(copy.deepcopy(GUEST))
    second = calls(lines, "KVM_RUN")[0]
    first = copy.deepcopy(second)
    del first["exit"]
    first.update(ret=-1, errno="EINTR")
    first["in"]["immediate_exit"] = 1
    seq = lines.index(second)
    lines.insert(seq, first)
    second["guest"] = copy.deepcopy(GUEST)
    del second["guest"]["mapped"]
    second["guest"]["mapped_seq"] = seq if is_there else seq - 1
    told = answers(write(lines))["3b"]
    assert (f"tables map, at the start (seq {seq}):" in told) == is_there
    assert ("-> guest physical 0x4000, pages of 1 GiB" in told) == is_there


def test_several_vms():
    document = report(ROOT / "tests/golden/two-vms/trace.jsonl")
    assert re.search(r"has 2 VMs and \d+ vCPUs.*`vm\d+/vcpu\d+`, the first "
                     "that ran", document["introduction"])


def test_left_out_lines_are_told_of():
    lines = [line for line in read("hv-long")
             if line.get("name") != "KVM_GET_API_VERSION"]
    document = report(write(lines))
    assert "1 of the 25 ioctls" in document["introduction"]
    assert "`KVM_GET_API_VERSION`, 1 times: its lines were left out" in \
        document["questions"][3]["answer"]


@pytest.mark.parametrize("cut", [20, 1, -1])
def test_an_incomplete_trace_is_reported_as_far_as_it_goes(cut):
    lines = (ROOT / "tests/golden/hv-long/trace.jsonl").read_bytes()
    part = b"".join(lines.splitlines(keepends=True)[:cut]) if cut > 0 else \
        lines[:len(lines) * 3 // 4]
    result = run(KVMTRACE, "report", "--format", "json", "-", input=part)
    assert result.status == 2
    assert b"incomplete" in result.stderr or b"cut off" in result.stderr
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    assert not document["complete"]
    assert "the trace is incomplete" in document["introduction"]


@pytest.mark.parametrize("raw", [b"", b"nonsense\n", b"{}\n", b"[]\n"])
def test_what_is_no_trace_gets_a_sentence_and_no_report(raw):
    result = run(KVMTRACE, "report", "-", input=raw)
    assert result.status == 2
    assert not result.stdout
    assert len(result.stderr.splitlines()) == 1


def test_usage(tmp_path):
    trace = TRACES[0]
    for words, said in (
            ((), b"takes one trace"), ((trace, trace), b"takes one trace"),
            (("--format", "pdf", trace), b"text, markdown or json"),
            (("--color", "x", trace), b"auto, always or never"),
            (("--nonsense", trace), b"--nonsense"), (("-x",), b"-x"),
            (("no/such/trace",), b"no/such/trace"),
            (("-o", tmp_path / "no/dir/x", trace), b"cannot write"),
            (("-o",), b"-o")):
        result = run(KVMTRACE, "report", *words)
        assert result.status == 2, words
        assert said in result.stderr
        assert not result.stdout
    assert run(KVMTRACE, "report", "--help").status == 0
    full = subprocess.run([KVMTRACE, "report", trace], stderr=subprocess.PIPE,
                          stdout=open("/dev/full", "wb"), check=False)
    assert full.returncode == 2 and b"No space" in full.stderr


def test_output_file(tmp_path):
    trace, path = ROOT / "tests/golden/hv-long/trace.jsonl", tmp_path / "r.md"
    result = run(KVMTRACE, "report", "--format=markdown", "-o", path, trace)
    assert result.status == 0 and not result.stdout
    assert path.read_bytes() == run(KVMTRACE, "report", "--format", "markdown",
                                    trace).stdout


def test_schema_is_the_printed_one():
    printed = run(KVMTRACE, "schema", "report").stdout
    assert printed == (ROOT / "schemas/report.schema.json").read_bytes()
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    broken = report(TRACES[0])
    del broken["questions"][0]["evidence"]
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize("name", ["hv-long", "qemu-boot", "odd-calls"])
def test_markdown_is_sound(name):
    text = run(KVMTRACE, "report", "--format", "markdown",
               ROOT / f"tests/golden/{name}/trace.jsonl").stdout.decode()
    assert text.startswith("# Study report\n\n")
    assert re.findall(r"^## (\d[a-d])\. ", text, re.M) == IDS
    fences = re.findall(r"^```(\w*)$", text, re.M)
    assert fences[::2] == ["text"] * (len(fences) // 2)
    assert fences[1::2] == [""] * (len(fences) // 2)
    prose = re.sub(r"^```text\n.*?^```\n", "", text, flags=re.M | re.S)
    for line in prose.splitlines():
        # No code is left open, and nothing else is markup by accident.
        assert line.count("`") % 2 == 0, line
        bare = re.sub(r"`[^`]+`", "", line).replace("**", "")
        assert not re.search(r"\b_|_\b|[<\[\]\\]|\*\S|``", bare), line


def test_text_is_wrapped_and_plain():
    for path in TRACES:
        text = run(KVMTRACE, "report", path).stdout
        assert not re.search(rb"[^\n -~]", text)
        for line in text.splitlines():
            assert len(line) <= 80, line
            assert b"`" not in line


def on_terminal(columns, env):
    """What the report writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("HHHH", 50, columns, 0, 0))
    trace = ROOT / "tests/golden/hv-long/trace.jsonl"
    with subprocess.Popen([KVMTRACE, "report", trace], stdout=theirs,
                          env=dict(os.environ, **env)):
        os.close(theirs)
        text = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            text += part
    os.close(ours)
    return text.replace(b"\r\n", b"\n")


def test_colour_and_width_of_a_terminal():
    text = on_terminal(60, {"NO_COLOR": ""})
    assert b"\x1b[1m1a  " in text and b"\x1b[36mKVM_RUN\x1b[0m" in text
    plain = re.sub(rb"\x1b\[\d+m", b"", text)
    figure = [line for line in plain.splitlines() if len(line) > 60]
    # Figures and tables keep their lines, all else is wrapped.
    assert all(re.search(rb"[-|+]{2}|  .*  ", line) for line in figure)
    assert b"\x1b" not in on_terminal(60, {"NO_COLOR": "1"})
    forced = run(KVMTRACE, "report", "--color", "always", TRACES[0]).stdout
    assert b"\x1b[1m" in forced


EVIL = "\x1b]0;x\x07`*<script>\u202e\u00e9\n# no"


def test_a_hostile_trace_writes_nothing_raw():
    lines = with_guest(copy.deepcopy(GUEST))
    lines[0]["argv"] = [EVIL, EVIL]
    lines[0]["host"] = {"kernel": EVIL, "cpu_vendor": EVIL, "kvm": EVIL}
    for line in lines:
        if line["type"] == "ioctl":
            line["caller"].update(symbol=EVIL, file=EVIL)
            line["flow"][0]["text"] = EVIL
            guest = line.get("guest")
            if guest:
                guest["page_tables"][0].update(name=EVIL, flags_names=[EVIL])
                guest["entry"]["instruction"] = EVIL
                guest["why"][EVIL] = 1
                guest["mapped"][0]["flags_names"] = [EVIL]
        elif line["type"] == "console":
            line["text"] = EVIL
    lines.insert(-1, dict(calls(lines, "KVM_RUN")[0], name=EVIL, ret=-1,
                          errno=EVIL))
    lines[-1]["counts"]["ioctl"][EVIL] = 7
    trace = write(lines)
    for form in ("text", "markdown"):
        text = run(KVMTRACE, "report", "--format", form, "-",
                   input=trace).stdout.decode("ascii")
        assert not re.search(r"[^\n -~]", text)
        assert not re.search(r"^# no", text, re.M)
    for line in re.sub(r"^```text\n.*?^```\n", "", text,
                       flags=re.M | re.S).splitlines():
        assert "<script>" not in re.sub(r"`[^`]*`", "", line), line


INSTEAD = [None, "", "x", "0x", "0xffffffffffffffff", -1, 0, 2**53, 2**63 - 1,
           1.5, True, [], {}, [0], [{}], {"x": 1}, [[]], "KVM_RUN", "vcpu"]


def places(value, path=()):
    if path:
        yield path
    inner = (value.items() if isinstance(value, dict) else
             enumerate(value) if isinstance(value, list) else ())
    for key, member in inner:
        yield from places(member, path + (key,))


def spoil(line, chance):
    path = chance.choice(list(places(line)))
    if path == ("type",):
        return
    holder = line
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = copy.deepcopy(chance.choice(INSTEAD))


@pytest.mark.parametrize("seed", range(12))
def test_any_value_anywhere_is_survived(seed):
    chance = random.Random(seed)
    lines = with_guest(copy.deepcopy(GUEST))
    if seed % 3 == 1:
        lines = read("selftest-sync_regs_test")
    for _ in range(40):
        spoil(chance.choice(lines[1:-1]), chance)
    # The reader's own checks are tested elsewhere.
    kinds = {"ioctl", "syscall", "console", "process"}
    for line in lines[1:-1]:
        if line.get("type") not in kinds:
            line["type"] = "ioctl"
    document = report(write(lines))
    for question in document["questions"]:
        assert all(seq < len(lines) for seq in question["evidence"])
