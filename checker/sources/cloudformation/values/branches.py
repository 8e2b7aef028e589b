"""One of two values that a condition chooses between of which it is unknown whether it holds."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text


def of_either(one: JsonNode | None, other: JsonNode | None) -> JsonNode | None:
    """Return one of two values that are the same; it is a reference only where both are."""
    if one is None or other is None:
        return one
    left, right = one.value, other.value
    if isinstance(left, Text) and isinstance(right, Text) and left.thing != right.thing:
        return JsonNode(replace(left, thing=""), one.at)
    return one


def either(
    name: str, one: JsonNode | None, other: JsonNode | None, why: Unknown, at: Location
) -> Unknown | Text:
    """Return one of two values; of two texts it is the same wherever they are chosen so."""
    texts = [each.value for each in (one, other) if each is not None]
    known = [each for each in texts if isinstance(each, Text)]
    if len(known) != 2:  # noqa: PLR2004 - one and the other
        return why
    left, right = known
    shown = Hole(f"Fn::If [{name}, {left}, {right}]", why=why.why, at=at, remedy=why.remedy)
    return Text.of(shown)
