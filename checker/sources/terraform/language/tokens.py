"""The tokens of rewritten code (words, numbers, strings, signs), and a position in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree

_TOKEN = re.compile(
    r"[ \t\r]*(?:(?P<newline>\n)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r'|(?P<word>[A-Za-z_][\w-]*)|(?P<string>"_*")'
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||=>|\.\.\.|[-+*/%<>!?:=.,()\[\]{}])|(?P<end>\Z))",
    re.ASCII,
)
MOST_DEPTH = 120
"""How deep expressions and blocks may be nested."""


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


class Source(NamedTuple):
    """What stands behind the code: the original text, and how to read strings and places.

    `shift` turns an offset in the code into one in the text.
    """

    text: str
    shift: int
    string: Callable[[int, int], tree.Expression]
    locate: Callable[[int, int], Location]


class TokenReader:
    """A position in the tokens of code; every method reads on from it."""

    def __init__(self, code: str, source: Source) -> None:
        self._tokens = tokens(code)
        self._source = source
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _sign(self, text: str) -> bool:
        token = self._tokens[self._at]
        return token.text == text and token.kind == "sign"

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def expect(self, kind: str, text: str = "") -> Token:
        """Read a token of a kind (and text); Unreadable if another stands there."""
        token = self._take()
        if token.kind != kind or (text and token.text != text):
            raise Unreadable
        return token

    def newlines(self) -> None:
        """Pass over newlines."""
        while self._next.kind == "newline":
            self._at += 1

    def _span(self, start: int) -> Location:
        """Return the place from an offset to the end of the token that was read last."""
        shift = self._source.shift
        return self._source.locate(start + shift, self._tokens[self._at - 1].end + shift)

    def _original(self, start: int, end: int) -> str:
        return self._source.text[start + self._source.shift : end + self._source.shift]

    def _named(self, token: Token) -> str:
        return self._original(token.start, token.end)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable
