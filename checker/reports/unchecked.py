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
    return tuple(unread_row for unread_row in report.unread if unread_row.mappings)


def not_checked(unread_row: UnreadRow) -> str:
    """Say what was not checked, why, and what to do, as far as that is known."""
    return f"not checked: {not_read(unread_row)}"


def not_read(unread_row: UnreadRow) -> str:
    """Return a sentence on what was not read, and why."""
    colon = "" if unread_row.why.startswith(_VERBS) else ":"
    return f"`{unread_row.id}`{colon} {unread_row.why}"
