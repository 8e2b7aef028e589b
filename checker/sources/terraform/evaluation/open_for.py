"""`[for ...]` over a collection of which not all elements are known, or with an open condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from checker.knowledge.holes import Hole, Kind
from checker.sources.terraform.evaluation.conditionals import condition_of
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.budget import ExhaustedError
from checker.sources.terraform.values.open_lists import made
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue


@dataclass(frozen=True, slots=True)
class Elements:
    """What a `for` expression goes through.

    Each element has a key, and whether it is surely there; if not, any number like it may be. Past
    the `placed` first ones nobody knows their order. If it is not `closed`, there may be others of
    which nothing is known. `unknown` says why.
    """

    items: tuple[tuple[TerraformValue, TerraformValue, bool], ...]
    unknown: Hole
    placed: int
    closed: bool


def is_unsettled(collection: Any) -> bool:  # noqa: ANN401 - a Value or a Lazy
    """Tell whether not all elements of a collection are known."""
    if isinstance(collection, (PartialList, Hole)):
        return True
    return isinstance(collection, Lazy) and collection.sample is not None


def elements_in_part(collection: Any) -> Elements:  # noqa: ANN401 - a Value or a Lazy
    """Return what is known of the elements of a collection that is known in part."""
    if isinstance(collection, Hole):
        return Elements(((collection, collection, False),), collection, 0, closed=True)
    if isinstance(collection, PartialList):
        unknown = collection.whole()
        key = _part(unknown, ".key")
        return Elements(
            (
                *((n, each, True) for n, each in enumerate(collection.first)),
                *((key, each, True) for each in collection.among),
                *((key, each, False) for each in collection.perhaps or ()),
            ),
            unknown,
            len(collection.first),
            collection.perhaps is not None,
        )
    unknown = collection.whole()
    met = enumerate(collection.known())
    items = ((_part(unknown, f"[*].key {n}"), each, True) for n, each in met)
    first = (_part(unknown, "[*].key"), collection.sample, True)
    return Elements((first, *items), unknown, 0, closed=False)


def whole_elements(
    elements: Iterable[tuple[TerraformValue, TerraformValue]], why: Hole
) -> Elements:
    """Return all elements of a collection, of which an open condition may leave some out."""
    items = tuple((key, value, True) for key, value in elements)
    return Elements(items, why, len(items), closed=True)


def _part(of: Hole, step: str) -> Hole:
    return replace(of, name=f"{of.name}{step}", kind=Kind.ANY)


def open_for(node: tree.For, of: Elements, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return what is known of the list that a `for` expression makes."""
    unknown = scope.hole(of.unknown, node.at)
    try:
        return made(_gone_through(node, of, unknown, scope, evaluate))
    except ExhaustedError:
        raise
    except EvaluationError:
        return unknown


def _gone_through(
    node: tree.For, of: Elements, unknown: Hole, scope: Scope, evaluate: Evaluate
) -> PartialList:
    first: list[TerraformValue] = []
    among: list[TerraformValue] = []
    perhaps: list[TerraformValue] = []
    placed = True
    for n, (key, value, there) in enumerate(of.items):
        scope.world.spend(1)
        # each `for` goes through elements of its own
        own = value if there or not isinstance(value, Hole) else _part(unknown, f"[{n}]")
        name = key if there else _part(unknown, f"[{n}].key")
        inside = scope.inner({node.value: own} | ({node.key: name} if node.key else {}), str(n))
        kept: bool | Hole = True
        if node.condition is not None:
            kept, marks = condition_of(node.condition, inside, evaluate)
            if marks:
                raise EvaluationError("which elements are kept depends on a sensitive value")
        if kept is False:
            continue
        sure = there and kept is True
        placed = placed and sure and n < of.placed
        result = evaluate(node.result, inside)
        (perhaps if not sure else first if placed else among).append(result)
    return PartialList(first, unknown, among=among, perhaps=perhaps if of.closed else None)
