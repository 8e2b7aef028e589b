"""JSON arrays of which some elements are known, and not how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from checker.knowledge.holes import Hole
from checker.knowledge.sensitive import carried, plain
from checker.knowledge.text import Text
from checker.records import dataclass

MOST_ELEMENTS = 1_000
"""How many elements of such an array are kept apart."""


@dataclass(frozen=True, slots=True)
class ArrayHole(Hole):
    """A whole JSON array of which some elements are known, or its only element alone.

    `among` are the JSON texts of elements that are in it, in no known order. Each other element is
    a filling of one of `perhaps`, of which any number may be there; None where others may be
    anything. Whoever does not ask for them takes the array for unknown as a whole.
    """

    among: tuple[Text, ...] = field(default=(), compare=False, repr=False)
    perhaps: tuple[Text, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def extent(self) -> int:
        """How many characters its elements have."""
        return extent(self.among) + extent(self.perhaps or ())


def extent(texts: Iterable[Text]) -> int:
    """Return how many characters texts have, with those of the arrays in them."""
    return sum(
        len(part) if isinstance(part, str) else 1 + part.extent
        for text in texts
        for part in text.parts
    )


def characters(texts: Iterable[Text]) -> int:
    """Count the characters of texts besides white space, with those of the arrays in them.

    Of what is unknown none are there. The count of what holds a secret is a secret: it tells how
    long that is.
    """
    parts = [part for text in texts for part in text.parts]
    inside = [text for part in parts if isinstance(part, ArrayHole) for text in part.among]
    written = (part for part in parts if isinstance(part, str))
    own = sum(carried(part, len("".join(plain(part).split()))) for part in written)
    return own + (characters(inside) if inside else 0)


def without_elements(hole: Hole) -> Hole:
    """Return a hole without the elements that an array has, which may be sensitive."""
    if not isinstance(hole, ArrayHole):
        return hole
    return Hole(hole.name, hole.kind, hole.why, hole.at, hole.remedy, hole.other_than)
