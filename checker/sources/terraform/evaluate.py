"""Expressions to values.

What Terraform would refuse raises `EvaluationError` (so that `try` and `can` see it); what is only
not known becomes a `Hole`, or a `Text` with one, that says what it is and why.
See https://developer.hashicorp.com/terraform/language/expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checker.partial import Hole, Location, Text, Truth
from checker.sources.terraform import operators, tree
from checker.sources.terraform.arithmetic import read
from checker.sources.terraform.compare import alike
from checker.sources.terraform.convert import settle, to_string
from checker.sources.terraform.rendering import render, templatefile
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.values import (
    EvaluationError,
    Lazy,
    NotTold,
    PlacedDict,
    PlacedTuple,
    Set,
    Value,
)
from checker.sources.terraform.weights import CHARACTERS, bounded, weight


def evaluate(node: tree.Expression, scope: Scope) -> Value:
    """Return an expression's value; EvaluationError where Terraform would refuse it."""
    if type(node) not in _FREE:
        scope.world.spend(1, plain=True)
    try:
        return _EVALUATE[type(node)](node, scope)
    except RecursionError:
        raise NotTold("the expression is nested too deeply to be worked out") from None


def _literal(node: tree.Literal, _: Scope) -> Value:
    return node.value


def _name(node: tree.Name, scope: Scope) -> Value:
    if node.name in scope.variables:
        found: Value = scope.variables[node.name]
        return found
    answer: Value = scope.world.name(node.name, node.at)
    return answer


def _attribute(node: tree.Attribute, scope: Scope) -> Value:
    of: Any = evaluate(node.of, scope)
    return attribute_of(of, node.name, node.at, scope)


def attribute_of(of: Any, name: str, at: Location, scope: Scope) -> Value:  # noqa: ANN401
    """Return `of.name`."""
    if isinstance(of, Lazy):
        found: Value = of.attribute(name, at)
        return found
    if isinstance(of, dict):
        if name not in of:
            raise EvaluationError(f"this object has no attribute `{name}`")
        inner: Value = of[name]
        return inner
    if isinstance(of, Hole):
        return _inside(of, f".{name}", scope)
    if name.isascii() and name.isdigit():
        return index_of(of, read(name, at), at, scope)
    if of is None:
        raise EvaluationError(f"attempt to get attribute `{name}` from a null value")
    raise EvaluationError(f"`{name}` is asked of a value that has no attributes")


