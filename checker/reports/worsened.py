"""How reports word what a change does: verdicts that got worse, and what was compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.reports.counts import counted
from checker.reports.report import Finding, Report, Row

MOST = 5
"""How many mappings are named beside a finding."""


def worsened(report: Report) -> list[Row]:
    """Return the mappings of which the verdict got worse."""
    return [row for row in report.mappings if row.was is not None]


def verdict(row: Row) -> str:
    """Return a verdict and, where it got worse, what it was: `blocked, worse (was ready)`."""
    return f"{row.verdict.value}, {worse(row)}" if row.was is not None else row.verdict.value


def worse(row: Row) -> str:
    """Return `worse (was ready)` of a mapping of which the verdict got worse; else nothing."""
    return "" if row.was is None else f"worse (was {row.was.value})"


def sentence(row: Row) -> str:
    """Return a sentence on a mapping of which the verdict got worse."""
    return f"`{row.id}` is {verdict(row)}"


def marked(word: str, finding: Finding) -> str:
    """Return the word for a finding: `new error` of one that the compared commit does not have."""
    return f"new {word}" if finding.new else word


def by_mapping(report: Report) -> dict[str, Row]:
    """Return the mappings of which the verdict got worse by their ids."""
    return {row.id: row for row in worsened(report)}


def beside(finding: Finding, worse: Mapping[str, Row]) -> list[str]:
    """Return a sentence on each mapping that a finding concerns and that got worse, of a few."""
    if finding.waived is not None or not worse:
        return []
    found = [worse[each] for each in finding.mappings if each in worse]
    more = len(found) - MOST
    said = [sentence(row) for row in found[:MOST]]
    return [*said, f"{more} more got worse"] if more > 0 else said


def alone(report: Report) -> list[Row]:
    """Return the mappings that got worse and that no finding of the report concerns."""
    standing = [each.mappings for each in report.findings if each.waived is None]
    named = {mapping for mappings in standing for mapping in mappings}
    return [row for row in worsened(report) if row.id not in named]


def compared(report: Report) -> list[str]:
    """Return sentences on what the report was compared with; none if it was not."""
    if report.compared is None:
        return []
    return list(_compared(report))


def _compared(report: Report) -> Iterator[str]:
    found = report.compared
    if found is None:
        return
    if found.why:
        yield f"the commit `{found.commit}` cannot be read, so everything is reported: {found.why}"
        return
    fresh = sum(each.new for each in report.findings)
    said = [f"{fresh} new", f"{len(worsened(report))} worse", f"{found.fixed} fixed by this change"]
    yield f"since the commit `{found.commit}`: {', '.join(said)}"
    same = counted(report.unchanged or 0, "finding")
    yield f"not reported: {same} that the commit has too"
    yield from (f"not of that commit: {each}" for each in found.unread_rows)


def joined(message: str, said: Sequence[str]) -> str:
    """Return a message and what is said beside it."""
    return f"{message} ({'; '.join(said)})" if said else message
