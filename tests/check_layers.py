#!/usr/bin/env python3
"""check_layers.py [TREE]: fails on an #include that points up.

Data flows one way through the folders of tracer/, and each folder may know
only those that ALLOWED names. hypervisor/ and tracer/ know nothing of each
other; hypervisor/ and guests/ share the headers of guests/.
"""
import re
import sys
from pathlib import Path

BELOW = {"base", "abi", "record"}
ALLOWED = {
    "base": set(),
    "reader": {"base"},
    "abi": {"base"},
    "record": {"base", "abi"},
    "guest": {"base", "abi"},
    "capture": BELOW,
    "session": BELOW | {"guest"},
    "decode": BELOW,
    "annotate": BELOW | {"guest", "session", "decode"},
    "sink": BELOW | {"guest", "session", "decode", "annotate"},
    "report": {"base", "abi", "reader", "guest", "cli"},
    "explain": {"base", "abi", "annotate", "sink", "cli"},
    "compare": BELOW | {"reader", "guest", "session", "decode", "annotate",
                        "sink"},
}
# Commands, and the files in tracer/ itself, put everything together.
COMMANDS = {"tracer", "cli", "schema", "view", "grade"}
TOP = set(ALLOWED) | COMMANDS
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def included(tree, source, name):
    """The included file's path in the tree: beside it, or under tracer/."""
    for base in (source.parent, tree / "tracer"):
        path = (base / name).resolve()
        if path.is_file() and tree in path.parents:
            return path.relative_to(tree)
    return None


def layer_of(path):
    """The folder under tracer/, or the top-level folder."""
    parts = path.parts
    return parts[1] if parts[0] == "tracer" and len(parts) > 2 else parts[0]


def may_know(layer):
    if layer in COMMANDS:
        return TOP
    if layer in ("hypervisor", "guests"):
        return {layer, "guests"}
    return ALLOWED.get(layer, set()) | {layer}


def check_file(tree, source):
    """The sentences about one file."""
    layer = layer_of(source.relative_to(tree))
    if layer not in TOP | {"hypervisor", "guests"}:
        yield f"{source.relative_to(tree)}: tracer/{layer} has no place in " \
              "the order; say in check_layers.py what it may know"
        return
    for name in INCLUDE.findall(source.read_text()):
        path = included(tree, source, name)
        if path is None:
            yield f"{source.relative_to(tree)}: \"{name}\" is not in the tree"
        elif layer_of(path) not in may_know(layer):
            yield f"{source.relative_to(tree)}: {layer} must not know {path}"


def check(tree):
    tree = Path(tree).resolve()
    sources = [path for folder in ("tracer", "hypervisor", "guests")
               for path in sorted((tree / folder).rglob("*.[chS]"))]
    return [sentence for source in sources
            for sentence in check_file(tree, source)]


if __name__ == "__main__":
    wrong = check(sys.argv[1] if len(sys.argv) > 1 else
                  Path(__file__).parent.parent)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)
