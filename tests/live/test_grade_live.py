"""Programs recorded here and now, graded by the ready rubrics: hv, and
tests/programs/solution.c with and without its faults."""
import pytest

from grading import RUBRICS, grade_json
from tracing import HV, program

pytestmark = pytest.mark.usefixtures("kvm")

OPTIONS = {"real": "-r", "protected": "-s", "long": "-l"}
FAULTS = {
    "": set(),
    "small": {"memory"},
    "mute": {"hello", "bytes"},
    "real": {"mode", "table"},
    "impatient": {"hello", "bytes", "halt", "result"},
    "blind": {"result"},
    "failing": {"status"},
}


def lost(mode, traced):
    graded, = grade_json(RUBRICS / f"{mode}.json", traced.path)
    return {one["id"] for one in graded["checks"] if not one["passed"]}


@pytest.mark.parametrize("mode", OPTIONS)
def test_good_ones_get_everything(trace, mode):
    assert lost(mode, trace(HV, OPTIONS[mode])) == set()
    assert lost(mode, trace(program("solution"), OPTIONS[mode])) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_cost_what_they_spoil(trace, fault):
    traced = trace(program("solution"), "-l", fault)
    assert lost("long", traced) == FAULTS[fault]


def test_a_fake_gets_nothing(trace):
    """Calls on /dev/null, a printed greeting and printed trace lines."""
    graded, = grade_json(RUBRICS / "long.json",
                         trace(program("solution"), "-l", "fake").path)
    assert graded["score"] == 1, "it does end with status 0"
    assert any("not KVM's" in one.get("reason", "")
               for one in graded["checks"])


@pytest.mark.parametrize("mode", ["real", "long"])
def test_hypercalls(trace, mode):
    graded, = grade_json(RUBRICS / "hypercalls.json", trace(
        HV, f"--{mode}", "--guest", "hypercalls").path)
    assert graded["score"] == graded["max_score"]
