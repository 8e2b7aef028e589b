"""The report for people: worst first, one block a mapping, a fix for every problem.

Every line begins with one of a few words in a column of its own. No line is wrapped here: a
terminal wraps by itself, and in a pipe a message stays one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from checker.knowledge.partial import Location
from checker.model import any_source
from checker.reports.causes import CauseKey, Shared, causes, key_of, nameless
from checker.reports.proposals import worded
from checker.reports.report import (
    Finding,
    Report,
    ReportedThing,
    Row,
    Severity,
    Summary,
    Traced,
    UnreadRow,
    Verdict,
)
from checker.reports.terminal import Paint, Tone, ansi, plain, visible
from checker.reports.titles import title
from checker.reports.unchecked import not_checked, unchecked
from checker.reports.worsened import compared

GUTTER = 11
"""Width of the first column, in characters."""
MOST_PADDING = 64
"""A name longer than this does not move the column of locations."""
_VERDICTS: dict[Verdict, Tone] = {
    Verdict.BLOCKED: "bad",
    Verdict.UNDECIDED: "doubtful",
    Verdict.AT_RISK: "warn",
    Verdict.READY: "good",
}
_SEVERITIES: dict[Severity, Tone] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "strong",
}


def render(
    report: Report, *, color: bool = False, quiet: bool = False, verbose: bool = False
) -> str:
    """Return the report as text.

    `quiet` leaves out what asks for nothing (ready mappings, notes, waived findings,
    assumptions); `verbose` adds the names of rules that found nothing.
    """
    page = _Page(report, ansi if color else plain, quiet=quiet, verbose=verbose)
    blocks = ["\n".join(block) for block in page.blocks()]
    return "\n\n".join(block for block in blocks if block) + "\n"


class _Told:
    """What a report has told already: each cause and each problem is told once."""

    def __init__(self, found: dict[CauseKey, Shared]) -> None:
        self.causes = found
        self._first: dict[object, str] = {}

    @property
    def of_several(self) -> Iterator[Shared]:
        """The causes that leave several mappings open."""
        yield from (each for each in self.causes.values() if len(each.mappings) > 1)

    def first_of(self, finding: Finding, mapping: str) -> str:
        """Return the mapping at which a problem, or one that differs in names, is told first."""
        key = (finding.rule, finding.severity, finding.at, nameless(finding.message))
        return self._first.setdefault((*key, nameless(finding.fix)), mapping)


@dataclass(frozen=True, slots=True)
class _Page:
    """A report and how it is to be shown."""

    report: Report
    paint: Paint
    quiet: bool
    verbose: bool

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines of each block."""
        told = _Told(causes(self._shown()))
        width = self._width()
        of_mapping = self._findings()
        for row in self.report.mappings:
            if not (self.quiet and row.verdict is Verdict.READY):
                yield list(self._mapping(row, of_mapping.get(row.id, []), told, width))
        for shared in told.of_several:
            yield list(self._unknown(shared))
        alone = [each for each in self._shown() if not each.mappings]
        yield list(self._said(alone, "", told, width))
        yield list(self._unread())
        yield list(self._proposed())
        yield list(self._left_out())
        if self.report.mappings and not self.quiet:
            yield list(self._section("assumed", map(visible, self.report.assumptions)))
        yield [self._summary()]

    def _shown(self) -> Iterator[Finding]:
        for each in self.report.findings:
            asks = each.waived is None and each.severity is not Severity.NOTE
            if asks or not self.quiet:
                yield each

    def _findings(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self._shown():
            for mapping in finding.mappings:
                found.setdefault(mapping, []).append(finding)
        return found

    def _width(self) -> int:
        names = [visible(title(row)) for row in self.report.mappings]
        names += [finding.rule for finding in self.report.findings]
        return _width(names)

    def _mapping(
        self, row: Row, findings: Sequence[Finding], told: _Told, width: int
    ) -> Iterator[str]:
        verdict = self.paint(row.verdict.value.ljust(GUTTER), _VERDICTS[row.verdict])
        was = "" if row.was is None else f"  (was {row.was.value})"
        yield verdict + self._named(title(row), row.at, width) + was
        yield from self._parts(row)
        for gap in self.report.unread:
            if gap.id == row.id:
                label = self.paint("  unread".ljust(GUTTER), "doubtful")
                yield label + visible(gap.why) + self._at(gap.at)
        yield from self._said(findings, row.id, told, width)
        if row.passed and (self.verbose or row.verdict is Verdict.READY):
            yield _line(f"checked   {self._passed(row.passed)}")
        for traced in row.trace:
            yield from self._traced(traced)

    def _traced(self, traced: Traced) -> Iterator[str]:
        """Yield how a permission was decided: the answer, then what each layer said."""
        yield _line(f"{'decided':<10}{traced.answer}: {visible(traced.question)}")
        for layer, said in traced.layers:
            yield _line(f"{'':<10}{visible(layer)}")
            for each in said:
                yield _line(f"{'':<12}- {visible(each.text)}") + self._at(each.at)

    def _passed(self, rules: Sequence[str]) -> str:
        names = f": {', '.join(rules)}" if self.verbose else ""
        return f"{_count(len(rules), 'rule')} found nothing{names}"

    def _parts(self, row: Row) -> Iterator[str]:
        parts = {row.noun: row.source, "function": row.function, "role": row.role}
        if row.deployer is not None:
            parts["deployer"] = row.deployer
        ids = [visible(part.id) for part in parts.values() if part is not None]
        width = _width(ids)
        for name, part in parts.items():
            yield _line(f"{name:<10}{self._part(part, width)}")

    def _part(self, part: ReportedThing | None, width: int) -> str:
        if part is None:
            return "not known"
        if part.arn in ("", part.id):
            return visible(part.id)
        return f"{visible(part.id):<{width}}  {self.paint(visible(part.arn), 'faint')}"

    def _said(
        self, findings: Iterable[Finding], mapping: str, told: _Told, width: int
    ) -> Iterator[str]:
        """Yield the findings; those of one cause stand together, once a report."""
        here: dict[CauseKey, None] = {}
        below = 0
        for finding in findings:
            if finding.waived is not None:
                yield from self._waived(finding, width)
            elif finding.kind == "problem":
                yield from self._problem(finding, told, mapping, width)
            elif (key := key_of(finding)) not in here:
                here[key] = None
                shared = told.causes[key]
                if len(shared.mappings) > 1:
                    below += 1
                else:
                    yield from self._unknown(shared)
        if below:
            label = self.paint("  unknown".ljust(GUTTER), "doubtful")
            yield f"{label}{_count(below, 'cause')} shared with other mappings, see below"

    def _problem(self, finding: Finding, told: _Told, mapping: str, width: int) -> Iterator[str]:
        label = f"  {finding.severity.value}".ljust(GUTTER)
        name = self._named(finding.rule, finding.at, width)
        first = told.first_of(finding, mapping)
        if first != mapping:
            name += f"  as for `{visible(first)}` above"
        yield self.paint(label, _SEVERITIES[finding.severity]) + name
        if first != mapping:
            return
        yield _line(visible(finding.message))
        for each in finding.because:
            yield _line(f"- {visible(each.text)}{self._at(each.at)}")
        yield from self._fix("fix", finding.fix)

    def _unknown(self, shared: Shared) -> Iterator[str]:
        several = len(shared.mappings) > 1
        label = self.paint(("unknown" if several else "  unknown").ljust(GUTTER), "doubtful")
        yield label + visible(shared.said) + self._at(shared.at)
        whose = f" for {len(shared.mappings)} mappings" if several else ""
        yield _line(f"so not ruled out{whose}: {shared.rules}")
        yield from self._fix("to settle", shared.remedy)

    def _waived(self, finding: Finding, width: int) -> Iterator[str]:
        waived = finding.waived
        if waived is None:
            return
        until = f" until {visible(waived.until)}" if waived.until else ""
        yield "  waived".ljust(GUTTER) + self._named(finding.rule, finding.at, width)
        yield _line(visible(finding.message))
        yield _line(
            f"waived{until}: {visible(waived.reason or 'no reason given')}{self._at(waived.at)}"
        )

    def _fix(self, word: str, fix: str) -> Iterator[str]:
        lines = dedent(fix).strip("\n").split("\n") if fix else []
        if len(lines) == 1:
            yield _line(f"{self.paint(f'{word}:', 'good')} {visible(lines[0])}")
        elif lines:
            yield _line(self.paint(f"{word}:", "good"))
            yield from (_line(f"  {visible(line)}").rstrip() for line in lines)

    def _unread(self) -> Iterator[str]:
        rows = {row.id for row in self.report.mappings}
        if not rows:
            return
        gaps = [gap for gap in self.report.unread if gap.id not in rows]
        alike: dict[str, list[UnreadRow]] = {}
        for gap in gaps:
            alike.setdefault(nameless(gap.why), []).append(gap)
        shown = ([gap] for gap in gaps) if self.verbose else alike.values()
        yield from self._section("not read", map(self._gap, shown))

    def _gap(self, gaps: Sequence[UnreadRow]) -> str:
        gap, more = gaps[0], len(gaps) - 1
        others = f" (and {more} alike)" if more else ""
        return f"{visible(gap.id)}: {visible(gap.why)}{others}{self._at(gap.at)}"

    def _proposed(self) -> Iterator[str]:
        lines = (f"{visible(worded(e))}{self._at(e.at)}" for e in self.report.proposed)
        yield from self._section("proposed", lines)

    def _left_out(self) -> Iterator[str]:
        known = self.report.baseline
        if known is not None:
            yield from self._section("baseline", [f"{_count(known.count, 'finding')} known"])
            gone = [f"gone: {visible(each)}" for each in known.gone]
            yield from (_line(each) for each in gone)
        yield from self._section("compared", map(visible, compared(self.report)))

    def _section(self, word: str, lines: Iterable[str]) -> Iterator[str]:
        for number, line in enumerate(lines):
            yield (word if number == 0 else "").ljust(GUTTER) + line

    def _named(self, name: str, at: Location | None, width: int) -> str:
        if at is None or str(at) == name:
            return self.paint(visible(name), "strong")
        padding = " " * max(width - len(visible(name)), 0)
        return self.paint(visible(name), "strong") + padding + self._at(at)

    def _at(self, at: Location | None) -> str:
        return "" if at is None else f"  {self.paint(visible(str(at)), 'faint')}"

    def _summary(self) -> str:
        summary = self.report.summary
        if summary.mappings == 0:
            return _nothing(self.report)
        return f"{_verdicts(summary)}; {_findings(summary)}; policy {visible(self.report.policy)}"


def _width(names: Iterable[str]) -> int:
    return max((len(name) for name in names if len(name) <= MOST_PADDING), default=0)


def _line(text: str) -> str:
    return " " * GUTTER + text


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
    gaps = "; ".join(
        f"`{visible(gap.id)}`{f' at {visible(str(gap.at))}' if gap.at else ''}: {visible(gap.why)}"
        for gap in report.unread
    )
    return f"no mapping in what could be read; not read: {gaps}{others}"


def _verdicts(summary: Summary) -> str:
    counts = {
        Verdict.BLOCKED: summary.blocked,
        Verdict.UNDECIDED: summary.undecided,
        Verdict.AT_RISK: summary.at_risk,
        Verdict.READY: summary.ready,
    }
    said = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    return f"{_count(summary.mappings, 'mapping')}: {said}{_others(summary)}"


def _findings(summary: Summary) -> str:
    counts = [
        _count(summary.errors, "error"),
        _count(summary.warnings, "warning"),
        _count(summary.notes, "note"),
        f"{summary.unknown} unknown",
        f"{summary.waived} waived",
    ]
    return ", ".join(count for count in counts if not count.startswith("0 ")) or "no finding"


def _others(summary: Summary) -> str:
    if not summary.other_sources:
        return ""
    return f" ({_count(summary.other_sources, 'mapping')} of other sources not checked)"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
