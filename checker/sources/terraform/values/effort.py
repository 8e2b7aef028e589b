"""How much work it is to compare values that may hold unknowns, and how much of it may be.

Two texts with unknowns are compared by a search whose states are the product of their lengths.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import TerraformValue, first_hole, inside

MOST_COMPARISONS = 20_000
"""How many pairs of values with unknowns in them are compared to make one set."""
MOST_STATES = 250_000
"""How much there may be to search where two texts with unknowns in them are compared."""
MOST_EFFORT = 300_000
"""How many steps the comparisons may take that make one set of values with unknowns in them."""
STATES = 10
"""How many states of such a search are one step of the budget."""


def effort(left: TerraformValue, right: TerraformValue) -> int:
    """Return how many steps it takes at most to compare two values."""
    if isinstance(left, (Text, Hole)) or isinstance(right, (Text, Hole)):
        texts = [as_text(side) for side in (left, right)]
        if texts[0] is not None and texts[1] is not None:
            searched = min(states(texts[0], texts[1]), MOST_STATES)
            return _COMPARISON + weight(left) + weight(right) + searched // STATES
        return 1
    inner = inside(left), inside(right)
    if not inner[0] or not inner[1]:
        return min(weight(left), weight(right))
    return 1 + sum(map(effort, *inner))  # as many as the shorter one has


_COMPARISON = 8  # the steps of comparing the shortest of texts with unknowns


def comparisons(values: Sequence[TerraformValue]) -> int:
    """Return how many steps it takes at most to find out which values are the same."""
    partial = [value for value in values if first_hole(value) is not None]
    if len(partial) * len(values) > MOST_COMPARISONS:
        return 0  # they are not compared at all
    steps = 0
    for value in partial:
        steps += sum(effort(value, other) for other in values)
        if steps > MOST_EFFORT:
            return MOST_EFFORT
    return steps


def states(left: Text, right: Text) -> int:
    """Return how many states a comparison has at most: the product of what differs."""
    a, b = list(left.parts), list(right.parts)
    start = 0
    while start < min(len(a), len(b)) and _settled(a[start], b[start]):
        start += 1
    a, b = a[start:], b[start:]
    if a and b and isinstance(a[0], str) and isinstance(b[0], str):
        if not (a[0].startswith(b[0]) or b[0].startswith(a[0])):
            return 1  # they differ in a character, and the search ends there
        if len(a) == len(b) == 1:
            return 1
    while a and b and _settled(a[-1], b[-1]):
        a.pop()
        b.pop()
    return _size(a) * _size(b)


def _settled(one: str | Hole, other: str | Hole) -> bool:
    """Tell whether two parts are alike and of one length, so that no search is needed."""
    return one == other and (isinstance(one, str) or not one.kind.alphabet.open_ended)


def _size(parts: Sequence[str | Hole]) -> int:
    return sum(len(part) if isinstance(part, str) else 1 for part in parts)


def as_text(value: TerraformValue) -> Text | None:
    """Return a string, text or hole as a text, None for anything else."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Hole):
        return Text((value,))
    return Text((value,)) if isinstance(value, str) else None
