"""kvmtrace explain, as it is called: what it prints, and its exit status."""
import csv
import fnmatch

import pytest

from tracing import KVMTRACE, ROOT, run

# Constants of the headers that nobody asks for: pattern, why.
UNEXPLAINED = [
    ("KVM_*_MASK", "which bits a part has; the parts are explained"),
    ("KVM_*_SHIFT", "where a part lies; the parts are explained"),
    ("KVM_*_MAX", "grows with the kernel, or the size of an array"),
    ("KVM_PMU_MASKED_ENTRY_*", "parts of an entry that is shown whole"),
    ("KVM_SYNC_X86_VALID_FIELDS", "a mask over flags that are explained"),
    ("KVM_X86_DISABLE_VALID_EXITS", "a mask over flags that are explained"),
    ("KVM_TRC_*", "a trace buffer that KVM lost in 2.6.x"),
    ("KVM_VM_MIPS_*", "a VM type of another architecture"),
    ("KVM_VM_PPC_*", "a VM type of another architecture"),
    ("kvm_ioeventfd_flag_nr_*", "the number of a KVM_IOEVENTFD_FLAG_*"),
    ("KVM_CLOCK_PAIRING_WALLCLOCK", "a clock that only a guest names"),
    ("KVM_STATE_NESTED_*_SIZE", "the size of a member"),
    ("KVM_SEV_SNP_*_SIZE", "the size of an area"),
    ("KVM_XEN_MSR_M*_INDEX", "the ends of a range of MSRs"),
    ("KVM_XEN_INVALID_*", "all ones: no address"),
]


def explain(*names):
    result = run(KVMTRACE, "explain", *names)
    return result.status, result.stdout.decode(), result.stderr.decode()


@pytest.mark.parametrize("name, words", [
    ("KVM_SET_SREGS", "api.rst 4.14"),
    ("kvm_set_sregs", "api.rst 4.14"),
    ("0xae80", "KVM_RUN: an ioctl"),
    ("KVM_EXIT_IO", "exit reason 2"),
    ("struct kvm_sregs", "312 bytes"),
    ("kvm_sregs.cr0", "offset 224"),
    ("KVM_MEM_READONLY", "bit 1"),
    ("KVM_CAP_IRQCHIP", "KVM_CHECK_EXTENSION"),
    ("IA32_EFER", "0xc0000080"),
    ("EINVAL", "Invalid argument"),
    ("long-mode", "the processor's 64-bit mode"),
    ("Long Mode", "the processor's 64-bit mode"),
    ("slot-overlap", "overlaps another one"),
    ("CPUID.1:ECX", "31 flags"),
    ("guest", "what runs inside the VM"),
    ("walk", "looked up in the page tables"),
    ("page walk", "looked up in the page tables"),
    ("4-level", "long mode's usual tables"),
    ("4-level paging", "long mode's usual tables"),
    ("5-level", "57-bit addresses"),
    ("shadow", "in place of the guest's"),
    ("shadow paging", "in place of the guest's"),
    ("EPT", "from gpa to hpa"),
    ("NPT", "from gpa to hpa"),
])
def test_a_name_is_explained(name, words):
    status, said, complaint = explain(name)
    assert (status, complaint) == (0, "")
    assert words in said


@pytest.fixture(scope="module")
def unexplained():
    with open(ROOT / "tests/abi/constants.tsv", newline="",
              encoding="ascii") as table:
        names = [row["name"] for row in csv.DictReader(table, delimiter="\t")]
    assert len(names) > 600
    return {name for name in names if explain(name)[0] != 0}


def test_each_constant_is_explained_or_there_is_a_reason(unexplained):
    assert not [name for name in unexplained if not any(
        fnmatch.fnmatchcase(name, pattern) for pattern, _ in UNEXPLAINED)]


def test_each_reason_is_needed(unexplained):
    for pattern, reason in UNEXPLAINED:
        assert reason and fnmatch.filter(unexplained, pattern), pattern


@pytest.mark.parametrize("name, shown", [
    (b"\x1b[31mxyzzyxyzzy\a", b"\\x1b[31mxyzzyxyzzy\\x07"),
    (b"\xff\nxyzzyxyzzy", None),
    (b"a" * 100000, b"a" * 64 + b"..."),
])
def test_an_unknown_name_is_told_in_one_short_printable_line(name, shown):
    result = run(KVMTRACE, "explain", name)
    assert (result.status, result.stdout) == (2, b"")
    line = result.stderr
    assert line.endswith(b"\n") and line[:-1].isascii()
    assert line[:-1].decode().isprintable() and len(line) < 200
    if shown:
        assert line.startswith(b"kvmtrace: " + shown + b": ")


def test_several_names():
    status, said, complaint = explain("KVM_NMI", "KVM_SMI")
    assert (status, complaint) == (0, "")
    assert said.index("KVM_NMI: an ioctl") < said.index("KVM_SMI: an ioctl")
    assert "\n\nKVM_SMI: an ioctl\n" in said


def test_words_of_one_name_need_no_quotes():
    status, said, complaint = explain("page", "table", "struct", "kvm_regs",
                                      "EINTR")
    assert (status, complaint) == (0, "")
    assert said.startswith("page-table: ")
    assert "\nstruct kvm_regs: 144 bytes\n" in said
    assert "\nEINTR: errno 4\n" in said


def test_a_near_miss_is_suggested():
    status, said, complaint = explain("KVM_SET_SREG")
    assert (status, said) == (2, "")
    assert complaint == "kvmtrace: KVM_SET_SREG: did you mean KVM_SET_SREGS?\n"


def test_a_wrong_name_does_not_hide_the_others():
    status, said, complaint = explain("xyzzyxyzzy", "KVM_NMI")
    assert status == 2
    assert "KVM_NMI: an ioctl" in said
    assert complaint.startswith("kvmtrace: xyzzyxyzzy: ")
    assert complaint.count("\n") == 1


def test_without_a_name_it_lists_what_there_is():
    """And each name that it lists is explained."""
    status, said, complaint = explain()
    assert (status, complaint) == (0, "")
    kinds, words = said.split("and these words", 1)
    examples = [name for line in kinds.splitlines()[1:]
                for name in line[18:].split()]
    topics = [name for line in words.splitlines()[1:]
              if line.startswith("    ") for name in line.split()]
    assert len(examples) > 20 and len(topics) > 50
    for name in examples + topics:
        status, said, complaint = explain(name.rstrip(","))
        assert (status, complaint) == (0, ""), name
        assert said


def test_an_answer_that_cannot_be_written_is_trouble():
    result = run("/bin/sh", "-c", '"$0" explain KVM_RUN >/dev/full', KVMTRACE)
    assert result.status == 2
    assert b"cannot write" in result.stderr


def test_help_lists_it():
    assert b"  explain " in run(KVMTRACE, "--help").stdout
