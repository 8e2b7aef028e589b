"""Where GitHub shows what a job checks out, as the runner's own variables say.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.reports.permalinks import Permalinks

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_REPOSITORY = re.compile(r"(?!\.+/)[A-Za-z0-9_.-]+/(?!\.+$)[A-Za-z0-9_.-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RUN = re.compile(r"\d{1,20}")


def permalinks(root: Path | None) -> Permalinks | None:
    """Return the addresses of the files below the root of a repository, and of the run.

    Files have none without a root, or where it is no checkout; outside of GitHub Actions the result
    is None. The commit is that of `GITHUB_SHA`.
    """
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return None
    from checker.files import repository_of
    from checker.reports.permalinks import Permalinks

    server = _given("GITHUB_SERVER_URL", _SERVER)
    repository = _given("GITHUB_REPOSITORY", _REPOSITORY)
    if not server or not repository:
        return None
    here, commit = f"{server}/{repository}", _given("GITHUB_SHA", _COMMIT)
    run = _given("GITHUB_RUN_ID", _RUN)
    found = None if root is None else repository_of(root)
    is_checkout = found is not None and found.root == root
    return Permalinks(
        files=f"{here}/blob/{commit}" if commit and is_checkout else "",
        run=f"{here}/actions/runs/{run}" if run else "",
    )


def _given(name: str, form: re.Pattern[str]) -> str:
    """Return a variable of the runner, empty if it is not of its form."""
    value = os.environ.get(name, "")
    return value if form.fullmatch(value) else ""
