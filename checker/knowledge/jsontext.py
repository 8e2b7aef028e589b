"""JSON text with holes in it, read into nodes that know their place.

A hole inside a JSON string is part of that string. A hole of kind JSON outside a string stands
for one whole value, which is unknown. What JSON (RFC 8259) rejects is rejected here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import NoReturn, TypeVar

from checker.knowledge.arrays import ArrayHole
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import (
    JsonError,
    JsonNode,
    LongNumber,
    Members,
    UnknownArray,
    UnknownJsonError,
)
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.sensitive import is_sensitive, joined, plain, sealed
from checker.knowledge.text import Text
from checker.records import dataclass

T = TypeVar("T")

MOST_DEPTH = 200
"""How deep arrays and objects may be nested."""
MOST_DIGITS = 400
"""How long a number may be, in characters, and how large its exponent; beyond it is unknown."""


def parse(text: Text, at: Location) -> JsonNode:
    """Read a JSON text into nodes.

    Places come from the text's origin if it has one, else every node is at `at`.

    Raises:
        JsonError: the text is not JSON, or nested deeper than `MOST_DEPTH`.
        NotTold: a hole outside a string, so that the document is unknown as a whole.
    """
    return _Parser(text, at).document()


_HOLE = "\0"  # stands for a hole; JSON allows no raw control character anywhere
_SPACE = re.compile(r"[ \t\n\r]*")
_CHUNK = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_SURROGATES = range(0xD800, 0xE000)
_HIGH_END = 0xDC00


@dataclass(slots=True)
class _Open:
    """An array or object that is being read; `key` is set between a key and its value."""

    at: Location
    array: list[JsonNode] | None
    members: list[tuple[Text, JsonNode]]
    key: Text | None = None

    def close(self, at: Location) -> JsonNode:
        value = tuple(self.array) if self.array is not None else Members(tuple(self.members))
        return JsonNode(value, at)


class _Parser:
    """Reads one text from left to right; nesting lives on a list, not on Python's stack."""

    def __init__(self, text: Text, at: Location) -> None:
        self.at = at
        self.origin = text.origin
        self.holes: dict[int, Hole] = {}
        pieces: list[str] = []
        size = 0
        for part in text.parts:
            if isinstance(part, Hole):
                self.holes[size] = part
            pieces.append(_HOLE if isinstance(part, Hole) else part)
            size += len(pieces[-1])
        self.whole = joined(pieces)
        self.source = plain(self.whole)
        self.index = 0

    def carried(self, start: int, made: T) -> T:
        """Return what was read from `start` on: sensitive if a part of the text there is."""
        return sealed(made) if is_sensitive(self.whole[start : self.index]) else made

    def place(self, offset: int) -> Location:
        return self.origin.locate(offset) if self.origin is not None else self.at

    def span(self, start: Location) -> Location:
        """Return a location with its end, that of the character which was read last."""
        if self.origin is None:
            return start
        return start.joined(self.origin.locate(self.index - 1))

    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        """Refuse the text, unless a hole stands where it goes wrong: it may be what is missing."""
        if offset is None and self.index in self.holes:
            self.hole(anywhere=False)
        raise JsonError(message, self.place(self.index if offset is None else offset))

    def skip(self) -> str:
        """Pass over white space and return the next character, empty at the end."""
        match = _SPACE.match(self.source, self.index)
        self.index = match.end() if match else self.index
        return self.source[self.index : self.index + 1]

    def document(self) -> JsonNode:
        stack: list[_Open] = []
        while True:
            node = self.start(stack)
            while node is not None:
                if not stack:
                    if self.skip():
                        self.fail("more text after the end of the value")
                    return node
                node = self.finish(stack, node)

    def start(self, stack: list[_Open]) -> JsonNode | None:
        """Read the start of a value: the node if that is all of it, else None with it opened."""
        character = self.skip()
        if character not in ("[", "{"):
            return self.scalar(character)
        if len(stack) >= MOST_DEPTH:
            self.fail(f"nested deeper than {MOST_DEPTH}")
        array: list[JsonNode] | None = [] if character == "[" else None
        opened = _Open(self.place(self.index), array, [])
        self.index += 1
        if self.skip() == ("]" if character == "[" else "}"):
            self.index += 1
            return opened.close(self.span(opened.at))
        stack.append(opened)
        if array is None:
            opened.key = self.key()
        return None

    def finish(self, stack: list[_Open], node: JsonNode) -> JsonNode | None:
        """Put a value where it belongs; return the array or object if it ends here."""
        top = stack[-1]
        if top.array is not None:
            top.array.append(node)
        else:
            top.members.append((top.key or Text.of(""), node))
        character = self.skip()
        if character == ",":
            self.index += 1
            if top.array is None:
                top.key = self.key()
            return None
        closer = "]" if top.array is not None else "}"
        if character != closer:
            self.fail(f"expected `,` or `{closer}`")
        self.index += 1
        opened = stack.pop()
        return opened.close(self.span(opened.at))

    def key(self) -> Text:
        character = self.skip()
        if character == _HOLE:
            self.hole(anywhere=False)
        if character != '"':
            self.fail("expected a key in double quotes")
        key = self.string()
        if self.skip() != ":":
            self.fail("expected `:`")
        self.index += 1
        return key

    def scalar(self, character: str) -> JsonNode:
        at = self.place(self.index)
        if character == '"':
            text = self.string()
            return JsonNode(text, self.span(at))
        if character == _HOLE:
            return JsonNode(self.hole(anywhere=True), at)
        for word, value in _WORDS.items():
            if self.source.startswith(word, self.index):
                self.index += len(word)
                return JsonNode(value, self.span(at))
        match = _NUMBER.match(self.source, self.index)
        if match is None:
            self.fail("expected a JSON value" if character else "the text ends too early")
        start, self.index = self.index, match.end()
        at = self.span(at)
        exponent = (match[2] or "e0")[1:].lstrip("+-")
        if len(match[0]) > MOST_DIGITS or int(exponent) > MOST_DIGITS:
            why = f"a number of more than {MOST_DIGITS} characters, or an exponent beyond that"
            return JsonNode(LongNumber(why, at, text=self.carried(start, match[0])), at)
        whole = match[1] is None and match[2] is None
        number = int(match[0]) if whole else Decimal(match[0])
        return JsonNode(self.carried(start, number), at)

    def hole(self, *, anywhere: bool) -> Unknown:
        """Return the unknown value that a hole outside a string stands for."""
        hole = self.holes.get(self.index)
        if hole is None:
            self.fail("a control character")
        unknown = Unknown(
            hole.why or f"`{hole.name}` is not known yet",
            hole.at or self.place(self.index),
            hole.remedy,
        )
        if hole.kind is not Kind.JSON or not anywhere:
            raise UnknownJsonError(unknown)
        self.index += 1
        if isinstance(hole, ArrayHole):
            return UnknownArray(unknown.why, unknown.at, unknown.remedy, hole=hole)
        return unknown

    def string(self) -> Text:
        start = self.index
        self.index += 1
        parts: list[str | Hole] = []
        while True:
            match = _CHUNK.match(self.source, self.index)
            if match and match.end() > self.index:
                begun, self.index = self.index, match.end()
                parts.append(self.whole[begun : self.index])
            character = self.source[self.index : self.index + 1]
            if character == '"':
                self.index += 1
                return Text(tuple(parts))
            if character == "\\":
                begun = self.index
                letter = self.escape()
                parts.append(self.carried(begun, letter))
            elif character == _HOLE and self.index in self.holes:
                hole = self.holes[self.index]
                parts.append(replace(hole, kind=Kind.ANY) if hole.kind is Kind.JSON else hole)
                self.index += 1
            elif character:
                self.fail("a control character in a string")
            else:
                self.fail("a string that does not end", start)

    def escape(self) -> str:
        letter = self.source[self.index + 1 : self.index + 2]
        if letter in _ESCAPES:
            self.index += 2
            return _ESCAPES[letter]
        code = self.unit()
        if code not in _SURROGATES:
            return chr(code)
        # half a character alone cannot be written out again, so it becomes a replacement mark
        if code < _HIGH_END and self.source.startswith("\\u", self.index):
            before = self.index
            low = self.unit()
            if low in _SURROGATES and low >= _HIGH_END:
                return chr(0x10000 + ((code - 0xD800) << 10) + (low - _HIGH_END))
            self.index = before
        return "\N{REPLACEMENT CHARACTER}"

    def unit(self) -> int:
        match = _HEX.match(self.source, self.index + 2)
        if self.source[self.index + 1 : self.index + 2] != "u" or match is None:
            self.fail("a backslash that starts no escape")
        self.index = match.end()
        return int(match[0], 16)
