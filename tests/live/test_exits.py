"""What KVM_RUN tells: exits and their data, reads and what completes them,
the guest's console, and calls that fail."""
import pytest

from timeline import refused_step
from tracing import program, run

pytestmark = pytest.mark.usefixtures("kvm")


def completed(timeline, run):
    """The data that the next run of the same vCPU completes this one with."""
    following, = [call for call in timeline.calls("KVM_RUN")
                  if call["in"].get("completes", {}).get("seq") == run["seq"]]
    assert following["run_index"] == run["run_index"] + 1
    return following["in"]["completes"]["data_hex"]


def test_port_widths(trace):
    timeline = trace.program("io_widths")
    runs = timeline.calls("KVM_RUN")
    ports = [call["exit"]["io"] for call in runs[:-1]]
    assert [(io["direction_name"], io["port"], io["size"], io["count"])
            for io in ports] == [
        (f"KVM_EXIT_IO_{way}", port, size, 1)
        for way, port in (("OUT", 0x10), ("OUT", 0xABCD), ("IN", 0x10),
                          ("IN", 0xABCD))
        for size in (1, 2, 4)] + [("KVM_EXIT_IO_OUT", 0x10, 4, 1)]
    assert [io["data_hex"] for io in ports if io["direction"] == 1] == \
        ["78", "7856", "78563412"] * 2 + ["f1f2f3f4"]
    reads = [call for call in runs[:-1]
             if call["exit"]["io"]["direction"] == 0]
    assert [completed(timeline, read) for read in reads] == \
        ["01", "0102", "01020304", "f1", "f1f2", "f1f2f3f4"]
    # At the exit there is nothing read yet.
    assert not any("data_hex" in read["exit"]["io"] for read in reads)


def test_mmio(trace):
    timeline = trace.program("mmio")
    runs = timeline.calls("KVM_RUN")
    accesses = [call for call in runs if "mmio" in call["exit"]]
    told = [call["exit"]["mmio"] for call in accesses]
    assert [(mmio["phys_addr"], mmio["len"], mmio["is_write"])
            for mmio in told] == [("0x20000", 1, 1), ("0x20008", 2, 1),
                                  ("0x20010", 1, 0), ("0x20018", 2, 0)]
    assert [mmio["data_hex"] for mmio in told[:2]] == ["34", "3412"]
    assert [completed(timeline, read) for read in accesses[2:]] == \
        ["ab", "efcd"]
    assert timeline.written(0x10) == b"\xab\xef\xcd"


def test_mmio_reads_have_no_data_yet(trace):
    """What lies in kvm_run at the exit is left from an earlier access."""
    timeline = trace.program("mmio")
    reads = [end["mmio"] for end in timeline.exits()
             if "mmio" in end and not end["mmio"]["is_write"]]
    assert len(reads) == 2
    assert not any("data_hex" in mmio for mmio in reads)


def test_string_io(trace):
    letters = bytes(ord("a") + i % 26 for i in range(64))
    timeline = trace.program("string_io")
    assert timeline.written(0x10) == letters
    read = b""
    for call in timeline.calls("KVM_RUN"):
        completes = call["in"].get("completes")
        if completes:
            io = timeline.lines[completes["seq"]]["exit"]["io"]
            data = bytes.fromhex(completes["data_hex"])
            assert len(data) == io["size"] * io["count"]
            read += data
    assert read == bytes(ord("z") - i % 26 for i in range(64))


def test_console(trace):
    timeline = trace.program("console")
    assert console_lines(timeline, 0xE9) == [
        b"plain text", b"h\xc3\xa9l", b"caf\xc3\xa9 \xff\xfe\x80",
        b"\x1b[31mred\x1b[0m\x07\x08\r", b"tab\there\0nul\x7f",
        b"no newline.."]
    assert console_lines(timeline, 0x3F8) == [
        b"", b"", b"\r", b"\r", b'"quotes" and \\backslash\\',
        b"\xe2\x82\xac", b"",
        b"\xed\xa0\x80\xf4\x90\x80\x80</script>", b"the last words."]


def console_lines(timeline, port):
    """The bytes of each line; its text must be what they say: UTF-8 when they
    are UTF-8, or else each byte by itself."""
    found = []
    for line in timeline.of_type("console", port=port):
        text = line["text"]
        is_plain = text.isascii() and text.isprintable()
        raw = text.encode() if is_plain else bytes.fromhex(line["text_hex"])
        assert is_plain or text == decoded(raw)
        found.append(raw)
    return found


def decoded(raw):
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def test_console_text_by_jq(trace):
    result = run("jq", "-r", 'select(.type == "console").text',
                 trace(program("console")).path)
    assert "h\u00e9l\n".encode() in result.stdout
    assert "\u20ac\n".encode() in result.stdout


