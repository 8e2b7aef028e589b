"""What a mapping is called where people read: its address, or what it joins."""

from __future__ import annotations

from checker.reports.report import ReportedThing, Row

_FIELDS = 6


def title(row: Row) -> str:
    """Return what a mapping is called: its id, in an account `QUEUE -> FUNCTION in REGION`.

    There the id is an ARN that ends in a UUID. A queue of another account is named with it, a
    function with its qualifier.
    """
    source, function = _fields(row.source), _fields(row.function)
    if not row.id.startswith("arn:") or not source or not function:
        return row.id
    region, account = function[3:5]
    queue = source[5] if source[4] == account else f"{source[4]}:{source[5]}"
    return f"{queue} -> {function[5].removeprefix('function:')} in {region}"


def _fields(thing: ReportedThing | None) -> list[str]:
    """Return the fields of a thing's ARN, of which the last is the rest; empty if it is none."""
    fields = thing.arn.split(":", _FIELDS - 1) if thing is not None else []
    return fields if len(fields) == _FIELDS and fields[0] == "arn" else []
