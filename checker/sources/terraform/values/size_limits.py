"""How much there is in a value, and how much there may be.

A value may hold another many times over at no cost, until somebody walks through all of it: ten
lists of ten lists, ten levels deep, are ten thousand million elements.
"""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    inside,
)

MOST = 1_000_000
"""How much a value may weigh: an element weighs 1, and so do this many characters of a text."""
CHARACTERS = 100
WIDE = 4
"""How many characters of ASCII another character counts for: it takes as much more memory."""


def weight(value: TerraformValue) -> int:
    """Return how much a value weighs: its elements, and the characters and parts of its texts.

    What was worked out is kept with the collection.
    """
    if isinstance(value, str):
        return 1 + length(value) // CHARACTERS
    if isinstance(value, Text):
        return len(value.parts) + sum(map(_of_part, value.parts)) // CHARACTERS
    if isinstance(value, Hole):
        return 1 + (len(value.name) + value.extent) // CHARACTERS
    if isinstance(value, Lazy):
        return value.weight
    if isinstance(value, int):
        return 1 + value.bit_length() // _BITS
    if isinstance(value, Decimal):
        return 1 + (abs(value.adjusted()) + len(value.as_tuple().digits)) // CHARACTERS
    if isinstance(value, (PlacedTuple, PlacedDict, List, Map)):
        if not value.weight:
            value.weight = _of_elements(value)
        return value.weight
    return _of_elements(value)


_BITS = 3 * CHARACTERS  # so many bits of a number are as many digits, about


def wide(*values: TerraformValue) -> int:
    """Return for how much a text counts that is put together of all texts in some values.

    One character beyond ASCII makes all of them take more room.
    """
    pending: list[TerraformValue] = list(values)
    while pending:
        one = pending.pop()
        if isinstance(one, (str, Text)):
            if not str(one).isascii():
                return WIDE
        elif isinstance(one, dict):
            pending.extend(one)
        pending.extend(one.kept() if isinstance(one, Lazy) else inside(one))
    return 1


def length(text: str) -> int:
    """Return how long a text is, by the room that it takes."""
    return len(text) if text.isascii() else WIDE * len(text)


def _of_part(part: str | Hole) -> int:
    return length(part) if isinstance(part, str) else length(part.name) + part.extent


def _of_elements(value: TerraformValue) -> int:
    keys = sum(map(length, value)) // CHARACTERS if isinstance(value, dict) else 0
    return 1 + keys + sum(map(weight, inside(value)))


MOST_DEPTH = 64
"""How deep the collections may be nested that functions go through."""


def too_deep(value: TerraformValue) -> bool:
    """Tell whether collections are nested deeper than functions can go."""
    try:
        return depth(value) > MOST_DEPTH
    except RecursionError:
        return True


def depth(value: TerraformValue) -> int:
    """Return how deep collections are nested, 0 for a primitive value.

    What was worked out is kept with the collection.
    """
    if isinstance(value, (PlacedTuple, PlacedDict, List, Map)):
        if not value.depth:
            value.depth = 1 + max(map(depth, inside(value)), default=0)
        return value.depth
    if isinstance(value, Lazy):
        return value.depth
    if isinstance(value, (tuple, dict, Set)):
        return 1 + max(map(depth, inside(value)), default=0)
    return 0


def bounded(value: TerraformValue) -> TerraformValue:
    """Return a value; NotTold if it weighs more than may be."""
    if weight(value) > MOST:
        raise UnknownResultError(f"the value has more than {MOST} parts")
    depth(value)  # level by level, so that nobody has to go down all of them at once
    return value