def test_console_by_option(trace):
    """two_vms writes to port 0x10, which is a console only when asked for."""
    plain = trace(program("two_vms")).timeline
    assert not plain.of_type("console")
    asked = trace(program("two_vms"), options=["--console", "0x10"]).timeline
    line, = asked.of_type("console")
    assert (line["port"], line["vm"]) == (0x10, 0)
    assert line["text"] == "abcdefghijklmnopqrstuvwxyz"


def test_shutdown(trace):
    timeline = trace.program("shutdown")
    assert timeline.reasons() == ["IO", "SHUTDOWN"]
    sregs = timeline.calls("KVM_SET_SREGS")[-1]["in"]
    assert "PE" in sregs["cr0_names"] and "PG" not in sregs["cr0_names"]
    assert sregs["idt"] == {"base": "0x0", "limit": 0}


def test_internal_error(trace):
    timeline = trace.program("internal_error")
    end = timeline.exits()[-1]
    assert end["reason"] == "KVM_EXIT_INTERNAL_ERROR"
    internal = end["internal"]
    assert internal["suberror_name"] == "KVM_INTERNAL_ERROR_EMULATION"
    assert len(internal["data"]) == internal["ndata"] <= 16


def test_registers(trace):
    timeline = trace.program("portio_loop", "3")
    regs = timeline.calls("KVM_SET_REGS")[-1]["in"]
    assert (regs["rip"], regs["rcx"], regs["rflags"]) == \
        ("0x1000", "0x3", "0x2")
    asked, told = (timeline.calls(name)[-1] for name in
                   ("KVM_SET_SREGS", "KVM_GET_SREGS"))
    assert "out" not in asked and "in" not in told
    assert asked["in"]["cs"] == dict(told["out"]["cs"], base="0x0", selector=0)
    assert timeline.reasons() == ["IO"] * 3 + ["HLT"]


# Of odd_calls's output: what isn't a KVM request, or is no call.
NO_REQUEST = ("request 0", "request -1", "a terminal's", "exit reason", "byte")


def test_odd_calls_all_told(trace):
    """Each call that the program tells of is in the trace, with the result
    that the program saw."""
    result = trace(program("odd_calls"))
    assert result.status == 0
    printed = [line.rsplit(": ", 1)
               for line in result.stdout.decode().splitlines()]
    told = [what for name, what in printed if name not in NO_REQUEST]
    calls = result.timeline.calls()
    setup = len(calls) - len(told)
    assert [call["name"] for call in calls[:setup]][-1] == "KVM_SET_REGS"
    assert [str(call.get("errno", call["ret"])) for call in calls[setup:]] == \
        told


def test_odd_calls_roles_and_steps(trace):
    timeline = trace.program("odd_calls")
    runs = [(call["on"], call["errno"], refused_step(call))
            for call in timeline.calls("KVM_RUN") if "errno" in call]
    assert runs[:8] == [
        ("vm", "ENOTTY", 3), ("system", "EINVAL", 3), ("vcpu", "EINVAL", 4),
        ("not_kvm", "ENOTTY", 3), ("not_kvm", "ENOTTY", 3),
        ("not_kvm", "ENOTTY", 3), ("not_kvm", "EBADF", 2),
        ("not_kvm", "EBADF", 2)]
    unknown = timeline.calls("unknown")
    assert [call["cmd"] for call in unknown] == [
        "0xaeff", "0xaeff", "0xaeff", "0x8400aefe", "0x7fffaefe", "0xc000aefe",
        "0x8008ae81"]
    written = unknown[4]["in"]
    assert (written["direction"], written["size"]) == ("write", 16383)
    assert timeline.calls("KVM_SET_SREGS", errno="EFAULT")
    assert {"unknown-request", "not-kvm", "wrong-descriptor", "unreadable"} <= \
        timeline.notes()


def test_odd_calls_path_descriptor(trace):
    """A descriptor of O_PATH can't be used for ioctl: EBADF, at step 2."""
    timeline = trace.program("odd_calls")
    call = timeline.call("KVM_GET_API_VERSION", errno="EBADF")
    assert refused_step(call) == 2


def test_run_with_an_argument(trace):
    """Step 3 doesn't say that there was none."""
    call, = [call for call in trace.program("odd_calls").calls(
        "KVM_RUN", on="vcpu", errno="EINVAL") if call["arg"] != "0x0"]
    text = call["flow"][2]["text"]
    assert "0x1" in text and "; no argument" not in text


def test_terminal_ioctls_cost_no_stop(trace):
    few, many = (trace.program("tty_loop", number).end["capture"]["stops"]
                 for number in ("10", "1000"))
    assert few == many


