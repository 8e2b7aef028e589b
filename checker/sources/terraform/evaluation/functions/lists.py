"""Functions of lists and tuples.

See https://developer.hashicorp.com/terraform/language/functions: collection functions.
"""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import open_sequences
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    TerraformFunction,
    constant,
    elements,
    too_long,
)
from checker.sources.terraform.evaluation.functions.open_sequences import partly, unplaced
from checker.sources.terraform.evaluation.functions.sequences import few, like, sequence, whole
from checker.sources.terraform.evaluation.functions.texts import never_empty
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import distinct
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.effort import comparisons
from checker.sources.terraform.values.open_lists import held
from checker.sources.terraform.values.order import ordered
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.primitives import type_of_name
from checker.sources.terraform.values.size_limits import weight, wide
from checker.sources.terraform.values.terraform_values import (
    List,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
)
from checker.sources.terraform.values.unify import ANY, STRING


def _join(separator: str | Text, *lists: List) -> TerraformValue:
    if not lists:
        raise EvaluationError("at least one list is required")
    parts: list[str | Text] = []
    size = 0
    for items in lists:
        for n, item in enumerate(items):
            if item is None:
                raise EvaluationError(f"element {n} is null; cannot concatenate null values")
            if parts:
                parts.append(separator)
            if isinstance(item, (str, Text)):
                parts.append(item)
            size += len(str(item)) + len(str(separator))
            if size > MOST_CHARACTERS + len(str(separator)):
                raise too_long()
    return Text.of(*parts)


def _concat(*sequences: TerraformValue) -> TerraformValue:
    if not sequences:
        raise EvaluationError("at least one argument is required")
    out: list[TerraformValue] = []
    for value in sequences:
        refusal = f"all arguments must be lists or tuples; got {type_of_name(value)}"
        out.extend(sequence(value, refusal, sets=False))
        few(len(out))
    if all(isinstance(value, List) for value in sequences):
        return _joined_lists(sequences, out)
    if len(sequences) == 1:
        return sequences[0]
    if all(isinstance(value, (List, PlacedTuple)) for value in sequences):
        return PlacedTuple(out)
    return tuple(out)


def _joined_lists(
    sequences: tuple[TerraformValue, ...], out: list[TerraformValue]
) -> TerraformValue:
    kinds = {value.element for value in sequences if isinstance(value, List)} - {None, ANY}
    element = kinds.pop() if len(kinds) == 1 else ANY
    try:
        return cast(tuple(out), Type("list", element or ANY))
    except UnknownResultError:
        raise
    except EvaluationError:
        return PlacedTuple(out)


def _flatten(value: TerraformValue) -> TerraformValue:
    refusal = "can only flatten lists, sets and tuples"
    out: list[TerraformValue] = []
    pending = list(reversed(sequence(value, refusal)))
    while pending:
        item = pending.pop()
        open_ = isinstance(item, Hole) and item.kind in (Kind.ANY, Kind.JSON)
        if open_ or isinstance(item, PartialList):
            raise UnknownResultError
        if isinstance(item, (tuple, Set)):
            pending.extend(reversed(sequence(item, refusal)))
        else:
            out.append(item)
        few(len(out) + len(pending))
    return PlacedTuple(out)


def _element(value: TerraformValue, index: int | Decimal) -> TerraformValue:
    if isinstance(value, Set):
        raise EvaluationError("cannot read elements from a set")
    if isinstance(value, PartialList):
        if not 0 <= whole(index, "the index") < len(value.first):
            raise UnknownResultError
        return value.first[whole(index, "the index")]
    items = sequence(value, f"cannot read elements from {type_of_name(value)}")
    position = whole(index, "the index")
    if not items:
        raise EvaluationError("cannot use element function with an empty list")
    if position < 0 and not isinstance(items, List) and len(items) > 1:
        # Terraform counts a list's elements from its end; of a tuple's it does so from 1.12 on.
        raise UnknownResultError("a tuple's elements counted from its end")
    return items[position % len(items)]


