"""`for` expressions: https://developer.hashicorp.com/terraform/language/expressions/for."""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.access import key_text
from checker.sources.terraform.evaluation.conditionals import condition_of
from checker.sources.terraform.evaluation.constructors import keyed_by
from checker.sources.terraform.evaluation.open_for import (
    Elements,
    elements_in_part,
    is_unsettled,
    open_for,
    whole_elements,
)
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.concealment import guarded, hiding
from checker.sources.terraform.values.marks import NONE, mark, spread, unmark
from checker.sources.terraform.values.partial_values import MapEntry, PartialMap
from checker.sources.terraform.values.size_limits import bounded
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    Marked,
    PlacedTuple,
    TerraformValue,
)


def for_expression(node: tree.For, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return the value of `[for ...]` or `{for ...}`."""
    collection = evaluate(node.collection, scope)
    if isinstance(collection, Marked):
        inner, marks = spread(collection), collection.marks
        work = lambda: _for_over(node, inner, scope, marks, evaluate)  # noqa: E731 - it is handed on
        return guarded("a `for` expression", marks, (collection.value,), work)
    return _for_over(node, collection, scope, NONE, evaluate)


def _for_over(
    node: tree.For,
    collection: TerraformValue,
    scope: Scope,
    marks: frozenset[str],
    evaluate: Evaluate,
) -> TerraformValue:
    """Go through a collection; the keys of a marked one are marked."""
    if is_unsettled(collection) and node.result_key is None and not marks:
        return open_for(node, elements_in_part(collection), scope, evaluate)
    collection = _whole(collection)
    if isinstance(collection, Hole):
        return scope.hole(collection, node.at)
    results: list[tuple[TerraformValue, TerraformValue]] = []
    elements = operators.elements_of(collection)
    own = NONE  # of conditions and keys: what they say stands in the result as a whole
    why: Hole | None = None
    for n, (key, value) in enumerate(elements):
        scope.world.spend(1)
        variables = {node.value: value} | ({node.key: mark(key, marks)} if node.key else {})
        inside = scope.inner(variables, str(n))
        if node.condition is not None:
            kept, more = condition_of(node.condition, inside, evaluate)
            own |= more
            if isinstance(kept, Hole):
                of = whole_elements(elements, kept)
                return _left_open(node, of, scope, own | marks, evaluate)
            if not kept:
                continue
        result_key, more = _key(node, inside, evaluate)
        own |= more
        unknown = operators.first_hole(result_key)
        if unknown is not None:
            why = why or unknown
            if own or node.group or not isinstance(result_key, Text):
                return mark(scope.hole(unknown, node.at), own)
        results.append((result_key, evaluate(node.result, inside)))
    if why is not None:
        return _partial_for(results, scope.hole(why, node.at), scope)
    return _collected(node, results, own)


def _key(
    node: tree.For, inside: Scope, evaluate: Evaluate
) -> tuple[TerraformValue, frozenset[str]]:
    """Return the key of a result without its marks, and these; None of the results of a list."""
    return (None, NONE) if node.result_key is None else unmark(evaluate(node.result_key, inside))


def _collected(
    node: tree.For, results: list[tuple[TerraformValue, TerraformValue]], own: frozenset[str]
) -> TerraformValue:
    """Return the tuple or object of all results; `own` are the marks of conditions and keys."""
    if node.result_key is None:
        items = PlacedTuple((value for _, value in results), at=node.at, places=None)
        return mark(bounded(items), own)
    if own:
        made = hiding("a `for` expression", own, lambda: _for_object(results, group=node.group))
        return mark(bounded(made), own)
    return bounded(_for_object(results, group=node.group))


def _whole(collection: TerraformValue) -> TerraformValue:
    """Return a collection with everything in it, unless it is one that is known in part."""
    if isinstance(collection, Lazy) and not isinstance(collection, PartialMap):
        return collection.whole()
    return collection


def _left_open(
    node: tree.For, of: Elements, scope: Scope, marks: frozenset[str], evaluate: Evaluate
) -> TerraformValue:
    """Return what is known of the result of a `for` expression whose condition is unknown."""
    if marks or node.result_key is not None:
        return mark(scope.hole(of.unknown, node.at), marks)
    return open_for(node, of, scope, evaluate)


def _partial_for(
    results: list[tuple[TerraformValue, TerraformValue]], unknown: Hole, scope: Scope
) -> TerraformValue:
    """Return the object of a `for` expression of which a key is unknown; see `PartialMap`."""
    entries: list[MapEntry] = []
    for key, value in results:
        if key is None:
            raise EvaluationError("a `for` expression's key is null")
        entries.append((key if isinstance(key, Text) else key_text(key, NONE), value))
    if len({key for key, _ in entries}) < len(entries):
        return unknown
    return keyed_by(entries, unknown, scope)


def _for_object(
    results: list[tuple[TerraformValue, TerraformValue]], *, group: bool
) -> TerraformValue:
    groups: dict[str, list[TerraformValue]] = {}
    for key, value in results:
        if key is None:
            raise EvaluationError("a `for` expression's key is null")
        name = key_text(key, NONE)
        if name in groups and not group:
            raise EvaluationError(f"two different items produced the key `{name}`")
        groups.setdefault(name, []).append(value)
    return {name: tuple(made) if group else made[0] for name, made in groups.items()}
