"""One commit in a repository of its own, and what the program says of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.cli import main
from mutating import oracle
from mutating.change import Change

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER")
       for what in ("NAME", "EMAIL")},
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of a commit: whether it does what it is meant to, and what is wrong."""

    change: Change
    counts: bool
    faults: tuple[str, ...]


def tried(change: Change, place: Path) -> Outcome:
    """Make a commit in an empty directory and compare what is said of it with two whole runs."""
    _git(place, "init", "-q", "-b", "main")
    _write(place, change.configuration.installed)
    _commit(place, {}, change.before)
    before = _run(place)
    _commit(place, change.before, change.after)
    _write(place, change.installed or {})
    after = _run(place)
    if isinstance(before, str) or isinstance(after, str):
        return Outcome(
            change,
            counts=False,
            faults=() if change.breaking else (f"not checked: {before} {after}",),
        )
    code, given = said(place, "--changed-since", "HEAD~1")
    if not isinstance(given, dict):
        return Outcome(change, counts=True, faults=(f"not checked: {given}",))
    if change.breaking:
        counts = bool(oracle.worse(before, after) or oracle.new(before, after))
        return Outcome(
            change, counts=counts, faults=tuple(oracle.missed(before, after, given, code))
        )
    differs = oracle.worse(before, after, change.renamed) or oracle.new(
        before, after, change.renamed
    )
    if differs:
        return Outcome(change, counts=False, faults=(f"is not neutral: {differs}",))
    return Outcome(change, counts=True, faults=tuple(oracle.blamed(given, code)))


def _run(place: Path) -> dict | str:
    return said(place)[1]


def said(place: Path, *words: str) -> tuple[int, dict | str]:
    """Run the program on a directory: its exit code, and its report or its reasons."""
    out, err = io.StringIO(), io.StringIO()
    here = Path.cwd()
    os.chdir(place)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["plan", ".", "--format", "json", *words])
    finally:
        os.chdir(here)
    return code, json.loads(out.getvalue()) if code in {0, 1} else err.getvalue()


def _commit(place: Path, old: Mapping[str, str], files: Mapping[str, str]) -> None:
    for name in set(old) - set(files):
        (place / name).unlink()
    _write(place, files)
    _git(place, "add", "-A")
    _git(place, "commit", "-qm", "x", "--allow-empty")


def _write(place: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _git(place: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=place, env=os.environ | _ENVIRONMENT, check=True)