def _slice(value: TerraformValue, start: int | Decimal, end: int | Decimal) -> TerraformValue:
    if isinstance(value, Set):
        raise EvaluationError("cannot slice a set: its elements have no indices")
    items = sequence(value, "must be a list or tuple value")
    first, last = whole(start, "the start index"), whole(end, "the end index")
    if first < 0 or first > last:
        raise EvaluationError("the start index must be between zero and the end index")
    if last > len(items):
        raise EvaluationError("the end index must not be greater than the length of the list")
    return like(items, items[first:last])


def _reverse(value: TerraformValue) -> TerraformValue:
    refusal = f"can only reverse list or tuple values, not {type_of_name(value)}"
    items = sequence(value, refusal)
    turned = items[::-1]
    return List(turned, value.element) if isinstance(value, Set) else like(items, turned)


def _distinct(items: List) -> TerraformValue:
    return List(distinct(items), items.element)


def _compact(items: List) -> TerraformValue:
    kept: list[TerraformValue] = []
    for item in items:
        if isinstance(item, Text) and item.holes and not never_empty(item):
            raise UnknownResultError
        if item is not None and item != "":
            kept.append(item)
    return List(kept, STRING)


def _chunklist(items: List, size: int | Decimal) -> TerraformValue:
    step = whole(size, "the size")
    if step < 0:
        raise EvaluationError("the size must not be negative")
    if not items:
        return List((), Type("list", items.element or ANY))
    step = min(step or len(items), len(items))
    chunks = [List(items[n : n + step], items.element) for n in range(0, len(items), step)]
    return List(chunks, Type("list", items.element or ANY))


def _sort(items: List) -> TerraformValue:
    for n, item in enumerate(items):
        if item is None:
            raise EvaluationError(f"element {n} is null; a null string cannot be sorted")
    return List(ordered(items), STRING)


def _join_cost(separator: str | Text, *lists: List) -> int:
    count = sum(map(len, lists))
    return wide(separator, *lists) * (sum(map(weight, lists)) + count * weight(separator))


def _sort_cost(items: List) -> int:
    return weight(items) * max(1, len(held(items)).bit_length())


def _distinct_cost(items: List) -> int:
    return 2 * weight(items) + comparisons(held(items))


FUNCTIONS = (
    TerraformFunction(
        "join",
        _join,
        ("string", "list(string)*"),
        partial=True,
        returns="string",
        cost=_join_cost,
    ),
    TerraformFunction(
        "concat", partly(_concat, open_sequences.concat), ("any*",), partial=True, parts=True
    ),
    TerraformFunction(
        "flatten", partly(_flatten, open_sequences.flatten), ("any",), partial=True, parts=True
    ),
    TerraformFunction(
        "element",
        _element,
        ("any", "number"),
        partial=True,
        parts=True,
        cost=constant,
        makes=constant,
    ),
    TerraformFunction(
        "slice",
        partly(_slice, open_sequences.slice_),
        ("any", "number", "number"),
        partial=True,
        parts=True,
        cost=elements,
        makes=elements,
    ),
    TerraformFunction(
        "reverse",
        partly(_reverse, unplaced("reverse")),
        ("any",),
        partial=True,
        parts=True,
        makes=elements,
    ),
    TerraformFunction(
        "distinct",
        partly(_distinct, open_sequences.distinct),
        ("list(any)",),
        partial=True,
        parts=True,
        cost=_distinct_cost,
    ),
    TerraformFunction(
        "compact",
        partly(_compact, open_sequences.compact),
        ("list(string)",),
        partial=True,
        parts=True,
    ),
    TerraformFunction("chunklist", _chunklist, ("list(any)", "number"), partial=True),
    TerraformFunction(
        "sort",
        partly(_sort, unplaced("sort")),
        ("list(string)",),
        partial=True,
        parts=True,
        cost=_sort_cost,
    ),
)
