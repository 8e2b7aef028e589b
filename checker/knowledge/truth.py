"""Kleene's three truth values: what is sure, and what is not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NoReturn


class Truth(IntEnum):
    """Kleene's three truth values: `&` is the least, `|` the greatest, `~` turns round."""

    NO = 0
    MAYBE = 1
    YES = 2

    def __and__(self, other: Truth) -> Truth:  # type: ignore[override]
        return min(self, other)

    def __or__(self, other: Truth) -> Truth:  # type: ignore[override]
        return max(self, other)

    def __invert__(self) -> Truth:
        return _TURNED[self]

    def __bool__(self) -> NoReturn:
        raise TypeError("compare with Truth.YES, Truth.MAYBE or Truth.NO")

    @staticmethod
    def of(fact: bool) -> Truth:  # noqa: FBT001 - it turns a fact into a truth
        """Return YES or NO."""
        return Truth.YES if fact else Truth.NO


_TURNED = (Truth.YES, Truth.MAYBE, Truth.NO)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return the least truth; YES if there is none."""
    return min(truths, default=Truth.YES)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return the greatest truth; NO if there is none."""
    return max(truths, default=Truth.NO)
