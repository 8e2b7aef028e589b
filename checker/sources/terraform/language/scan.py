"""A file's top-level blocks, without parsing their bodies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.language.blocks import block, others
from checker.sources.terraform.language.brackets import closing, fault

_BLANK = re.compile(r"(?:\s+|(?:\#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_HOLE = re.compile(r"(?:[ \t]+|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w-]*")
_LABEL = re.compile(r'[^\W\d][\w-]*|"((?:[^"\\\n]|\\.)*)"')
_HEADER = re.compile(r'([^\W\d][\w-]*)((?:[ \t]+(?:"[^"\\\n$%]*"|[^\W\d][\w-]*))*)[ \t]*\{')
_TYPE = re.compile(r'(?:resource|data)[ \t]+"?([^\W\d][\w-]*)')
_SIMPLE = re.compile(r'"([^"]*)"|([^\s"]+)')


class SourceFile:
    """A file's text; `name` is what it is called in locations, `lines` where its lines begin."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name

    @cached_property
    def lines(self) -> list[int]:
        """The offsets at which lines begin, worked out when a place is asked for."""
        return line_starts(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class RawBlock:
    """A block as it stands in its file, from `start` to `end` of its text.

    `body` is the offset just behind the opening brace.
    """

    kind: str
    labels: tuple[str, ...]
    file: SourceFile
    start: int
    body: int
    end: int

    @property
    def at(self) -> Location:
        """The place from its kind to its closing brace."""
        return locate(self.file.name, self.file.lines, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Blocks of services that are not ours, one after another, not looked at yet."""

    file: SourceFile
    start: int
    end: int

    def types(self) -> set[str]:
        """Return the resource types of its blocks, and perhaps more."""
        return set(_TYPE.findall(self.file.text, self.start, self.end))

    def blocks(self) -> Iterator[RawBlock]:
        """Yield its blocks."""
        at = self.start
        while at < self.end:
            raw = _plain(self.file, at)
            if raw is None:
                return
            yield raw
            at = _skip(self.file.text, raw.end)


def line_starts(text: str) -> list[int]:
    """Return the offsets at which lines begin."""
    starts = [0]
    starts.extend(match.end() for match in re.finditer("\n", text))
    return starts


def locate(source: str, lines: list[int], start: int, end: int = -1) -> Location:
    """Return the place from an offset to another, with lines and columns from 1.

    It has no end where none is given.
    """
    line = bisect_right(lines, start)
    column = start - lines[line - 1] + 1
    if end < start:
        return Location(source, line, column)
    last = line if line == len(lines) or end < lines[line] else bisect_right(lines, end)
    return Location(source, line, column, last, end - lines[last - 1] + 1)


def split(text: str, source: str, *, quick: bool, pass_over: bool) -> Iterator[RawBlock | Stretch]:
    """Yield the blocks of a file; SourceError where its structure is broken.

    `source` is the file's name in locations. A byte order mark is passed over. `quick` passes
    plainly written blocks over with one expression each, to the same effect: it takes some
    milliseconds to make the expression. With `pass_over` those of others come in stretches.
    """
    text = text.removeprefix("\ufeff")
    file = SourceFile(text, source)
    at = _skip(text, 0)
    while at < len(text):
        stretch = others().match(text, at) if pass_over else None
        if stretch is not None:
            yield Stretch(file, at, stretch.end())
            at = stretch.end()
            continue
        raw = _plain(file, at) if quick else None
        if raw is not None:
            yield raw
            at = _skip(text, raw.end)
            continue
        kind, labels, body = _header(text, at, source)
        end = closing(text, body, source)
        yield RawBlock(kind, labels, file, at, body, end)
        at = _after(text, end, source)


def _plain(file: SourceFile, at: int) -> RawBlock | None:
    """Return the plainly written block that begins at an offset."""
    match = block().match(file.text, at)
    if match is None:
        return None
    labels = tuple(a or b for a, b in _SIMPLE.findall(match[2]))
    return RawBlock(match[1], labels, file, at, match.start("body"), match.end())


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _after(text: str, end: int, source: str) -> int:
    """Check that a block ends its line, as HCL demands."""
    at = _skip(text, end)
    if at < len(text) and "\n" not in text[end:at]:
        raise fault("a newline is missing after the block", source, text, at)
    return at


def _header(text: str, at: int, source: str) -> tuple[str, tuple[str, ...], int]:
    match = _HEADER.match(text, at)
    if match:
        labels = tuple(a or b for a, b in _SIMPLE.findall(match.group(2)))
        return match.group(1), labels, match.end()
    word = _WORD.match(text, at)
    if word is None:
        raise fault("an argument or block definition is required here", source, text, at)
    labels_found: list[str] = []
    here = word.end()
    while True:
        unknown = _HOLE.match(text, here)
        here = unknown.end() if unknown else here
        if text.startswith("{", here):
            return word.group(), tuple(labels_found), here + 1
        label = _LABEL.match(text, here)
        if label is None:
            message = (
                "an argument is not expected here"
                if text.startswith("=", here)
                else ("a block needs its opening brace on the line where it begins")
            )
            raise fault(message, source, text, here)
        found = label.group(1) if label.group(1) is not None else label.group()
        if "${" in found or "%{" in found:
            raise fault("a block label cannot hold an interpolation", source, text, here)
        labels_found.append(found)
        here = label.end()
