#!/usr/bin/env python3
"""check_schemas.py [TRACE...]: are the schemas themselves sound, and do the
examples (or these traces) keep them? By python3-jsonschema, which knows
nothing of kvmtrace."""
import json
import sys
from pathlib import Path

import jsonschema

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


def load():
    return json.loads((SCHEMAS / "timeline.schema.json").read_text())


def examples():
    return sorted((SCHEMAS / "examples").glob("*.json"))


def problems(validator, value):
    for error in validator.iter_errors(value):
        where = "/".join(str(step) for step in error.absolute_path)
        yield f"/{where}: {error.message[:300]}"


def check_file(validator, path):
    text = path.read_text()
    if path.suffix == ".json":
        return [f"{path}: {what}"
                for what in problems(validator, json.loads(text))]
    return [f"{path}:{number}: {what}"
            for number, line in enumerate(text.splitlines(), 1)
            for what in problems(validator, json.loads(line))]


def check(paths):
    schema = load()
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    return [what for path in paths for what in check_file(validator, path)]


if __name__ == "__main__":
    wrong = check([Path(name) for name in sys.argv[1:]] or examples())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)
