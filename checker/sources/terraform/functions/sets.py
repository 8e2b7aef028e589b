"""Functions of sets.

See https://developer.hashicorp.com/terraform/language/functions: collection functions.
"""

from __future__ import annotations

from itertools import product
from math import prod

from checker.partial import Hole, Truth
from checker.sources.terraform.compare import MOST_COMPARISONS, alike, key_of, make_set
from checker.sources.terraform.convert import cast, convert_all
from checker.sources.terraform.functions.function import Function
from checker.sources.terraform.functions.lists import few, sequence
from checker.sources.terraform.unify import ANY, unify
from checker.sources.terraform.values import (
    EvaluationError,
    List,
    NotTold,
    PlacedTuple,
    Set,
    Type,
    Value,
    first_hole,
)


def _toset(value: Value) -> Value:
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


def _union(*sets: Set) -> Value:
    converted, element = _shared(sets)
    return make_set([member for item in converted for member in item.members], element)


def _intersection(*sets: Set) -> Value:
    converted, element = _shared(sets)
    first, *rest = converted
    kept = list(first.members)
    for other in rest:
        kept = [member for member in kept if _among(member, other)]
    return make_set(kept, element)


def _subtract(left: Set, right: Set) -> Value:
    converted, element = _shared((left, right))
    kept = [member for member in converted[0].members if not _among(member, converted[1])]
    return make_set(kept, element)


def _among(member: Value, others: Set) -> bool:
    """Tell whether a value is a member; NotTold if that depends on an unknown."""
    if any(key_of(member) == key_of(other) for other in others.members):
        return True
    if first_hole(member) is None and first_hole(others) is None:
        return False
    if len(others.members) > MOST_COMPARISONS:
        raise NotTold
    if any(alike(member, other) is not Truth.NO for other in others.members):
        raise NotTold
    return False


def _product(*values: Value) -> Value:
    if len(values) < 2:  # noqa: PLR2004 - a product has two sides
        raise EvaluationError("at least two arguments are required")
    columns: list[tuple[Value, ...]] = []
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
    rows: list[Value] = [PlacedTuple(row) for row in product(*columns)]
    element = Type("tuple", items=tuple(kinds))
    return List(rows, element) if lists else make_set(rows, element)


FUNCTIONS = (
    Function("toset", _toset, ("any?",), partial=True),
    Function("setunion", _union, ("set(any)", "set(any)*"), partial=True),
    Function("setintersection", _intersection, ("set(any)", "set(any)*"), partial=True),
    Function("setsubtract", _subtract, ("set(any)", "set(any)"), partial=True),
    Function("setproduct", _product, ("any*",), partial=True),
)
