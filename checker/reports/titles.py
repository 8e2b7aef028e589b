"""What a mapping is called where people read: its address, or what it joins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checker.reports.report import Finding, Report, ReportedThing, Row

MOST_AFFECTED = 3
"""How many mappings are named that a finding affects."""
_FIELDS = 6


def title(row: Row) -> str:
    """Return what a mapping is called: its id, in an account `QUEUE -> FUNCTION in REGION`.

    There the id is an ARN that ends in a UUID. A queue of another account is named with it, a
    function with its qualifier.
    """
    source, function = arn_fields(row.source), arn_fields(row.function)
    if not row.id.startswith("arn:") or not source or not function:
        return row.id
    region, account = function[3:5]
    queue = source[5] if source[4] == account else f"{source[4]}:{source[5]}"
    return f"{queue} -> {function[5].removeprefix('function:')} in {region}"


def titles(report: Report) -> Mapping[str, str]:
    """Return what each mapping of a report is called, by its id."""
    return {row.id: title(row) for row in report.mappings}


def affected(finding: Finding, titles: Mapping[str, str], put: Callable[[str], str] = str) -> str:
    """Return the mappings that a finding concerns, each as `put` sets it: three, then a count."""
    names = [titles.get(each, each) for each in finding.mappings]
    more = len(names) - MOST_AFFECTED
    shown = ", ".join(put(each) for each in names[:MOST_AFFECTED])
    return f"{shown} and {more} more" if more > 0 else shown


def arn_fields(thing: ReportedThing | None) -> list[str]:
    """Return the fields of a thing's ARN, of which the last is the rest; empty if it is none."""
    fields = thing.arn.split(":", _FIELDS - 1) if thing is not None else []
    return fields if len(fields) == _FIELDS and fields[0] == "arn" else []
