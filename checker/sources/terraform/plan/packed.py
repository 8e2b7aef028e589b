"""Values in msgpack as go-cty writes them; the door to msgpack.

| Terraform            | msgpack                                                          |
|----------------------|------------------------------------------------------------------|
| object, map          | map                                                              |
| list, set, tuple     | array                                                            |
| number               | integer or float; a string where neither holds it exactly        |
| unknown              | extension 0; 12 with what is known of it, such as a prefix       |
| value of any type    | array of two: its type in JSON as bytes, and the value           |

Without a type a list is not distinguished from a set, nor a map from an object, nor a number that
needs a string from a string: they become a plain tuple, a plain dict and a string. See
https://github.com/zclconf/go-cty/blob/main/docs/refinements.md for extension 12.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import msgpack

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.language.numbers import normal, parse
from checker.sources.terraform.plan import holes
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.types import parse_type
from checker.sources.terraform.values.compare import make_set
from checker.sources.terraform.values.terraform_values import (
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    TerraformValue,
    Type,
)

MOST_DEPTH = 100
FREE_VALUES = 500_000
VALUES_A_BYTE = 1
"""How many values are decoded from one plan: so many, and so many for each byte of its file."""
_CONTAINER = 4
"""How many values a list or map counts for, beside what it holds."""
MOST_BYTES = 2 * 1024 * 1024
"""How large one resource's or variable's value may be: a byte may take 60 in memory."""
_MOST_REFINED = 64 * 1024

_UNKNOWN, _REFINED = 0, 12
_NULLNESS, _PREFIX = 1, 2


class DecodingBudget:
    """How many values may still be decoded from a file of so many bytes."""

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.most = FREE_VALUES + VALUES_A_BYTE * size
        self.left = self.most

    def spend(self, count: int) -> None:
        """Take so many values; Undecodable if there are fewer left."""
        self.left -= count
        if self.left < 0:
            raise Undecodable(f"the plan takes more than {self.most} steps to read")


class _Extension(NamedTuple):
    code: int
    data: bytes


def decode(data: bytes, name: str, at: Location, budget: DecodingBudget) -> TerraformValue:
    """Return a value; unknowns in it are named after `name`. Undecodable if it is no value."""
    if len(data) > MOST_BYTES:
        raise Undecodable(f"it is larger than {MOST_BYTES} bytes")
    budget.spend(1)
    try:
        given = msgpack.unpackb(data, ext_hook=_Extension, raw=False)
    except (ValueError, OverflowError, msgpack.exceptions.UnpackException):
        raise Undecodable("it is not valid msgpack") from None
    return _Reader(at, budget).value(given, name, None, 0)


class _Reader:
    """Turns what msgpack holds into values."""

    def __init__(self, at: Location, budget: DecodingBudget) -> None:
        self._at, self._budget = at, budget

    def value(self, given: object, name: str, kind: Type | None, depth: int) -> TerraformValue:
        """Return a value of a type, or of a type that is unknown."""
        if depth > MOST_DEPTH:
            raise Undecodable("it is nested too deeply")
        if kind is not None and kind.name == "any":
            kind = None
        if isinstance(given, list):
            self._budget.spend(_CONTAINER + len(given))
            return self._array(given, name, kind, depth)
        if isinstance(given, dict):
            self._budget.spend(_CONTAINER + len(given))
            return self._map(given, name, kind, depth)
        if given is None:
            return None
        if isinstance(given, _Extension):
            return self._unknown(given, name, kind)
        try:
            return _primitive(given, kind)
        except UnknownResultError as error:
            return holes.unreadable(name, error.why, self._at)

    def _array(self, given: list[Any], name: str, kind: Type | None, depth: int) -> TerraformValue:
        if kind is None and len(given) == 2 and isinstance(given[0], bytes):  # noqa: PLR2004 - a pair
            self._budget.spend(len(given[0]))
            return self.value(given[1], name, parse_type(given[0]), depth + 1)
        kinds = _kinds_of(kind, len(given))
        items = [
            one
            if kind is None and type(one) in _PLAIN
            else self.value(one, holes.element(name, n), kinds[n % len(kinds)], depth + 1)
            for n, one in enumerate(given)
        ]
        if kind is None:
            return tuple(items)
        if kind.name == "tuple":
            return PlacedTuple(items)
        if kind.name == "list":
            return List(items, kind.element)
        try:
            return make_set(items, kind.element)
        except UnknownResultError:
            return holes.unknown(name, self._at)

    def _map(
        self, given: dict[Any, Any], name: str, kind: Type | None, depth: int
    ) -> TerraformValue:
        if not all(isinstance(key, str) for key in given):
            raise Undecodable("a key is not a string")
        if kind is None:
            return {
                key: one
                if type(one) in _PLAIN
                else self.value(one, holes.member(name, key), None, depth + 1)
                for key, one in given.items()
            }
        if kind.name == "map":
            return Map(
                {
                    key: self.value(one, holes.element(name, key), kind.element, depth + 1)
                    for key, one in given.items()
                },
                kind.element,
            )
        kinds = dict(kind.attributes)
        if kind.name != "object" or given.keys() != kinds.keys():
            raise Undecodable("a value is not of its type")
        return PlacedDict(
            {
                key: self.value(one, holes.member(name, key), kinds[key], depth + 1)
                for key, one in given.items()
            }
        )

    def _unknown(self, extension: _Extension, name: str, kind: Type | None) -> TerraformValue:
        if extension.code not in {_UNKNOWN, _REFINED}:
            raise Undecodable(f"extension type {extension.code} is not known")
        hole = holes.unknown(name, self._at)
        if kind is not None and kind.name != "string":
            return hole
        prefix = _prefix(extension)
        if prefix:
            # The name stands for the whole value, so what follows the prefix needs another.
            rest = f"{name} after {len(prefix)} characters"
            return Text.of(prefix, Hole(rest, why=hole.why, at=hole.at))
        return hole if kind is None else Text.of(hole)


_PLAIN = {str, int, bool, type(None)}


def _kinds_of(kind: Type | None, count: int) -> tuple[Type | None, ...]:
    """Return the types of an array's items, to be used in turn; None for one that is unknown."""
    if kind is None:
        return (None,)
    if kind.name == "tuple" and len(kind.items) == count:
        return kind.items
    if kind.name in {"list", "set"} and kind.element is not None:
        return (kind.element,)
    raise Undecodable("a value is not of its type")


