"""What JSON text holds: nodes that know their place, and what a text that is no JSON raises."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import TypeAlias

from checker.knowledge.arrays import ArrayHole
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an object in their order; a key may occur twice."""

    items: tuple[tuple[Text, JsonNode], ...]

    def get(self, key: str) -> JsonNode | None:
        """Return the value of a key (the last, as JSON parsers do), or None if it is not there.

        Where a key with a hole could be the key that is asked for, the value is unknown.
        """
        found: JsonNode | None = None
        for name, node in self.items:
            literal = name.literal
            same = name.equals(Text.of(key)) if literal is None else Truth.of(literal == key)
            if same is Truth.YES:
                found = node
            elif same is Truth.MAYBE:
                return JsonNode(name.why_unknown(node.at), node.at)
        return found

    def repeated(self) -> str | None:
        """Return a key that occurs twice, or None."""
        seen: set[Text] = set()
        for name, _ in self.items:
            if name in seen:
                return str(name)
            seen.add(name)
        return None


@dataclass(frozen=True, slots=True)
class LongNumber(Unknown):
    """A number beyond the bound: `text` is how it was written."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class UnknownArray(Unknown):
    """An array of which some elements are known: see `ArrayHole`."""

    hole: ArrayHole = field(default=ArrayHole(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A JSON value and where it was written."""

    value: Json
    at: Location


Json: TypeAlias = bool | int | Decimal | Text | tuple[JsonNode, ...] | Members | Unknown | None


class JsonError(ValueError):
    """A text that is not JSON; `message` says why, `at` where."""

    def __init__(self, message: str, at: Location) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class UnknownJsonError(JsonError):
    """A hole that is no JSON value stands outside a string, so nothing is known of the text."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.why, unknown.at)
        self.unknown = unknown
