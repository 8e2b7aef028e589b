"""Terraform's operators, on values that may be partly unknown.

See https://developer.hashicorp.com/terraform/language/expressions/operators.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.language.numbers import (
    Number,
    add,
    multiply,
    negated,
    quotient,
    remainder,
    subtract,
)
from checker.sources.terraform.values.compare import equal
from checker.sources.terraform.values.effort import effort as comparing
from checker.sources.terraform.values.partial_values import AtLeast, PartialMap
from checker.sources.terraform.values.primitives import to_bool, to_number
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    Set,
    TerraformValue,
    holes,
    whole_hole,
)

MOST_ELEMENTS = 100_000
DECIMAL = 30
"""How many steps arithmetic with a number takes that is not whole."""


def first_hole(value: TerraformValue) -> Hole | None:
    """Return what makes a primitive value unknown, or None; collections count as known."""
    if isinstance(value, Hole):
        return value
    if isinstance(value, Text) and value.holes:
        return value.holes[0]
    return None


def shown(key: TerraformValue) -> str:
    """Write a key as it stands in a reference: `"a"` or `0`."""
    return f'"{key}"' if isinstance(key, (str, Text)) else str(key)


def whole(key: TerraformValue) -> int:
    """Return a list index; EvaluationError if it is no whole number."""
    number = to_number(key)
    if not isinstance(number, int):
        raise EvaluationError("a list index must be a whole number")
    return number


def condition(value: TerraformValue) -> bool | Hole:
    """Return a condition as a boolean, or the hole that leaves it open."""
    unknown = first_hole(value)
    if unknown is not None:
        return unknown
    answer = to_bool(value)
    if not isinstance(answer, bool):
        raise EvaluationError("the condition value is null")
    return answer


def refuse_no_boolean(value: TerraformValue, at: Location, *, operand: bool = False) -> None:
    """Raise RefusedError for a condition, or an `operand`, that surely is null or no boolean."""
    if value is None:
        summary, why = _NULL_OPERAND if operand else _NULL_CONDITION
        raise RefusedError(summary, why, at)
    hole = whole_hole(value)
    if hole is not None and all(map(hole.is_never, ("true", "false", "1", "0"))):
        raise RefusedError(*_NO_BOOLEAN, at)


def refuse_operand(symbol: str, value: TerraformValue, side: str, at: Location) -> None:
    """Raise RefusedError for an operand of arithmetic that surely is null or no number."""
    if symbol in _EQUALITY | _LOGIC or symbol == "!" or first_hole(value) is not None:
        return
    if isinstance(value, (AtLeast, Lazy)):
        return
    if value is None:
        raise RefusedError(*_NULL_OPERAND, at)
    try:
        to_number(value)
    except UnknownResultError:
        return
    except EvaluationError:
        why = (
            f"Unsuitable value for {side} operand: {_NUMBER_WANTED[_is_primitive(value)]} required"
        )
        raise RefusedError("Invalid operand", why, at) from None


def _is_primitive(value: TerraformValue) -> bool:
    return isinstance(value, (str, int, Text, Decimal))


_NUMBER_WANTED = {True: "a number is", False: "number"}
_NULL_CONDITION = (
    "Null condition",
    "The condition value is null. Conditions must either be true or false",
)
_NULL_OPERAND = ("Operation failed", "Error during operation: argument must not be null")
_NO_BOOLEAN = ("Incorrect condition type", "The condition expression must be of type bool")


def same(left: TerraformValue, right: TerraformValue) -> Truth:
    """Tell whether two values are equal, for every filling of their holes."""
    return equal(left, right)


def unary(symbol: str, value: TerraformValue) -> TerraformValue:
    """Apply `!` or `-` to a known value."""
    if symbol == "!":
        return not condition(value)
    return negated(_number(value))


def binary(symbol: str, left: TerraformValue, right: TerraformValue) -> TerraformValue:
    """Apply a binary operator; a Hole if the operands do not settle it."""
    if symbol in _EQUALITY:
        answer = equal(left, right)
        if answer is Truth.MAYBE and _of_bounds(">", left, right) is not None:
            answer = Truth.NO
        if answer is Truth.MAYBE:
            return _why(left, right)
        return (answer is Truth.YES) == (symbol == "==")
    if symbol in _LOGIC:
        return _logic(left, right, settles=symbol == "||")
    bounded = _of_bounds(symbol, left, right)
    if bounded is not None:
        return bounded
    unknown = first_hole(left) or first_hole(right)
    if unknown is not None:
        return unknown
    return _ARITHMETIC[symbol](_number(left), _number(right))


def _of_bounds(symbol: str, left: TerraformValue, right: TerraformValue) -> bool | None:
    """Compare a number that is no less than another with a known one; None if that is open."""
    if isinstance(right, AtLeast):
        left, right, symbol = right, left, _MIRRORED.get(symbol, symbol)
    if not isinstance(left, AtLeast) or isinstance(right, bool):
        return None
    if not isinstance(right, (int, Decimal)):
        return None
    if symbol in {">", "<="} and left.least > right:
        return symbol == ">"
    if symbol in {">=", "<"} and left.least >= right:
        return symbol == ">="
    return None


def effort(symbol: str, left: TerraformValue, right: TerraformValue) -> int:
    """Return how many steps an operator takes at most, beside the one of its node."""
    if symbol in _EQUALITY:
        return comparing(left, right)
    if isinstance(left, int) and isinstance(right, int):
        return weight(left) + weight(right)
    return DECIMAL + weight(left) + weight(right)


def _why(*values: TerraformValue) -> Hole:
    for value in values:
        found = holes(value)
        if found:
            return found[0]
    return Hole("equality", why="it is unknown whether two values are equal")


def _logic(left: TerraformValue, right: TerraformValue, *, settles: bool) -> bool | Hole:
    """`||` is settled by one true side, `&&` by one false side, whatever the other is."""
    first, second = condition(left), condition(right)
    for side in (first, second):
        if not isinstance(side, Hole) and side is settles:
            return settles
    return first if isinstance(first, Hole) else second


def _number(value: TerraformValue) -> Number:
    number = to_number(value)
    if not isinstance(number, (int, Decimal)) or isinstance(number, bool):
        raise EvaluationError("a number is needed")
    return number


_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_EQUALITY = {"==", "!="}
_LOGIC = {"&&", "||"}
_ARITHMETIC: dict[str, Callable[[Any, Any], TerraformValue]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": quotient,
    "%": remainder,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def elements_of(collection: TerraformValue) -> list[tuple[TerraformValue, TerraformValue]]:
    """Return the keys and values of a collection in Terraform's order: maps by key."""
    if isinstance(collection, PartialMap):
        return list(collection.entries)
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Hole):
        raise UnknownResultError(collection.why, collection.remedy)
    if isinstance(collection, dict):
        found: list[tuple[TerraformValue, TerraformValue]] = sorted(collection.items())
    elif isinstance(collection, tuple):
        found = list(enumerate(collection))
    elif isinstance(collection, Set):
        found = [(member, member) for member in collection.members]
    else:
        raise EvaluationError("a `for` expression needs a list, map, set or object")
    if len(found) > MOST_ELEMENTS:
        raise UnknownResultError(f"a collection has more than {MOST_ELEMENTS} elements")
    return found
