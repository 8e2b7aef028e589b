"""Tokens: what stands for a sensitive text inside the program, and what people see.

A token numbers the value: equal values have one token and different values different ones, so that
what is named after a sensitive value (a hole, the id of a thing) stays as distinct as the values.
`shown` turns the tokens into the one word that every report shows.
"""

from __future__ import annotations

import re
from itertools import count

MASK = "(sensitive)"
"""What a report shows in place of a sensitive value."""
_TOKEN = re.compile(r"\(sensitive #\d+\)")
_tokens: dict[str, str] = {}
_numbers = count(1)


def token(text: str) -> str:
    """Return what stands for a sensitive text inside the program: the same for equal texts."""
    text = str.__str__(text)
    found = _tokens.get(text)
    return found or _tokens.setdefault(text, f"(sensitive #{next(_numbers)})")


def shown(text: str) -> str:
    """Return a text for people: every token in it becomes `(sensitive)`."""
    return _TOKEN.sub(MASK, text) if "(sensitive #" in text else text


def begin() -> None:
    """Begin a run: what an earlier one in this process met is forgotten."""
    _tokens.clear()


def note() -> None:
    """Note that the input holds something sensitive."""
    token("")


def met() -> bool:
    """Tell whether there was anything sensitive so far."""
    return bool(_tokens)
