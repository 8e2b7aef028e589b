"""Things found by a text that names them, where texts may hold holes.

Two texts that begin alike, holes included, and end in different literals are surely different.
So texts are kept by what they begin with, and most questions need no comparison at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

from checker.partial import Hole, Text, Truth

T = TypeVar("T")
Beginning: TypeAlias = tuple[str | Hole, ...]


class Lookup(Generic[T]):
    """Things by their names; several may have one name."""

    def __init__(self, pairs: Iterable[tuple[Text, T]]) -> None:
        self._things: dict[Beginning, dict[str, list[T]]] = {}
        for name, thing in pairs:
            beginning, end = _cut(name)
            self._things.setdefault(beginning, {}).setdefault(end, []).append(thing)

    def named(self, name: Text) -> list[T]:
        """Return the things that surely have this name."""
        beginning, end = _cut(name)
        return self._things.get(beginning, {}).get(end, [])

    def perhaps(self, name: Text) -> Iterator[T]:
        """Yield the things that may have this name, without those that surely have it."""
        beginning, end = _cut(name)
        for other, things in self._things.items():
            if other == beginning or name.like(Text((*other, "*"))) is Truth.NO:
                continue
            for literal, found in things.items():
                if not end.endswith(literal) and not literal.endswith(end):
                    continue
                if Text((*other, literal)).equals(name) is not Truth.NO:
                    yield from found


def _cut(text: Text) -> tuple[Beginning, str]:
    """Cut a text before its last literal."""
    last = text.parts[-1] if text.parts else ""
    return (text.parts[:-1], last) if isinstance(last, str) else (text.parts, "")
