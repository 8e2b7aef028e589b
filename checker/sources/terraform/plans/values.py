"""Values of a plan, from msgpack or JSON, to those that expressions have."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from checker.partial import Hole, Location
from checker.sources.terraform.functions.function import normal_form
from checker.sources.terraform.values import PlacedDict, PlacedTuple, Value

MOST_DEPTH = 100
_UNKNOWN, _REFINED = 0, 12


class BrokenError(ValueError):
    """The plan does not hold what plans of its version hold."""


def unpack(data: bytes) -> Any:  # noqa: ANN401 - whatever msgpack holds
    """Return what a msgpack value holds; unknowns are `msgpack.ExtType`. BrokenError if broken."""
    import msgpack

    try:
        return msgpack.unpackb(data, strict_map_key=False, raw=False)
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise BrokenError(f"a value in it is broken: {error}") from error


def value_of(raw: Any, name: str, at: Location, depth: int = 0) -> Value:  # noqa: ANN401
    """Return the value that msgpack or JSON holds; `name` is that of its unknowns.

    Lists, sets and tuples all are tuples, maps and objects all are objects.
    """
    if depth > MOST_DEPTH:
        raise BrokenError(f"a value is nested deeper than {MOST_DEPTH}")
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        return normal_form(raw)
    if isinstance(raw, (int, float, Decimal)):
        return _number(raw)
    if isinstance(raw, dict):
        made: dict[str, Value] = {
            str(key): value_of(inner, f"{name}.{key}", at, depth + 1) for key, inner in raw.items()
        }
        return PlacedDict(made, at=at)
    if isinstance(raw, list):
        listed = (value_of(one, f"{name}[{n}]", at, depth + 1) for n, one in enumerate(raw))
        return PlacedTuple(listed, at=at)
    if getattr(raw, "code", None) in (_UNKNOWN, _REFINED):
        return unknown(name, at)
    raise BrokenError(f"`{name}` holds a value of a kind that plans do not hold")


def unknown(name: str, at: Location) -> Hole:
    """Return the unknown value of an attribute, named as the configuration names it."""
    return Hole(name, why=f"`{name}` is known only when the plan is applied", at=at)


def _number(raw: float | Decimal) -> int | Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation as error:
        raise BrokenError("a number in it is broken") from error
    if not number.is_finite():
        raise BrokenError("a number in it is not finite")
    if number.adjusted() > MOST_DEPTH * 10:
        raise BrokenError("a number in it is too large")
    return int(number) if number == number.to_integral_value() else number