def _primitive(scalar: object, kind: Type | None) -> TerraformValue:
    name = "any" if kind is None else kind.name
    if isinstance(scalar, bool):
        fits = name in {"any", "bool"}
    elif isinstance(scalar, (int, float)):
        fits = name in {"any", "number"}
    else:
        fits = isinstance(scalar, str) and name in {"any", "string", "number"}
    value: TerraformValue = None
    if isinstance(scalar, float):
        value = normal(Decimal(scalar))
    elif isinstance(scalar, str) and name == "number":
        value = parse(scalar)
        fits = value is not None
    elif isinstance(scalar, (int, str)):
        value = scalar
    if not fits:
        raise Undecodable("a value is not of its type")
    return value


def _prefix(extension: _Extension) -> str:
    """Return what an unknown string surely begins with; ignoring a refinement is always sound."""
    if extension.code != _REFINED or len(extension.data) > _MOST_REFINED:
        return ""
    try:
        given = msgpack.unpackb(extension.data, raw=False, strict_map_key=False)
    except (ValueError, msgpack.exceptions.UnpackException, TypeError):
        return ""
    # A prefix of what may be null is no prefix.
    if not isinstance(given, dict) or given.get(_NULLNESS) is not False:
        return ""
    prefix = given.get(_PREFIX)
    return prefix if isinstance(prefix, str) else ""
