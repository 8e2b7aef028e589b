"""Functions of collections of any kind: how many, which first, are all true.

See https://developer.hashicorp.com/terraform/language/functions.
"""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import graphemes
from checker.sources.terraform.evaluation.functions.function import TerraformFunction, linear
from checker.sources.terraform.evaluation.functions.graphemes import count
from checker.sources.terraform.evaluation.functions.sequences import members
from checker.sources.terraform.evaluation.functions.texts import never_empty
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.numbers import Number, add
from checker.sources.terraform.values.conversions import settle
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.open_lists import sequence_or_refuse
from checker.sources.terraform.values.partial_values import (
    AtLeast,
    OpenMap,
    PartialList,
    PartialMap,
)
from checker.sources.terraform.values.primitives import to_number
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import List, Set, TerraformValue, inside
from checker.sources.terraform.values.unify import NUMBER, type_of, unify

MOST_RANGE = 1024
"""How many numbers `range` makes at most, in Terraform too."""


def _length(value: TerraformValue) -> TerraformValue:
    if isinstance(value, Set):
        return len(value.members)
    if isinstance(value, (tuple, dict)):
        return len(value)
    if isinstance(value, Text) and value.literal is not None:
        return count(value.literal)
    if isinstance(value, PartialMap):
        return len(value.entries)
    if isinstance(value, PartialList):
        hole = value.unknown
        name = f"length({hole})"
        return AtLeast(name, why=hole.why, at=hole.at, remedy=hole.remedy, least=value.least)
    if isinstance(value, OpenMap):
        hole = value.unknown
        name = f"length({hole})"
        return AtLeast(name, why=hole.why, at=hole.at, remedy=hole.remedy, least=len(value.entries))
    if isinstance(value, Text):
        return _text_length(value)
    if isinstance(value, Hole):
        raise UnknownResultError
    if isinstance(value, str):
        return count(value)
    raise EvaluationError("argument must be a string, a collection type, or a structural type")


def _text_length(text: Text) -> TerraformValue:
    """Return how many characters a text has at least: one for each of ASCII, whatever is beside it.

    Beyond ASCII, and between a carriage return and a line feed, two may be counted as one.
    """
    literal = [part for part in text.parts if isinstance(part, str)]
    holes = text.holes
    if not all(part.isascii() and "\r" not in part for part in literal):
        raise UnknownResultError
    least = sum(map(len, literal))
    if all(hole.kind is Kind.ACCOUNT for hole in holes):
        return least + _ACCOUNT * len(holes)
    hole = next(hole for hole in holes if hole.kind is not Kind.ACCOUNT)
    least += sum(hole.kind.alphabet.least for hole in holes)
    name = call_name("length", (text,))
    return AtLeast(name, why=hole.why, at=hole.at, remedy=hole.remedy, least=least)


_ACCOUNT = 12
"""How many digits an account id has."""


def _coalesce(*values: TerraformValue) -> TerraformValue:
    if not values:
        raise EvaluationError("at least one argument is required")
    texts = _are_texts(values)
    for value in values:
        if isinstance(value, Hole) and value.kind.alphabet.least == 0:
            raise UnknownResultError
        if isinstance(value, Text) and not value.literal and not never_empty(value):
            if value.holes:
                raise UnknownResultError
            continue
        if value is None or (texts and value == ""):
            continue
        return settle(value, values)
    raise EvaluationError("no non-null, non-empty-string arguments")


def _are_texts(values: tuple[TerraformValue, ...]) -> bool:
    """Tell whether arguments are made strings, so that an empty one does not count."""
    try:
        wanted = unify([kind for kind in map(type_of, values) if kind.name != "any"])
    except UnknownResultError:
        return True
    if wanted is None:
        raise EvaluationError("all arguments must have the same type")
    return wanted.name == "string"


def _alltrue(items: TerraformValue) -> TerraformValue:
    return _settled_by(items, settles=False)


def _anytrue(items: TerraformValue) -> TerraformValue:
    return _settled_by(items, settles=True)


def _settled_by(items: TerraformValue, *, settles: bool) -> bool:
    """Return what one boolean settles, which null and false do alike, or that none does.

    Raises:
        UnknownResultError: an unknown could settle it.
    """
    of = sequence_or_refuse(items, "a list of booleans is required")
    if any(not isinstance(item, Hole) and (item is True) == settles for item in of.sure):
        return settles
    perhaps = of.perhaps
    if perhaps is None or any(isinstance(item, Hole) for item in (*of.sure, *perhaps)):
        raise UnknownResultError
    if any((item is True) == settles for item in perhaps):
        raise UnknownResultError
    return not settles


def _sum(value: TerraformValue) -> TerraformValue:
    items = members(value, "cannot sum noniterable")
    if not items:
        raise EvaluationError("cannot sum an empty list")
    total: Number = 0
    for item in items:
        number = None if isinstance(item, bool) else _number(item)
        if number is None:
            raise EvaluationError("argument must be list, set, or tuple of number values")
        total = add(total, number)
    return total


def _number(item: TerraformValue) -> Number | None:
    try:
        number = to_number(item)
    except UnknownResultError:
        raise
    except EvaluationError:
        return None
    return number if isinstance(number, (int, Decimal)) else None


def _range(*limits: Number) -> TerraformValue:
    if not 1 <= len(limits) <= 3:  # noqa: PLR2004 - end; start and end; start, end and step
        raise EvaluationError("must have one, two, or three arguments")
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) > 2 else (-1 if end < start else 1)  # noqa: PLR2004
    if step == 0 and start != end:
        raise EvaluationError(f"more than {MOST_RANGE} values were generated")
    if start != end and (step > 0) != (end > start):
        side = "greater" if step > 0 else "less"
        sign = "positive" if step > 0 else "negative"
        raise EvaluationError(f"end must be {side} than start when step is {sign}")
    out: list[TerraformValue] = []
    number = start
    while (number < end) if step > 0 else (number > end):
        if len(out) >= MOST_RANGE:
            raise EvaluationError(f"more than {MOST_RANGE} values were generated")
        out.append(number)
        number = add(number, step)
    return List(out, NUMBER)


def _length_cost(value: TerraformValue) -> int:
    if isinstance(value, (str, Text)):
        return weight(value) + graphemes.effort(str(value))
    return 1


def _coalesce_cost(*values: TerraformValue) -> int:
    return 2 * linear(*values)


def _sum_cost(value: TerraformValue) -> int:
    return DECIMAL * (1 + len(inside(value))) + weight(value)


def _range_cost(*limits: Number) -> int:
    """Return the steps of as many numbers as there will be."""
    start, end = (0, limits[0]) if len(limits) == 1 else (*limits, 0, 0)[:2]
    step = limits[2] if len(limits) > 2 else 1  # noqa: PLR2004 - start, end and step
    if all(isinstance(number, int) for number in (start, end, step)):
        return 1 + min(MOST_RANGE, abs(int(end) - int(start)) // max(1, abs(int(step))) + 1)
    return 1 + DECIMAL * MOST_RANGE


DECIMAL = 30

FUNCTIONS = (
    TerraformFunction("length", _length, ("any",), partial=True, parts=True, cost=_length_cost),
    TerraformFunction("coalesce", _coalesce, ("any?*",), partial=True, cost=_coalesce_cost),
    TerraformFunction("alltrue", _alltrue, ("list(bool)",), partial=True, parts=True),
    TerraformFunction("anytrue", _anytrue, ("list(bool)",), partial=True, parts=True),
    TerraformFunction("sum", _sum, ("any",), cost=_sum_cost),
    TerraformFunction("range", _range, ("number*",), cost=_range_cost),
)
