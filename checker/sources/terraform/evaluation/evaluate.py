"""Expressions to values.

What Terraform would refuse raises `EvaluationError` (so that `try` and `can` see it); what is only
not known becomes a `Hole`, or a `Text` with one, that says what it is and why.
See https://developer.hashicorp.com/terraform/language/expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.access import attribute_of, index_of, own_key
from checker.sources.terraform.evaluation.comprehensions import for_expression
from checker.sources.terraform.evaluation.conditionals import conditional
from checker.sources.terraform.evaluation.constructors import object_of, tuple_of
from checker.sources.terraform.evaluation.rendering import render, templatefile, templatestring
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.evaluation.splats import splatted
from checker.sources.terraform.evaluation.tentative import can, try_
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.values.concealment import guarded
from checker.sources.terraform.values.conversions import convert
from checker.sources.terraform.values.marks import NONE, bare, deep_marks, mark, spread
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    Marked,
    Set,
    TerraformValue,
    ThingsByName,
)
from checker.sources.terraform.values.type_constraints import parse_type


def evaluate(node: tree.Expression, scope: Scope) -> TerraformValue:
    """Return an expression's value; EvaluationError where Terraform would refuse it."""
    if type(node) not in _FREE:
        scope.world.spend(1, plain=True)
    try:
        return _EVALUATE[type(node)](node, scope)
    except RecursionError:
        raise UnknownResultError("the expression is nested too deeply to be worked out") from None


def _literal(node: tree.Literal, _: Scope) -> TerraformValue:
    return node.value


def _name(node: tree.Name, scope: Scope) -> TerraformValue:
    return _whole(_first_word(node, scope), node)


def _first_word(node: tree.Name, scope: Scope) -> TerraformValue:
    if node.name in scope.variables:
        found: TerraformValue = scope.variables[node.name]
        return found
    answer: TerraformValue = scope.world.name(node.name, node.at)
    return answer


def _attribute(node: tree.Attribute, scope: Scope) -> TerraformValue:
    return _whole(_step(node, scope), node)


def _step(node: tree.Attribute, scope: Scope) -> TerraformValue:
    return attribute_of(_begun(node.of, scope), node.name, node.at, scope)


def _begun(node: tree.Expression, scope: Scope) -> TerraformValue:
    """Return what more words follow: it need not name a thing yet."""
    if isinstance(node, tree.Name):
        return _first_word(node, scope)
    if isinstance(node, tree.Attribute):
        scope.world.spend(1, plain=True)
        return _step(node, scope)
    return evaluate(node, scope)


def _whole(value: TerraformValue, node: tree.Name | tree.Attribute) -> TerraformValue:
    """Return a value; a reference that ends before it names a thing has none."""
    return value.unfinished(node.at) if isinstance(value, ThingsByName) else value


def _index(node: tree.Index, scope: Scope) -> TerraformValue:
    of = _begun(node.of, scope)
    key = evaluate(node.key, scope)
    if isinstance(of, Lazy) and of.counted is not None and not scope.tentative:
        own = own_key(node.key, scope)
        if own is not None and own == ("count" if of.counted else "each"):
            same: TerraformValue = of.sample
            return same
    if isinstance(node.key, tree.Literal) and isinstance(key, Hole):
        return key  # a number beyond what is read
    return index_of(of, key, node.at, scope)


def _splat(node: tree.Splat, scope: Scope) -> TerraformValue:
    return splatted(evaluate(node.of, scope), node, scope, evaluate)


def _template(node: tree.Template, scope: Scope) -> TerraformValue:
    if node.wraps and len(node.parts) == 1:
        part = node.parts[0]
        if not isinstance(part, (tree.Piece, tree.If, tree.Loop)):
            return evaluate(part, scope)
    return render(node, scope, evaluate)


def _call(node: tree.Call, scope: Scope) -> TerraformValue:
    special = _SPECIAL.get(node.name)
    if special is not None:
        return special(node, scope)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    marked = arguments[-1] if node.expand and arguments else None
    if isinstance(marked, Marked):
        given = (*arguments[:-1], *_expanded(spread(marked)))
        return mark(scope.world.call(node, given, scope), marked.marks)
    if node.expand and arguments:
        last = arguments.pop()
        if isinstance(last, Lazy):
            last = last.whole()
        if isinstance(last, Hole):
            return scope.hole(last, node.at)
        arguments.extend(_expanded(last))
    return scope.world.call(node, tuple(arguments), scope)


def _expanded(last: TerraformValue) -> tuple[TerraformValue, ...]:
    """Return the arguments that the one before `...` stands for."""
    if isinstance(last, Set):
        return last.members
    if isinstance(last, Hole):
        raise UnknownResultError(last.why, last.remedy)
    if not isinstance(last, tuple):
        raise EvaluationError("the argument before `...` must be a list")
    return last


