"""`kvmtrace report` on traces of hv that were taken just now."""
import json
import re

import jsonschema
import pytest

from tracing import HV, KVMTRACE, ROOT, run

pytestmark = pytest.mark.usefixtures("kvm")

SCHEMA = json.loads((ROOT / "schemas/report.schema.json").read_text())
MODES = {"real": "real mode", "protected": "without paging",
         "paged": "32-bit paging", "long": "4-level paging"}


def report(path):
    result = run(KVMTRACE, "report", "--format", "json", path)
    assert result.status == 0, result
    document = json.loads(result.stdout)
    jsonschema.Draft7Validator(SCHEMA).validate(document)
    return {question["id"]: question for question in document["questions"]}


@pytest.mark.parametrize("mode", MODES)
def test_hv(trace, mode):
    traced = trace(HV, f"--{mode}")
    questions = report(traced.path)
    told = {name: question["answer"].replace("`", "")
            for name, question in questions.items()}
    assert MODES[mode] in told["3a"]
    assert "2 MiB (0x200000 bytes)" in told["3b"]
    assert ("CR3 = 0x2000" in told["3c"]) == (mode in ("paged", "long"))
    assert told["4a"].startswith("At 0x0: RIP = 0x0")
    assert re.search(r"in vm_run \(hypervisor/vm\.c, line \d+\)", told["4b"])
    runs = traced.timeline.calls("KVM_RUN")
    assert questions["4b"]["evidence"][0] == runs[0]["seq"]
    if traced.status:
        assert mode == "paged" and "KVM_EXIT_SHUTDOWN" in told["5c"]
        return
    assert "Hello, world!, by port 0xe9" in told["5b"]
    assert "RAX = 0x2a, which is 42" in told["5c"]
    line = traced.timeline.calls("KVM_GET_REGS")[0]["caller"]["line"]
    assert f"line {line})" in told["5c"]


def test_more_memory_than_is_mapped(trace):
    told = report(trace(HV, "--memory", "8M").path)["3b"]["answer"]
    assert told.startswith("8 MiB (`0x800000` bytes)")
