"""The lines of the input that findings name, for formats that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.reports.report import Finding, Report, SourceLine

MOST_PLACES = 2_000
"""How many lines one report shows."""
MOST_OTHERS = 3
"""How many places a finding shows beside its own, where not all are asked for."""
MOST_LINES = 6
"""How many lines of one place are shown."""
MOST_CHARACTERS = 1_000
"""How much of a line is kept."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place of a finding, and what is said beside it; empty where the message says it all."""

    at: Location
    label: str


def places(finding: Finding, most: int = MOST_OTHERS) -> list[ShownPlace]:
    """Return the places that a finding shows: its own first, then those that it rests on."""
    own = finding.at
    labels: dict[Location, str] = {}
    for each in finding.because:
        if each.at is not None and each.at.line:
            labels.setdefault(each.at, each.text)
    for step in finding.trail[:1]:
        labels.setdefault(step.at, "the module uses the value here")
    tracked = [step for step in finding.trail[1:] if step.is_tracked and step.kind != "call"]
    for step in tracked[-1:]:
        labels.setdefault(step.at, "the value comes from here")
    if own is None or not own.line:
        return [ShownPlace(at, label) for at, label in labels.items()][: most + 1]
    first = ShownPlace(own, labels.pop(own, ""))
    return [first, *(ShownPlace(at, label) for at, label in labels.items())][: most + 1]


def unplaced(finding: Finding) -> Iterator[str]:
    """Yield what a finding rests on that no place of the input shows."""
    shown = {(each.at, each.label) for each in places(finding, len(finding.because) + 1)}
    for each in finding.because:
        if each.at is None or (each.at, each.text) not in shown:
            yield each.text


def without_places(text: str, shown: Iterable[ShownPlace]) -> str:
    """Return a message without the places in brackets that are shown beside it."""
    for each in shown:
        text = text.replace(f" ({each.at})", "").replace(f"(default, {each.at})", "(default)")
    return text


def numbers(at: Location) -> range:
    """Return the lines of a place that are shown: the first few of a longer one."""
    return range(at.line, min(max(at.end_line, at.line), at.line + MOST_LINES - 1) + 1)


def excerpted(report: Report, read: Callable[[str], str | None]) -> Report:
    """Return a report with the lines that its findings name.

    `read` returns the text of a file by its path in the repository, None where it cannot be read.
    """
    wanted: dict[tuple[str, int], None] = {}
    for finding in report.findings:
        for each in places(finding):
            if len(wanted) < MOST_PLACES:
                wanted |= dict.fromkeys((each.at.source, n) for n in numbers(each.at))
    texts: dict[str, list[str]] = {}
    lines: list[SourceLine] = []
    for source, number in wanted:
        if source not in texts:
            texts[source] = (read(source) or "").split("\n")
        if 0 < number <= len(texts[source]):
            text = texts[source][number - 1].rstrip("\r")[:MOST_CHARACTERS]
            lines.append(SourceLine(source, number, text))
    return replace(report, lines=tuple(lines))
