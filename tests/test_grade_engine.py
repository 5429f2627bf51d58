"""`kvmtrace grade RUBRIC -- PROGRAM` and its engines: by default that which a
program can't deceive, whatever it writes to its own memory."""
import json
import os

import pytest

from grading import check, write_rubric
from tracing import HV, KVMTRACE, PYTHON, run

pytestmark = pytest.mark.usefixtures("kvm")

# A record of the ring once more, changed to a call that was never made. The
# numbers are those of tracer/capture/inprocess/layout.h and area.h.
FORGER = """
import ctypes, fcntl, os, struct, time
AGENT_SHARED, AREA_TABLES, TABLES_BYTES = 0x6b7670000000, 16, 16384 + 1024 * 32
SLOT = AGENT_SHARED + AREA_TABLES * TABLES_BYTES
SLOT_RING, RECORD_REQUEST = 4096, 56
KVM_GET_API_VERSION, KVM_CHECK_EXTENSION = 0xAE00, 0xAE03

kvm = os.open("/dev/kvm", os.O_RDWR)
for pause in (0, 0, 0.2):
    time.sleep(pause)
    fcntl.ioctl(kvm, KVM_GET_API_VERSION, 0)
if f"{AGENT_SHARED:x}-" not in open("/proc/self/maps").read():
    raise SystemExit("there is no ring")
record = SLOT + SLOT_RING
size = ctypes.c_uint32.from_address(record).value
forged = bytearray(ctypes.string_at(record, size))
struct.pack_into("<Q", forged, RECORD_REQUEST, KVM_CHECK_EXTENSION)
ctypes.memmove(record + size, bytes(forged), size)
ctypes.c_uint64.from_address(SLOT).value += size
time.sleep(0.2)
"""


@pytest.fixture(name="rubric")
def rubric_of_two(tmp_path):
    return write_rubric(tmp_path / "r.json",
                        check(0, call="KVM_GET_API_VERSION"),
                        check(1, call="KVM_CHECK_EXTENSION"))


@pytest.fixture
def inprocess():
    if run(KVMTRACE, "--engine", "inprocess", "-o", "/dev/null",
           "true").status:
        pytest.skip("the in-process engine can't work here")


def grade(rubric, folder, *command, options=(), status=0):
    """The only result, and the trace that it is of."""
    result = run(KVMTRACE, "grade", "-f", "json", "--keep", folder, *options,
                 rubric, "--", *command)
    assert result.status == status, result
    graded, = json.loads(result.stdout)["results"]
    lines = (folder / "trace.jsonl").read_text().splitlines()
    return graded, [json.loads(line) for line in lines]


@pytest.mark.parametrize("options", [[], ["--engine", "ptrace"]])
def test_ptrace_is_the_default(rubric, tmp_path, options):
    graded, lines = grade(rubric, tmp_path / "kept", HV, "--long",
                          options=options)
    assert graded["graded"] and lines[0]["engine"] == "ptrace"
    assert lines[-1]["capture"].keys() == {"stops"}


@pytest.mark.parametrize("engine", ["inprocess", "auto"])
def test_the_other_engine(rubric, tmp_path, inprocess, engine):
    """Its rings have room within the tracer's limit on memory."""
    graded, lines = grade(rubric, tmp_path / "kept", HV, "--long",
                          options=["--engine", engine])
    assert graded["graded"] and lines[0]["engine"] == "inprocess"
    capture = lines[-1]["capture"]
    assert capture["inprocess"] > capture["ptrace"] > 0
    assert "process" not in capture["slow"]


def test_what_is_written_to_the_ring_is_no_call(rubric, tmp_path):
    graded, lines = grade(rubric, tmp_path / "kept", PYTHON, "-c", FORGER)
    assert [one["passed"] for one in graded["checks"]] == [True, False]
    assert lines[-1]["counts"]["ioctl"] == {"KVM_GET_API_VERSION": 3}
    assert lines[-1]["status"] == {"exited": 1}, "it found no ring"


def test_the_forger_can_forge(rubric, tmp_path, inprocess):
    """Where it is let: so the test above has something to refuse."""
    graded, lines = grade(rubric, tmp_path / "kept", PYTHON, "-c", FORGER,
                          options=["--engine", "inprocess"])
    assert [one["passed"] for one in graded["checks"]] == [True, True]
    assert lines[-1]["counts"]["ioctl"] == {"KVM_GET_API_VERSION": 3,
                                            "KVM_CHECK_EXTENSION": 1}


def test_words_and_places_of_the_option(rubric, tmp_path):
    wrong = run(KVMTRACE, "grade", "--engine", "magic", rubric, "--", HV)
    assert wrong.status == 2 and b"--engine takes auto, ptrace or inprocess" \
        in wrong.stderr
    recorded = run(KVMTRACE, "grade", "--engine", "ptrace", rubric,
                   tmp_path / "trace.jsonl")
    assert recorded.status == 2
    assert b"--engine is for a program" in recorded.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_an_engine_that_cannot_be(rubric, tmp_path):
    """In an IPC namespace without shared memory, as some containers are."""
    script = ("echo 0 >/proc/sys/kernel/shmmni || exit 77; "
              f"{KVMTRACE} grade -f json --engine inprocess {rubric} -- {HV}")
    result = run("unshare", "-i", "sh", "-c", script)
    if result.status in (1, 77):
        pytest.skip("no IPC namespace can be set up here")
    assert result.status == 2, result
    graded, = json.loads(result.stdout)["results"]
    assert not graded["graded"] and graded["score"] == 0
    assert "shared memory" in graded["error"]
