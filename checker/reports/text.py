"""The report for people: each cause once with the lines that it is about, the worst last.

A terminal shows the end of what it is given, so errors and the table of counts stand there. On a
terminal every text is wrapped with a hanging indent; in a pipe each stays one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import dedent

from checker.records import dataclass
from checker.reports.counts import counted
from checker.reports.excerpts import places, unplaced, without_places
from checker.reports.mapping_lines import mapping_lines
from checker.reports.proposals import worded
from checker.reports.report import Finding, Report, Severity, UnreadRow
from checker.reports.snippets import Places, Snippets
from checker.reports.summary_lines import summary_lines
from checker.reports.terminal import Paint, Tone, ansi, plain, visible, wrapped
from checker.reports.titles import affected, titles
from checker.reports.worsened import compared, marked

MOST_ALIKE = 5
"""How many warnings of one rule are shown in full, and how many places of more than that."""
MOST_LISTED = 20
"""How many lines a list of what is no finding has."""
TONES: dict[Severity, Tone] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "strong",
}


def render(
    report: Report,
    *,
    color: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    width: int | None = None,
    places: Places = Places(),  # noqa: B008 - frozen
) -> str:
    """Return the report as text, wrapped to a width if one is given.

    `quiet` leaves out what asks for nothing (ready mappings, notes, waived findings,
    assumptions); `verbose` shows every finding in full and how permissions were decided.
    """
    paint = ansi if color else plain
    lines = {(each.source, each.line): each.text for each in report.lines}
    snippets = Snippets(lines, places, paint, width)
    page = _Page(report, paint, snippets, titles(report), quiet=quiet, verbose=verbose)
    blocks = ["\n".join(block) for block in page.blocks()]
    return "\n\n".join(block for block in blocks if block) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """A report and how it is to be shown."""

    report: Report
    paint: Paint
    snippets: Snippets
    titles: Mapping[str, str]
    quiet: bool
    verbose: bool

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines of each block."""
        if self.report.mappings and not self.quiet:
            yield list(self._list("assumptions", map(visible, self.report.assumptions)))
        width, named = self.snippets.width, self.snippets.places.named
        looks = {"quiet": self.quiet, "verbose": self.verbose}
        yield list(mapping_lines(self.report, self.paint, width, **looks))
        yield list(self._waived())
        yield from self._findings()
        if self.report.mappings:
            yield list(self._list("not read", self._unread()))
        lines = (f"{visible(worded(e))} ({visible(str(e.at))})" for e in self.report.proposed)
        yield list(self._list("proposed waivers", lines))
        yield list(self._left_out())
        yield list(summary_lines(self.report, self.paint, named, width))

    def _findings(self) -> Iterator[list[str]]:
        standing = [each for each in self.report.findings if each.waived is None]
        problems = [each for each in standing if each.kind == "problem"]
        notes = [each for each in problems if each.severity is Severity.NOTE]
        warnings = [each for each in problems if each.severity is Severity.WARNING]
        errors = [each for each in problems if each.severity is Severity.ERROR]
        unknowns = [each for each in standing if each.kind == "unknown"]
        if self.verbose:
            yield from map(self._in_full, reversed(notes))
        elif notes and not self.quiet:
            yield list(self._notes(notes))
        yield from self._some(unknowns, lambda each: each.message)
        yield from self._some(warnings, lambda each: each.rule)
        yield from map(self._in_full, reversed(errors))

    def _some(
        self, findings: Iterable[Finding], by: Callable[[Finding], str]
    ) -> Iterator[list[str]]:
        """Yield findings in full; those of one kind that are many as one block."""
        groups: dict[str, list[Finding]] = {}
        for each in findings:
            groups.setdefault(by(each), []).append(each)
        for group in reversed(groups.values()):
            if self.verbose or len(group) <= MOST_ALIKE:
                yield from map(self._in_full, reversed(group))
            else:
                yield list(self._together(group))

    def _in_full(self, finding: Finding) -> list[str]:
        """Return the block of a finding, with the lines that it is about."""
        return list(self._full(finding))

    def _full(self, finding: Finding) -> Iterator[str]:
        tone = _tone(finding)
        every = places(finding)
        yield from self._head(finding, without_places(finding.message, every))
        gutter = max((len(str(each.at.line)) for each in every if each.at.line), default=1)
        for n, place in enumerate(every):
            yield from self.snippets.shown(place, tone, gutter, first=not n)
        if not every and finding.at is not None:
            yield f"{' ' * gutter}{self.paint('-->', 'faint')} {visible(str(finding.at))}"
        for text in dict.fromkeys(unplaced(finding)):
            yield from self._remark("note", text, gutter)
        yield from self._remark("help", finding.fix, gutter)
        yield from self._remark("affects", affected(finding, self.titles), gutter)

    def _head(self, finding: Finding, message: str) -> Iterator[str]:
        word, names = marked(_word(finding), finding), ", ".join(_rules(finding))
        start = f"{word}[{names}]"
        said = visible(finding.why if finding.kind == "unknown" and finding.why else message)
        first, *rest = wrapped(f"{start}: {said}", self.snippets.width)
        yield self.paint(first[: len(start)], _tone(finding)) + first[len(start) :]
        yield from (f"  {line}" for line in rest)

    def _together(self, group: Sequence[Finding]) -> Iterator[str]:
        """Yield one block for the findings of one rule: the first places, and a count."""
        first = group[0]
        yield from self._head(first, f"{len(group)} findings, the first {MOST_ALIKE}:")
        for each in group[:MOST_ALIKE]:
            at = "" if each.at is None else f"{self.snippets.places.linked(each.at)}: "
            taken = 6 + (0 if each.at is None else len(self.snippets.places.named(each.at)) + 2)
            start = f"  {self.paint('-->', 'faint')} {at}"
            yield from self._hanging(start, visible(each.message), 6, taken)
        yield from self._remark("help", first.fix, 2)
        yield from self._remark("note", "`--verbose` shows all", 2)

    def _notes(self, notes: Sequence[Finding]) -> Iterator[str]:
        by_rule: dict[str, list[Finding]] = {}
        for each in notes:
            by_rule.setdefault(each.rule, []).append(each)
        for rule, group in by_rule.items():
            head = self.paint(f"note[{rule}]", "strong")
            more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
            at = "" if group[0].at is None else f" at {self.snippets.places.named(group[0].at)}"
            said = f"{visible(without_places(group[0].message, places(group[0])))}{at}{more}"
            yield from self._hanging(f"{head}: ", said, 2, len(rule) + 8)

    def _remark(self, word: str, text: str, gutter: int) -> Iterator[str]:
        lines = dedent(text).strip("\n").split("\n") if text else []
        start = f"{' ' * gutter} {self.paint('=', 'faint')} {self.paint(word, 'good')}: "
        indent = gutter + len(word) + 5
        if len(lines) == 1:
            yield from self._hanging(start, visible(lines[0]), indent)
        elif lines:
            yield start.rstrip()
            yield from (f"{' ' * (gutter + 5)}{visible(line)}".rstrip() for line in lines)

    def _hanging(
        self, start: str, text: str, indent: int, first_indent: int | None = None
    ) -> Iterator[str]:
        """Yield a text behind a start, its further lines indented."""
        width = self.snippets.width
        taken = indent if first_indent is None else first_indent
        lines = wrapped(" " * taken + text, width)
        yield start + lines[0][taken:] if width is None else start + lines[0].strip()
        if len(lines) > 1:
            rest = " ".join(lines[1:])
            narrow = None if width is None else width - indent
            yield from (" " * indent + line for line in wrapped(rest, narrow))

    def _waived(self) -> Iterator[str]:
        waived = [each for each in self.report.findings if each.waived is not None]
        if self.quiet or not waived:
            return
        lines = []
        for each in waived:
            why = each.waived.reason if each.waived else ""
            until = f" until {each.waived.until}" if each.waived and each.waived.until else ""
            at = "" if each.at is None else f" at {self.snippets.places.named(each.at)}"
            reason = visible(why or "no reason given")
            lines.append(f"{each.rule}{at}{until}: {reason} ({visible(each.message)})")
        yield from self._list("waived", lines)

    def _unread(self) -> Iterator[str]:
        alike: dict[str, list[UnreadRow]] = {}
        for unread_row in self.report.unread:
            alike.setdefault(
                f"{unread_row.why} {unread_row.id if self.verbose else ''}", []
            ).append(unread_row)
        for unread_rows in alike.values():
            more = f" (and {len(unread_rows) - 1} more)" if len(unread_rows) > 1 else ""
            at = (
                ""
                if unread_rows[0].at is None
                else f"{self.snippets.places.named(unread_rows[0].at)}: "
            )
            yield f"{at}`{visible(unread_rows[0].id)}`{more}: {visible(unread_rows[0].why)}"

    def _left_out(self) -> Iterator[str]:
        known = self.report.baseline
        if known is not None:
            gone = (f"gone: {visible(each)}" for each in known.gone)
            said = f"{counted(known.count, 'finding')} known"
            yield from self._list("baseline", [said, *gone])
        yield from self._list("compared", map(visible, compared(self.report)))

    def _list(self, word: str, lines: Iterable[str]) -> Iterator[str]:
        every = list(lines)
        most = len(every) if self.verbose or len(every) <= MOST_LISTED else MOST_LISTED
        if every:
            yield self.paint(f"{word}:", "strong")
        for line in every[:most]:
            yield from self._hanging("  ", line, 4, 2)
        if len(every) > most:
            yield f"  and {len(every) - most} more: `--verbose` shows all"


def _tone(finding: Finding) -> Tone:
    return "doubtful" if finding.kind == "unknown" else TONES[finding.severity]


def _word(finding: Finding) -> str:
    return "unknown" if finding.kind == "unknown" else finding.severity.value


def _rules(finding: Finding) -> list[str]:
    return list(dict.fromkeys(each.rule for each in finding.parts))
