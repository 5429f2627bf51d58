"""How pytest runs all tests of this tree, and what it says at the end.

The last line of output is `N passed, N failed, N skipped`. With
KVM_MUST_WORK=1 a test that skips because of /dev/kvm has failed; such a skip
names /dev/kvm in its reason.
"""
import os

import pytest

import tracing

COUNTED = {"passed": 0, "failed": 0, "skipped": 0}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Skips for want of KVM become failures where KVM must work."""
    outcome = yield
    report = outcome.get_result()
    if (report.skipped and os.environ.get("KVM_MUST_WORK") == "1"
            and not hasattr(report, "wasxfail")
            and "/dev/kvm" in str(report.longrepr)):
        report.outcome = "failed"
        report.longrepr = f"KVM_MUST_WORK=1, but: {report.longrepr[2]}"


def pytest_runtest_logreport(report):
    """One count for each test: a teardown that fails is a failure more."""
    if hasattr(report, "wasxfail"):
        COUNTED["failed"] += report.when == "call"
    elif report.failed:
        COUNTED["failed"] += 1
    elif report.skipped:
        COUNTED["skipped"] += 1
    elif report.when == "call":
        COUNTED["passed"] += 1


def pytest_collectreport(report):
    if report.failed:
        COUNTED["failed"] += 1
    elif report.skipped:
        COUNTED["skipped"] += 1


def pytest_sessionfinish(session, exitstatus):
    """A test that is expected to fail is a failure all the same."""
    if COUNTED["failed"] and exitstatus == 0:
        session.exitstatus = 1


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if not config.option.collectonly:
        print("{passed} passed, {failed} failed, {skipped} skipped"
              .format(**COUNTED), flush=True)


@pytest.fixture(scope="session")
def kvm():
    """For tests that need a KVM that works."""
    problem = tracing.kvm_problem()
    if problem:
        pytest.skip(problem)


@pytest.fixture
def trace(tmp_path):
    """trace(program, *args, options=[...]) -> tracing.Traced, checked."""
    return tracing.Tracer(tmp_path)
