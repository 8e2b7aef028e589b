"""Recorded assemblies changed at random, by a seed: manifests, metadata and templates.

python -m sources.cloudformation.assembly_mutations 10000 7    any number, from a seed (in tests/)
"""

import io
import json
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

from assemblies import ASSEMBLIES, expectation, laid
from sources.cloudformation.mutations import mutated, places

from checker.cli import main

STRANGE = [
    *(None, True, 0, -1, 10**30, 1.5, "", "x", [], {}, [[]], {"a": []}, "\x00", "\x1b[31m"),
    *(
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".",
        "manifest.json",
        "cdk.out",
        "aws://",
        "a" * 5000,
    ),
    *("aws:cloudformation:stack", "cdk:cloud-assembly", "arn:${AWS::Partition}:iam::x", "${"),
    *(["f (/etc/passwd:1:1)"], ["f (../../a:1:1)"], ["(" * 500], [{"type": "aws:cdk:logicalId"}]),
]
READY = {name for name in ASSEMBLIES if "ready" in expectation(name)["mappings"].values()}


def changed(random, output):
    """Change one or two files of an assembly; return whether templates are as they were."""
    files = sorted(output.rglob("*.json"))
    same = True
    for path in random.sample(files, min(len(files), random.randint(1, 2))):
        same = same and not path.name.endswith(".template.json")
        path.write_text(_text(random, path.read_text()))
    return same


def _text(random, text):
    if random.random() < 0.1:
        cut = random.randrange(len(text))
        return text[:cut] + random.choice(["", "{", "[" * 5000, "\x00", "\ufffd"]) + text[cut + 1 :]
    document = mutated(random, json.loads(text))
    every = list(places(document))
    for container, key, _ in random.sample(every, min(len(every), random.randint(0, 2))):
        container[key] = random.choice(STRANGE)
    return json.dumps(document, indent=random.choice([None, 1]))


def tried(seed, number):
    """Check a mutated assembly; return what is wrong, or None."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - the same again for a seed
    name = random.choice(ASSEMBLIES)
    with tempfile.TemporaryDirectory() as folder:
        output = laid(name, Path(folder))
        same = changed(random, output)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["plan", str(output), "--root", folder, "--format", "json"])
        if "Traceback" in err.getvalue() or code not in {0, 1, 2}:
            return f"{name}: {code} {err.getvalue()}"
        if (code == 2) != ("nothing was checked" in err.getvalue()):
            return f"{name}: exit {code} without a word"
        if code == 2:
            return None
        return _wrong(name, json.loads(out.getvalue()), same=same)


def _wrong(name, report, *, same):
    """Say what is wrong with a report; None if nothing is."""
    ready = {each["id"] for each in report["mappings"] if each["verdict"] == "ready"}
    if same and ready and name not in READY:
        return f"{name}: {sorted(ready)} became ready"
    outside = [each for each in places_of(report) if each.get("file", "").startswith(("/", ".."))]
    if outside:
        return f"{name}: names {outside}"
    return f"{name}: a control character" if "\x1b" in json.dumps(report) else None


def places_of(report):
    """Return every place that a report names."""
    found = [each["location"] for each in (*report["findings"], *report["mappings"])]
    found += [step["location"] for each in report["findings"] for step in each.get("trail", ())]
    return [each for each in found if each]


if __name__ == "__main__":
    for n in range(int(sys.argv[1])):
        wrong = tried(sys.argv[2] if len(sys.argv) > 2 else 1, n)
        if wrong:
            print(n, wrong)  # noqa: T201 - what was found
