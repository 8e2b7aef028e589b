"""The one type that several values have in common: of a list's elements, of a conditional's sides.

See https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion and, for
what is done with tuples and objects, go-cty's `convert.UnifyUnsafe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    Set,
    TerraformValue,
    Type,
)

STRING, NUMBER, BOOL, ANY = Type("string"), Type("number"), Type("bool"), Type("any")
UNKNOWN = Type("unknown")
"""The type of a hole of which nothing is known."""


def type_of(value: TerraformValue) -> Type:
    """Return a value's type: `any` for null, `UNKNOWN` for a hole of any type.

    A plain tuple or dict counts as a tuple or object.
    """
    if isinstance(value, Lazy):
        return type_of(value.whole())
    if isinstance(value, Marked):
        return type_of(value.value)
    if isinstance(value, dict):
        if isinstance(value, Map):
            return Type("map", value.element or _common(value.values()))
        return Type(
            "object", attributes=tuple((name, type_of(value[name])) for name in sorted(value))
        )
    if isinstance(value, (tuple, Set)):
        return _sequence_type(value)
    if value is None:
        return ANY
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, (int, Decimal)):
        return NUMBER
    unknown = isinstance(value, Hole) and value.kind in (Kind.ANY, Kind.JSON)
    return UNKNOWN if unknown else STRING


def _sequence_type(value: tuple[TerraformValue, ...] | Set) -> Type:
    if isinstance(value, Set):
        return Type("set", value.element or _common(value.members))
    if isinstance(value, List):
        return Type("list", value.element or _common(value))
    return Type("tuple", items=tuple(type_of(item) for item in value))


def _common(values: Iterable[TerraformValue]) -> Type:
    """Return the type of elements that are of one type already."""
    found = unify([type_of(value) for value in values])
    return ANY if found is None else found


def unify(types: Sequence[Type]) -> Type | None:
    """Return the type that all can be converted to; None if there is none.

    Raises:
        NotTold: it depends on a hole, or on the type of a null beside collections.
    """
    kinds = list(dict.fromkeys(types))
    given = [kind for kind in kinds if kind.name != "any"]
    if not given:
        return ANY
    if UNKNOWN in given:
        return _unknown(kinds, types)
    collections = [kind for kind in given if kind.name not in _PRIMITIVE]
    if collections and len(given) < len(kinds):
        raise UnknownResultError("the type of a null beside collections is not followed")
    if len(given) == 1:
        return given[0]
    if not collections:
        return STRING if STRING in given else None
    names = {kind.name for kind in given}
    if names <= {"tuple", "list", "set"}:
        return _sequences(given, names)
    return _mappings(given, names) if names <= {"object", "map"} else None


_PRIMITIVE = frozenset(("string", "number", "bool"))


def _unknown(kinds: list[Type], types: Sequence[Type]) -> Type:
    """Unify where one type is unknown: only a string beside it settles the matter."""
    if set(kinds) <= {UNKNOWN, ANY, STRING} and STRING in kinds:
        return STRING
    if len(types) == 1:
        return UNKNOWN
    raise UnknownResultError


def _sequences(given: list[Type], names: set[str]) -> Type | None:
    if names == {"tuple"} and len({len(kind.items) for kind in given}) == 1:
        columns = zip(*(kind.items for kind in given), strict=True)
        items = [unify(column) for column in columns]
        known = tuple(item for item in items if item is not None)
        return Type("tuple", items=known) if len(known) == len(items) else None
    if names >= {"list", "set"}:
        # A set becomes a list, of the elements that the list has.
        given = [kind for kind in given if kind.name != "set"]
        names = {"list"}
    element = unify([inner for kind in given for inner in elements(kind)])
    if element is None:
        return None
    return Type("set" if "set" in names else "list", element)


def _mappings(given: list[Type], names: set[str]) -> Type | None:
    keys = {tuple(name for name, _ in kind.attributes) for kind in given}
    if names == {"object"} and len(keys) == 1:
        columns = list(zip(*(kind.attributes for kind in given), strict=True))
        pairs = [(column[0][0], unify([kind for _, kind in column])) for column in columns]
        known = tuple((name, kind) for name, kind in pairs if kind is not None)
        return Type("object", attributes=known) if len(known) == len(pairs) else None
    element = unify([inner for kind in given for inner in elements(kind)])
    return None if element is None else Type("map", element)


def elements(kind: Type) -> tuple[Type, ...]:
    """Return the types of what a collection of a type holds."""
    if kind.element is not None:
        return (kind.element,)
    return kind.items or tuple(inner for _, inner in kind.attributes)
