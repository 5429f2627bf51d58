"""hv in all its modes, with both guests, untraced and traced."""
import pytest

from tracing import HV, ROOT, run

pytestmark = pytest.mark.usefixtures("kvm")

MODES = {
    "real": "real mode",
    "protected": "protected mode",
    "paged": "paged 32-bit mode",
    "long": "long mode",
}
GUESTS = ("hello", "hypercalls")


def legacy_paging_failed(result):
    """The one failure that is allowed, and only as hv explains it."""
    said = result.stderr.decode()
    return (result.status == 1 and "PVM" in said
            and "KVM_EXIT_SHUTDOWN" in said)


@pytest.mark.parametrize("guest", GUESTS)
@pytest.mark.parametrize("mode", MODES)
def test_mode(trace, mode, guest):
    command = [HV, f"--{mode}", "--guest", guest]
    untraced = run(*command)
    traced = trace(*command)
    assert untraced.stdout.startswith(f"Testing {MODES[mode]}\n".encode())
    assert traced.status == untraced.status
    assert traced.stderr == untraced.stderr
    # The hypercalls guest prints the time.
    if guest == "hello":
        assert traced.stdout == untraced.stdout
    reasons = traced.timeline.reasons(vm=0, vcpu=0)
    if mode == "paged" and untraced.status != 0:
        assert legacy_paging_failed(untraced), untraced
        assert reasons == ["SHUTDOWN"]
        return
    assert untraced.status == 0, untraced
    assert reasons[-1] == "HLT" and set(reasons[:-1]) == {"IO"}
    if guest == "hello":
        assert b"Hello, world!\n" in untraced.stdout
        assert reasons == ["IO"] * 14 + ["HLT"]


@pytest.mark.parametrize("mode", ["real", "protected", "long"])
def test_console(trace, mode):
    timeline = trace(HV, f"--{mode}").timeline
    assert timeline.written(0xE9) == b"Hello, world!\n"
    line, = timeline.of_type("console")
    assert (line["text"], line["port"]) == ("Hello, world!", 0xE9)
    runs = timeline.calls("KVM_RUN")
    assert (line["from_seq"], line["to_seq"]) == \
        (runs[0]["seq"], runs[13]["seq"])


def test_the_calls_in_order(trace):
    timeline = trace(HV, "--long").timeline
    names = [line["name"] for line in timeline.lines if "name" in line
             if line["name"] != "KVM_RUN" or line["run_index"] == 1]
    wanted = ["openat", "KVM_GET_API_VERSION", "KVM_CREATE_VM",
              "KVM_SET_USER_MEMORY_REGION", "KVM_CREATE_VCPU", "mmap",
              "KVM_GET_SREGS", "KVM_SET_SREGS", "KVM_SET_REGS", "KVM_RUN",
              "KVM_GET_REGS"]
    assert [name for name in names if name in wanted] == wanted
    assert timeline.call("KVM_CREATE_VM")["on"] == "system"
    assert timeline.call("KVM_CREATE_VCPU")["on"] == "vm"
    assert timeline.call("KVM_SET_SREGS")["on"] == "vcpu"
    slot = timeline.call("KVM_SET_USER_MEMORY_REGION")["in"]
    assert slot["guest_phys_addr"] == "0x0"
    assert slot["memory_size"] == "0x200000"
    assert timeline.call("KVM_GET_REGS")["out"]["rax"] == "0x2a"


def test_long_mode_registers(trace):
    sregs = trace(HV, "--long").timeline.call("KVM_SET_SREGS")["in"]
    assert sregs["cr3"] == "0x2000"
    assert {"PE", "PG"} <= set(sregs["cr0_names"])
    assert sregs["cr4_names"] == ["PAE"]
    assert {"LME", "LMA"} <= set(sregs["efer_names"])
    assert (sregs["cs"]["l"], sregs["cs"]["db"]) == (1, 0)


@pytest.mark.parametrize("mode, pe", [("real", False), ("protected", True)])
def test_other_registers(trace, mode, pe):
    sregs = trace(HV, f"--{mode}").timeline.call("KVM_SET_SREGS")["in"]
    assert ("PE" in sregs["cr0_names"]) == pe
    assert "PG" not in sregs["cr0_names"]
    assert sregs["efer_names"] == [] and sregs["cs"]["l"] == 0


def test_callers(trace):
    """Every call comes from a function of hv, with its source line."""
    for line in trace(HV, "--long", cwd=ROOT).timeline.lines:
        if "name" not in line:
            continue
        caller = line["caller"]
        assert caller["object"] == "hv" and caller["symbol"]
        source = ROOT / caller["file"]
        text = source.read_text().splitlines()
        assert 0 < caller["line"] <= len(text), caller


def test_the_caller_is_the_line_of_the_call(trace):
    run_line = trace(HV, "--long").timeline.calls("KVM_RUN")[0]["caller"]
    text = (ROOT / run_line["file"]).read_text().splitlines()
    near = text[run_line["line"] - 2:run_line["line"] + 1]
    assert any("KVM_RUN" in line for line in near), near


def test_a_guest_that_is_wrong(tmp_path):
    """hlt at once: the accumulator isn't 42."""
    image = tmp_path / "wrong.bin"
    image.write_bytes(b"\xf4")
    result = run(HV, "--real", "--guest", image)
    assert result.status == 1 and b"wrong result" in result.stderr
