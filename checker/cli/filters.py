"""What `--baseline`, `--write-baseline` and `--changed-since` leave of a report."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker import files
from checker.errors import UsageError
from checker.files import FileError
from checker.records import dataclass

if TYPE_CHECKING:
    from checker.cli.earlier_commit import EarlierCommit
    from checker.cli.request import PlanRequest
    from checker.cli.selection import RuleSelection
    from checker.policy.comparison import Comparison
    from checker.reports.report import Report

WRITE = "--write-baseline"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The options, None where they are not given; `write` is empty where it names no file.

    `base` is the commit that a run is judged by, where the baseline is read, and `since` what the
    report is compared with. What a baseline lists of rules that `rules` leaves out is not judged.
    """

    baseline: str | None
    write: str | None
    base: EarlierCommit | None
    since: Comparison | None
    rules: RuleSelection


def narrowed(report: Report, narrowing: Narrowing, asked: PlanRequest) -> Report:
    """Return a report without what is known or not new; write the baseline if asked to.

    Raises UsageError and PolicyFileError where a file cannot be written or read.
    """
    baseline = narrowing.baseline
    if narrowing.write is not None:
        if narrowing.base is not None:
            raise UsageError(f"`{WRITE}` cannot be used with `--base`")
        baseline = narrowing.write or baseline
        if not baseline:
            raise UsageError(f"`{WRITE}` needs a FILE, or `--baseline FILE`")
        _write(report, Path(baseline), asked)
    if baseline is not None:
        from checker.policy.baseline import leave_known, read
        from checker.policy.files import Disk

        known = read(Path(baseline), narrowing.base or Disk(lambda: asked.files))
        run = {each for each in known.findings if not narrowing.rules.leaves_out(each.rule)}
        known = replace(known, findings=frozenset(run))
        report = leave_known(report, known, asked.root_module)
    if narrowing.since is not None:
        report = narrowing.since.applied(report)
    return report


def spelled_out(arguments: list[str]) -> list[str]:
    """Return arguments in which `--write-baseline` without a FILE has an empty one.

    What follows is no FILE if it begins with a dash or is a directory.
    """
    found: list[str] = []
    for n, word in enumerate(arguments):
        after = arguments[n + 1] if n + 1 < len(arguments) else "-"
        # Unlike `Path.is_dir` this raises for no text whatever.
        alone = word == WRITE and (after.startswith("-") or os.path.isdir(after))  # noqa: PTH112
        found.append(f"{WRITE}=" if alone else word)
    return found


def _write(report: Report, file: Path, asked: PlanRequest) -> None:
    from checker.policy.baseline import write

    try:
        files.write(file, write(report, asked.root_module), asked.files)
    except FileError as error:
        raise UsageError(f"`{file}` {error.why}") from error
