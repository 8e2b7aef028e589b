"""What the functions of strings cost: how many steps they take at most, see budget.py."""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import graphemes, patterns
from checker.sources.terraform.evaluation.functions.function import MOST_CHARACTERS, linear
from checker.sources.terraform.evaluation.functions.texts import text_of
from checker.sources.terraform.values.size_limits import CHARACTERS, length, weight, wide


def in_python(text: str) -> int:
    """Return the steps of what is done with one character after another."""
    return weight(text) + len(text) // 20


def case(text: str | Text) -> int:
    """Return the steps of another case: beyond ASCII it is one character after another."""
    written = str(text)
    return weight(text) if written.isascii() else 3 * weight(text) + len(written) // 10


def trim(text: str | Text, cutset: str | Text = "") -> int:
    """Return the steps of trimming: each character is looked for among those to cut."""
    different = len(set(cutset)) if isinstance(cutset, str) else 1
    size = sum(len(part) for part in text_of(text).parts if isinstance(part, str))
    return linear(text, cutset) + size * different // _SCANNED


_SCANNED = 10_000  # how many characters are compared in a step


def indent(spaces: int | Decimal, text: str | Text) -> int:
    """Return the steps of indenting: every line grows."""
    lines = sum(part.count("\n") for part in text_of(text).parts if isinstance(part, str))
    width = min(abs(int(spaces)), MOST_CHARACTERS)
    return 2 * weight(text) + lines * (1 + width // CHARACTERS) + search("\n", text)


def search(needle: str | Text, text: str | Text) -> int:
    """Return the steps of looking for a text where unknowns stand in the other."""
    if isinstance(text, str) or isinstance(needle, Text):
        return 0
    return len(text.holes) * min(len(needle), 200) ** 2 // 4


def strcontains(text: str | Text, needle: str | Text) -> int:
    """Return the steps of looking for a text in another."""
    return linear(text, needle) + search(needle, text)


def replace(text: str | Text, needle: str | Text, new: str | Text) -> int:
    """Return the steps of replacing every occurrence; a pattern spends more as it matches."""
    base = 2 * linear(text, needle) + search(needle, text)
    if isinstance(needle, Text):
        return base
    if len(needle) > 1 and needle[0] == needle[-1] == "/":
        return wide(text, new) * (base + weight(new)) + patterns.compiling(needle)
    literal = [part for part in text_of(text).parts if isinstance(part, str)]
    times = sum(part.count(needle) if needle else len(part) + 1 for part in literal)
    size = sum(length(part if isinstance(part, str) else part.name) for part in text_of(new).parts)
    made = times * size // CHARACTERS + weight(new)
    if not isinstance(text, str) or not isinstance(new, str) or not needle:
        made += times * len(text_of(new).parts)  # it is put together of its parts
    return wide(text, new) * (base + min(made, MOST_CHARACTERS))


def split(separator: str | Text, text: str | Text) -> int:
    """Return the steps of splitting: as many as there will be pieces, at least."""
    if isinstance(separator, Text):
        return 1
    literal = [part for part in text_of(text).parts if isinstance(part, str)]
    times = sum(part.count(separator) if separator else len(part) for part in literal)
    return 1 + times + 2 * weight(text) + search(separator, text)


def substr(text: str | Text, *_: int | Decimal) -> int:
    """Return the steps of what counts user-perceived characters."""
    return weight(text) + graphemes.effort(text if isinstance(text, str) else str(text))
