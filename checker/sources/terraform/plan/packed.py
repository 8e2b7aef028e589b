"""Values in msgpack as go-cty writes them; the door to msgpack.

| Terraform            | msgpack                                                          |
|----------------------|------------------------------------------------------------------|
| object, map          | map                                                              |
| list, set, tuple     | array                                                            |
| number               | integer or float; a string where neither holds it exactly        |
| unknown              | extension 0; 12 with what is known of it, such as a prefix       |
| value of any type    | array of two: its type in JSON as bytes, and the value           |

Without a type a list is told from a set, and a map from an object, as little as a number that
needs a string from a string: they become a plain tuple, a plain dict and a string.
See https://github.com/zclconf/go-cty/blob/main/docs/refinements.md for extension 12.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import msgpack

from checker.partial import Hole, Location, Text
from checker.sources.terraform.arithmetic import normal, parse
from checker.sources.terraform.compare import make_set
from checker.sources.terraform.plan import holes
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.types import parse_type
from checker.sources.terraform.values import (
    List,
    Map,
    NotTold,
    PlacedDict,
    PlacedTuple,
    Type,
    Value,
)

MOST_DEPTH = 100
MOST_VALUES = 2_000_000
"""How many values are decoded from one plan, at any depth."""
MOST_BYTES = 16 * 1024 * 1024
"""How large one resource's or variable's value may be."""
_MOST_REFINED = 64 * 1024

_UNKNOWN, _REFINED = 0, 12
_NULLNESS, _PREFIX = 1, 2


class Budget:
    """How many values may still be decoded."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self.most = most
        self.left = most

    def spend(self, count: int) -> None:
        """Take so many values; Undecodable if there are fewer left."""
        self.left -= count
        if self.left < 0:
            raise Undecodable(f"the plan holds more than {self.most} values")


class _Extension(NamedTuple):
    code: int
    data: bytes


def decode(data: bytes, name: str, at: Location, budget: Budget) -> Value:
    """Return a value; unknowns in it are named after `name`. Undecodable if it is no value."""
    if len(data) > MOST_BYTES:
        raise Undecodable(f"it is larger than {MOST_BYTES} bytes")
    reader = _Reader(data, at, budget)
    try:
        value = reader.value(name, None, 0)
    except (ValueError, msgpack.exceptions.UnpackException, OverflowError):
        raise Undecodable("it is no valid msgpack") from None
    if reader.left():
        raise Undecodable("something follows the value")
    return value


