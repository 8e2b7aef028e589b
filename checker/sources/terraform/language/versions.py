"""Version constraints of module calls: `~> 4.0, != 4.2.1`.

See https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne

_CONSTRAINT = re.compile(
    r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(-[0-9A-Za-z.-]+)?(?:\+\S+)?\s*"
)
_MOST_PARTS = 8


def allows(constraint: str, version: str) -> bool | None:
    """Tell whether a constraint allows a version; None where either cannot be read."""
    number = _CONSTRAINT.fullmatch(version)
    parts = [_CONSTRAINT.fullmatch(each) for each in constraint.split(",")]
    if number is None or number[1]:
        return None
    ours, release = _numbers(number[2]), number[3] or ""
    answers = [None if each is None else _one(each, ours, release) for each in parts]
    if False in answers:
        return False
    return None if None in answers else True


def _one(constraint: re.Match[str], version: tuple[int, ...], release: str) -> bool | None:
    operator = constraint[1] or "="
    wanted, own = _numbers(constraint[2]), constraint[3] or ""
    if release or own:
        # A release candidate is chosen only where it is named.
        same = (version, release) == (wanted, own)
        return same if operator == "=" or release else None
    if operator == "~>":
        fixed = max(constraint[2].count("."), 1)
        return version >= wanted and version[:fixed] == wanted[:fixed]
    return _COMPARED[operator](version, wanted)


_COMPARED: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "=": eq,
    "!=": ne,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


def _numbers(text: str) -> tuple[int, ...]:
    """Return the parts of a version, as many as are compared."""
    parts = [int(each[:18]) for each in text.split(".")[:_MOST_PARTS]]
    return tuple(parts + [0] * (_MOST_PARTS - len(parts)))
