"""JSON nodes to text, as Go's encoder writes them, remembering where each value was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonNode, Members, UnknownArray
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.sensitive import SensitiveString, carried, joined, opened
from checker.knowledge.text import Text
from checker.sources.terraform.language.origins import Marks

_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def quoted(text: str) -> str:
    """Escape a string's characters for JSON as Go does, without the quotes."""
    if isinstance(text, SensitiveString):
        pieces = [(quoted(piece), secret) for piece, secret in text.stretches()]
        return joined(SensitiveString(piece) if secret else piece for piece, secret in pieces)
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    for character, escape in _ESCAPES.items():
        if character in escaped:
            escaped = escaped.replace(character, escape)
    return escaped


class PlacedText:
    """A text so far, and the places of what was written into it; a hole is one character long."""

    def __init__(self) -> None:
        self.parts: list[str | Hole] = []
        self.marks: list[tuple[int, Location]] = []
        self.offset = 0

    def put(self, part: str | Hole) -> None:
        """Write a part."""
        self.parts.append(part)
        self.offset += len(part) if isinstance(part, str) else 1

    def mark(self, at: Location | None) -> None:
        """Note the place of what is written next."""
        if at is not None:
            self.marks.append((self.offset, at))

    def string(self, text: Text) -> None:
        """Write a JSON string; its holes stay holes."""
        self.put('"')
        for part in text.parts:
            self.put(quoted(part) if isinstance(part, str) else part)
        self.put('"')

    def text(self) -> Text:
        """Return what was written."""
        return Text(tuple(self.parts), Marks(self.marks) if self.marks else None)


def scalar(value: bool | int | Decimal | None, number: Callable[[Any], str] = str) -> str:  # noqa: FBT001 - a JSON value
    """Write a value that is no text; `number` writes numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return carried(value, number(opened(value)))


def write(node: JsonNode, indent: str) -> Text:
    """Return a node as indented JSON. A text that is one hole of kind JSON is a bare value."""
    out = PlacedText()
    _write(node, out, indent, 0)
    return out.text()


def _write(node: JsonNode, out: PlacedText, indent: str, depth: int) -> None:
    out.mark(node.at)
    value = node.value
    if isinstance(value, Members):
        items: list[tuple[Text | None, JsonNode]] = list(value.items)
        _sequence("{", "}", items, out, indent, depth)
    elif isinstance(value, tuple):
        _sequence("[", "]", [(None, member) for member in value], out, indent, depth)
    elif isinstance(value, Text):
        _text(value, out)
    elif isinstance(value, UnknownArray):
        out.put(value.hole)
    elif isinstance(value, Unknown):
        out.put(Hole(f"json at {value.at}", Kind.JSON, value.why, value.at, value.remedy))
    else:
        out.put(scalar(value))


def _text(text: Text, out: PlacedText) -> None:
    if len(text.parts) == 1 and isinstance(text.parts[0], Hole) and text.parts[0].kind is Kind.JSON:
        out.put(text.parts[0])
        return
    out.string(text)


def _sequence(
    opening: str,
    closing: str,
    items: list[tuple[Text | None, JsonNode]],
    out: PlacedText,
    indent: str,
    depth: int,
) -> None:
    out.put(opening)
    for n, (key, member) in enumerate(items):
        out.put(("," if n else "") + "\n" + indent * (depth + 1))
        if key is not None:
            out.mark(member.at)
            _text(key, out)
            out.put(": ")
        _write(member, out, indent, depth + 1)
    out.put(("\n" + indent * depth if items else "") + closing)
