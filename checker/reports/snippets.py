"""How a place of the input is shown in text: its line, and a mark below what is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from posixpath import relpath
from urllib.parse import quote

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.reports.excerpts import ShownPlace, numbers
from checker.reports.terminal import Paint, Tone, visible, wrapped

LONGEST_LINE = 160
"""How much of a line is shown where the width is free, in characters."""
_BEFORE = 20
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Places:
    """How places are named: relative to the directory `here`, as links below the URI `base`."""

    here: str = ""
    base: str = ""

    def named(self, at: Location) -> str:
        """Return a place as text, with a column where it is known."""
        source = at.source
        if self.here and at.line:
            source = relpath(source, self.here)
        column = f":{at.column}" if at.line and at.column else ""
        line = f":{at.line}" if at.line else ""
        return visible(f"{source}{line}{column}")

    def linked(self, at: Location) -> str:
        """Return a place as text, and as a link where the terminal has links (OSC 8)."""
        said = self.named(at)
        if not self.base or not at.line:
            return said
        target = f"{self.base}/{quote(at.source, safe='/-_.~')}"
        return f"\x1b]8;;{target}\x1b\\{said}\x1b]8;;\x1b\\"


@dataclass(frozen=True, slots=True)
class Snippets:
    """Shows places; `lines` are those of the files, `width` that of the terminal if it is one."""

    lines: Mapping[tuple[str, int], str]
    places: Places
    paint: Paint
    width: int | None

    def shown(self, place: ShownPlace, tone: Tone, gutter: int, *, first: bool) -> Iterator[str]:
        """Yield the lines that show a place; the number of a line has `gutter` characters."""
        yield f"{' ' * gutter}{self.paint('-->', 'faint')} {self.places.linked(place.at)}"
        text = self.lines.get((place.at.source, place.at.line))
        bar = f"{' ' * gutter} {self.paint('|', 'faint')}"
        if text is None:
            if place.label:
                yield from self._label(place.label, bar, gutter, tone)
            return
        yield bar
        if self._numbers(place.at)[1:]:
            yield from self._several(place, tone, gutter, bar, first=first)
            return
        line, start, length = _marked(text, place.at, self._room(gutter))
        number = self.paint(f"{place.at.line:>{gutter}}", "faint")
        yield f"{number} {self.paint('|', 'faint')} {line}".rstrip()
        mark = self.paint(("^" if first else "-") * length, tone if first else "strong")
        label = visible(place.label)
        used = gutter + 3 + start + length + 1
        if not label or self.width is None or used + len(label) <= self.width:
            said = f" {self.paint(label, tone if first else 'strong')}" if label else ""
            yield f"{bar} {' ' * start}{mark}{said}"
        else:
            yield f"{bar} {' ' * start}{mark}"
            yield from self._label(label, bar, gutter, tone)

    def _several(
        self, place: ShownPlace, tone: Tone, gutter: int, bar: str, *, first: bool
    ) -> Iterator[str]:
        """Yield the lines of a place of several lines, each marked at its left."""
        room = self._room(gutter)
        mark = self.paint(">" if first else "|", tone if first else "faint")
        for n in self._numbers(place.at):
            line = _first(_visible(self.lines[place.at.source, n]), room)
            yield f"{self.paint(f'{n:>{gutter}}', 'faint')} {mark} {line}".rstrip()
        if place.at.end_line > self._numbers(place.at)[-1]:
            yield f"{bar} \N{HORIZONTAL ELLIPSIS}"
        if place.label:
            yield from self._label(place.label, bar, gutter, tone if first else "strong")

    def _numbers(self, at: Location) -> list[int]:
        """Return the lines of a place that are there to be shown."""
        first = self.lines[at.source, at.line]
        return [n for n in numbers(at, first) if (at.source, n) in self.lines]

    def _label(self, label: str, bar: str, gutter: int, tone: Tone) -> Iterator[str]:
        width = None if self.width is None else self.width - gutter - 3
        for line in wrapped(visible(label), width):
            yield f"{bar} {self.paint(line, tone)}"

    def _room(self, gutter: int) -> int:
        return LONGEST_LINE if self.width is None else max(self.width - gutter - 3, 20)


def _marked(text: str, at: Location, room: int) -> tuple[str, int, int]:
    """Return a line as it is shown, and the cells where the mark begins and that it takes."""
    begin = max(at.column - 1, len(text) - len(text.lstrip()))
    begin = min(begin, len(text))
    end = at.end_column - 1 if at.end_line == at.line else len(text.rstrip())
    end = max(end, begin + 1)
    cut = 0 if _cells(_visible(text[:end])) <= room else max(begin - _BEFORE, 0)
    before = ("\N{HORIZONTAL ELLIPSIS}" if cut else "") + _visible(text[cut:begin])
    meant = _visible(text[begin:end])
    rest = _visible(text[end:])
    line, start = before + meant + rest, _cells(before)
    if _cells(line) > room:
        line = _first(line, room - 1) + "\N{HORIZONTAL ELLIPSIS}"
    return line, start, max(min(_cells(meant), room - start), 1)


def _visible(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _first(text: str, cells: int) -> str:
    """Return the beginning of a text that takes at most so many cells."""
    used = 0
    for n, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return text[:n]
    return text


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in {"W", "F"} for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)
