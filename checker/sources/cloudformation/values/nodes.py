"""Values of a template as JSON nodes, and what is made of them as texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import Json, JsonNode, Members
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.sensitive import carried, plain
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.yaml import Scalar

MOST_CHARACTERS = 100_000
"""How long a text may become; a longer one is unknown."""
_DYNAMIC = "{{resolve:"


@dataclass(frozen=True, slots=True)
class PerhapsAbsent(Unknown):
    """A value of which it is unknown whether it is `AWS::NoValue`: a list may lack it."""


@dataclass(frozen=True, slots=True)
class NonEmptyList(Unknown):
    """A list of which only that it has members is known."""


def hole(unknown: Unknown, at: Location) -> Hole:
    """Return the stretch of text that an unknown value stands for, named by its place."""
    name = f"{at.source}:{at.line}:{at.column}"
    return Hole(name, why=unknown.why, at=unknown.at, remedy=unknown.remedy)


def joined(parts: Iterable[str | Hole | Text], at: Location) -> Text:
    """Return a text put together; a dynamic reference in it is a hole, and so is too long a one."""
    found = tuple(parts)
    size = sum(len(each.parts) + len(each.spelled) if isinstance(each, Text) else 1
               for each in found)  # fmt: skip
    if size > MOST_CHARACTERS:
        why = f"a text of more than {MOST_CHARACTERS} characters is not put together"
        return Text.of(hole(Unknown(why, at), at))
    text = Text.of(*found)
    return _resolved(text, at) if _DYNAMIC in text.spelled else text


def _resolved(text: Text, at: Location) -> Text:
    """Return a text whose dynamic references are holes, even where they were put together."""
    parts: list[str | Hole] = []
    inside: list[str | Hole] | None = None
    for part in text.parts:
        if isinstance(part, Hole):
            (parts if inside is None else inside).append(part)
            continue
        rest = part
        while rest:
            before, mark, rest = rest.partition(_DYNAMIC if inside is None else "}}")
            (parts if inside is None else inside).append(before)
            if mark and inside is None:
                inside = [mark[2:]]
            elif mark:
                parts.append(_dynamic(Text.of(*(inside or ())), at))
                inside = None
    if inside is not None:
        parts.append(_dynamic(Text.of(*inside), at))
    return Text.of(*parts)


def _dynamic(name: Text, at: Location) -> Hole:
    return Hole(str(name), why=f"`{name}` is read when the stack is deployed", at=at)


def scalar(node: Scalar) -> str | int | bool | None:
    """Return a plain value as YAML 1.1 has it: `010` is eight, and `080` is a text."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    digits = node.text.lstrip("+-")
    if len(digits) < 2 or digits[0] != "0":  # noqa: PLR2004 - a zero and more
        return value
    if set(digits) <= set("01234567"):
        return int(node.text, 8)
    return node.text


def plain_text(node: Scalar) -> str:
    """Return a plain value as the text that a parameter has of it."""
    value = scalar(node)
    if isinstance(value, bool):
        return "true" if value else "false"
    return node.text if value is None else str(value)


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
        yield (part if isinstance(part, Hole) else carried(part, json.dumps(plain(part))[1:-1]))
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
