"""The report as Markdown for the summary of a step of GitHub Actions, which may have 1 MiB.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from checker.reports.markdown import Bounds, rendered
from checker.reports.permalinks import NO_LINKS, Permalinks
from checker.reports.report import Report

MOST = 1024 * 1024 - 1024
"""How many bytes of UTF-8 it may have: of a larger one GitHub shows nothing."""


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "backslashreplace"))


SUMMARY = Bounds(
    most=MOST,
    measure=_bytes,
    findings=MOST,
    rows=MOST,
    ready=MOST,
    rooms={
        "comparison": 20_000,
        "mapping": 300_000,
        "finding": 20_000,
        "finding waived": 60_000,
        "finding gone": 60_000,
        "waiver": 60_000,
        "part not read": 60_000,
        "assumption": 60_000,
    },
)


def render(report: Report, links: Permalinks = NO_LINKS) -> str:
    """Return the report as Markdown with all that has room; what is left out is counted."""
    return rendered(report, Permalinks(links.files), SUMMARY)
