"""What names resources of a stack: a text that surely names one of them names no other.

Two resources of a stack are two things, whatever their names come to: AWS makes one of a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from checker.knowledge.lookup import Lookup
from checker.knowledge.text import Text

T = TypeVar("T")


class Mentions(Generic[T]):
    """Things by the text that names a resource; `made` are the names of the stack's resources."""

    def __init__(self, pairs: Iterable[tuple[Text, T]], made: Iterable[Text]) -> None:
        every, known = list(pairs), frozenset(made)
        self._every = Lookup(every)
        self._open = Lookup(pair for pair in every if pair[0] not in known)

    def named(self, name: Text) -> list[T]:
        """Return what surely names a resource."""
        return self._every.named(name)

    def perhaps(self, name: Text, *, made: bool = True) -> Iterator[T]:
        """Yield what may name a resource that the stack has `made`, or another.

        Raises TooManyError where too many names would have to be compared.
        """
        return (self._open if made else self._every).perhaps(name)
