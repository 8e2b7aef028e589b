"""The lines of the input that findings name, for formats that show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from checker.knowledge.partial import Location
from checker.knowledge.secret_shapes import SHAPES
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
_SETS = frozenset({"local", "argument", "attribute", "for_each", "default", "tfvars"})
"""What a step is that sets a value, and not only names what has it."""
_BLOCK = re.compile(r'\s*[\w-]+(?:\s+"[^"]*")*\s*\{')
"""The first line of a block of the configuration language."""


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
        if step.installed:
            labels.setdefault(step.at, "the module uses the value here")
    setting = [step for step in finding.trail[1:] if step.is_tracked and step.kind in _SETS]
    for step in setting[-1:]:
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


def numbers(at: Location, first: str) -> range:
    """Return the lines of a place that are shown: the first few of a longer one.

    Of a whole block, which `first`, the text of its first line, tells, it is this one alone.
    """
    if _BLOCK.match(first):
        return range(at.line, at.line + 1)
    return range(at.line, min(max(at.end_line, at.line), at.line + MOST_LINES - 1) + 1)


def excerpted(report: Report, read: Callable[[str], str | None]) -> Report:
    """Return a report with the lines that its findings name.

    Of a whole block that is its first line: what else stands in it may be nobody's business. A line
    of a sensitive value, and one that holds what looks like a secret, is left out. `read` returns
    the text of a file by its path in the repository, None where it cannot be read.
    """
    texts: dict[str, list[str]] = {}
    found: dict[tuple[str, int], str] = {}
    for at in (place.at for finding in report.findings for place in places(finding)):
        if len(found) >= MOST_PLACES:
            break
        if at.source not in texts:
            texts[at.source] = (read(at.source) or "").split("\n")
        of_file = texts[at.source]
        if not 0 < at.line <= len(of_file):
            continue
        for n in numbers(at, of_file[at.line - 1]):
            if n <= len(of_file):
                found[at.source, n] = of_file[n - 1].rstrip("\r")[:MOST_CHARACTERS]
    hidden = {line for finding in report.findings for line in _secret(finding)}
    lines = (
        SourceLine(source, number, text)
        for (source, number), text in found.items()
        if (source, number) not in hidden and "sensitive(" not in text
        if not SHAPES.search(text)
    )
    return replace(report, lines=tuple(lines))


def _secret(finding: Finding) -> Iterator[tuple[str, int]]:
    """Yield the lines of the steps of a trail from the first on that is sensitive."""
    is_secret = False
    for step in finding.trail:
        is_secret = is_secret or step.secret
        if is_secret:
            last = max(step.at.end_line, step.at.line)
            yield from ((step.at.source, n) for n in range(step.at.line, last + 1))


def secret_lines(secrets: Iterable[str]) -> frozenset[str]:
    """Return secrets with the lines of those that have several: files are shown line by line."""
    every = {line.strip() for each in secrets for line in each.splitlines()}
    return frozenset({*secrets, *every} - {""})
