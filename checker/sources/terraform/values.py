"""Terraform's values as Python's.

| Terraform        | Python                                              |
|------------------|-----------------------------------------------------|
| null, bool       | `None`, `bool`                                      |
| number           | `int` where it is whole, else `Decimal`             |
| string           | `str`; `Text` where part of it is unknown, or where it remembers its origin |
| list, tuple      | `tuple`                                             |
| map, object      | `dict` with `str` keys, in insertion order          |
| set              | `Set`                                               |
| unknown          | `Hole`: a value of any type with the name of what it is |

A value may hold unknowns at any depth. Values are never changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from checker.partial import Hole, Text

Value: TypeAlias = (
    "bool | int | Decimal | str | Text | tuple[Value, ...] | dict[str, Value] | Set | Hole | None"
)


@dataclass(frozen=True, slots=True)
class Set:
    """A set: its members without doubles, in Terraform's order (strings and numbers sorted)."""

    members: tuple[Value, ...]


class EvaluationError(Exception):
    """An expression or function call that Terraform would refuse; the message is for the user."""


def holes(value: Value) -> tuple[Hole, ...]:
    """Return every hole in a value, at any depth; empty if the value is wholly known."""
    found: list[Hole] = []
    pending: list[Value] = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, Hole):
            found.append(current)
        elif isinstance(current, Text):
            found.extend(current.holes)
        elif isinstance(current, tuple):
            pending.extend(current)
        elif isinstance(current, dict):
            pending.extend(current.values())
        elif isinstance(current, Set):
            pending.extend(current.members)
    return tuple(found)
