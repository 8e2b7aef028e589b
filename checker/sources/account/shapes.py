"""Shapes that a part of an answer may have, each of which says what is wrong with a value.

A fault is one sentence with the path of the member; it never quotes a value of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Protocol

from checker.records import dataclass

NAME_CHARACTERS = 10_000
"""The longest text that is no document: AWS's longest is a filter pattern of 4,096 characters."""
DOCUMENT_CHARACTERS = 500_000
"""The longest policy document: AWS's longest is a key policy of 32,768 characters."""


class Shape(Protocol):
    """What a value must be."""

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value at a path of the answer; None if nothing is."""


@dataclass(frozen=True, slots=True)
class String:
    """A text, not empty unless `empty`, that matches `pattern` as a whole where there is one."""

    pattern: str = ""
    empty: bool = False
    most: int = NAME_CHARACTERS

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if not isinstance(value, str):
            return f"`{path}` is not a string"
        if len(value) > self.most:
            return f"`{path}` is longer than {self.most} characters"
        if not value and not self.empty:
            return f"`{path}` is empty"
        if self.pattern and not re.fullmatch(self.pattern, value, re.ASCII):
            return f"`{path}` is not of its form"
        return None


@dataclass(frozen=True, slots=True)
class Integer:
    """A number without fraction, of 32 bits and not below 0."""

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if not isinstance(value, int) or isinstance(value, bool):
            return f"`{path}` is not an integer"
        return f"`{path}` is out of range" if not 0 <= value < _LARGE else None


_LARGE = 2**31
"""The numbers of AWS's APIs that are read here are of 32 bits."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        return None if isinstance(value, bool) else f"`{path}` is not a boolean"


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy document: its JSON text, or the object that the SDK decodes it to."""

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if isinstance(value, dict):
            return None if value else f"`{path}` is empty"
        return String(most=DOCUMENT_CHARACTERS).fault(value, path)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape, of at least `least`."""

    each: Shape
    least: int = 0

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if not isinstance(value, (list, tuple)):
            return f"`{path}` is not a list"
        if len(value) < self.least:
            return f"`{path}` is empty"
        return _first(self.each.fault(one, f"{path}[{n}]") for n, one in enumerate(value))


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose members all have one shape."""

    each: Shape

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if not isinstance(value, Mapping):
            return f"`{path}` is not an object"
        # A name may be of anybody's making, so the path does not quote it.
        return _first(self.each.fault(one, f"{path}.*") for one in value.values())


@dataclass(frozen=True, slots=True)
class Record:
    """An object with members that it must hold, and members that it may hold; more are fine."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def fault(self, value: object, path: str) -> str | None:
        """Return what is wrong with a value."""
        if not isinstance(value, Mapping):
            return f"`{path}` is not an object"
        return _first(self._faults(value, path))

    def _faults(self, value: Mapping[str, Any], path: str) -> Iterator[str | None]:
        for name, shape in self.required.items():
            where = f"{path}.{name}" if path else name
            if value.get(name) is None:
                yield f"it has no `{where}`"
            else:
                yield shape.fault(value[name], where)
        for name, shape in self.optional.items():
            if value.get(name) is not None:
                yield shape.fault(value[name], f"{path}.{name}" if path else name)


def _first(faults: Iterable[str | None]) -> str | None:
    return next((fault for fault in faults if fault is not None), None)
