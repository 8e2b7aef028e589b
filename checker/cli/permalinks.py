"""Where GitHub shows what a job checks out, as the runner's own variables say.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.files import Repository
    from checker.knowledge.partial import Location
    from checker.reports.permalinks import Permalinks
    from checker.reports.report import Finding, Report

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_REPOSITORY = re.compile(r"(?!\.+/)[A-Za-z0-9_.-]+/(?!\.+$)[A-Za-z0-9_.-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RUN = re.compile(r"\d{1,20}")


def permalinks(files: Repository | None, report: Report) -> Permalinks | None:
    """Return the addresses of the files that a report names, and of the run, on GitHub; else None.

    The commit is that of `GITHUB_SHA`. A file that it does not have as it is on the disk has no
    address, since its lines are others.
    """
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return None
    from checker.commits.unchanged import unchanged
    from checker.reports.permalinks import Permalinks

    server = _given("GITHUB_SERVER_URL", _SERVER)
    repository = _given("GITHUB_REPOSITORY", _REPOSITORY)
    if not server or not repository:
        return None
    here, commit = f"{server}/{repository}", _given("GITHUB_SHA", _COMMIT)
    run = _given("GITHUB_RUN_ID", _RUN)
    if files is None or not commit:
        return Permalinks(run=f"{here}/actions/runs/{run}" if run else "")
    return Permalinks(
        files=f"{here}/blob/{commit}",
        run=f"{here}/actions/runs/{run}" if run else "",
        paths=unchanged(files, commit, _named(report)),
    )


def _named(report: Report) -> Iterator[str]:
    """Yield the paths that a report names, first those of what stands."""
    for finding in report.findings:
        yield from (normpath(at.source) for at in _places(finding) if at is not None)
    yield from (normpath(each.at.source) for each in report.proposed)
    rows = [*(row.at for row in report.mappings), *(row.at for row in report.unread)]
    yield from (normpath(at.source) for at in rows if at is not None)


def _places(finding: Finding) -> Iterator[Location | None]:
    yield finding.at
    yield from (each.at for each in finding.because)
    yield from (step.at for step in finding.trail)


def _given(name: str, form: re.Pattern[str]) -> str:
    """Return a variable of the runner, empty if it is not of its form."""
    value = os.environ.get(name, "")
    return value if form.fullmatch(value) else ""
