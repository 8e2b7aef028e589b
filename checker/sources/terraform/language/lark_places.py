"""Where the nodes of python-hcl2's tree stand in the text that is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from checker.errors import SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.language.templates import TemplateReader


class Reading(Protocol):
    """The text that is read: where its offsets lie, and what its strings hold."""

    text: str
    strings: TemplateReader

    def at(self, start: int, end: int = -1) -> Location:
        """Return the place from an offset to another."""

    def fault(self, message: str, offset: int) -> SourceError:
        """Return what is raised for a fault at an offset."""


class NodeSpan(Protocol):
    """The offsets between which a node stands."""

    @property
    def start_pos(self) -> int:
        """Where the node begins."""

    @property
    def end_pos(self) -> int:
        """Where the node ends, with the blanks behind it."""


class LarkNode(Protocol):
    """A node of the library's tree; of a token among its children only the text is asked for."""

    @property
    def data(self) -> str:
        """The rule of the library's grammar that the node is named after."""

    @property
    def meta(self) -> NodeSpan:
        """Where the node stands."""

    @property
    def children(self) -> Sequence[LarkNode]:
        """The nodes and tokens in it, in the order of the text."""


class LarkPlaces:
    """The places of nodes; `shift` turns the library's offsets into those of the reading's text.

    `code` is what the library parsed.
    """

    def __init__(self, reading: Reading, code: str, shift: int) -> None:
        self._reading, self._code, self._shift = reading, code, shift
        self._text = reading.text

    def _follows(self, node: LarkNode, marks: str) -> bool:
        """Tell whether one of these characters, or nothing, stands before a node."""
        at = int(node.meta.start_pos) - 1
        while at >= 0 and self._code[at] in " \t\r":
            at -= 1
        return at < 0 or self._code[at] in marks

    def _word(self, node: LarkNode) -> str:
        start = self._start(node)
        return self._text[start : self._end(node)]

    def _start(self, node: LarkNode) -> int:
        return int(node.meta.start_pos) + self._shift

    def _end(self, node: LarkNode) -> int:
        """Return the offset behind a node, without the blanks that the library counts to it."""
        end = min(int(node.meta.end_pos), len(self._code))  # it adds a newline of its own
        while self._code[end - 1].isspace():
            end -= 1
        return end + self._shift

    def _at(self, node: LarkNode, last: LarkNode | None = None) -> Location:
        """Return the place of a node, or that from it to the end of another one."""
        return self._reading.at(self._start(node), self._end(node if last is None else last))