class _Reader:
    """Reads one value token by token, so that nothing is made before it is counted."""

    def __init__(self, data: bytes, at: Location, budget: Budget) -> None:
        self._data, self._at, self._budget = data, at, budget
        self._tokens: Any = msgpack.Unpacker(
            ext_hook=_Extension, raw=False, max_buffer_size=len(data) or 1
        )
        self._tokens.feed(data)

    def left(self) -> int:
        """Return how many bytes were not read."""
        return len(self._data) - int(self._tokens.tell())

    def _next(self) -> int:
        """Return the byte that says what comes next, -1 at the end."""
        place = int(self._tokens.tell())
        return self._data[place] if place < len(self._data) else -1

    def value(self, name: str, kind: Type | None, depth: int) -> Value:
        """Read a value of a type, or of a type that nobody told."""
        if depth > MOST_DEPTH:
            raise Undecodable("it is nested too deeply")
        self._budget.spend(1)
        byte = self._next()
        if 0x90 <= byte <= 0x9F or byte in {0xDC, 0xDD}:  # noqa: PLR2004 - array formats
            return self._array(name, kind, depth)
        if 0x80 <= byte <= 0x8F or byte in {0xDE, 0xDF}:  # noqa: PLR2004 - map formats
            return self._map(name, kind, depth)
        scalar = self._tokens.unpack()
        if scalar is None:
            return None
        if isinstance(scalar, _Extension):
            return self._unknown(scalar, name, kind)
        try:
            return _primitive(scalar, kind)
        except NotTold as error:
            return holes.unreadable(name, error.why, self._at)

    def _array(self, name: str, kind: Type | None, depth: int) -> Value:
        count = int(self._tokens.read_array_header())
        if (kind is None or kind.name == "any") and count == 2 and self._next() in _BINARY:  # noqa: PLR2004 - a pair
            return self.value(name, parse_type(self._tokens.unpack()), depth + 1)
        if count > self.left():
            raise Undecodable("it ends in the middle of a list")
        kinds = _kinds_of(kind, count)
        items = [
            self.value(holes.element(name, n), kinds[n % len(kinds)], depth + 1)
            for n in range(count)
        ]
        if kind is None or kind.name == "any":
            return tuple(items)
        if kind.name == "tuple":
            return PlacedTuple(items)
        if kind.name == "list":
            return List(items, kind.element)
        try:
            return make_set(items, kind.element)
        except NotTold:
            return holes.unknown(name, self._at)

    def _map(self, name: str, kind: Type | None, depth: int) -> Value:
        count = int(self._tokens.read_map_header())
        attributes = None
        if kind is not None and kind.name == "object":
            attributes = dict(kind.attributes)
        elif kind is not None and kind.name not in {"map", "any"}:
            raise Undecodable("a value is not of its type")
        named = holes.element if kind is not None and kind.name == "map" else holes.member
        found: dict[str, Value] = {}
        for _ in range(count):
            if not _is_string(self._next()):
                raise Undecodable("a key is no string")
            key = self._tokens.unpack()
            of = None if kind is None else kind.element
            if attributes is not None:
                if key not in attributes:
                    raise Undecodable("a value is not of its type")
                of = attributes[key]
            found[key] = self.value(named(name, key), of, depth + 1)
        if attributes is not None and len(found) != len(attributes):
            raise Undecodable("a value is not of its type")
        if kind is None or kind.name == "any":
            return found
        return PlacedDict(found) if attributes is not None else Map(found, kind.element)

    def _unknown(self, extension: _Extension, name: str, kind: Type | None) -> Value:
        if extension.code not in {_UNKNOWN, _REFINED}:
            raise Undecodable(f"extension type {extension.code} is not known")
        hole = holes.unknown(name, self._at)
        if kind is not None and kind.name not in {"string", "any"}:
            return hole
        prefix = _prefix(extension)
        if prefix:
            # The name stands for the whole value, so what follows the prefix needs another.
            rest = f"{name} after {len(prefix)} characters"
            return Text.of(prefix, Hole(rest, why=hole.why, at=hole.at))
        return hole if kind is None or kind.name == "any" else Text.of(hole)


_BINARY = {0xC4, 0xC5, 0xC6}


def _is_string(byte: int) -> bool:
    return 0xA0 <= byte <= 0xBF or byte in {0xD9, 0xDA, 0xDB}  # noqa: PLR2004 - string formats


def _kinds_of(kind: Type | None, count: int) -> tuple[Type | None, ...]:
    """Return the types of an array's items, to be used in turn; None for one that is not told."""
    if kind is None or kind.name == "any":
        return (None,)
    if kind.name == "tuple" and len(kind.items) == count:
        return kind.items
    if kind.name in {"list", "set"} and kind.element is not None:
        return (kind.element,)
    raise Undecodable("a value is not of its type")


def _primitive(scalar: Any, kind: Type | None) -> Value:  # noqa: ANN401 - whatever msgpack holds
    name = "any" if kind is None else kind.name
    if isinstance(scalar, bool):
        fits = name in {"any", "bool"}
    elif isinstance(scalar, (int, float)):
        fits = name in {"any", "number"}
    else:
        fits = isinstance(scalar, str) and name in {"any", "string", "number"}
    value: Value = scalar
    if isinstance(scalar, float):
        value = normal(Decimal(scalar))
    elif isinstance(scalar, str) and name == "number":
        value = parse(scalar)
        fits = value is not None
    if not fits:
        raise Undecodable("a value is not of its type")
    return value


def _prefix(extension: _Extension) -> str:
    """Return what an unknown string surely begins with; ignoring a refinement is always sound."""
    if extension.code != _REFINED or len(extension.data) > _MOST_REFINED:
        return ""
    try:
        told = msgpack.unpackb(extension.data, raw=False, strict_map_key=False)
    except (ValueError, msgpack.exceptions.UnpackException, TypeError):
        return ""
    # A prefix of what may be null is no prefix.
    if not isinstance(told, dict) or told.get(_NULLNESS) is not False:
        return ""
    prefix = told.get(_PREFIX)
    return prefix if isinstance(prefix, str) else ""
