"""Runs that checked nothing: no mapping was found, and what was not read may hold some."""

from __future__ import annotations

from checker.reports.report import Report, UnreadRow

HEADLINE = "nothing was checked"
_VERBS = ("is ", "has ", "holds ", "cannot ")


def unchecked(report: Report) -> tuple[UnreadRow, ...]:
    """Return what was not read and may hold mappings, if no mapping was found; else nothing.

    Such a run ends with exit code 2.
    """
    if report.mappings:
        return ()
    return tuple(gap for gap in report.unread if gap.mappings)


def not_checked(gap: UnreadRow) -> str:
    """Say what was not checked, why, and what to do, as far as that is known."""
    colon = "" if gap.why.startswith(_VERBS) else ":"
    return f"not checked: `{gap.id}`{colon} {gap.why}"
