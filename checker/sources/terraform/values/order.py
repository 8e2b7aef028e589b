"""The order of values, as Terraform sorts the members of a set and the keys of a map."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.effort import as_text
from checker.sources.terraform.values.terraform_values import (
    Map,
    PlacedTuple,
    TerraformValue,
    first_hole,
    inside,
)


def ordered(values: Sequence[TerraformValue]) -> tuple[TerraformValue, ...]:
    """Sort values of one type as Terraform sorts a set's members.

    Raises:
        NotTold: the order depends on an unknown.
    """
    if len(values) < 2:  # noqa: PLR2004 - nothing to sort
        return tuple(values)
    if all(type(value) is str for value in values):
        return tuple(sorted(values))  # type: ignore[type-var]
    return tuple(sorted(values, key=cmp_to_key(_order)))


def _order(left: TerraformValue, right: TerraformValue) -> int:
    """Return less than, equal to or greater than 0."""
    if left is None or right is None:
        if isinstance(left, Hole) or isinstance(right, Hole):
            raise UnknownResultError
        return (left is None) - (right is None)
    a, b = as_text(left), as_text(right)
    if isinstance(left, Hole) or isinstance(right, Hole):
        raise UnknownResultError
    if a is not None and b is not None:
        return _text_order(a, b)
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        return (left > right) - (left < right)
    if first_hole(left) is not None or first_hole(right) is not None:
        raise UnknownResultError
    mine, other = _bytes(left), _bytes(right)
    return (mine > other) - (mine < other)


def _text_order(left: Text, right: Text) -> int:
    """Order texts by their code points: what follows the start that they share decides."""
    a, b = list(left.parts), list(right.parts)
    while a and b and a[0] == b[0]:
        a.pop(0)
        b.pop(0)
    if not a or not b:
        rest = a or b
        if rest and not any(isinstance(part, str) for part in rest):
            raise UnknownResultError
        return bool(a) - bool(b)
    first, second = a[0], b[0]
    if isinstance(first, Hole) or isinstance(second, Hole):
        raise UnknownResultError
    if not (first.startswith(second) or second.startswith(first)):
        return -1 if first < second else 1
    longer, sign = (a, 1) if len(first) > len(second) else (b, -1)
    if len(a if longer is b else b) > 1:
        raise UnknownResultError  # a hole follows the shorter one
    return sign


def _bytes(value: TerraformValue) -> bytes:
    """Return what go-cty orders the members of other sets by (its `makeSetHashBytes`)."""
    if value is None:
        return b"~"
    if isinstance(value, bool):
        return b"T" if value else b"F"
    if isinstance(value, (int, Decimal)):
        return _ten_digits(value).encode()
    if isinstance(value, (str, Text)):
        return f'"{value}"'.encode("utf-8", "surrogatepass")
    if isinstance(value, (dict, Map)):
        named = isinstance(value, Map)
        opening, closing = (b"{", b"}") if named else (b"<", b">")
        parts = (
            (f'"{name}":'.encode("utf-8", "surrogatepass") if named else b"")
            + _bytes(value[name])
            + b";"
            for name in sorted(value)
        )
        return opening + b"".join(parts) + closing
    opening, closing = (b"<", b">") if isinstance(value, PlacedTuple) else (b"[", b"]")
    return opening + b"".join(_bytes(item) + b";" for item in inside(value)) + closing


def _ten_digits(number: int | Decimal) -> str:
    """Write a number as Go's `%.10g`."""
    try:
        return format(float(number), ".10g")
    except OverflowError:
        return format(Decimal(number), ".9e")