def _convert(node: tree.Call, scope: Scope) -> TerraformValue:
    """Convert to a type, which is no expression.

    See https://developer.hashicorp.com/terraform/language/functions/convert.
    """
    if len(node.arguments) != _TWO or node.expand:
        raise EvaluationError("`convert` needs two arguments")
    value = evaluate(node.arguments[0], scope)
    try:
        wanted = parse_type(node.arguments[1], lambda each: evaluate(each, scope))
    except RefusedError as error:
        raise EvaluationError(str(error)) from error  # a newer Terraform may know the type
    return convert(value, wanted)


_TWO = 2


def _unary(node: tree.Unary, scope: Scope) -> TerraformValue:
    value = evaluate(node.operand, scope)
    if isinstance(value, Marked):
        plain = value.value
        return guarded(
            f"`{node.operator}`", value.marks, (plain,), lambda: _unary_of(node, plain, scope)
        )
    return _unary_of(node, value, scope)


def _unary_of(node: tree.Unary, value: TerraformValue, scope: Scope) -> TerraformValue:
    if node.operator == "!":
        operators.refuse_no_boolean(value, node.at, operand=True)
        scope.world.asked(value)
    unknown = operators.first_hole(value)
    if unknown is None:
        operators.refuse_operand(node.operator, value, "unary", node.at)
        return operators.unary(node.operator, value)
    return scope.hole(unknown, node.at)


def _binary(node: tree.Binary, scope: Scope) -> TerraformValue:
    left = evaluate(node.left, scope)
    right = _right(node, left, scope)
    marks = _marks_of_operand(left) | _marks_of_operand(right)
    if marks:
        one, other = bare(left), bare(right)
        work = lambda: _binary_of(node, one, other, scope)  # noqa: E731 - it is handed on
        return guarded(f"`{node.operator}`", marks, (one, other), work)
    return _binary_of(node, left, right, scope)


def _right(node: tree.Binary, left: TerraformValue, scope: Scope) -> TerraformValue:
    """Evaluate the right operand; from Terraform 1.12 on, what the left one settles does not."""
    try:
        return evaluate(node.right, scope)
    except UnknownResultError:
        raise
    except EvaluationError as error:
        if node.operator in {"&&", "||"} and bare(left) is not (node.operator == "&&"):
            raise UnknownResultError(f"{error}, which Terraform 1.12 does not ask") from error
        raise


def _marks_of_operand(value: TerraformValue) -> frozenset[str]:
    """Return the marks that an operand gives to the result: those inside of it count too."""
    return deep_marks(value) if isinstance(value, (Marked, tuple, dict, Set)) else NONE


def _binary_of(
    node: tree.Binary, left: TerraformValue, right: TerraformValue, scope: Scope
) -> TerraformValue:
    scope.world.spend(operators.effort(node.operator, left, right), plain=True)
    if node.operator in {"&&", "||"}:
        operators.refuse_no_boolean(left, node.at, operand=True)
        if left is not (node.operator == "||"):  # else Terraform 1.12 does not ask the right one
            operators.refuse_no_boolean(right, node.at, operand=True)
        scope.world.asked(left)
        scope.world.asked(right)
    for operand, side in ((left, "left"), (right, "right")):
        operators.refuse_operand(node.operator, operand, side, node.at)
    result = operators.binary(node.operator, left, right)
    if not isinstance(result, Hole):
        return result
    if node.operator in {"==", "!="}:
        scope.world.distinguished(left, (right,))
        scope.world.distinguished(right, (left,))
    return scope.hole(result, node.at)


_SPECIAL: dict[str, Callable[[tree.Call, Scope], TerraformValue]] = {
    "try": lambda node, scope: try_(node, scope, evaluate),
    "can": lambda node, scope: can(node, scope, evaluate),
    "convert": _convert,
    "templatefile": lambda node, scope: templatefile(node, scope, evaluate),
    "templatestring": lambda node, scope: templatestring(node, scope, evaluate),
}

_FREE = frozenset((tree.Literal, tree.KnownValue, tree.Unshown, tree.Name))
"""Nodes that are evaluated even when the budget is used up."""

_EVALUATE: dict[type, Callable[[Any, Scope], TerraformValue]] = {
    tree.Literal: _literal,
    tree.KnownValue: lambda node, _: node.value,
    tree.Unshown: lambda node, scope: Hole(
        f"{scope.path}.{node.name}", why=node.why, at=node.at, remedy=node.remedy
    ),
    tree.Template: _template,
    tree.Name: _name,
    tree.Attribute: _attribute,
    tree.Index: _index,
    tree.Splat: _splat,
    tree.Call: _call,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Conditional: lambda node, scope: conditional(node, scope, evaluate),
    tree.Tuple: lambda node, scope: tuple_of(node, scope, evaluate),
    tree.Object: lambda node, scope: object_of(node, scope, evaluate),
    tree.For: lambda node, scope: for_expression(node, scope, evaluate),
}
