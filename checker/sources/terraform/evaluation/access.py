"""Attributes and elements of a value: `of.name` and `of[key]`."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.scope import OwnKey, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError
from checker.sources.terraform.language.numbers import read
from checker.sources.terraform.values.alternatives import common
from checker.sources.terraform.values.concealment import guarded, hiding
from checker.sources.terraform.values.effort import as_text
from checker.sources.terraform.values.instance_lists import Instances
from checker.sources.terraform.values.marks import NONE, unmark
from checker.sources.terraform.values.partial_values import PartialMap
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.size_limits import CHARACTERS, weight
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    PlacedDict,
    PlacedTuple,
    TerraformValue,
    inside,
)


def attribute_of(of: TerraformValue, name: str, at: Location, scope: Scope) -> TerraformValue:
    """Return `of.name`."""
    if isinstance(of, Lazy):
        found: TerraformValue = of.attribute(name, at)
        return found
    if isinstance(of, Marked):
        inner = of.value
        return guarded(
            f"`.{name}`", of.marks, (inner,), lambda: attribute_of(inner, name, at, scope)
        )
    if isinstance(of, dict):
        if name not in of:
            raise _without_key(of, at) or _no_attribute(of, name, at)
        member: TerraformValue = of[name]
        return member
    if isinstance(of, Hole):
        return _inside(of, f".{name}", scope)
    if name.isascii() and name.isdigit():
        number = read(name, at)
        return number if isinstance(number, Hole) else index_of(of, number, at, scope)
    if of is None:
        raise EvaluationError(f"attempt to get attribute `{name}` from a null value")
    if isinstance(of, Instances):
        raise of.lacking(at)
    if isinstance(of, (PlacedTuple, List)):
        why = f"Can't access attributes on a list of values: `{name}` is one of its elements'"
        raise RefusedError("Unsupported attribute", why, at)
    raise EvaluationError(f"`{name}` is asked of a value that has no attributes")


def _without_key(of: TerraformValue, at: Location) -> RefusedError | None:
    """Return the error of a block with several instances that is named without a key, if it is."""
    first = next(iter(of.values() if isinstance(of, dict) else inside(of)), None)
    block, bracket, _ = str(first).rpartition("[") if isinstance(first, Lazy) else ("", "", "")
    if not bracket or block.rpartition(".")[0].endswith("module"):
        return None
    argument = "for_each" if isinstance(of, dict) else "count"
    why = f"Because `{block}` has `{argument}` set, its attributes must be accessed on specific"
    return RefusedError("Missing resource instance key", f"{why} instances", at)


def _inside(of: Hole, step: str, scope: Scope) -> Hole:
    """Return what stands at a step inside an unknown, whose name grows by it."""
    name = f"{of.name}{step}"
    scope.world.spend(len(name) // CHARACTERS, plain=True)
    return replace(of, name=name)


def own_key(node: tree.Expression, scope: Scope) -> str | None:
    """Tell whether an expression is `count.index` or `each.key` of an instance of no known key.

    What a block refers to by its own key is the instance of the same key, whichever it is: all
    that one instance refers to by it has one key.
    """
    if isinstance(node, tree.Template) and node.wraps and len(node.parts) == 1:
        (part,) = node.parts
        return None if isinstance(part, (tree.Piece, tree.If, tree.Loop)) else own_key(part, scope)
    if not isinstance(node, tree.Attribute) or not isinstance(node.of, tree.Name):
        return None
    variable = scope.variables.get(node.of.name)
    if not isinstance(variable, OwnKey):
        return None
    key = variable.get("index", variable.get("key"))
    return node.of.name if variable.get(node.name) is key and operators.first_hole(key) else None


def index_of(of: TerraformValue, key: TerraformValue, at: Location, scope: Scope) -> TerraformValue:
    """Return `of[key]`."""
    if isinstance(of, Marked) or isinstance(key, Marked):
        plain, marks = unmark(of)
        chosen, more = unmark(key)
        return guarded(
            "an index", marks | more, (plain, chosen), lambda: index_of(plain, chosen, at, scope)
        )
    if isinstance(of, PartialMap):
        scope.world.spend(len(of.entries) * (1 + weight(key)), plain=True)
        element: TerraformValue = of.index(key, at)
        return element
    unknown = operators.first_hole(key)
    if unknown is not None:
        return _one_of(of, key, scope.hole(unknown, at), at, scope)
    if isinstance(of, Text) and not of.holes:
        of = of.literal
    if isinstance(of, Lazy):
        if scope.tentative and of.uncertain is not None:
            return scope.hole(of.uncertain, at)
        found: TerraformValue = of.index(key, at)
        return found
    if isinstance(of, Hole):
        return _inside(of, f"[{operators.shown(key)}]", scope)
    if isinstance(of, dict):
        name = key_text(key, NONE)
        if name not in of:
            raise _no_element(of, f"the given key `{name}` does not identify an element", at)
        inner: TerraformValue = of[name]
        return inner
    if isinstance(of, tuple):
        number = operators.whole(key)
        if not 0 <= number < len(of):
            raise _no_element(of, f"the index {number} is out of range: {len(of)} elements", at)
        member: TerraformValue = of[number]
        return member
    raise EvaluationError("this value does not have any indices")


def _no_attribute(of: dict[str, TerraformValue], name: str, at: Location) -> EvaluationError:
    if isinstance(of, Map):
        why = f"This map does not have an element with the key `{name}`"
        return RefusedError("Missing map element", why, at)
    why = f"This object does not have an attribute named `{name}`"
    if isinstance(of, PlacedDict):
        return RefusedError("Unsupported attribute", why, at)
    return EvaluationError(why)  # of a block the provider may know more attributes


def _no_element(of: TerraformValue, why: str, at: Location) -> EvaluationError:
    if not isinstance(of, (Map, List, PlacedDict, PlacedTuple)):
        return EvaluationError(why)
    none = "" if of else ": the collection has no elements"
    said = f"The given key does not identify an element in this collection value{none}"
    return RefusedError("Invalid index", f"{said} ({why})" if of else said, at)


def _one_of(
    of: TerraformValue,
    key: TerraformValue,
    unknown: Hole,
    at: Location,
    scope: Scope,
) -> TerraformValue:
    """Return what all elements have in common that an unknown key may name: one must be there."""
    if scope.tentative or not isinstance(of, (dict, tuple)):
        return unknown
    scope.world.spend(weight(of) + len(of) * weight(key), plain=True)
    if isinstance(of, tuple):
        return common(of, unknown)
    scope.world.distinguished(key, of)
    named = as_text(key) or Text.of(unknown)
    found = [v for k, v in of.items() if named.equals(Text.of(k)) is not Truth.NO]
    if of and not found:
        raise _no_element(of, "the given key is none of its keys", at)
    return common(found, unknown)


def key_text(key: TerraformValue, marks: frozenset[str]) -> str:
    """Return a key as the string that it is made."""
    text = hiding("a key", marks, lambda: to_string(key)) if marks else to_string(key)
    return text.spelled if isinstance(text, Text) else str(text)
