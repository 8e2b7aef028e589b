"""Values of a template as JSON nodes, and what is made of them as texts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import Json, JsonNode, Members
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text


def hole(unknown: Unknown, at: Location) -> Hole:
    """Return the stretch of text that an unknown value stands for, named by its place."""
    name = f"{at.source}:{at.line}:{at.column}"
    return Hole(name, why=unknown.why, at=unknown.at, remedy=unknown.remedy)


def text_of(node: JsonNode) -> Text | Unknown:
    """Return a value as CloudFormation writes it into a string."""
    value = node.value
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text.of("true" if value else "false")
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (tuple, Members)) or value is None:
        return Unknown("a string is wanted here, and it is a list or an object", node.at)
    return Text.of(str(value))


def written(node: JsonNode) -> Text:
    """Return a value as JSON text; what is unknown of it is a hole."""
    return Text.of(*_parts(node))


def _parts(node: JsonNode) -> Iterator[str | Hole]:
    value = node.value
    if isinstance(value, Text):
        yield from _string(value)
    elif isinstance(value, tuple):
        yield "["
        for n, each in enumerate(value):
            yield from ("," if n else "",)
            yield from _parts(each)
        yield "]"
    elif isinstance(value, Members):
        yield "{"
        for n, (key, each) in enumerate(value.items):
            yield "," if n else ""
            yield from _string(key)
            yield ":"
            yield from _parts(each)
        yield "}"
    elif isinstance(value, Unknown):
        yield hole(value, node.at)
    else:
        yield _plain(value)


def _string(text: Text) -> Iterator[str | Hole]:
    yield '"'
    for part in text.parts:
        yield part if isinstance(part, Hole) else json.dumps(part)[1:-1]
    yield '"'


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def same(one: JsonNode | None, other: JsonNode | None) -> bool:
    """Tell whether two values are the same, wherever they stand."""
    if one is None or other is None:
        return one is other
    left, right = one.value, other.value
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, Members) and isinstance(right, Members):
        return len(left.items) == len(right.items) and all(
            a == b and same(x, y) for (a, x), (b, y) in zip(left.items, right.items, strict=True)
        )
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return False
    return type(left) is type(right) and left == right
