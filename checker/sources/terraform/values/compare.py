"""Equality of values that may hold unknowns.

See https://developer.hashicorp.com/terraform/language/expressions/operators#equality-operators:
values of different types are never equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.effort import (
    MOST_COMPARISONS,
    MOST_EFFORT,
    MOST_STATES,
    as_text,
    effort,
    states,
)
from checker.sources.terraform.values.order import ordered
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
    first_hole,
    inside,
    whole_hole,
)


def equal(left: TerraformValue, right: TerraformValue) -> Truth:
    """Tell whether `left == right`, for every filling of the unknowns in both."""
    return _equal(left, right, typed=True)


def alike(left: TerraformValue, right: TerraformValue) -> Truth:
    """Tell whether two values of one type are equal; lists and tuples are not distinguished."""
    return _equal(left, right, typed=False)


def _equal(left: TerraformValue, right: TerraformValue, *, typed: bool) -> Truth:
    left, right = _unmarked(left), _unmarked(right)
    if left is right and not isinstance(left, (tuple, dict, Set)):
        return Truth.YES
    if isinstance(left, (Hole, Text)) or isinstance(right, (Hole, Text)):
        return _unknown_equal(left, right)
    if left is None or right is None:
        return Truth.of(left is right)
    if isinstance(left, (bool, str)) or isinstance(right, (bool, str)):
        same = isinstance(left, str) == isinstance(right, str)
        return Truth.of(
            same and isinstance(left, bool) == isinstance(right, bool) and left == right
        )
    if isinstance(left, (int, Decimal)) or isinstance(right, (int, Decimal)):
        return Truth.of(
            isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)) and left == right
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _sequences(left, right, typed=typed)
    if isinstance(left, dict) and isinstance(right, dict):
        return _mappings(left, right, typed=typed)
    if isinstance(left, Set) and isinstance(right, Set):
        return _sets(left, right, typed=typed)
    if isinstance(left, Lazy) or isinstance(right, Lazy):
        return Truth.MAYBE
    return Truth.NO


def _unmarked(value: TerraformValue) -> TerraformValue:
    return value.value if isinstance(value, Marked) else value


def may_be_null(text: Text) -> bool:
    """Tell whether a text could turn out to be null: it is one hole of which nothing is known."""
    return text.is_open and not text.holes[0].is_never(None)


def _unknown_equal(left: TerraformValue, right: TerraformValue) -> Truth:
    if isinstance(left, Hole) and isinstance(right, Hole) and left == right:
        return Truth.YES
    texts = as_text(left), as_text(right)
    if texts[0] is not None and texts[1] is not None:
        if texts[0].parts != texts[1].parts and states(texts[0], texts[1]) > MOST_STATES:
            return Truth.MAYBE
        answer = texts[0].equals(texts[1])
        # A number whose text is equal is not equal to the string; nor is JSON to what it tells.
        loose = (
            isinstance(left, Hole) or isinstance(right, Hole) or _json(texts[0]) != _json(texts[1])
        )
        return Truth.MAYBE if answer is Truth.YES and loose else answer
    other = right if isinstance(left, (Hole, Text)) else left
    unknown = left if isinstance(left, (Hole, Text)) else right
    if isinstance(unknown, Text) and not (other is None and may_be_null(unknown)):
        return Truth.NO
    whole = whole_hole(unknown)
    if other is None and whole is not None and whole.is_never(None):
        return Truth.NO
    return Truth.MAYBE


def _json(text: Text) -> list[bool]:
    return [hole.kind is Kind.JSON for hole in text.holes]


def _sequences(
    left: tuple[TerraformValue, ...], right: tuple[TerraformValue, ...], *, typed: bool
) -> Truth:
    if len(left) != len(right):
        return Truth.NO
    kinds = _kinds(left, right, (List, PlacedTuple)) if typed else Truth.YES
    if kinds is Truth.NO:
        return kinds
    inner = all_of(_equal(a, b, typed=typed) for a, b in zip(left, right, strict=True))
    return min(inner, kinds)


def _mappings(
    left: dict[str, TerraformValue], right: dict[str, TerraformValue], *, typed: bool
) -> Truth:
    if left.keys() != right.keys():
        return Truth.NO
    kinds = _kinds(left, right, (Map, PlacedDict)) if typed else Truth.YES
    if kinds is Truth.NO:
        return kinds
    inner = all_of(_equal(value, right[key], typed=typed) for key, value in left.items())
    return min(inner, kinds)


def _kinds(left: TerraformValue, right: TerraformValue, kinds: tuple[type, type]) -> Truth:
    """Tell whether two collections of equal size are of one type, so far as the outside tells."""
    for collection in kinds:
        if isinstance(left, collection) and isinstance(right, collection):
            return Truth.YES if inside(left) else _elements(left, right)
    sure = all(isinstance(side, kinds) for side in (left, right))
    return Truth.NO if sure else Truth.MAYBE


def _elements(left: TerraformValue, right: TerraformValue) -> Truth:
    """Tell whether two empty collections hold elements of one type."""
    mine: Type | None = getattr(left, "element", None)
    other: Type | None = getattr(right, "element", None)
    if isinstance(left, (PlacedTuple, PlacedDict)):
        return Truth.YES
    return Truth.MAYBE if mine is None or other is None else Truth.of(mine == other)


def _sets(left: Set, right: Set, *, typed: bool) -> Truth:
    if not left.members and not right.members:
        return _elements(left, right) if typed else Truth.YES
    if len(left.members) != len(right.members):
        return Truth.NO
    if len(left.members) ** 2 > MOST_COMPARISONS and (
        first_hole(left) is not None or first_hole(right) is not None
    ):
        return Truth.MAYBE
    if first_hole(left) is None and first_hole(right) is None:
        ordered = zip(left.members, right.members, strict=True)
        return all_of(_equal(a, b, typed=typed) for a, b in ordered)
    found = Truth.YES
    for member in left.members:
        found &= max(_equal(member, other, typed=typed) for other in right.members)
    return found


def key_of(value: TerraformValue) -> object:
    """Return something hashable that two values of one type share exactly if they are the same."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, tuple):
        return tuple(key_of(item) for item in value)
    if isinstance(value, dict):
        return ("map", tuple((name, key_of(value[name])) for name in sorted(value)))
    if isinstance(value, Set):
        return ("set", tuple(key_of(item) for item in value.members))
    if isinstance(value, Text):
        return value if value.literal is None else value.literal
    return key_of(value.value) if isinstance(value, Marked) else value


def distinct(values: Iterable[TerraformValue]) -> tuple[TerraformValue, ...]:
    """Return values of one type without doubles, the first of each kept.

    Raises:
        NotTold: two may be the same or not.
    """
    seen: set[object] = set()
    kept: list[TerraformValue] = []
    for value in values:
        key = key_of(value)
        if key not in seen:
            seen.add(key)
            kept.append(value)
    partial = {n for n, value in enumerate(kept) if first_hole(value) is not None}
    left = MOST_EFFORT
    if len(partial) * len(kept) > MOST_COMPARISONS:
        raise UnknownResultError("too many values with unknown parts to compare")
    for n in partial:
        for m, other in enumerate(kept):
            left -= effort(kept[n], other)
            if left < 0:
                raise UnknownResultError("values with unknown parts that are too long to compare")
            if m != n and alike(kept[n], other) is not Truth.NO:
                raise UnknownResultError
    return tuple(kept)


def make_set(values: Iterable[TerraformValue], element: Type | None = None) -> Set:
    """Return the set of values of one type.

    Raises:
        NotTold: two values may be the same or not.
    """
    members = distinct(values)
    try:
        return Set(ordered(members), element)
    except UnknownResultError:
        return Set(members, element, ordered=False)
