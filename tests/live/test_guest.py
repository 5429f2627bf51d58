"""The view of the guest: modes, walks, the next instruction, and when it is
there."""
import os

import pytest

from timeline import check_guest
from tracing import HV, program

pytestmark = pytest.mark.usefixtures("kvm")

KiB, MiB, GiB = 1 << 10, 1 << 20, 1 << 30
PAGES = [
    ("paged32", 4 * KiB, 0x00801000, ["PD", "PT"]),
    ("paged32", 4 * MiB, 0xffc01000, ["PD"]),
    ("pae", 4 * KiB, 0xc0601000, ["PDPT", "PD", "PT"]),
    ("pae", 2 * MiB, 0x40201000, ["PDPT", "PD"]),
    ("long", 4 * KiB, 0x7fff12345000, ["PML4", "PDPT", "PD", "PT"]),
    ("long", 2 * MiB, 0xffff800000201000, ["PML4", "PDPT", "PD"]),
    ("long", GiB, 0xffffffff80001000, ["PML4", "PDPT"]),
    ("la57", 4 * KiB, 0xff00000000001000, ["PML5", "PML4", "PDPT", "PD", "PT"]),
    ("la57", 2 * MiB, 0x1001000, ["PML5", "PML4", "PDPT", "PD"]),
]


def view(trace, *arguments):
    """What kvmtrace says of the guest when its registers are set last."""
    traced = trace(program("paging"), *map(str, arguments))
    if traced.status == 77:
        pytest.skip(traced.stderr.decode())
    return traced.timeline.calls("KVM_SET_REGS")[-1]["guest"]


@pytest.mark.parametrize("mode,page,gva,names", PAGES)
def test_walk(trace, mode, page, gva, names):
    guest = view(trace, mode, page, gva)
    assert guest["mode"] == mode and "fault" not in guest
    assert [step["name"] for step in guest["page_tables"]] == names
    assert guest["page_tables"][0]["table"] == "0x2000"
    assert int(guest["page_size"], 16) == page
    assert int(guest["entry"]["gva"], 16) == gva
    assert int(guest["entry"]["gpa"], 16) == gva % page
    first = gva - gva % page
    assert [(int(found["gva"], 16), int(found["last"], 16), found["gpa"],
             int(found["page_size"], 16)) for found in guest["mapped"]] == \
        [(first, first + page - 1, "0x0", page)]


@pytest.mark.parametrize("spoilt,reason", [
    ("1=0x6", "not_present"),
    ("2=0", "not_present"),
    ("3=0x10007", "outside_memory"),
    ("4=0x7ffffffff007", "outside_memory"),
    ("4=0x3087", "reserved_bit"),
    ("1=0x8000000000000007", "reserved_bit"),
])
def test_fault(trace, spoilt, reason):
    guest = view(trace, "long", 4 * KiB, 0x1000, spoilt)
    level = int(spoilt[0])
    # What an entry leads to is found out at the level below it.
    assert guest["fault"] == {
        "level": level - (reason == "outside_memory"), "reason": reason}
    assert "gpa" not in guest["entry"] and "instruction" not in guest["entry"]
    assert "mapped" not in guest


def test_non_canonical_address(trace):
    guest = view(trace, "long", 4 * KiB, 0x800000000000)
    assert guest["fault"] == {"reason": "non_canonical"}
    assert "page_tables" not in guest


@pytest.mark.parametrize("mode,name,width", [
    ("real", "real", 16), ("protected", "protected", 32),
    ("paged", "paged32", 32), ("long", "long", 64)])
def test_hv(trace, mode, name, width):
    timeline = trace(HV, f"--{mode}").timeline
    seen = [call for call in timeline.of_type("ioctl") if "guest" in call]
    assert [call["name"] for call in seen] == \
        ["KVM_SET_SREGS", "KVM_SET_REGS", "KVM_RUN"]
    run = seen[-1]
    assert run["run_index"] == 1 and run["guest"]["mode"] == name
    entry = run["guest"]["entry"]
    assert (entry["gva"], entry["gpa"], entry["slot"]) == ("0x0", "0x0", 0)
    memory, = run["guest"]["memory"]
    assert (memory["gpa"], memory["last"], memory["size"]) == \
        ("0x0", "0x1fffff", "0x200000")
    assert entry["instruction"] and entry["bytes_hex"]
    sizes = {"paged": "0x400000", "long": "0x200000"}
    assert run["guest"].get("page_size") == sizes.get(mode)
    if os.geteuid() == 0:
        assert int(entry["hpa"], 16) % 4096 == 0 and entry["hpa"] != "0x0"


def test_after_slots_change(trace):
    """Registers aren't known behind a run; the slots are."""
    timeline = trace.program("slots_change")
    runs = timeline.calls("KVM_RUN")
    assert [len(call["guest"]["memory"]) if "guest" in call else None
            for call in runs] == [1, None, 2, 1]
    assert "mode" in runs[0]["guest"] and "mode" not in runs[2]["guest"]


def test_userfaultfd_memory_is_left_alone(trace):
    """The thread that would fill the page is itself held up by the tracer."""
    timeline = trace.program("userfault")
    run = timeline.calls("KVM_RUN")[0]
    check_guest(run["guest"])
    assert "instruction" not in run["guest"]["entry"]


def test_what_is_mapped_is_said_once(trace):
    """A later line refers to the run that has it, until it changes."""
    timeline = trace.program("set_each_exit")
    seen = [call for call in timeline.of_type("ioctl")
            if "mode" in call.get("guest", {}) and
            call["guest"]["mode"] == "long"]
    runs = [call for call in seen if call["name"] == "KVM_RUN"]
    first, second, third = (seen[i:i + 3] for i in (0, 3, 6))
    assert [call["name"] for call in first] == \
        ["KVM_SET_SREGS", "KVM_SET_REGS", "KVM_RUN"]
    assert all(call["guest"]["mapped"] == runs[0]["guest"]["mapped"]
               for call in first)
    assert all(call["guest"]["mapped_seq"] == runs[0]["seq"] and
               "mapped" not in call["guest"] for call in second)
    assert all(call["guest"]["mapped"][0]["last"] == "0x3fffff"
               for call in third)
