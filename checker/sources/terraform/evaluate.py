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
from checker.sources.terraform.alternatives import common
from checker.sources.terraform.arithmetic import read
from checker.sources.terraform.compare import alike
from checker.sources.terraform.convert import convert, parse_type, settle, to_string
from checker.sources.terraform.marks import (
    NONE,
    bare,
    deep_marks,
    guarded,
    hiding,
    mark,
    unmark,
)
from checker.sources.terraform.partial_values import Entry, PartialList, PartialMap, keyed
from checker.sources.terraform.refusals import RefusedError
from checker.sources.terraform.rendering import render, templatefile, templatestring
from checker.sources.terraform.scope import OwnKey, Scope
from checker.sources.terraform.splats import EachOf
from checker.sources.terraform.values import (
    EvaluationError,
    Lazy,
    List,
    Map,
    Marked,
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
    if isinstance(of, Marked):
        inner = of.value
        return guarded(
            f"`.{name}`", of.marks, (inner,), lambda: attribute_of(inner, name, at, scope)
        )
    if isinstance(of, dict):
        if name not in of:
            raise _no_attribute(of, name, at)
        member: Value = of[name]
        return member
    if isinstance(of, Hole):
        return _inside(of, f".{name}", scope)
    if name.isascii() and name.isdigit():
        number = read(name, at)
        return number if isinstance(number, Hole) else index_of(of, number, at, scope)
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
    if isinstance(of, Lazy) and of.counted is not None and not scope.tentative:
        own = _own_key(node.key, scope)
        if own is not None and own == ("count" if of.counted else "each"):
            same: Value = of.sample
            return same
    if isinstance(node.key, tree.Literal) and isinstance(key, Hole):
        return key  # a number beyond what is read
    return index_of(of, key, node.at, scope)


def _own_key(node: tree.Expression, scope: Scope) -> str | None:
    """Tell whether an expression is `count.index` or `each.key` of an instance of no known key.

    What a block refers to by its own key is the instance of the same key, whichever it is: all
    that one instance refers to by it has one key.
    """
    if isinstance(node, tree.Template) and node.wraps and len(node.parts) == 1:
        (part,) = node.parts
        return None if isinstance(part, (tree.Piece, tree.If, tree.Loop)) else _own_key(part, scope)
    if not isinstance(node, tree.Attribute) or not isinstance(node.of, tree.Name):
        return None
    variable = scope.variables.get(node.of.name)
    if not isinstance(variable, OwnKey):
        return None
    key = variable.get("index", variable.get("key"))
    return node.of.name if variable.get(node.name) is key and operators.first_hole(key) else None


def index_of(of: Any, key: Value, at: Location, scope: Scope) -> Value:  # noqa: ANN401
    """Return `of[key]`."""
    if isinstance(of, Marked) or isinstance(key, Marked):
        plain, marks = unmark(of)
        chosen, more = unmark(key)
        return guarded(
            "an index", marks | more, (plain, chosen), lambda: index_of(plain, chosen, at, scope)
        )
    if isinstance(of, PartialMap):
        scope.world.spend(len(of.entries) * (1 + weight(key)), plain=True)
        element: Value = of.index(key, at)
        return element
    unknown = operators.first_hole(key)
    if unknown is not None:
        return _one_of(of, key, scope.hole(unknown, at), scope)
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
        name = _key(key, NONE)
        if name not in of:
            raise _no_element(of, f"the given key `{name}` does not identify an element", at)
        inner: Value = of[name]
        return inner
    if isinstance(of, tuple):
        number = operators.whole(key)
        if not 0 <= number < len(of):
            raise _no_element(of, f"the index {number} is out of range: {len(of)} elements", at)
        member: Value = of[number]
        return member
    raise EvaluationError("this value does not have any indices")


def _no_attribute(of: dict[str, Value], name: str, at: Location) -> EvaluationError:
    if isinstance(of, Map):
        why = f"This map does not have an element with the key `{name}`"
        return RefusedError("Missing map element", why, at)
    why = f"This object does not have an attribute named `{name}`"
    if isinstance(of, PlacedDict):
        return RefusedError("Unsupported attribute", why, at)
    return EvaluationError(why)  # of a block the provider may know more attributes


def _no_element(of: Value, why: str, at: Location) -> EvaluationError:
    if not isinstance(of, (Map, List, PlacedDict, PlacedTuple)):
        return EvaluationError(why)
    none = "" if of else ": the collection has no elements"
    said = f"The given key does not identify an element in this collection value{none}"
    return RefusedError("Invalid index", f"{said} ({why})" if of else said, at)


def _one_of(of: Any, key: Value, unknown: Hole, scope: Scope) -> Value:  # noqa: ANN401 - a Value or a Lazy
    """Return what all elements have in common that an unknown key may name: one must be there."""
    if scope.tentative or not isinstance(of, (dict, tuple)):
        return unknown
    scope.world.spend(weight(of) + len(of) * weight(key), plain=True)
    if isinstance(of, tuple):
        return common(of, unknown)
    named = key if isinstance(key, Text) else Text.of(unknown)
    return common([v for k, v in of.items() if named.equals(Text.of(k)) is not Truth.NO], unknown)


def _splat(node: tree.Splat, scope: Scope) -> Value:
    return _splatted(evaluate(node.of, scope), node, scope)


def _splatted(of: Any, node: tree.Splat, scope: Scope) -> Value:  # noqa: ANN401 - a Value or a Lazy
    if isinstance(of, Marked):
        spread = _spread(of)
        return guarded("`[*]`", of.marks, (of.value,), lambda: _splatted(spread, node, scope))
    if isinstance(of, PartialList):
        of = of.unknown
    if isinstance(of, Hole):
        return scope.hole(of, node.at)
    if of is None:
        return ()
    if isinstance(of, Lazy) and of.counted:
        return EachOf(of, lambda element: _each_of(node.each, element, scope))
    if isinstance(of, Set):
        of = of.members
    elements = of if isinstance(of, tuple) else (of,)
    scope.world.spend(len(elements))
    return tuple(
        _each_of(node.each, element, scope.inner({}, str(n))) for n, element in enumerate(elements)
    )


def _spread(of: Marked) -> Any:  # noqa: ANN401 - a Value or a Lazy
    """Return a marked collection as one whose elements are marked."""
    value: Any = of.value.whole() if isinstance(of.value, Lazy) else of.value
    if isinstance(value, tuple):
        return tuple(mark(element, of.marks) for element in value)
    if isinstance(value, Set):
        return replace(value, members=tuple(mark(each, of.marks) for each in value.members))
    if isinstance(value, dict):
        return {key: mark(element, of.marks) for key, element in value.items()}
    return value


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
    marked = arguments[-1] if node.expand and arguments else None
    if isinstance(marked, Marked):
        given = (*arguments[:-1], *_expanded(_spread(marked)))
        return mark(scope.world.call(node, given, scope), marked.marks)
    if node.expand and arguments:
        last = arguments.pop()
        if isinstance(last, Lazy):
            last = last.whole()
        if isinstance(last, Hole):
            return scope.hole(last, node.at)
        arguments.extend(_expanded(last))
    return scope.world.call(node, tuple(arguments), scope)


def _expanded(last: Value) -> tuple[Value, ...]:
    """Return the arguments that the one before `...` stands for."""
    if isinstance(last, Set):
        return last.members
    if isinstance(last, Hole):
        raise NotTold(last.why, last.remedy)
    if not isinstance(last, tuple):
        raise EvaluationError("the argument before `...` must be a list")
    return last


def _try(node: tree.Call, scope: Scope) -> Value:
    failure = EvaluationError("`try` needs at least one argument")
    marks = NONE
    for argument in node.arguments:
        last = argument is node.arguments[-1]
        try:
            value = evaluate(argument, replace(scope, tentative=scope.tentative or not last))
            return mark(value, marks)
        except NotTold as error:
            hole = scope.hole(Hole("try", why=error.why, at=node.at), node.at)
            return mark(hole, marks | error.marks)
        except EvaluationError as error:
            failure = error
            marks |= error.marks
    refused = EvaluationError(f"no call to `try` succeeded: {failure}")
    refused.marks = marks
    raise refused


def _can(node: tree.Call, scope: Scope) -> Value:
    marks = NONE
    try:
        value, marks = unmark(evaluate(node.arguments[0], replace(scope, tentative=True)))
    except NotTold as error:
        value, marks = Hole("can", why=error.why, at=node.at), error.marks
    except EvaluationError as error:
        return mark(value=False, marks=error.marks)
    except IndexError:
        raise EvaluationError("`can` needs one argument") from None
    return mark(scope.hole(value, node.at) if isinstance(value, Hole) else True, marks)


def _convert(node: tree.Call, scope: Scope) -> Value:
    """Convert to a type, which is no expression.

    See https://developer.hashicorp.com/terraform/language/functions/convert.
    """
    if len(node.arguments) != _TWO or node.expand:
        raise EvaluationError("`convert` needs two arguments")
    value = evaluate(node.arguments[0], scope)
    return convert(value, parse_type(node.arguments[1], scope))


_TWO = 2


def _unary(node: tree.Unary, scope: Scope) -> Value:
    value = evaluate(node.operand, scope)
    if isinstance(value, Marked):
        plain = value.value
        return guarded(
            f"`{node.operator}`", value.marks, (plain,), lambda: _unary_of(node, plain, scope)
        )
    return _unary_of(node, value, scope)


def _unary_of(node: tree.Unary, value: Value, scope: Scope) -> Value:
    unknown = operators.first_hole(value)
    return scope.hole(unknown, node.at) if unknown else operators.unary(node.operator, value)


def _binary(node: tree.Binary, scope: Scope) -> Value:
    left = evaluate(node.left, scope)
    right = _right(node, left, scope)
    marks = _marks_of_operand(left) | _marks_of_operand(right)
    if marks:
        one, other = bare(left), bare(right)
        work = lambda: _binary_of(node, one, other, scope)  # noqa: E731 - it is handed on
        return guarded(f"`{node.operator}`", marks, (one, other), work)
    return _binary_of(node, left, right, scope)


def _right(node: tree.Binary, left: Value, scope: Scope) -> Value:
    """Evaluate the right operand; from Terraform 1.12 on, what the left one settles does not."""
    try:
        return evaluate(node.right, scope)
    except NotTold:
        raise
    except EvaluationError as error:
        if node.operator in {"&&", "||"} and bare(left) is not (node.operator == "&&"):
            raise NotTold(f"{error}, which Terraform 1.12 does not ask") from error
        raise


def _marks_of_operand(value: Value) -> frozenset[str]:
    """Return the marks that an operand gives to the result: those inside of it count too."""
    return deep_marks(value) if isinstance(value, (Marked, tuple, dict, Set)) else NONE


def _binary_of(node: tree.Binary, left: Value, right: Value, scope: Scope) -> Value:
    scope.world.spend(operators.effort(node.operator, left, right), plain=True)
    result = operators.binary(node.operator, left, right)
    return scope.hole(result, node.at) if isinstance(result, Hole) else result


def _conditional(node: tree.Conditional, scope: Scope) -> Value:
    condition, marks = _condition(node.condition, scope)
    return mark(_chosen(node, condition, scope), marks)


def _chosen(node: tree.Conditional, condition: bool | Hole, scope: Scope) -> Value:  # noqa: FBT001 - it is what was asked
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
    if operators.same(then, otherwise) is Truth.YES:
        return then
    scope.world.spend(weight(then) + weight(otherwise), plain=True)
    return common((then, otherwise), scope.hole(condition, node.at))


_UNTYPED = (type(None), Hole, Lazy)


def _settled(value: Value, other: tree.Expression, scope: Scope) -> Value:
    """Convert the chosen branch to the type that both share: `true ? 1 : "a"` is a string.

    It stays as it is, with its places, where that changes nothing or the type is not told.
    """
    try:
        rival = evaluate(other, scope)
        if isinstance(rival, Marked):
            return mark(_agreed(value, rival.value, scope), rival.marks)
        return _agreed(value, rival, scope)
    except EvaluationError:
        return value


def _agreed(value: Value, rival: Value, scope: Scope) -> Value:
    if isinstance(rival, _UNTYPED):
        return value
    try:
        scope.world.spend(2 * (weight(value) + weight(rival)), plain=True)
        converted = settle(value, (rival,))
    except EvaluationError:
        return value
    return value if alike(value, converted) is Truth.YES else converted


def _tuple(node: tree.Tuple, scope: Scope) -> Value:
    items = PlacedTuple(
        (evaluate(item, scope) for item in node.items),
        at=node.at,
        places=tuple(item.at for item in node.items),
    )
    return bounded(items)


def _object(node: tree.Object, scope: Scope) -> Value:
    entries: list[Entry] = []
    places: dict[str, Location] = {}
    marks = NONE
    why: Hole | None = None
    for item in node.items:
        key, more = unmark(evaluate(item.key, scope))
        marks |= more
        unknown = operators.first_hole(key)
        if unknown is not None:
            if marks or not isinstance(key, Text):
                return mark(scope.hole(unknown, item.at), marks)
            why = why or unknown
            entries.append((key, evaluate(item.value, scope)))
            continue
        if key is None:
            raise EvaluationError("an object key is null")
        name = _key(key, more)
        entries.append((name, evaluate(item.value, scope)))
        places[name] = item.at
    if why is not None:
        made = scope.hole(why, node.at)
        return mark(made, marks) if marks else _keyed(entries, made, scope)
    out = {str(key): value for key, value in entries}
    return mark(bounded(PlacedDict(out, at=node.at, places=places)), marks)


def _keyed(entries: list[Entry], unknown: Hole, scope: Scope) -> Value:
    scope.world.spend(sum(weight(key) for key, _ in entries) * len(entries), plain=True)
    return keyed(entries, unknown)


def _key(key: Value, marks: frozenset[str]) -> str:
    """Return a key as the string that it is made."""
    text = hiding("a key", marks, lambda: to_string(key)) if marks else to_string(key)
    return text.spelled if isinstance(text, Text) else str(text)


def _for(node: tree.For, scope: Scope) -> Value:
    collection: Any = evaluate(node.collection, scope)
    if isinstance(collection, Marked):
        spread, marks = _spread(collection), collection.marks
        work = lambda: _for_over(node, spread, scope, marks)  # noqa: E731 - it is handed on
        return guarded("a `for` expression", marks, (collection.value,), work)
    return _for_over(node, collection, scope, NONE)


def _for_over(
    node: tree.For,
    collection: Any,  # noqa: ANN401 - a Value or a Lazy
    scope: Scope,
    marks: frozenset[str],
) -> Value:
    """Go through a collection; the keys of a marked one are marked."""
    if isinstance(collection, Lazy) and not isinstance(collection, PartialMap):
        collection = collection.whole()
    if isinstance(collection, Hole):
        return scope.hole(collection, node.at)
    results: list[tuple[Value, Value]] = []
    elements = operators.elements_of(collection)
    own = NONE  # of conditions and keys: what they say stands in the result as a whole
    why: Hole | None = None
    for n, (key, value) in enumerate(elements):
        scope.world.spend(1)
        variables = {node.value: value} | ({node.key: mark(key, marks)} if node.key else {})
        inside = scope.inner(variables, str(n))
        if node.condition is not None:
            kept, more = _condition(node.condition, inside)
            own |= more
            if isinstance(kept, Hole):
                return mark(scope.hole(kept, node.at), own)
            if not kept:
                continue
        result_key, more = (
            (None, NONE) if node.result_key is None else unmark(evaluate(node.result_key, inside))
        )
        own |= more
        unknown = operators.first_hole(result_key)
        if unknown is not None:
            why = why or unknown
            if own or node.group or not isinstance(result_key, Text):
                return mark(scope.hole(unknown, node.at), own)
        results.append((result_key, evaluate(node.result, inside)))
    if why is not None:
        return _partial_for(results, scope.hole(why, node.at), scope)
    if node.result_key is None:
        items = PlacedTuple((value for _, value in results), at=node.at, places=None)
        return mark(bounded(items), own)
    if own:
        made = hiding("a `for` expression", own, lambda: _for_object(results, group=node.group))
        return mark(bounded(made), own)
    return bounded(_for_object(results, group=node.group))


def _partial_for(results: list[tuple[Value, Value]], unknown: Hole, scope: Scope) -> Value:
    """Return the object of a `for` expression of which a key is unknown; see `PartialMap`."""
    entries: list[Entry] = []
    for key, value in results:
        if key is None:
            raise EvaluationError("a `for` expression's key is null")
        entries.append((key if isinstance(key, Text) else _key(key, NONE), value))
    if len({key for key, _ in entries}) < len(entries):
        return unknown
    return _keyed(entries, unknown, scope)


def _condition(node: tree.Expression, scope: Scope) -> tuple[bool | Hole, frozenset[str]]:
    """Return whether a condition holds, or what leaves it open, and its marks."""
    value, marks = unmark(evaluate(node, scope))
    if not marks:
        return operators.condition(value), marks
    return hiding("a condition", marks, lambda: operators.condition(value)), marks


def _for_object(results: list[tuple[Value, Value]], *, group: bool) -> Value:
    groups: dict[str, list[Value]] = {}
    for key, value in results:
        if key is None:
            raise EvaluationError("a `for` expression's key is null")
        name = _key(key, NONE)
        if name in groups and not group:
            raise EvaluationError(f"two different items produced the key `{name}`")
        groups.setdefault(name, []).append(value)
    return {name: tuple(made) if group else made[0] for name, made in groups.items()}


_SPECIAL: dict[str, Callable[[tree.Call, Scope], Value]] = {
    "try": _try,
    "can": _can,
    "convert": _convert,
    "templatefile": lambda node, scope: templatefile(node, scope, evaluate),
    "templatestring": lambda node, scope: templatestring(node, scope, evaluate),
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
