"""Texts that stand for something unknown, such as what the CDK writes before it looked it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Unknown


def with_holes(written: str, stand_ins: Mapping[str, Unknown]) -> tuple[str | Hole, ...]:
    """Return a text with a hole for each time that one of them stands in it."""
    parts: list[str | Hole] = [written]
    for word, why in stand_ins.items():
        if word in written:
            parts = [piece for each in parts for piece in _split(each, word, why)]
    return tuple(parts)


def _split(part: str | Hole, word: str, why: Unknown) -> Iterator[str | Hole]:
    if isinstance(part, Hole):
        yield part
        return
    first, *rest = part.split(word)
    yield first
    for each in rest:
        yield Hole(word, why=why.why, at=why.at, remedy=why.remedy)
        yield each
