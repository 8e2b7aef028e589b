"""The report as Markdown: the comment on a pull request.

Every text that the input chose is set as code, in which GitHub reads nothing. The whole is bounded:
each part has room of its own, and what does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import partial
from itertools import islice

from checker.knowledge.partial import Location
from checker.model import any_source
from checker.records import dataclass
from checker.reports.counts import counted
from checker.reports.markdown_findings import (
    MOST_LINE,
    blocks,
    chosen,
    grouped,
    left_out,
    written,
)
from checker.reports.markup import cell, code, fitting, linked, prose, size, within
from checker.reports.permalinks import NO_LINKS, Permalinks
from checker.reports.proposals import worded
from checker.reports.report import Finding, Report, Verdict
from checker.reports.titles import title, titles
from checker.reports.unchecked import HEADLINE, unchecked
from checker.reports.worsened import compared, verdict

MARK = "<!-- tfcheck -->"
"""By its first line the comment is found again."""
MOST = 65_000
"""How long a comment may be, in UTF-16 code units: GitHub refuses more than 65,536 characters.

It has been measured to refuse by characters or by 262,144 bytes of UTF-8, according to what is
commented on; this is below both.
"""
_ICONS = {
    Verdict.BLOCKED: "\N{CROSS MARK}",
    Verdict.UNDECIDED: "\N{WHITE QUESTION MARK ORNAMENT}",
    Verdict.AT_RISK: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Verdict.READY: "\N{WHITE HEAVY CHECK MARK}",
}
_MOST_OPEN = 5
"""How many parts that were not read are listed without being folded."""
_KEPT_FREE = 600
"""How much is kept free for what is said of what was left out."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is written: `most` in all, `rooms` for the table and each list, by `measure`.

    The findings have the rest, at most so many `findings` in full. The table has at most `rows`,
    of mappings that are ready `ready`.
    """

    most: int
    measure: Callable[[str], int]
    findings: int
    rows: int
    ready: int
    rooms: Mapping[str, int]


COMMENT = Bounds(
    most=MOST,
    measure=size,
    findings=10,
    rows=100,
    ready=20,
    rooms={
        "comparison": 4_000,
        "mapping": 20_000,
        "finding": 4_000,
        "finding waived": 4_000,
        "finding gone": 4_000,
        "waiver": 4_000,
        "part not read": 4_000,
        "assumption": 4_000,
    },
)


@dataclass(slots=True)
class _Parts:
    """The parts of a text as they are written, and how many of each were left out."""

    bounds: Bounds
    parts: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def listed(
        self, noun: str, total: int, lines: Iterable[str], put: Callable[[str], str]
    ) -> None:
        """Add the lines that have room, together as `put` sets them; they are so many in all."""
        shown = fitting(lines, self.bounds.rooms[noun], 1, self.bounds.measure)
        self.left[noun] = total - len(shown)
        if shown:
            self.parts.append(put("\n".join(shown)))

    def size(self) -> int:
        """Return how long they are with what stands between."""
        return sum(self.bounds.measure(each) + 2 for each in self.parts)


def render(report: Report, links: Permalinks = NO_LINKS) -> str:
    """Return the report as Markdown that GitHub takes; what is left out is counted."""
    return rendered(report, links, COMMENT)


def rendered(report: Report, links: Permalinks, bounds: Bounds) -> str:
    """Return the report as Markdown within bounds."""
    head, tail = _Parts(bounds), _Parts(bounds)
    head.parts += [MARK, f"### tfcheck: {_headline(report)}"]
    said = list(_comparison(report))
    head.listed("comparison", len(said), said, str)
    rows = list(_rows(report, links, bounds))
    head.listed("mapping", len(report.mappings), rows, lambda said: f"{_HEADER}\n{said}")
    _tail(report, tail, links)
    middle = _findings(report, links, bounds, bounds.most - head.size() - tail.size())
    left = _left_out(head.left | middle.left | tail.left, links)
    parts = [*head.parts, *middle.parts, left, *tail.parts]
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(report: Report) -> str:
    summary = report.summary
    if unchecked(report):
        return HEADLINE
    if not summary.mappings:
        return f"no mapping from {any_source()} to a Lambda function"
    counts = {
        Verdict.BLOCKED: summary.blocked,
        Verdict.UNDECIDED: summary.undecided,
        Verdict.AT_RISK: summary.at_risk,
        Verdict.READY: summary.ready,
    }
    said = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    worst = next(verdict for verdict, count in counts.items() if count)
    return f"{_ICONS[worst]} {counted(summary.mappings, 'mapping')}: {', '.join(said)}"


def _comparison(report: Report) -> Iterator[str]:
    """Yield what the report was compared with: what is new, worse and fixed first."""
    for n, each in enumerate(compared(report)):
        said = within(each, MOST_LINE, prose)
        yield f"- {said}" if n else f"**{said}**"


_HEADER = "| | mapping | queue | function |\n|---|---|---|---|"


def _rows(report: Report, links: Permalinks, bounds: Bounds) -> Iterator[str]:
    """Yield a line a mapping: those that got worse first, and not all of many that are ready."""
    ready = report.summary.ready <= bounds.ready
    rows = sorted(report.mappings, key=lambda row: row.was is None)
    listed = (row for row in rows if ready or row.verdict is not Verdict.READY)
    for row in islice(listed, bounds.rows):
        source = row.source.id if row.source is not None else "not known"
        function = row.function.id if row.function is not None else "not known"
        place = links.of(row.at) if row.at is not None else ""
        names = " | ".join((linked(cell(title(row)), place), cell(source), cell(function)))
        yield f"| {_ICONS[row.verdict]} {verdict(row)} | {names} |"


def _findings(report: Report, links: Permalinks, bounds: Bounds, room: int) -> _Parts:
    """Return the standing findings: some in full, of the others how many each rule has."""
    found = _Parts(bounds)
    groups = grouped(each for each in report.findings if each.waived is None)
    names = titles(report)
    found.parts, shown = blocks(
        chosen(groups, bounds.findings),
        room - bounds.rooms["finding"] - _KEPT_FREE,
        bounds.measure,
        lambda each: written(each, names, links, all_affected=len(names) == 1),
    )
    left = sum(len(group.findings) for group in groups) - sum(shown.values())
    if left:
        noun = f"{left} more {'finding' if left == 1 else 'findings'}"
        lines = left_out(groups, shown, links)
        found.listed("finding", left, lines, lambda said: folded(noun, said))
    found.left["finding"] = left
    return found


def folded(summary: str, said: str) -> str:
    """Return lines that are shown once they are asked for."""
    return f"<details><summary>{summary}</summary>\n\n{said}\n\n</details>"


def _left_out(left: Mapping[str, int], links: Permalinks) -> str:
    """Say what was left out, empty if nothing was."""
    counts = [counted(count, noun) for noun, count in left.items() if count]
    if not counts:
        return ""
    where = f" [The summary of the step]({links.run}) has them." if links.run else ""
    return f"Left out: {', '.join(counts)}.{where}"


def _tail(report: Report, tail: _Parts, links: Permalinks) -> None:
    def at(place: Location | None) -> str:
        return "" if place is None else f" ({linked(code(str(place)), links.of(place))})"

    lines = (f"- {within(worded(e), MOST_LINE, prose)}{at(e.at)}" for e in report.proposed)
    tail.listed("waiver", len(report.proposed), lines, lambda said: f"Proposed waivers:\n\n{said}")
    known = report.baseline
    if known is not None:
        said = [f"- {within(each, MOST_LINE, prose)}" for each in known.gone]
        title = f"baseline: {counted(known.count, 'finding')} known, {len(said)} gone"
        tail.parts += [] if said else [title]
        tail.listed("finding gone", len(said), said, partial(folded, title))
    waived = [each for each in report.findings if each.waived is not None]
    lines = (f"- {_waived(each)}{at(each.at)}" for each in waived)
    tail.listed("finding waived", len(waived), lines, lambda said: folded("waived", said))
    lines = (
        f"- {code(each.id)}{at(each.at)}: {within(each.why, MOST_LINE, prose)}"
        for each in report.unread
    )
    few = len(report.unread) <= _MOST_OPEN
    put = "Not read:\n\n{}".format if few else partial(folded, f"not read: {len(report.unread)}")
    tail.listed("part not read", len(report.unread), lines, put)
    lines = (f"- {within(each, MOST_LINE, prose)}" for each in report.assumptions)
    count = len(report.assumptions)
    tail.listed("assumption", count, lines, lambda said: folded("assumed", said))
    tail.parts.append(f"<sub>policy {code(report.policy)}, tfcheck {code(report.version)}</sub>")


def _waived(finding: Finding) -> str:
    waived = finding.waived
    if waived is None:
        return ""
    rules = ", ".join(dict.fromkeys(part.rule for part in finding.parts))
    until = f" until {code(waived.until)}" if waived.until else ""
    reason = code(waived.reason or "no reason given")
    return f"{rules}{until}, {reason}: {within(finding.message, MOST_LINE, prose)}"
