"""The tokens of rewritten code: words, numbers, strings, signs and newlines."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"[ \t\r]*(?:(?P<newline>\n)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r'|(?P<word>[A-Za-z_][\w-]*)|(?P<string>"_*")'
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||=>|\.\.\.|[-+*/%<>!?:=.,()\[\]{}])|(?P<end>\Z))",
    re.ASCII,
)


class Unreadable(Exception):  # noqa: N818 - it hands over, it does not fail
    """The code is not valid, or not of the kind that this reader knows."""


class Token(NamedTuple):
    """A word, number, string, sign, newline or the end, with its offsets in the code."""

    kind: str
    text: str
    start: int
    end: int


def tokens(code: str) -> list[Token]:
    """Return the tokens up to the end; Unreadable where no token stands."""
    found: list[Token] = []
    at = 0
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup
        if kind is None or match.start() != at:
            raise Unreadable
        start, at = match.span(kind)
        found.append(Token(kind, match[kind], start, at))
        if kind == "end":
            return found
    raise Unreadable
