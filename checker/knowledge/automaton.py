"""Sets of places as the bits of one number, so that one step moves all of them.

This is the bit-parallel simulation of an automaton (Baeza-Yates and Gonnet, Wu and Manber): a
step costs the number of places divided by the width of a machine word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def flood(places: int, passable: int) -> int:
    """Return the places that are reached, where a place that is passable leads to the next one."""
    starts = places & passable
    # the carry of the addition runs up each stretch of passable places, from its lowest start
    return places | starts | (passable ^ (passable + starts))


def find(masks: Callable[[T], int], length: int, text: Sequence[T], at: int, end: int) -> int:
    """Return the leftmost place from `at` where a piece fits before `end`; -1 if there is none.

    `masks` tells at which places of the piece, from bit 0, an element of the text may stand.
    """
    if not length:
        return at
    last = 1 << (length - 1)
    here = 0
    for place in range(at, end):
        here = (here << 1 | 1) & masks(text[place])
        if here & last:
            return place - length + 1
    return -1
