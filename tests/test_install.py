"""`make install` and `uninstall`, the manual pages, and Debian's package."""
import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest

from test_options import COMMANDS, rows
from tracing import BUILD, KVMTRACE, ROOT, run

# The tests of another build (make asan) install the usual one.
BUILD = BUILD if "KVMTRACE" not in os.environ else ROOT / "build"
PAGES = ("kvmtrace.1", "kvmtrace-trace.5", "kvmtrace-rubric.5", "hv.1")
NOT_OURS = re.compile(r"referenced manual not found|outdated mandoc.db")


def make(*words, umask=0o022):
    """A make of its own, whatever the one around it was told."""
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "--no-print-directory", f"B={BUILD}", *words],
                          cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True,
                          preexec_fn=lambda: os.umask(umask))
    assert done.returncode == 0, done.stdout


def needs(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed")


def files_below(folder):
    return {str(path.relative_to(folder)): path
            for path in folder.rglob("*") if not path.is_dir()}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    make("all", "man")
    # Root's may be strict; what is installed is for everybody.
    make("install", f"DESTDIR={folder}", "PREFIX=/opt/kt", umask=0o077)
    return folder / "opt/kt"


@pytest.fixture(scope="module")
def pages():
    make("man")
    return {name: BUILD / "man" / name for name in PAGES}


def names(pattern):
    return {path.name for path in ROOT.glob(pattern)}


def test_what_is_installed(installed):
    files = files_below(installed)
    share = "share/kvmtrace"
    doc = "share/doc/kvmtrace"
    assert set(files) == {
        "bin/kvmtrace", "bin/hv", "share/zsh/site-functions/_kvmtrace",
        "share/bash-completion/completions/kvmtrace",
        f"{doc}/README.md", f"{doc}/schemas/README.md",
        f"{doc}/schemas/rubrics/README.md",
        *(f"share/man/man{name[-1]}/{name}" for name in PAGES),
        *(f"{share}/schemas/{n}" for n in names("schemas/*.schema.json")),
        *(f"{share}/rubrics/{n}" for n in names("schemas/rubrics/*.json"))}
    for name, path in files.items():
        assert path.stat().st_mode & 0o777 == \
            (0o755 if name.startswith("bin/") else 0o644), name
        if not name.startswith("bin/"):
            assert not re.search("@[A-Z]+@", path.read_text()), name


def test_what_is_installed_works(installed):
    version = run(installed / "bin/kvmtrace", "--version").stdout
    assert version == run(KVMTRACE, "--version").stdout
    for path in (installed / "share/kvmtrace/schemas").iterdir():
        assert path.read_bytes() == (ROOT / "schemas" / path.name).read_bytes()
    graded = run(installed / "bin/kvmtrace", "grade",
                 installed / "share/kvmtrace/rubrics/long.json",
                 ROOT / "tests/golden/hv-long/trace.jsonl")
    assert graded.status == 0, graded
    page = (installed / "share/man/man1/kvmtrace.1").read_text()
    assert "/opt/kt/share/kvmtrace/rubrics" in page
    assert version.split()[1].decode() in page


def test_uninstall_leaves_others_files(tmp_path):
    other = tmp_path / "usr/local/share/kvmtrace/rubrics/mine.json"
    for folder in (tmp_path / "usr/local/bin", other.parent):
        folder.mkdir(parents=True)
    other.touch()
    make("install", f"DESTDIR={tmp_path}")
    make("uninstall", f"DESTDIR={tmp_path}")
    assert list(files_below(tmp_path).values()) == [other]
    assert not (tmp_path / "usr/local/share/doc/kvmtrace").exists()


# The manual


def plain(page):
    """As a terminal shows it: without overstriking, on wide lines."""
    shown = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=200", page],
                           stdout=subprocess.PIPE, check=True, text=True)
    return re.sub(".\b", "", shown.stdout)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_clean(pages, name):
    needs("mandoc", "man")
    said = subprocess.run(["mandoc", "-T", "lint", "-W", "style", pages[name]],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, text=True).stdout.splitlines()
    assert [line for line in said if not NOT_OURS.search(line)] == []
    shown = run("man", "--warnings", "-E", "UTF-8", "-l", pages[name],
                env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80",
                     "MANPAGER": "cat"})
    assert (shown.status, shown.stderr) == (0, b"")
    assert len(shown.stdout.splitlines()) > 50
    text = pages[name].read_text()
    assert not re.search("@[A-OQ-Z]+@", text)
    assert text.count(".El\n") == len(re.findall(r"^\.Bl ", text, re.M))