def test_kvm_run_not_mapped(trace):
    """A run that was refused has no exit that could be missed."""
    call, = trace.program("run_maps").calls("KVM_RUN", vm=0)
    assert (call["arg"], call["errno"], call["on"]) == ("0x5", "EINVAL",
                                                       "vcpu")
    text = call["flow"][2]["text"]
    assert "0x5" in text and "; no argument" not in text
    assert "no-kvm-run" not in {note["code"] for note in call.get("notes", ())}


def test_kvm_run_mapped_short(trace):
    """The port data lie outside of the mapping, and what lies there instead
    is not KVM's."""
    runs = trace.program("run_maps").calls("KVM_RUN", vm=1)
    assert [call["exit"]["reason"] for call in runs] == \
        ["KVM_EXIT_IO", "KVM_EXIT_IO", "KVM_EXIT_HLT"]
    for call in runs[:2]:
        assert call["exit"]["io"]["port"] == 0x10
        assert "data_hex" not in call["exit"]["io"]
        assert [note["code"] for note in call["notes"]] == \
            ["run-data-unmapped"]
    assert "notes" not in runs[2]


def test_kvm_run_moved(trace):
    timeline = trace.program("run_maps")
    assert timeline.reasons(vm=2) == ["IO", "IO", "HLT"]
    assert timeline.written(0x10, vm=2) == b"ab"


def test_counts(trace):
    timeline = trace.program("api_loop", "50")
    counts = timeline.end["counts"]["ioctl"]
    assert counts == {"KVM_GET_API_VERSION": 50}
    assert all(call["ret"] == 12 and call["on"] == "system"
               for call in timeline.calls())


def test_synchronised_registers(trace):
    """The registers that the program asked for, and those that it gave."""
    first, second, last = trace.program("sync_regs").calls("KVM_RUN")
    assert first["in"]["kvm_valid_regs_names"] == ["KVM_SYNC_X86_REGS"]
    assert "sync_regs" not in first["in"]
    assert list(first["out"]["sync_regs"]) == ["regs"]
    assert first["out"]["sync_regs"]["regs"]["rax"] == "0x41"
    assert second["in"]["sync_regs"]["regs"]["rax"] == "0x5a"
    assert second["exit"]["io"]["data_hex"] == "5a"
    assert "sync_regs" not in last["in"]


def test_coalesced_ring(trace):
    """What waits in the ring is shown with the exit that finds it there."""
    first, second = trace.program("coalesced").calls("KVM_RUN")
    waiting = first["out"]["coalesced_mmio"]
    assert [(w["phys_addr"], w["len"], w["data_hex"][:2]) for w in waiting] \
        == [("0x20000", 1, "11"), ("0x20004", 1, "22")]
    assert "coalesced_mmio" not in second["out"]


def test_statistics_descriptor(trace):
    """The descriptor says which figures it gives, by name."""
    (call,) = trace.program("stats").calls("KVM_GET_STATS_FD")
    assert call["made"]["on"] == "stats" and call["made"]["fd"] == call["ret"]
    names = [d["name"] for d in call["out"]["descriptors"]]
    assert len(names) == call["out"]["header"]["num_desc"]
    assert "remote_tlb_flush" in names


def test_value_of_a_device_attribute(trace):
    """How long it is depends on the kind of descriptor: it is copied."""
    (call,) = trace.program("device_attr").calls("KVM_SET_DEVICE_ATTR")
    assert call["on"] == "device"
    assert call["in"]["addr_data"] == {"fd": 12345}


def test_answers_to_msr_exits(trace):
    """The program's answer stands in the run that takes it, by its own name."""
    timeline = trace.program("answers")
    answers = {}
    for call in timeline.calls("KVM_RUN"):
        completes = call["in"].get("completes")
        if completes:
            reason = timeline.lines[completes.pop("seq")]["exit"]["reason"]
            answers[reason] = completes
    # The data of a WRMSR are the guest's.
    assert answers == {
        "KVM_EXIT_X86_RDMSR": {"msr": {"error": 0,
                                       "data": "0x1122334455667741"}},
        "KVM_EXIT_X86_WRMSR": {"msr": {"error": 0}},
    }


def test_a_read_whose_exit_was_left_out(trace):
    """The run that completes it refers to no other line in its place."""
    timeline = trace(program("mmio"), options=["--only", "KVM_EXIT_IO"],
                     check={"is_filtered": True}).timeline
    completes = [call["in"]["completes"]
                 for call in timeline.calls("KVM_RUN")
                 if "completes" in call["in"]]
    assert completes and not any("seq" in found for found in completes)
