"""Things found by a text that names them, where texts may hold holes.

Two texts that begin alike, holes included, and end in different literals are surely different.
So texts are kept by what they begin with, and most questions need no comparison at all. The
comparisons that are needed are bounded, since every text with a hole may be every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text, TextIdentities
from checker.knowledge.truth import Truth

T = TypeVar("T")
Beginning: TypeAlias = tuple[str | Hole, ...]
MOST_COMPARISONS = 100_000
"""How many names may be compared one with another, over all that is looked up in one lookup."""
_QUICK = 16
"""So many names are seen to be different at their first characters in the time of a comparison."""


class TooManyError(Exception):
    """More names would have to be compared than may be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} names that are not wholly known would be compared")


class Lookup(Generic[T]):
    """Things by their names; several may have one name."""

    def __init__(self, pairs: Iterable[tuple[Text, T]], most: int = MOST_COMPARISONS) -> None:
        self._things: dict[Beginning, dict[str, list[T]]] = {}
        self._left = most * _QUICK
        self._most = most
        self._left_over: tuple[TextIdentities, Lookup[T]] | None = None
        for name, thing in pairs:
            beginning, end = _cut(name)
            self._things.setdefault(beginning, {}).setdefault(end, []).append(thing)

    def named(self, name: Text) -> list[T]:
        """Return the things that surely have this name."""
        beginning, end = _cut(name)
        return self._things.get(beginning, {}).get(end, [])

    def perhaps(self, name: Text) -> Iterator[T]:
        """Yield the things that may have this name, without those that surely have it.

        Raises:
            TooManyError: too many names were compared, for this one and those before.
        """
        identities = name.identities
        if identities is not None and identities.settled(name):
            yield from self._unsettled(identities).compared(name)
        else:
            yield from self.compared(name)

    def _unsettled(self, identities: TextIdentities) -> Lookup[T]:
        """Return the things whose names may be another's: only these may have a settled name."""
        if self._left_over is None or self._left_over[0] is not identities:
            rest = ((name, t) for name, t in self._pairs() if not identities.settled(name))
            self._left_over = identities, Lookup(rest, self._most)
        return self._left_over[1]

    def _pairs(self) -> Iterator[tuple[Text, T]]:
        for beginning, ends in self._things.items():
            for end, things in ends.items():
                name = Text((*beginning, end))
                yield from ((name, thing) for thing in things)

    def compared(self, name: Text) -> Iterator[T]:
        """Yield the things that may have this name, each of them compared with it."""
        beginning, end = _cut(name)
        for other, things in self._things.items():
            if other == beginning:
                continue
            self._count(1 + len(things))
            ends = [
                (literal, found)
                for literal, found in things.items()
                if end.endswith(literal) or literal.endswith(end)
            ]
            if not ends or (len(ends) > 1 and self._apart(other, name)):
                continue
            for literal, found in ends:
                self._count(_QUICK + len(found))
                if Text((*other, literal)).equals(name) is not Truth.NO:
                    yield from found

    def _apart(self, beginning: Beginning, name: Text) -> bool:
        """Tell whether a name surely begins otherwise."""
        self._count(1)
        ours, theirs = (parts[0] if parts else "" for parts in (name.parts, beginning))
        if isinstance(ours, Hole) or isinstance(theirs, Hole):
            pass
        elif not ours.startswith(theirs) and not theirs.startswith(ours):
            return True
        self._count(_QUICK)
        return name.like(Text((*beginning, "*"))) is Truth.NO

    def _count(self, comparisons: int) -> None:
        self._left -= comparisons
        if self._left < 0:
            raise TooManyError(self._most)


def _cut(text: Text) -> tuple[Beginning, str]:
    """Cut a text before its last literal."""
    last = text.parts[-1] if text.parts else ""
    return (text.parts[:-1], last) if isinstance(last, str) else (text.parts, "")
