"""The rows of the page's table: one a mapping, with what its verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.records import dataclass
from checker.reports.counts import counted
from checker.reports.page.by_mapping import MappingFinding, deciding
from checker.reports.report import ReportedThing, Row
from checker.reports.terminal import visible
from checker.reports.titles import arn_fields, title
from checker.reports.worsened import worse

MOST_NAMED = 3
"""How many findings are named in a row; the rest are counted."""
_WORDS = ("error", "unknown", "warning", "note", "waived")


@dataclass(frozen=True, slots=True)
class DecidingFinding:
    """A finding that a verdict rests on: its number, and its rules in few words."""

    number: int
    said: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A mapping as the table shows it; `account` and `region` are empty where they are unknown."""

    number: int
    verdict: str
    was: str
    name: str
    at: str
    source: str
    function: str
    account: str
    region: str
    reasons: tuple[DecidingFinding, ...]
    counts: str


def table_row(number: int, row: Row, findings: Sequence[MappingFinding]) -> TableRow:
    """Return the row of the mapping with a number, with the `findings` that concern it."""
    account, region = _where(row)
    named = deciding(row.verdict, findings)[:MOST_NAMED]
    at = "" if row.at is None else visible(str(row.at))
    return TableRow(
        number=number,
        verdict=row.verdict.value,
        was=worse(row),
        name=visible(title(row)),
        at="" if at in {visible(row.id), visible(title(row))} else at,
        source=_short(row.source, account, _root(row)),
        function=_short(row.function, account, _root(row)),
        account=account,
        region=region,
        reasons=tuple(DecidingFinding(each.number, _said(each)) for each in named),
        counts=", ".join(_counts(findings, {each.number for each in named})),
    )


def _where(row: Row) -> tuple[str, str]:
    """Return account and Region of a mapping: those of its function, or else of what it reads."""
    for thing in (row.function, row.source):
        fields = arn_fields(thing)
        if fields:
            account, region = (
                "" if "{" in each or "*" in each else visible(each)
                for each in (fields[4], fields[3])
            )
            if account or region:
                return account, region
    return "", ""


def _root(row: Row) -> str:
    """Return the name of the root module that addresses of a run of several begin with."""
    root, colon, _ = row.id.partition(":")
    return f"{root}:" if colon and root != "arn" else ""


def _short(thing: ReportedThing | None, account: str, root: str) -> str:
    """Return what a thing is called beside its mapping, or the last of its ARN; empty if unknown.

    Account and root module are left out where they are those of the mapping.
    """
    if thing is None:
        return ""
    fields = arn_fields(thing)
    if not thing.id.startswith("arn:") or not fields:
        return visible(thing.id.removeprefix(root))
    other = f"{fields[4]}:" if fields[4] and fields[4] != account else ""
    return visible(f"{other}{fields[5].removeprefix('function:')}")


def _said(finding: MappingFinding) -> str:
    if len(finding.rules) == 1:
        return finding.rules[0]
    return f"{counted(len(finding.rules), 'rule')} not decided"


def _counts(findings: Sequence[MappingFinding], named: set[int]) -> Iterator[str]:
    """Yield how many findings there are beside those named, by their words."""
    words = [each.word for each in findings if each.number not in named]
    for word in _WORDS:
        if count := words.count(word):
            yield f"{count} {word}" if word in {"unknown", "waived"} else counted(count, word)