def _inside(of: Hole, step: str, scope: Scope) -> Hole:
    """Return what stands at a step inside an unknown, whose name grows by it."""
    name = f"{of.name}{step}"
    scope.world.spend(len(name) // CHARACTERS, plain=True)
    return replace(of, name=name)


def _index(node: tree.Index, scope: Scope) -> Value:
    of: Any = evaluate(node.of, scope)
    key = evaluate(node.key, scope)
    return index_of(of, key, node.at, scope)


def index_of(of: Any, key: Value, at: Location, scope: Scope) -> Value:  # noqa: ANN401
    """Return `of[key]`."""
    unknown = operators.first_hole(key)
    if unknown is not None:
        return scope.hole(unknown, at)
    if isinstance(of, Text) and not of.holes:
        of = of.literal
    if isinstance(of, Lazy):
        if scope.tentative and of.uncertain is not None:
            return scope.hole(of.uncertain, at)
        found: Value = of.index(key, at)
        return found
    if isinstance(of, Hole):
        return _inside(of, f"[{operators.shown(key)}]", scope)
    if isinstance(of, dict):
        name = str(to_string(key))
        if name not in of:
            raise EvaluationError(f"the given key `{name}` does not identify an element")
        inner: Value = of[name]
        return inner
    if isinstance(of, tuple):
        number = operators.whole(key)
        if not 0 <= number < len(of):
            raise EvaluationError(f"the index {number} is out of range: {len(of)} elements")
        element: Value = of[number]
        return element
    raise EvaluationError("this value does not have any indices")


def _splat(node: tree.Splat, scope: Scope) -> Value:
    return _splatted(evaluate(node.of, scope), node, scope)


def _splatted(of: Any, node: tree.Splat, scope: Scope) -> Value:  # noqa: ANN401 - a Value or a Lazy
    if isinstance(of, Hole):
        return scope.hole(of, node.at)
    if of is None:
        return ()
    if isinstance(of, Set):
        of = of.members
    elements = of if isinstance(of, tuple) else (of,)
    scope.world.spend(len(elements))
    return tuple(
        _each_of(node.each, element, scope.inner({}, str(n))) for n, element in enumerate(elements)
    )


def _each_of(node: tree.Expression, element: Value, scope: Scope) -> Value:
    """Apply what follows a splat to one element."""
    scope.world.spend(1)
    if isinstance(node, tree.Attribute):
        return attribute_of(_each_of(node.of, element, scope), node.name, node.at, scope)
    if isinstance(node, tree.Index):
        of = _each_of(node.of, element, scope)
        return index_of(of, evaluate(node.key, scope), node.at, scope)
    if isinstance(node, tree.Splat):
        return _splatted(_each_of(node.of, element, scope), node, scope)
    return element


def _template(node: tree.Template, scope: Scope) -> Value:
    if node.wraps and len(node.parts) == 1:
        part = node.parts[0]
        if not isinstance(part, (tree.Piece, tree.If, tree.Loop)):
            return evaluate(part, scope)
    return render(node, scope, evaluate)


def _call(node: tree.Call, scope: Scope) -> Value:
    special = _SPECIAL.get(node.name)
    if special is not None:
        return special(node, scope)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.expand and arguments:
        last = arguments.pop()
        if isinstance(last, Lazy):
            last = last.whole()
        if isinstance(last, Hole):
            return scope.hole(last, node.at)
        if isinstance(last, Set):
            last = last.members
        if not isinstance(last, tuple):
            raise EvaluationError("the argument before `...` must be a list")
        arguments.extend(last)
    return scope.world.call(node, tuple(arguments), scope)


def _try(node: tree.Call, scope: Scope) -> Value:
    failure = EvaluationError("`try` needs at least one argument")
    for argument in node.arguments:
        last = argument is node.arguments[-1]
        try:
            return evaluate(argument, replace(scope, tentative=scope.tentative or not last))
        except NotTold as error:
            return scope.hole(Hole("try", why=error.why, at=node.at), node.at)
        except EvaluationError as error:
            failure = error
    raise EvaluationError(f"no call to `try` succeeded: {failure}")


def _can(node: tree.Call, scope: Scope) -> Value:
    try:
        value = evaluate(node.arguments[0], replace(scope, tentative=True))
    except NotTold as error:
        value = Hole("can", why=error.why, at=node.at)
    except EvaluationError:
        return False
    except IndexError:
        raise EvaluationError("`can` needs one argument") from None
    return scope.hole(value, node.at) if isinstance(value, Hole) else True


def _unary(node: tree.Unary, scope: Scope) -> Value:
    value = evaluate(node.operand, scope)
    unknown = operators.first_hole(value)
    return scope.hole(unknown, node.at) if unknown else operators.unary(node.operator, value)


def _binary(node: tree.Binary, scope: Scope) -> Value:
    left = evaluate(node.left, scope)
    right = evaluate(node.right, scope)
    scope.world.spend(operators.effort(node.operator, left, right), plain=True)
    result = operators.binary(node.operator, left, right)
    return scope.hole(result, node.at) if isinstance(result, Hole) else result


def _conditional(node: tree.Conditional, scope: Scope) -> Value:
    condition = operators.condition(evaluate(node.condition, scope))
    if not isinstance(condition, Hole):
        chosen, other = node.then, node.otherwise
        if not condition:
            chosen, other = other, chosen
        value = evaluate(chosen, scope)
        return value if isinstance(value, _UNTYPED) else _settled(value, other, scope)
    try:
        then, otherwise = evaluate(node.then, scope), evaluate(node.otherwise, scope)
    except EvaluationError:
        return scope.hole(condition, node.at)
    scope.world.spend(operators.effort("==", then, otherwise), plain=True)
    same = operators.same(then, otherwise) is Truth.YES
    return then if same else scope.hole(condition, node.at)


_UNTYPED = (type(None), Hole, Lazy)


def _settled(value: Value, other: tree.Expression, scope: Scope) -> Value:
    """Convert the chosen branch to the type that both share: `true ? 1 : "a"` is a string.

    It stays as it is, with its places, where that changes nothing or the type is not told.
    """
    try:
        rival = evaluate(other, scope)
        if isinstance(rival, _UNTYPED):
            return value
        scope.world.spend(2 * (weight(value) + weight(rival)), plain=True)
        converted = settle(value, (rival,))
        return value if alike(value, converted) is Truth.YES else converted
    except EvaluationError:
        return value


def _tuple(node: tree.Tuple, scope: Scope) -> Value:
    items = PlacedTuple(
        (evaluate(item, scope) for item in node.items),
        at=node.at,
        places=tuple(item.at for item in node.items),
    )
    return bounded(items)


def _object(node: tree.Object, scope: Scope) -> Value:
    out: dict[str, Value] = {}
    places: dict[str, Location] = {}
    for item in node.items:
        key = evaluate(item.key, scope)
        unknown = operators.first_hole(key)
        if unknown is not None:
            return scope.hole(unknown, item.at)
        if key is None:
            raise EvaluationError("an object key is null")
        name = str(to_string(key))
        out[name] = evaluate(item.value, scope)
        places[name] = item.at
    return bounded(PlacedDict(out, at=node.at, places=places))


def _for(node: tree.For, scope: Scope) -> Value:
    collection: Any = evaluate(node.collection, scope)
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Hole):
        return scope.hole(collection, node.at)
    results: list[tuple[Value, Value]] = []
    elements = operators.elements_of(collection)
    for n, (key, value) in enumerate(elements):
        scope.world.spend(1)
        variables = {node.value: value} | ({node.key: key} if node.key else {})
        inside = scope.inner(variables, str(n))
        if node.condition is not None:
            kept = operators.condition(evaluate(node.condition, inside))
            if isinstance(kept, Hole):
                return scope.hole(kept, node.at)
            if not kept:
                continue
        result_key = None if node.result_key is None else evaluate(node.result_key, inside)
        unknown = operators.first_hole(result_key)
        if unknown is not None:
            return scope.hole(unknown, node.at)
        results.append((result_key, evaluate(node.result, inside)))
    if node.result_key is None:
        return bounded(PlacedTuple((value for _, value in results), at=node.at, places=None))
    return bounded(_for_object(results, group=node.group))


def _for_object(results: list[tuple[Value, Value]], *, group: bool) -> Value:
    groups: dict[str, list[Value]] = {}
    for key, value in results:
        if key is None:
            raise EvaluationError("a `for` expression's key is null")
        name = str(to_string(key))
        if name in groups and not group:
            raise EvaluationError(f"two different items produced the key `{name}`")
        groups.setdefault(name, []).append(value)
    return {name: tuple(made) if group else made[0] for name, made in groups.items()}


_SPECIAL: dict[str, Callable[[tree.Call, Scope], Value]] = {
    "try": _try,
    "can": _can,
    "templatefile": lambda node, scope: templatefile(node, scope, evaluate),
}

_FREE = frozenset((tree.Literal, tree.Told, tree.Unshown, tree.Name))
"""Nodes that are evaluated even when the budget is used up."""

_EVALUATE: dict[type, Callable[[Any, Scope], Value]] = {
    tree.Literal: _literal,
    tree.Told: lambda node, _: node.value,
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
    tree.Conditional: _conditional,
    tree.Tuple: _tuple,
    tree.Object: _object,
    tree.For: _for,
}
