"""The harness can fail: its last line, its exit status, KVM_MUST_WORK, and
the checks that every timeline goes through."""
import json
import os
import shutil

import jsonschema
import pytest

from timeline import Timeline
from tracing import PYTHON, ROOT, run

SAMPLE = """
import pytest
def test_good(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_skips(n): pytest.skip("no cheese")
def test_no_kvm(): pytest.skip("opening /dev/kvm fails")
"""
BAD = "def test_bad(): assert False\n"
ERROR = """
import pytest
@pytest.fixture
def broken(): raise OSError("broken")
def test_error(broken): pass
"""
XFAIL = """
import pytest
@pytest.mark.xfail
def test_known(): assert False
"""


def run_sample(folder, text, **environment):
    for name in ("conftest.py", "tracing.py", "timeline.py"):
        shutil.copy(ROOT / "tests" / name, folder)
    (folder / "test_sample.py").write_text(text)
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **environment)
    result = run(PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                 "--rootdir", folder, folder, env=env)
    return result.status, result.stdout.decode().splitlines()[-1]


@pytest.fixture
def sample(tmp_path):
    """A folder whose tests see a schema, as those of the tree do."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/timeline.schema.json").write_text("{}")
    (tmp_path / "tests").mkdir()
    return tmp_path / "tests"


@pytest.mark.parametrize("text, kvm_must_work, status, line", [
    (SAMPLE, "0", 0, "1 passed, 0 failed, 3 skipped"),
    (SAMPLE, "1", 1, "1 passed, 1 failed, 2 skipped"),
    (SAMPLE + BAD, "0", 1, "1 passed, 1 failed, 3 skipped"),
    (SAMPLE + ERROR, "0", 1, "1 passed, 1 failed, 3 skipped"),
    (SAMPLE + XFAIL, "0", 1, "1 passed, 1 failed, 3 skipped"),
    ("import no_such_module\n", "0", 2, "0 passed, 1 failed, 0 skipped"),
])
def test_last_line(sample, text, kvm_must_work, status, line):
    assert run_sample(sample, text, KVM_MUST_WORK=kvm_must_work) == \
        (status, line)


START = {"type": "trace_start", "seq": 0, "ts_ns": 0, "schema": "kvmtrace/1",
         "tool": {"name": "kvmtrace", "version": "0.1.0"}, "argv": ["x"],
         "arch": "x86_64", "clock": "CLOCK_MONOTONIC",
         "start_time": "2024-01-01T00:00:00.000000000Z", "engine": "ptrace",
         "host": {"kernel": "6.1.0"}}
CALL = {"type": "ioctl", "seq": 1, "ts_ns": 1, "dur_ns": 1, "pid": 1,
        "tid": 1, "name": "KVM_GET_API_VERSION", "cmd": "0xae00", "fd": 3,
        "on": "system", "arg": "0x0", "ret": 12}
END = {"type": "trace_end", "seq": 2, "ts_ns": 2, "events": 2, "dropped": 0,
       "truncated": False, "status": {"exited": 0},
       "counts": {"ioctl": {"KVM_GET_API_VERSION": 1}, "exit": {},
                  "errors": 0}, "capture": {"stops": 4}}


def raw(*lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_a_good_timeline_passes():
    Timeline(raw(START, CALL, END))


@pytest.mark.parametrize("text", [
    raw(START, CALL, END)[:-1],
    raw(START, CALL),
    raw(CALL, END),
    raw(START, END),
    raw(START, CALL, END, END),
    raw(START, dict(CALL, seq=2), END),
    raw(START, dict(CALL, ret=-1), END),
    raw(START, dict(CALL, errno="EIO"), END),
    raw(START, dict(CALL, arg="0x00"), END),
    raw(START, dict(CALL, arg="0xAB"), END),
    raw(START, dict(CALL, out={"data_hex": "abc"}), END),
    raw(START, dict(CALL, out={"cr3": 2**60}), END),
    raw(START, dict(CALL, cmd="0x1ae000000"), END),
    raw(START, dict(CALL, on="kvm"), END),
    raw(START, dict(CALL, vm=0), END),
    raw(START, dict(reversed(CALL.items())), END),
    raw(START, dict(CALL, name="KVM_RUN"), END),
    raw(START, dict(CALL, flow=[]), END),
    raw(START, CALL, dict(END, events=3)),
    raw(START, CALL, END).replace(b"0xae00", "0xaé00".encode()),
    raw(START, CALL, END).replace(b'"fd": 3', b'"fd": 3, "fd": 4'),
    raw(START, CALL, END).replace(b'"fd": 3', b'"fd": NaN'),
], ids=range(22))
def test_a_bad_timeline_is_found(text):
    with pytest.raises((AssertionError, ValueError,
                        jsonschema.ValidationError)):
        Timeline(text)
