"""Where the characters of a text were written, for texts that were put together.

Each of these is an `Origin` of knowledge/text.py: it gives the place of an offset into a `Text`,
in which a hole counts as one character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from checker.knowledge.partial import Location
from checker.knowledge.text import Origin


class Marks:
    """Places of some offsets; those between have the place of the last one before them."""

    def __init__(self, marks: Sequence[tuple[int, Location]]) -> None:
        ordered = sorted(marks, key=lambda mark: mark[0])
        self._offsets = [offset for offset, _ in ordered]
        self._places = [place for _, place in ordered]

    def locate(self, offset: int) -> Location:
        """Return the place of the last mark up to `offset`; of the first if there is none."""
        if not self._places:
            return Location("")
        return self._places[max(0, bisect_right(self._offsets, offset) - 1)]


class Lines:
    """The text of a file, or a stretch of it that starts at `line` and `column`."""

    def __init__(self, source: str, text: str, line: int = 1, column: int = 1) -> None:
        self._start = Location(source, line, column)
        self._text = text

    @cached_property
    def _breaks(self) -> list[int]:
        """The offsets at which a line starts, after the first."""
        found: list[int] = []
        at = self._text.find("\n")
        while at >= 0:
            found.append(at + 1)
            at = self._text.find("\n", at + 1)
        return found

    def locate(self, offset: int) -> Location:
        """Return the line and column of an offset, as the place of one character."""
        start = self._start
        passed = bisect_right(self._breaks, offset)
        column = offset - self._breaks[passed - 1] + 1 if passed else start.column + offset
        line = start.line + passed
        return Location(start.source, line, column, line, column + 1)


class Concatenation:
    """Texts one after another: the offset at which each starts, and its origin or place."""

    def __init__(self, starts: Sequence[tuple[int, Origin | Location]]) -> None:
        self._starts = sorted(starts, key=lambda start: start[0])
        self._offsets = [offset for offset, _ in self._starts]

    def locate(self, offset: int) -> Location:
        """Return the place that the part at `offset` tells."""
        if not self._starts:
            return Location("")
        start, origin = self._starts[max(0, bisect_right(self._offsets, offset) - 1)]
        return origin if isinstance(origin, Location) else origin.locate(max(0, offset - start))
