"""The elements of the lists, tuples and sets that functions take, and how many they make."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from checker.knowledge.holes import Hole
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.terraform_values import List, PlacedTuple, Set, TerraformValue

MOST_ELEMENTS = 100_000
"""How many elements a list may have that a function makes."""


def whole(number: int | Decimal, what: str = "the value") -> int:
    """Return a number that must be whole; EvaluationError if it is not."""
    if not isinstance(number, int) or abs(number) >= 2**63:
        raise EvaluationError(f"{what} must be a whole number")
    return number


def sequence(
    value: TerraformValue, refusal: str, *, sets: bool = True
) -> tuple[TerraformValue, ...]:
    """Return the elements of a list, tuple or set.

    Raises:
        EvaluationError: the value is something else.
        NotTold: it is a hole, or the order of the set is not known.
    """
    if isinstance(value, tuple):
        return value
    if isinstance(value, Hole):
        raise UnknownResultError
    if isinstance(value, Set) and sets:
        if not value.ordered:
            raise UnknownResultError
        return value.members
    raise EvaluationError(refusal)


def members(value: TerraformValue, refusal: str) -> tuple[TerraformValue, ...]:
    """Return the elements of a list, tuple or set where their order does not matter."""
    return value.members if isinstance(value, Set) else sequence(value, refusal)


def few(count: int) -> None:
    """Raise NotTold for more elements than are made."""
    if count > MOST_ELEMENTS:
        raise UnknownResultError(f"the result has more than {MOST_ELEMENTS} elements")


def like(
    value: tuple[TerraformValue, ...], items: Sequence[TerraformValue]
) -> tuple[TerraformValue, ...]:
    """Return some of a sequence's elements as the same kind of sequence."""
    if isinstance(value, List):
        return List(items, value.element)
    return PlacedTuple(items, value.at) if isinstance(value, PlacedTuple) else tuple(items)
