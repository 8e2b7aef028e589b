"""`[for ...]` over a collection of which not all elements are known, or with an open condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeGuard

from checker.knowledge.holes import Hole, Kind
from checker.records import dataclass
from checker.sources.terraform.evaluation.conditionals import condition_of
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.budget import ExhaustedError
from checker.sources.terraform.values.open_lists import made, of_instances
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.samples import another
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue, holes


@dataclass(frozen=True, slots=True)
class Elements:
    """What a `for` expression goes through.

    Each element has a key, and whether it is surely there; if not, any number like it may be. Past
    the `placed` first ones nobody knows their order. If it is not `closed`, there may be others of
    which nothing is known. `unknown` says why. Whether there is one of
    `supposed` elements is unknown.
    """

    items: tuple[tuple[TerraformValue, TerraformValue, bool], ...]
    unknown: Hole
    placed: int
    closed: bool
    supposed: bool = False


def is_unsettled(collection: TerraformValue) -> TypeGuard[Hole | Lazy]:
    """Tell whether not all elements of a collection are known."""
    if isinstance(collection, (PartialList, Hole)):
        return True
    return isinstance(collection, Lazy) and collection.sample is not None


def elements_in_part(collection: Hole | Lazy) -> Elements:
    """Return what is known of the elements of a collection that is known in part."""
    if isinstance(collection, Hole):
        return Elements(((collection, collection, False),), collection, 0, closed=True)
    if isinstance(collection, PartialList):
        unknown = collection.whole()
        return Elements(
            (
                *((n, each, True) for n, each in enumerate(collection.first)),
                *(
                    (_part(unknown, f"[*].key {n}"), each, True)
                    for n, each in enumerate(collection.among)
                ),
                *((unknown, each, False) for each in collection.perhaps or ()),
            ),
            unknown,
            len(collection.first),
            collection.perhaps is not None,
            collection.supposed,
        )
    unknown = collection.as_hole()
    met = enumerate(collection.known())
    items = ((_part(unknown, f"[*].key {n}"), each, True) for n, each in met)
    first = (_part(unknown, "[*].key"), collection.sample, True)
    return Elements((first, *items), unknown, 0, closed=False, supposed=True)


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
        own = value if there else _own(value, unknown, n, scope)
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
    least = 0 if of.supposed else len(first) + len(among)
    found = PartialList(first, unknown, least, among=among, perhaps=perhaps if of.closed else None)
    if of.supposed and _root(node.result) != node.value:
        return PartialList(first, unknown, among=filter(_keyed, among), perhaps=found.perhaps)
    return of_instances(found) if of.supposed else found


def _own(value: TerraformValue, unknown: Hole, n: int, scope: Scope) -> TerraformValue:
    """Return an element that stands for any number of others, as one of another iteration."""
    if isinstance(value, Hole):
        return _part(unknown, f"[{n}]")
    return another(value, f"{unknown.name}[{n}]") if scope.variables else value


def _root(node: tree.Expression) -> str | None:
    """Return the first word of a reference."""
    while isinstance(node, (tree.Attribute, tree.Index)):
        node = node.of
    return node.name if isinstance(node, tree.Name) else None


def _keyed(value: TerraformValue) -> bool:
    """Tell whether a value holds the key of an instance."""
    return any("[*]" in hole.name for hole in holes(value))
