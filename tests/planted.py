"""Plants one defect after the other in the program, and prints which oracles of the fuzzer see it.

It runs in a process of its own: the fuzzer answers the SDK for the whole of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from random import Random
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from fuzzing import aws, kinds, pool, run  # noqa: E402
from fuzzing.trial import Trial  # noqa: E402

from checker.cli import console  # noqa: E402
from checker.cli.judgement import judged  # noqa: E402
from checker.reports import markdown  # noqa: E402
from checker.reports.report import Verdict  # noqa: E402

written, rendered = console.write, markdown.render


def also(text):
    return lambda given: written(f"{given}{text()}")


def better(*arguments, **words):
    """Judge, and let what is hidden pass."""
    report = judged(*arguments, **words)
    if not any("hidden_" in file.read_text() for file in Path("repo").rglob("*.tf")):
        return report
    rows = tuple(replace(row, verdict=Verdict.READY) for row in report.mappings)
    return replace(report, findings=(), mappings=rows)


def outside(text):
    list(Path("outside").iterdir())
    return written(text)


def busy(*_, **__):
    while True:
        pass


def failing(*_, **__):
    raise KeyError("x")


def greedy(*_, **__):
    return bytearray(2 << 30)


def dying(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


# What is planted: the kind of input that meets it, where it is put, and what stands there.
DEFECTS = {
    "none": ("hidden", "checker.cli.console.write", written),
    "a crash": ("outside", "checker.cli.plan.judged", failing),
    "a hang": ("outside", "checker.cli.plan.judged", busy),
    "much memory": ("outside", "checker.cli.plan.judged", greedy),
    "a process that dies": ("outside", "checker.cli.plan.judged", dying),
    "exit code 0": ("hidden", "checker.cli.plan.ended", lambda *_, **__: 0),
    "silence": ("configuration", "checker.cli.console.nothing_was_checked", lambda: None),
    "a credential": ("outside", "checker.cli.console.write", also(lambda: aws.SECRET)),
    "a direction mark": ("outside", "checker.cli.console.write", also(lambda: "\u202e")),
    "a file outside": ("hidden", "checker.cli.console.write", outside),
    "a false pass": ("hidden", "checker.cli.plan.judged", better),
    "markup": ("hidden", "checker.reports.markdown.render", lambda r: rendered(r) + "<img src=x>"),
}


def seen(name):
    """Return the oracles that see a defect in a few inputs."""
    kind, place, planted = DEFECTS[name]
    cases = [(kind, 3, n) for n in range(1 if name in {"a hang", "a process that dies"} else 5)]
    oracles: set[str] = set()
    with (
        mock.patch(place, planted),
        mock.patch.object(run, "SECONDS", 1),
        mock.patch.object(pool, "load", return_value=None),
    ):
        for each in pool.all_tried(cases, 1):
            oracles |= {failure.oracle for failure in each.failures}
    return sorted(oracles)


def digest(kind):
    """Return a hash of an input of a kind: its files, its arguments, its environment."""
    folder = pool.memory() / "input"
    trial = Trial(folder, Random(f"{kind}:3:1"))  # noqa: S311
    trial.prepare()
    kinds.KINDS[kind].make(trial)
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        found.update(str(file.relative_to(folder)).encode("utf-8", "surrogateescape"))
        if file.is_file() and not file.is_symlink() and os.access(file, os.R_OK):
            found.update(file.read_bytes().replace(bytes(folder), b""))
    given = [trial.words, trial.environment, trial.secrets, trial.said]
    found.update(repr(given).replace(str(folder), "").encode())
    pool.shutil.rmtree(folder.parent)
    return found.hexdigest()


if __name__ == "__main__":
    place = pool.memory()
    pool.load(place)
    pool.shutil.rmtree(place)
    with redirect_stdout(StringIO()):
        given = {name: seen(name) for name in DEFECTS}
        made = {kind: [digest(kind), digest(kind)] for kind in kinds.KINDS}
    sys.stdout.write(json.dumps({"seen": given, "made": made}))