def test_each_command_and_option_is_in_the_manual(pages):
    needs("mandoc")
    text = plain(pages["kvmtrace.1"])
    parts = re.split(r"^   kvmtrace (\w+)$", text, flags=re.M)
    parts = {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}
    assert set(parts) == {"", *COMMANDS}
    for command, part in parts.items():
        for letter, name, argument in rows((command,) if command else ()):
            if name == "help":
                continue
            argument = f" {argument}" if argument else ""
            tag = (f"-{letter}{argument}, " if letter else "") + \
                f"--{name}{argument}"
            assert re.search(rf"^ +{re.escape(tag)}( |$)", part, re.M), tag


def test_hv_has_its_options_in_the_manual(pages):
    needs("mandoc")
    text = plain(pages["hv.1"])
    options = re.findall(r"^  (-., --\w+)", run(ROOT / "hv", "-h").stdout.decode(),
                         re.M)
    assert len(options) > 6
    for option in options:
        assert option.split()[1] in text and option[:2] in text


def test_the_format_is_in_the_manual(pages):
    needs("mandoc")
    text = plain(pages["kvmtrace-trace.5"])
    described = (ROOT / "schemas/README.md").read_text()
    codes = re.findall(r"^\| `([a-z0-9-]+)` \| (?:info|warn|error) ",
                       described, re.M)
    assert len(codes) > 60
    for code in codes:
        assert re.search(rf"^ +{code}( |$)", text, re.M), code
    for heading in re.findall("^## (.*)", described, re.M):
        assert f"   {heading.replace('`', '')}\n" in text
    assert not re.search(r"[|*`]{2}|\]\(", text)


def test_each_key_of_a_rubric_is_in_the_manual(pages):
    needs("mandoc")
    text = plain(pages["kvmtrace-rubric.5"])
    schema = json.loads((ROOT / "schemas/rubric.schema.json").read_text())
    for owner in (schema, *schema["definitions"].values()):
        for key in owner.get("properties", ()):
            if key[0] != "$":
                assert re.search(rf"^ +{key} \(", text, re.M), key
    example, = re.findall(r"^\{.*?^ .*\]\}$", re.sub("^     ", "", text, flags=re.M),
                          re.M | re.S)
    assert json.loads(example)["rubric"] == "kvmtrace-rubric/1"


def test_man_of_nothing():
    for words in ((), ("nonsense",), ("options", "commands")):
        assert run(KVMTRACE, "--man", *words).status == 2


# Debian's package


@pytest.fixture(scope="module")
def package():
    needs("dpkg-deb", "dpkg-shlibdeps")
    make("deb")
    path, = (BUILD / "deb").glob("*.deb")
    return path


def control(package, field):
    return run("dpkg-deb", "-f", package, field).stdout.decode().strip()


def test_control_of_the_package(package):
    version = run(KVMTRACE, "--version").stdout.split()[1].decode()
    architecture = run("dpkg", "--print-architecture").stdout.decode().strip()
    assert control(package, "Version") == version + "-1"
    assert package.name == f"kvmtrace_{version}-1_{architecture}.deb"
    assert control(package, "Architecture") == architecture
    depends = control(package, "Depends")
    for library in ("libc6", "libseccomp2", "libjansson4", "libdw1", "libjq1"):
        assert re.search(rf"\b{library} \(>= ", depends), depends
    assert int(control(package, "Installed-Size")) > 500
    assert "@" not in re.sub("<.*>", "", run("dpkg-deb", "-f", package)
                             .stdout.decode())


def test_contents_of_the_package(package, tmp_path):
    listed = run("dpkg-deb", "-c", package).stdout.decode().splitlines()
    assert all(line.split()[1] == "root/root" for line in listed)
    run("dpkg-deb", "-R", package, tmp_path)
    files = {name: path for name, path in files_below(tmp_path).items()
             if not name.startswith("DEBIAN/")}
    assert {"usr/bin/kvmtrace", "usr/bin/hv", "usr/share/doc/kvmtrace/copyright",
            "usr/share/doc/kvmtrace/changelog.Debian.gz",
            "usr/share/bash-completion/completions/kvmtrace",
            "usr/share/zsh/vendor-completions/_kvmtrace",
            *(f"usr/share/man/man{name[-1]}/{name}.gz" for name in PAGES)
            } <= set(files)
    sums = dict(reversed(line.split("  ")) for line in
                (tmp_path / "DEBIAN/md5sums").read_text().splitlines())
    assert sums == {name: hashlib.md5(path.read_bytes()).hexdigest()
                    for name, path in files.items()}
    for name, path in files.items():
        mode = path.stat().st_mode & 0o777
        assert mode == (0o755 if "/bin/" in name else 0o644), name
        assert str(ROOT).encode() not in path.read_bytes() or \
            name == "usr/bin/hv", name
    assert b".debug_info" not in files["usr/bin/kvmtrace"].read_bytes()


def test_the_package_is_the_same_each_time(package):
    before = package.read_bytes()
    make("deb")
    assert package.read_bytes() == before
