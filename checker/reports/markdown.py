"""The report as Markdown: the comment on a pull request, and the summary of a step.

Every text that the input chose is set as code, in which GitHub reads nothing. The whole is bounded:
each part has room of its own, and what does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from itertools import islice

from checker.model import any_source
from checker.records import dataclass
from checker.reports.counts import counted
from checker.reports.markup import cell, code, fenced, fitting, prose, size, within
from checker.reports.proposals import worded
from checker.reports.report import Finding, Report, Row, Severity, Verdict
from checker.reports.titles import affected, title, titles
from checker.reports.unchecked import HEADLINE, unchecked
from checker.reports.worsened import compared, marked, verdict

MARK = "<!-- tfcheck -->"
"""By its first line the comment is found again."""
MOST = 65_000
"""How long a comment may be, in UTF-16 code units: GitHub refuses more than 65,536 characters.

It has been measured to refuse by characters or by 262,144 bytes of UTF-8, according to what is
commented on; this is below both. The summary of a step may have 1 MiB.
"""
_ROOM = {
    "comparison": 4_000,
    "mapping": 20_000,
    "waiver": 4_000,
    "part not read": 4_000,
    "assumption": 4_000,
}
"""How much of it the table and each list may take; findings have the rest."""
_LINE, _TEXT, _REASONS = 600, 4_000, 15
"""How long one line of a list or a reason and one message or fix may be; how many reasons."""
_MOST_ROWS = 100
_ICONS = {
    Verdict.BLOCKED: "\N{CROSS MARK}",
    Verdict.UNDECIDED: "\N{WHITE QUESTION MARK ORNAMENT}",
    Verdict.AT_RISK: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Verdict.READY: "\N{WHITE HEAVY CHECK MARK}",
}
_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


@dataclass(slots=True)
class _Comment:
    """The parts of a comment as they are written, and how many of each were left out."""

    parts: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def listed(
        self, noun: str, total: int, lines: Iterable[str], put: Callable[[str], str]
    ) -> None:
        """Add the lines that have room, together as `put` sets them; they are so many in all."""
        shown = fitting(lines, _ROOM[noun], between=1)
        self.left[noun] = total - len(shown)
        if shown:
            self.parts.append(put("\n".join(shown)))

    def left_out(self) -> str:
        """Say what was left out, empty if nothing was."""
        counts = {noun: count for noun, count in self.left.items() if count}
        said = (counted(count, noun) for noun, count in counts.items())
        return f"Left out, for want of room: {', '.join(said)}." if counts else ""


def render(report: Report) -> str:
    """Return the report as Markdown that GitHub takes; what is left out is counted."""
    head, tail = _Comment(), _Comment()
    head.parts += [MARK, f"### tfcheck: {_headline(report)}"]
    said = [f"- {within(each, _LINE, prose)}" for each in compared(report)]
    head.listed("comparison", len(said), said, str)
    rows = _rows(report.mappings)
    head.listed("mapping", len(report.mappings), rows, lambda said: f"{_HEADER}\n{said}")
    _tail(report, tail)
    room = MOST - sum(size(part) + 2 for part in (*head.parts, *tail.parts)) - 300
    blocks = fitting(_blocks(report.findings, titles(report)), room, between=2)
    head.left |= {"finding": len(report.findings) - len(blocks), **tail.left}
    parts = [*head.parts, *blocks, head.left_out(), *tail.parts]
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
    noun = "mapping" if summary.mappings == 1 else "mappings"
    return f"{_ICONS[worst]} {summary.mappings} {noun}: {', '.join(said)}"


_HEADER = "| | mapping | queue | function |\n|---|---|---|---|"


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for row in islice(rows, _MOST_ROWS):
        source = row.source.id if row.source is not None else "not known"
        function = row.function.id if row.function is not None else "not known"
        names = " | ".join(map(cell, (title(row), source, function)))
        yield f"| {_ICONS[row.verdict]} {verdict(row)} | {names} |"


def _blocks(findings: Iterable[Finding], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield a block a finding: what stands is open, what is waived or a note is folded."""
    for finding in findings:
        word = "unknown" if finding.kind == "unknown" else _SEVERITIES[finding.severity]
        if finding.waived is not None:
            word = "waived"
        place = f" at {code(str(finding.at))}" if finding.at is not None else ""
        names = ", ".join(dict.fromkeys(part.rule for part in finding.parts))
        head = f"**{marked(word, finding)}** `{names}`{place}"
        opened = " open" if word in {"error", "unknown"} else ""
        inner = "\n".join(_inside(finding, titles))
        summary = f"<summary>{_summary(word, finding)}</summary>"
        yield f"<details{opened}>{summary}\n\n{head}\n\n{inner}\n\n</details>"


def _summary(word: str, finding: Finding) -> str:
    names = ", ".join(dict.fromkeys(part.rule for part in finding.parts))
    return f"<b>{marked(word, finding)}</b>: {names}"


def _inside(finding: Finding, titles: Mapping[str, str]) -> Iterator[str]:
    yield within(finding.message, _TEXT, prose)
    for each in finding.because[:_REASONS]:
        place = f" ({code(str(each.at))})" if each.at is not None else ""
        yield f"- {within(each.text, _LINE, prose)}{place}"
    more = len(finding.because) - _REASONS
    if more > 0:
        yield f"- {counted(more, 'reason')} more"
    if len(finding.mappings) > 1:
        yield f"- affects {affected(finding, titles, code)}"
    if finding.waived is not None:
        until = f" until {code(finding.waived.until)}" if finding.waived.until else ""
        yield f"- waived{until}: {code(finding.waived.reason or 'no reason given')}"
    elif finding.fix:
        word = "To settle it" if finding.kind == "unknown" else "Fix"
        yield f"\n{word}:\n\n{within(finding.fix, _TEXT, fenced)}"


def _tail(report: Report, tail: _Comment) -> None:
    lines = (f"- {within(worded(e), _LINE, prose)} ({code(str(e.at))})" for e in report.proposed)
    tail.listed("waiver", len(report.proposed), lines, lambda said: f"Proposed waivers:\n\n{said}")
    lines = (
        f"- {code(unread_row.id)}: {within(unread_row.why, _LINE, prose)}"
        for unread_row in report.unread
    )
    tail.listed("part not read", len(report.unread), lines, lambda said: f"Not read:\n\n{said}")
    lines = (f"- {within(each, _LINE, prose)}" for each in report.assumptions)
    tail.listed(
        "assumption",
        len(report.assumptions),
        lines,
        lambda said: f"<details><summary>assumed</summary>\n\n{said}\n\n</details>",
    )
    tail.parts.append(f"<sub>policy {code(report.policy)}, tfcheck {code(report.version)}</sub>")
