"""Functions of sets.

See https://developer.hashicorp.com/terraform/language/functions: collection functions.
"""

from __future__ import annotations

from itertools import product
from math import prod

from checker.knowledge.holes import Hole
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions import open_sequences
from checker.sources.terraform.evaluation.functions.function import TerraformFunction, linear
from checker.sources.terraform.evaluation.functions.open_sequences import partly
from checker.sources.terraform.evaluation.functions.sequences import MOST_ELEMENTS, few, sequence
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import alike, key_of, make_set
from checker.sources.terraform.values.conversions import cast, convert_all
from checker.sources.terraform.values.effort import MOST_EFFORT, comparisons, effort
from checker.sources.terraform.values.open_lists import held
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    List,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
    first_hole,
    inside,
)
from checker.sources.terraform.values.unify import ANY, unify


def _toset(value: TerraformValue) -> TerraformValue:
    if value is None or isinstance(value, Hole):
        return value
    return cast(value, Type("set", ANY))


def _shared(sets: tuple[Set, ...]) -> tuple[list[Set], Type]:
    """Convert sets to one element type."""
    element = unify([item.element or ANY for item in sets])
    if element is None:
        raise EvaluationError("given sets must all have compatible element types")
    if all(item.element == element for item in sets):
        return list(sets), element
    return [make_set(convert_all(item.members, element)[0], element) for item in sets], element


def _union(*sets: Set) -> TerraformValue:
    converted, element = _shared(sets)
    return make_set([member for item in converted for member in item.members], element)


def _intersection(*sets: Set) -> TerraformValue:
    converted, element = _shared(sets)
    first, *rest = converted
    kept = list(first.members)
    for other in rest:
        among = _Members(other)
        kept = [member for member in kept if among.holds(member)]
    return make_set(kept, element)


def _subtract(left: Set, right: Set) -> TerraformValue:
    converted, element = _shared((left, right))
    among = _Members(converted[1])
    kept = [member for member in converted[0].members if not among.holds(member)]
    return make_set(kept, element)


class _Members:
    """The members of a set, to ask whether others are among them."""

    def __init__(self, others: Set) -> None:
        self._others = others.members
        self._keys = {key_of(other) for other in others.members}
        self._partial = first_hole(others) is not None
        self._left = MOST_EFFORT

    def holds(self, member: TerraformValue) -> bool:
        """Tell whether a value is a member; NotTold if that depends on an unknown."""
        if key_of(member) in self._keys:
            return True
        if not self._partial and first_hole(member) is None:
            return False
        for other in self._others:
            self._left -= effort(member, other)
            if self._left < 0 or alike(member, other) is not Truth.NO:
                raise UnknownResultError
        return False


def _product(*values: TerraformValue) -> TerraformValue:
    if len(values) < 2:  # noqa: PLR2004 - a product has two sides
        raise EvaluationError("at least two arguments are required")
    columns: list[tuple[TerraformValue, ...]] = []
    kinds: list[Type] = []
    lists = all(isinstance(value, tuple) for value in values)
    for value in values:
        items = value.members if isinstance(value, Set) else None
        if items is None:
            items = sequence(value, "a set or a list is required")
        converted, kind = convert_all(items, getattr(value, "element", None))
        columns.append(tuple(converted))
        kinds.append(kind)
    few(prod(len(column) for column in columns) * len(columns))
    rows: list[TerraformValue] = [PlacedTuple(row) for row in product(*columns)]
    element = Type("tuple", items=tuple(kinds))
    return List(rows, element) if lists else make_set(rows, element)


def _sets_cost(*sets: TerraformValue) -> int:
    """Return the steps of making sets of others, whose unknowns are compared with each other."""
    members = [member for item in sets for member in held(item)]
    partial = any(first_hole(member) is not None for member in members)
    return 4 * linear(*sets) + (MOST_EFFORT if partial else 0)


def _toset_cost(value: TerraformValue) -> int:
    return 2 * weight(value) + comparisons(held(value))


def _product_cost(*values: TerraformValue) -> int:
    sides = [inside(value) for value in values]
    rows = prod(len(side) for side in sides)
    if rows * len(sides) > MOST_ELEMENTS:
        return 1
    made = sum(rows // max(1, len(side)) * sum(map(weight, side)) for side in sides)
    return 2 * (1 + linear(*values) + rows + made)


FUNCTIONS = (
    TerraformFunction(
        "toset",
        partly(_toset, open_sequences.toset),
        ("any?",),
        partial=True,
        parts=True,
        cost=_toset_cost,
    ),
    TerraformFunction(
        "setunion",
        partly(_union, open_sequences.setunion),
        ("set(any)", "set(any)*"),
        partial=True,
        parts=True,
        cost=_sets_cost,
    ),
    TerraformFunction(
        "setintersection",
        partly(_intersection, open_sequences.setintersection),
        ("set(any)", "set(any)*"),
        partial=True,
        parts=True,
        cost=_sets_cost,
    ),
    TerraformFunction(
        "setsubtract",
        partly(_subtract, open_sequences.setsubtract),
        ("set(any)", "set(any)"),
        partial=True,
        parts=True,
        cost=_sets_cost,
    ),
    TerraformFunction("setproduct", _product, ("any*",), partial=True, cost=_product_cost),
)
