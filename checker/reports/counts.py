"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 rule`, `2 rules`, `2 parts not read`."""
    if number == 1:
        return f"1 {noun}"
    first, *others = noun.split(" ")
    return " ".join([f"{number} {first}s", *others])
