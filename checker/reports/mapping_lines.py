"""The mappings of the report as text: one line each with its verdict, or a count of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.reports.counts import counted
from checker.reports.report import Report, ReportedThing, Row, Traced, Verdict
from checker.reports.terminal import Paint, Tone, visible, wrapped
from checker.reports.titles import title
from checker.reports.worsened import worse

MOST_ROWS = 20
"""How many mappings of one verdict have a line each."""
_COLUMN = 11
_TONES: dict[Verdict, Tone] = {
    Verdict.BLOCKED: "bad",
    Verdict.UNDECIDED: "doubtful",
    Verdict.AT_RISK: "warn",
    Verdict.READY: "good",
}


def mapping_lines(
    report: Report, paint: Paint, width: int | None, *, quiet: bool, verbose: bool
) -> Iterator[str]:
    """Yield the lines of all mappings, the worst verdict last; those that got worse always."""
    rows: dict[Verdict, list[Row]] = {verdict: [] for verdict in reversed(Verdict)}
    for row in report.mappings:
        rows[row.verdict].append(row)
    for verdict, found in rows.items():
        if quiet and verdict is Verdict.READY:
            continue
        head = paint(f"{verdict.value:<{_COLUMN}}", _TONES[verdict])
        if verbose or len(found) <= MOST_ROWS:
            shown = found
        else:
            yield f"{head}{counted(len(found), 'mapping')}"
            shown = [row for row in found if row.was is not None]
        for row in shown:
            inside = None if width is None else width - _COLUMN
            first, *rest = wrapped(_line(row), inside)
            yield head + first
            yield from (" " * _COLUMN + line for line in rest)
            if verbose:
                yield from _parts(row, paint)
                yield from _checked(row)


def _line(row: Row) -> str:
    """Return a mapping with what it joins, and where it got worse what it was."""
    was = "" if row.was is None else f"  {worse(row)}"
    if title(row) != row.id:
        return f"{visible(title(row))}{was}"
    source = "unknown" if row.source is None else row.source.id
    function = "unknown" if row.function is None else row.function.id
    return f"{visible(row.id)}: {visible(source)} -> {visible(function)}{was}"


def _parts(row: Row, paint: Paint) -> Iterator[str]:
    parts = {row.noun: row.source, "function": row.function, "role": row.role}
    if row.deployer is not None:
        parts["deployer"] = row.deployer
    if title(row) != row.id:
        yield f"{'':<{_COLUMN}}{'mapping':<10}{visible(row.id)}"
    for name, part in parts.items():
        yield f"{'':<{_COLUMN}}{name:<10}{_part(part, paint)}"


def _part(part: ReportedThing | None, paint: Paint) -> str:
    if part is None:
        return "unknown"
    if part.arn in ("", part.id):
        return visible(part.id)
    return f"{visible(part.id)}  {paint(visible(part.arn), 'faint')}"


def _checked(row: Row) -> Iterator[str]:
    if row.passed:
        yield f"{'':<{_COLUMN}}{'checked':<10}{_passed(row.passed)}"
    for traced in row.trace:
        yield from _traced(traced)


def _passed(rules: Sequence[str]) -> str:
    return f"{counted(len(rules), 'rule')} found nothing: {', '.join(rules)}"


def _traced(traced: Traced) -> Iterator[str]:
    """Yield how a permission was decided: the answer, then what each layer said."""
    start = " " * _COLUMN
    yield f"{start}{'decided':<10}{traced.answer}: {visible(traced.question)}"
    for layer, said in traced.layers:
        yield f"{start}{'':<10}{visible(layer)}"
        for each in said:
            at = "" if each.at is None else f"  {visible(str(each.at))}"
            yield f"{start}{'':<12}- {visible(each.text)}{at}"
