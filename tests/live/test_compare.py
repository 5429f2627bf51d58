"""Live traces of one program compare equal, however it was built and run."""
import os
import shutil

import pytest

from tracing import HV, KVMTRACE, ROOT, run

RUNS = 20
MODES = ["--real", "--protected", "--long"]
BUILDS = {
    "clang": ["CC=clang"],
    "static": ["LDFLAGS=-static"],
    "clang static": ["CC=clang", "LDFLAGS=-static"],
    "not optimised": ["CFLAGS=-O0"],
}


def compare(expected, actual, *options):
    done = run(KVMTRACE, "diff", *options, expected, actual)
    return done.status, done.stdout.decode()


@pytest.mark.parametrize("mode", MODES)
def test_runs_are_the_same(mode, kvm, trace):
    paths = [trace(HV, mode).path for _ in range(RUNS)]
    for path in paths[1:]:
        assert compare(paths[0], path)[0] == 0


def test_modes_differ(kvm, trace):
    status, said = compare(trace(HV, "--real").path, trace(HV, "--long").path)
    assert status == 1 and "cr0 is 0x80000011 (PE ET PG)" in said


@pytest.mark.parametrize("build", BUILDS)
def test_builds_are_the_same(build, kvm, trace, tmp_path):
    """hv and its guest, both built by another compiler."""
    if "clang" in build and not shutil.which("clang"):
        pytest.skip("clang is not installed")
    tree = tmp_path / "tree"
    for folder in ("tracer", "hypervisor", "guests", "tests", "schemas"):
        (tree / folder).parent.mkdir(exist_ok=True)
        (tree / folder).symlink_to(ROOT / folder)
    shutil.copy(ROOT / "Makefile", tree)
    made = run("make", "-C", tree, "hv", *BUILDS[build],
               env={**os.environ, "MAKEFLAGS": ""})
    assert made.status == 0, made
    for mode in MODES:
        assert compare(trace(HV, mode).path,
                       trace(tree / "hv", mode).path)[0] == 0


def test_addresses_and_descriptors_are_masked(kvm, trace):
    """setarch and bash are programs too: their exec is a line more."""
    plain = trace(HV, "--long").path
    fixed = trace("setarch", "-R", HV, "--long").path
    more = trace("bash", "-c", "exec 3</dev/null 5</dev/null 9</dev/null; "
                 'exec "$0" --long', HV).path
    for path in (fixed, more):
        assert compare(plain, path, "--ignore", "process")[0] == 0


def test_without_flow_it_is_the_same(kvm, trace):
    assert compare(trace(HV, "--long").path,
                   trace(HV, "--long", options=["--flow", "none"]).path)[0] == 0


def test_another_size_of_memory_is_what_differs(kvm, trace):
    status, said = compare(trace(HV, "--long").path,
                           trace(HV, "--long", "--memory", "4M").path)
    assert status == 1
    assert "memory_size is 0x400000, expected 0x200000" in said
