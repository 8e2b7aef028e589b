"""Terraform's conversions between types, on values that may hold unknowns.

See https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import alike, make_set
from checker.sources.terraform.values.concealment import concealed, hiding
from checker.sources.terraform.values.marks import bare, deep_marks, mark
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.open_lists import mapped, texts_of, without_doubles
from checker.sources.terraform.values.partial_values import PartialList, PartialMap
from checker.sources.terraform.values.primitives import to_bool, to_number, to_string, type_of_name
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
    first_hole,
)
from checker.sources.terraform.values.unify import UNKNOWN, type_of, unify


def convert(value: TerraformValue, wanted: Type) -> TerraformValue:
    """Convert a value to a type constraint.

    A hole stays one, as a text if a string is wanted; null stays null. The whole is a hole where
    the result depends on an unknown.

    Raises:
        EvaluationError: it cannot be converted.
    """
    try:
        return cast(value, wanted)
    except UnknownResultError as error:
        hole = first_hole(value)
        name = call_name("convert", (value, str(wanted)))
        if hole is None:
            return Hole(name, why=error.why, remedy=error.remedy)
        return Hole(name, why=hole.why, at=hole.at, remedy=hole.remedy)


def cast(value: TerraformValue, wanted: Type) -> TerraformValue:
    """Convert as `convert` does, but raise NotTold where the result depends on an unknown."""
    if value is None or wanted.name in ("any", "unknown"):
        return value
    if isinstance(value, Marked):
        inner = value.value
        of = hiding(f"the conversion to {wanted}", value.marks, lambda: cast(inner, wanted))
        # A text stays as it is, with what in it is sensitive and what is not.
        made = concealed(of, (inner,))
        return Marked(made, value.marks) if made is inner else mark(made, value.marks)
    if wanted.name in _PRIMITIVES:
        return _PRIMITIVES[wanted.name](value)
    if isinstance(value, PartialMap) and wanted.name == "map":
        items, _ = convert_all([each for _, each in value.entries], wanted.element)
        keys = [key for key, _ in value.entries]
        return PartialMap(tuple(zip(keys, items, strict=True)), value.unknown)
    if isinstance(value, PartialList) and wanted.name in {"list", "set"}:
        return _open_list(value, wanted)
    if isinstance(value, Lazy):
        names = (name for name, _ in wanted.attributes)
        value = value.chosen(names) if wanted.name == "object" else value.whole()
    if isinstance(value, Hole):
        return value
    return _COLLECTIONS[wanted.name](value, wanted)


_PRIMITIVES = {"string": to_string, "number": to_number, "bool": to_bool}


def _open_list(value: PartialList, wanted: Type) -> TerraformValue:
    """Convert a list of which some elements are known; those whose type is open are left out."""
    element = wanted.element
    if element is None or element.name == "any":
        made = texts_of(value)
    else:
        made = mapped(value, lambda each: cast(each, element), value.unknown)
    return without_doubles(made, value.unknown, placed=False) if wanted.name == "set" else made


def convert_all(
    values: Iterable[TerraformValue], wanted: Type | None
) -> tuple[list[TerraformValue], Type]:
    """Convert elements to one type: the wanted one, or where that is `any` what they share.

    Raises:
        EvaluationError: they share no type.
        NotTold: the type that they share depends on an unknown.
    """
    items = list(values)
    if wanted is None or wanted.name == "any":
        wanted = unify([type_of(item) for item in items])
        if wanted is None:
            raise EvaluationError("all elements must have the same type")
    return [cast(item, wanted) for item in items], wanted


def _refuse(value: TerraformValue, wanted: Type) -> EvaluationError:
    return EvaluationError(f"cannot convert {type_of_name(value)} to {wanted}")


def _sequence(value: TerraformValue, wanted: Type) -> tuple[TerraformValue, ...]:
    if isinstance(value, Set):
        if not value.ordered:
            raise UnknownResultError
        return value.members
    if isinstance(value, tuple):
        return value
    raise _refuse(value, wanted)


def _list(value: TerraformValue, wanted: Type) -> TerraformValue:
    if isinstance(value, List) and value.element is not None and value.element == wanted.element:
        return value
    items, element = convert_all(_sequence(value, wanted), _inner(value, wanted))
    return List(items, element)


def _set(value: TerraformValue, wanted: Type) -> TerraformValue:
    items = value.members if isinstance(value, Set) else _sequence(value, wanted)
    converted, element = convert_all(items, _inner(value, wanted))
    marks = deep_marks(tuple(converted))
    if not marks:
        return make_set(converted, element)
    # A set cannot tell its members apart by their marks: it is marked as a whole.
    members = [bare(each) for each in converted]
    return mark(hiding("a set", marks, lambda: make_set(members, element)), marks)


def _inner(value: TerraformValue, wanted: Type) -> Type | None:
    """Return the element type that is wanted; of an empty collection its own where any will do."""
    if wanted.element is None or wanted.element.name == "any":
        own = getattr(value, "element", None)
        return own if isinstance(own, Type) else None
    return wanted.element


def _map(value: TerraformValue, wanted: Type) -> TerraformValue:
    if not isinstance(value, dict):
        raise _refuse(value, wanted)
    items, element = convert_all(value.values(), _inner(value, wanted))
    made = dict(zip(value, items, strict=True))
    return _as_map(made, element)


def _as_map(items: dict[str, TerraformValue], element: Type) -> Map:
    return Map({key: items[key] for key in sorted(items)}, element)


def _tuple(value: TerraformValue, wanted: Type) -> TerraformValue:
    if not isinstance(value, tuple) or len(value) != len(wanted.items):
        raise EvaluationError(
            f"cannot convert {type_of_name(value)} to a tuple of {len(wanted.items)} elements"
        )
    items = (cast(item, kind) for item, kind in zip(value, wanted.items, strict=True))
    if isinstance(value, PlacedTuple):
        return PlacedTuple(items, value.at, value.places)
    return PlacedTuple(items)


def _object(value: TerraformValue, wanted: Type) -> TerraformValue:
    if not isinstance(value, dict):
        raise _refuse(value, wanted)
    made: dict[str, TerraformValue] = {}
    for name, kind in wanted.attributes:
        found = value.get(name)
        if name in wanted.optional:
            made[name] = cast(wanted.optional[name] if found is None else found, kind)
        elif name in value:
            made[name] = cast(found, kind)
        else:
            raise EvaluationError(f"attribute `{name}` is required")
    if isinstance(value, PlacedDict):
        return PlacedDict(made, value.at, value.places)
    return PlacedDict(made)


_COLLECTIONS = {"list": _list, "set": _set, "map": _map, "tuple": _tuple, "object": _object}


def settle(chosen: TerraformValue, others: Iterable[TerraformValue]) -> TerraformValue:
    """Convert the chosen one of several values to the type that all of them share.

    This is what a conditional and `coalesce` do.

    Raises:
        EvaluationError: they share no type.
        NotTold: the type depends on an unknown.
    """
    kinds = [type_of(chosen), *(type_of(other) for other in others)]
    if isinstance(chosen, (str, Text)) and UNKNOWN in kinds:
        return chosen
    given = [kind for kind in kinds if kind.name != "any"]
    wanted = unify(given)
    if wanted is None:
        raise EvaluationError("the values must all have the same type")
    converted = cast(chosen, wanted)
    if len(given) == len(kinds) or not isinstance(chosen, (tuple, dict, Set)):
        return converted
    # A null of no type leaves the others as they are, one of some type does not.
    if alike(chosen, converted) is Truth.NO or type(chosen) is not type(converted):
        raise UnknownResultError
    return chosen
