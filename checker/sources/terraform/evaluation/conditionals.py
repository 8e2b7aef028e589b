"""Conditionals: `condition ? then : otherwise`, and what a condition is."""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.alternatives import common
from checker.sources.terraform.values.compare import alike
from checker.sources.terraform.values.concealment import hiding
from checker.sources.terraform.values.conversions import settle
from checker.sources.terraform.values.marks import mark, unmark
from checker.sources.terraform.values.open_lists import either
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    Marked,
    TerraformValue,
    whole_hole,
)


def conditional(node: tree.Conditional, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return the value of `condition ? then : otherwise`."""
    condition, marks = condition_of(node.condition, scope, evaluate)
    return mark(_chosen(node, condition, scope, evaluate), marks)


def condition_of(
    node: tree.Expression, scope: Scope, evaluate: Evaluate
) -> tuple[bool | Hole, frozenset[str]]:
    """Return whether a condition holds, or what leaves it open, and its marks."""
    value, marks = unmark(evaluate(node, scope))
    if not marks:
        operators.refuse_no_boolean(value, node.at)
        scope.world.asked(value)
        holds = operators.condition(value)
        return (scope.world.supposed(holds) if whole_hole(value) is holds else holds), marks
    return hiding("a condition", marks, lambda: operators.condition(value)), marks


def _chosen(
    node: tree.Conditional,
    condition: bool | Hole,  # noqa: FBT001 - it is what was asked
    scope: Scope,
    evaluate: Evaluate,
) -> TerraformValue:
    if not isinstance(condition, Hole):
        chosen, other = node.then, node.otherwise
        if not condition:
            chosen, other = other, chosen
        value = evaluate(chosen, scope)
        return value if isinstance(value, _UNTYPED) else _settled(value, other, scope, evaluate)
    try:
        then, otherwise = evaluate(node.then, scope), evaluate(node.otherwise, scope)
    except EvaluationError:
        return scope.hole(condition, node.at)
    scope.world.spend(operators.effort("==", then, otherwise), plain=True)
    if operators.same(then, otherwise) is Truth.YES:
        return then
    scope.world.spend(weight(then) + weight(otherwise), plain=True)
    unknown = scope.hole(condition, node.at)
    made = common((then, otherwise), unknown)
    if made != unknown:
        return made
    try:
        return either((then, otherwise), unknown)
    except UnknownResultError:
        return unknown


_UNTYPED = (type(None), Hole, Lazy)


def _settled(
    value: TerraformValue, other: tree.Expression, scope: Scope, evaluate: Evaluate
) -> TerraformValue:
    """Convert the chosen branch to the type that both share: `true ? 1 : "a"` is a string.

    It stays as it is, with its places, where that changes nothing or the type is unknown.
    """
    try:
        rival = evaluate(other, scope)
        if isinstance(rival, Marked):
            return mark(_agreed(value, rival.value, scope), rival.marks)
        return _agreed(value, rival, scope)
    except EvaluationError:
        return value


def _agreed(value: TerraformValue, rival: TerraformValue, scope: Scope) -> TerraformValue:
    if isinstance(rival, _UNTYPED):
        return value
    try:
        scope.world.spend(2 * (weight(value) + weight(rival)), plain=True)
        converted = settle(value, (rival,))
    except EvaluationError:
        return value
    return value if alike(value, converted) is Truth.YES else converted
