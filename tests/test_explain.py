"""kvmtrace explain, as it is called: what it prints, and its exit status."""
import pytest

from tracing import KVMTRACE, run


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
])
def test_a_name_is_explained(name, words):
    status, said, complaint = explain(name)
    assert (status, complaint) == (0, "")
    assert words in said


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
