"""Functions that look for something in lists and tuples, or choose one of them.

See https://developer.hashicorp.com/terraform/language/functions: collection functions.
"""

from __future__ import annotations

from typing import Any

from checker.knowledge.holes import Hole
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions import open_sequences
from checker.sources.terraform.evaluation.functions.function import (
    TerraformFunction,
    constant,
    elements,
    linear,
)
from checker.sources.terraform.evaluation.functions.open_sequences import partly
from checker.sources.terraform.evaluation.functions.sequences import (
    MOST_ELEMENTS,
    members,
    sequence,
)
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import alike, equal
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.effort import effort
from checker.sources.terraform.values.open_lists import held
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.terraform_values import (
    List,
    TerraformValue,
    Type,
    first_hole,
)
from checker.sources.terraform.values.unify import ANY


def _index(value: TerraformValue, wanted: TerraformValue) -> TerraformValue:
    items = sequence(value, "argument must be a list or tuple", sets=False)
    if not items:
        raise EvaluationError("cannot search an empty list")
    for n, item in enumerate(items):
        same = equal(item, wanted)
        if same is Truth.YES:
            return n
        if same is Truth.MAYBE:
            raise UnknownResultError
    raise EvaluationError("item not found")


def _contains(value: TerraformValue, wanted: TerraformValue) -> TerraformValue:
    if isinstance(value, PartialList):
        return open_sequences.contains(value, wanted)
    answer = Truth.NO
    for item in members(value, "argument must be list, tuple, or set"):
        answer = max(answer, equal(item, wanted))
        if answer is Truth.YES:
            return True
    if answer is Truth.MAYBE:
        raise UnknownResultError
    return False


def _matchkeys(values: List, keys: List, wanted: List) -> TerraformValue:
    if len(values) != len(keys):
        raise EvaluationError("length of keys and values should be equal")
    if keys and wanted:
        both = cast((*keys, *wanted), Type("list", ANY))
        pairs: Any = both
        keys, wanted = List(pairs[: len(keys)]), List(pairs[len(keys) :])
    known = first_hole(keys) is None and first_hole(wanted) is None
    if len(keys) * len(wanted) > MOST_ELEMENTS * 10 or (not known and len(keys) > 1000):  # noqa: PLR2004
        raise UnknownResultError("the lists are too long to compare")
    kept: list[TerraformValue] = []
    for value, key in zip(values, keys, strict=True):
        found = max((alike(key, other) for other in wanted), default=Truth.NO)
        if found is Truth.MAYBE:
            raise UnknownResultError
        if found is Truth.YES:
            kept.append(value)
    return List(kept, values.element)


def _coalescelist(*values: TerraformValue) -> TerraformValue:
    if not values:
        raise EvaluationError("at least one argument is required")
    for value in values:
        if isinstance(value, Hole):
            raise UnknownResultError
        if not isinstance(value, tuple):
            raise EvaluationError("arguments must be lists or tuples")
        if value:
            return value
    raise EvaluationError("no non-null arguments")


def _one(value: TerraformValue) -> TerraformValue:
    refusal = "must be a list, set, or tuple value with either zero or one elements"
    items = members(value, refusal)
    if len(items) > 1:
        raise EvaluationError(refusal)
    return items[0] if items else None


def _search_cost(value: TerraformValue, wanted: TerraformValue) -> int:
    items = held(value)
    return 1 + sum(1 + effort(item, wanted) for item in items)


def _matchkeys_cost(values: List, keys: List, wanted: List) -> int:
    pairs = len(keys) * len(wanted)
    if pairs > MOST_ELEMENTS * 10:
        return 1
    known = first_hole(keys) is None and first_hole(wanted) is None
    if known:
        return linear(values, keys, wanted) + pairs
    heaviest = max((effort(key, one) for key in keys for one in wanted), default=0)
    return linear(values, keys, wanted) + pairs * heaviest


FUNCTIONS = (
    TerraformFunction(
        "index",
        partly(_index, open_sequences.index),
        ("any", "any"),
        partial=True,
        parts=True,
        cost=_search_cost,
    ),
    TerraformFunction(
        "contains", _contains, ("any", "any"), partial=True, parts=True, cost=_search_cost
    ),
    TerraformFunction(
        "matchkeys",
        _matchkeys,
        ("list(any)", "list(any)", "list(any)"),
        partial=True,
        cost=_matchkeys_cost,
    ),
    TerraformFunction(
        "coalescelist",
        partly(_coalescelist, open_sequences.coalescelist),
        ("any?*",),
        partial=True,
        parts=True,
        cost=elements,
        makes=constant,
    ),
    TerraformFunction("one", _one, ("any",), partial=True, cost=constant, makes=constant),
)
