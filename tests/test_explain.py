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


def test_no_name_is_bad_usage():
    status, said, complaint = explain()
    assert (status, said) == (2, "")
    assert "explain NAME" in complaint


def test_an_answer_that_cannot_be_written_is_trouble():
    result = run("/bin/sh", "-c", '"$0" explain KVM_RUN >/dev/full', KVMTRACE)
    assert result.status == 2
    assert b"cannot write" in result.stderr


def test_help_lists_it():
    assert b"  explain " in run(KVMTRACE, "--help").stdout
