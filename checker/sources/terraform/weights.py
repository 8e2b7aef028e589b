"""How much there is in a value, and how much there may be.

A value may hold another many times over at no cost, until somebody walks through all of it: ten
lists of ten lists, ten levels deep, are ten thousand million elements.
"""

from __future__ import annotations

from checker.partial import Text
from checker.sources.terraform.values import (
    List,
    Map,
    NotTold,
    PlacedDict,
    PlacedTuple,
    Value,
    inside,
)

MOST = 1_000_000
"""How much a value may weigh: an element weighs 1, and so do this many characters of a text."""
CHARACTERS = 100


def weight(value: Value) -> int:
    """Return how much a value weighs; what was worked out is kept with the collection."""
    if isinstance(value, str):
        return 1 + len(value) // CHARACTERS
    if isinstance(value, Text):
        return 1 + sum(len(part) for part in value.parts if isinstance(part, str)) // CHARACTERS
    if isinstance(value, (PlacedTuple, PlacedDict, List, Map)):
        if not value.weight:
            value.weight = 1 + sum(map(weight, inside(value)))
        return value.weight
    return 1 + sum(map(weight, inside(value)))


def bounded(value: Value) -> Value:
    """Return a value; NotTold if it weighs more than may be."""
    if weight(value) > MOST:
        raise NotTold(f"the value has more than {MOST} parts")
    return value
