"""The end of the report as text: how many of each verdict and rule, and where the first is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.partial import Location
from checker.model import any_source
from checker.reports.counts import counted
from checker.reports.report import Finding, Report, Severity, Summary, Verdict
from checker.reports.terminal import Paint, Tone, visible, wrapped
from checker.reports.unchecked import not_checked, unchecked

_SEVERITIES = list(Severity)


def summary_lines(
    report: Report, paint: Paint, named: Callable[[Location], str], width: int | None = None
) -> Iterator[str]:
    """Yield the counts of verdicts and findings, then the table of rules, the worst last.

    Where a row is wider than a `width`, each has its count and place on a line of its own.
    """
    summary = report.summary
    if summary.mappings == 0:
        yield _nothing(report)
        return
    said = f"{_verdicts(summary)}; {_findings(summary)}; policy {visible(report.policy)}"
    first, *rest = wrapped(said, None if width is None else width - 2)
    yield from (first, *(f"  {line}" for line in rest))
    yield from _table(report, paint, named, width)


def _table(
    report: Report, paint: Paint, named: Callable[[Location], str], most_width: int | None
) -> Iterator[str]:
    rows = _rows(report)
    width = max((len(rule) for _, _, rule in rows), default=0)
    most = max((len(str(len(found))) for found in rows.values()), default=0)
    places = {
        key: next((named(each.at) for each in found if each.at is not None), "")
        for key, found in rows.items()
    }
    whole = _WORD + width + most + 4 + max(map(len, places.values()), default=0)
    behind = f"\n{' ' * _WORD}" if most_width is not None and whole > most_width else ""
    for key, found in sorted(rows.items(), key=lambda row: row[0], reverse=True):
        _, word, rule = key
        place = f"  {paint(places[key], 'faint')}" if places[key] else ""
        head = paint(f"{word:<{_WORD - 1}}", _TONES[word])
        named_rule = rule if behind else f"{rule:<{width}}  "
        yield f"{head} {named_rule}{behind}{len(found):>{most}}{place}"


_WORD = 9
"""How wide the first column is."""


def _rows(report: Report) -> dict[tuple[int, str, str], list[Finding]]:
    """Return the standing findings by how bad they are, what they are called and their rule."""
    rows: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.waived is None:
            for part in finding.parts[:1] if finding.kind == "problem" else finding.parts:
                rank = 2 * _SEVERITIES.index(part.severity) + (finding.kind == "unknown")
                word = "unknown" if finding.kind == "unknown" else part.severity.value
                found = rows.setdefault((rank, word, part.rule), [])
                if finding not in found[-1:]:
                    found.append(finding)
    return rows


_TONES: dict[str, Tone] = {
    "error": "bad",
    "warning": "warn",
    "note": "strong",
    "unknown": "doubtful",
}


def _nothing(report: Report) -> str:
    others = _others(report.summary)
    missing = unchecked(report)
    if missing:
        places = (f" ({each.at})" if each.at is not None else "" for each in missing)
        said = (not_checked(each) + place for each, place in zip(missing, places, strict=True))
        return "\n".join(map(visible, said)) + others
    if not report.unread:
        where = visible(report.target)
        return f"no mapping from {any_source()} to a Lambda function in `{where}`{others}"
    said = (
        f"`{visible(row.id)}`{f' ({visible(str(row.at))})' if row.at else ''}: {visible(row.why)}"
        for row in report.unread
    )
    unread_rows = "; ".join(said)
    return f"no mapping in what could be read; not read: {unread_rows}{others}"


def _verdicts(summary: Summary) -> str:
    counts = {
        Verdict.BLOCKED: summary.blocked,
        Verdict.UNDECIDED: summary.undecided,
        Verdict.AT_RISK: summary.at_risk,
        Verdict.READY: summary.ready,
    }
    said = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    return f"{counted(summary.mappings, 'mapping')}: {said}{_others(summary)}"


def _findings(summary: Summary) -> str:
    counts = [
        counted(summary.errors, "error"),
        counted(summary.warnings, "warning"),
        counted(summary.notes, "note"),
        f"{summary.unknown} unknown",
        f"{summary.waived} waived",
    ]
    return ", ".join(count for count in counts if not count.startswith("0 ")) or "no finding"


def _others(summary: Summary) -> str:
    if not summary.other_sources:
        return ""
    return f" ({counted(summary.other_sources, 'mapping')} of other sources not checked)"
