"""JSON nodes to text, as Go's encoder writes them, remembering where each value was written."""

from __future__ import annotations

import json
from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.jsontext import JsonNode, Members
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


def write(node: JsonNode, indent: str) -> Text:
    """Return a node as indented JSON. A text that is one hole of kind JSON is a bare value."""
    out = _Out()
    _write(node, out, indent, 0)
    return Text(tuple(out.parts), Marks(out.marks))


class _Out:
    def __init__(self) -> None:
        self.parts: list[str | Hole] = []
        self.marks: list[tuple[int, Location]] = []
        self.offset = 0

    def put(self, part: str | Hole) -> None:
        self.parts.append(part)
        self.offset += len(part) if isinstance(part, str) else 1

    def mark(self, at: Location) -> None:
        self.marks.append((self.offset, at))


def _write(node: JsonNode, out: _Out, indent: str, depth: int) -> None:
    out.mark(node.at)
    value = node.value
    if isinstance(value, Members):
        items: list[tuple[Text | None, JsonNode]] = list(value.items)
        _sequence("{", "}", items, out, indent, depth)
    elif isinstance(value, tuple):
        _sequence("[", "]", [(None, member) for member in value], out, indent, depth)
    elif isinstance(value, Text):
        _text(value, out)
    elif isinstance(value, Unknown):
        out.put(Hole(f"json at {value.at}", Kind.JSON, value.why, value.at, value.remedy))
    else:
        out.put(_scalar(value))


def _scalar(value: bool | int | Decimal | None) -> str:  # noqa: FBT001 - a JSON value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return carried(value, str(opened(value)))


def _text(text: Text, out: _Out) -> None:
    if len(text.parts) == 1 and isinstance(text.parts[0], Hole) and text.parts[0].kind is Kind.JSON:
        out.put(text.parts[0])
        return
    out.put('"')
    for part in text.parts:
        out.put(quoted(part) if isinstance(part, str) else part)
    out.put('"')


def _sequence(
    opening: str,
    closing: str,
    items: list[tuple[Text | None, JsonNode]],
    out: _Out,
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
