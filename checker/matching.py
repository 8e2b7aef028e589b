"""Patterns over text with gaps: does every filling match, does some filling match?

Both questions are answered without recursion and in time bounded by the product of the two
lengths; past `MOST_STATES` the answer is the one that claims least.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What a hole may hold: the characters `only` (or all but `never`), and how many.

    The alphabets are nested one in another, so any two of them have characters in common.
    """

    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    least: int = 0
    open_ended: bool = True

    def has(self, character: str) -> bool:
        """Tell whether the character may occur."""
        return character in self.only if self.only is not None else character not in self.never

    def narrower(self, other: Alphabet) -> Alphabet:
        """Return the narrower of two; each is part of the other or holds it."""
        return min(self, other, key=_width)


_DIGITS = frozenset("0123456789")
_LOWER = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyz-")

ANYTHING = Alphabet()
ACCOUNT = Alphabet(only=_DIGITS, least=12, open_ended=False)
CODE = Alphabet(only=_LOWER, least=1)
PART = Alphabet(never=frozenset(":*?\"'\\"))
NAME = Alphabet(never=frozenset(":*?\"'\\"), least=1)


def _width(alphabet: Alphabet) -> int:
    return (ACCOUNT, CODE, NAME, PART, ANYTHING).index(alphabet)


@dataclass(frozen=True, slots=True)
class Gap:
    """One character (`many` is false) or any number of characters that are not known yet.

    Gaps of one name and one `index` hold the same characters.
    """

    name: str
    index: int
    alphabet: Alphabet
    many: bool


@dataclass(frozen=True, slots=True)
class Wild:
    """`*` (many) or `?` (one) in a pattern."""

    many: bool


Token: TypeAlias = str | Gap | Wild

STAR, ONE = Wild(many=True), Wild(many=False)
MOST_STATES = 2_000_000


def characters(text: str, *, wild: bool) -> Iterable[Token]:
    """Return the tokens of a literal text; with `wild`, `*` and `?` are wildcards."""
    if wild and ("*" in text or "?" in text):
        return [STAR if c == "*" else ONE if c == "?" else c for c in text]
    return text


def gap(name: str, alphabet: Alphabet) -> Iterable[Token]:
    """Return the tokens of a hole: the characters that it surely has, then the rest."""
    out: list[Token] = [Gap(name, n, alphabet, many=False) for n in range(alphabet.least)]
    if alphabet.open_ended:
        out.append(Gap(name, alphabet.least, alphabet, many=True))
    return out


def glob(text: str, pattern: str) -> bool:
    """Tell whether a text without gaps matches a pattern with `*` and `?`."""
    if "*" not in pattern:
        return len(text) == len(pattern) and (text == pattern or _piece_at(pattern, text, 0))
    first, middle, last = _pieces(pattern)
    at, end = len(first), len(text) - len(last)
    if at > end or not (_piece_at(first, text, 0) and _piece_at(last, text, end)):
        return False
    for piece, compiled in middle:
        if compiled is None:
            found = text.find(piece, at, end)
        else:
            match = compiled.search(text, at, end)
            found = match.start() if match else -1
        if found < 0:
            return False
        at = found + len(piece)
    return True


_Piece: TypeAlias = tuple[str, re.Pattern[str] | None]


@lru_cache(maxsize=4096)
def _pieces(pattern: str) -> tuple[str, tuple[_Piece, ...], str]:
    """Cut a pattern at its stars; a piece with `?` comes with an expression that finds it."""
    first, *middle, last = pattern.split("*")
    return first, tuple((p, _compiled(p) if "?" in p else None) for p in middle if p), last


def _compiled(piece: str) -> re.Pattern[str]:
    return re.compile("".join("." if c == "?" else re.escape(c) for c in piece), re.DOTALL)


def _piece_at(piece: str, text: str, at: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, at)
    return all(c in ("?", text[at + n]) for n, c in enumerate(piece))


def covers(pattern: tuple[Token, ...], text: tuple[Token, ...]) -> bool:
    """Tell whether every filling of `text` matches `pattern` (sound, not complete).

    The pattern is cut at its stars; each piece is found at its leftmost place, which is the
    best one, since the star after it may take whatever is left.
    """
    first, *rest = _cut(pattern)
    if not rest:
        return len(pattern) == len(text) and _fits(pattern, text, 0)
    *middle, last = rest
    end = len(text) - len(last)
    at = len(first)
    if at > end or not (_fits(first, text, 0) and _fits(last, text, end)):
        return False
    for piece in middle:
        while at + len(piece) <= end and not _fits(piece, text, at):
            at += 1
        at += len(piece)
        if at > end:
            return False
    return True


def _cut(pattern: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    pieces: list[tuple[Token, ...]] = []
    start = 0
    for index, token in enumerate(pattern):
        if token is STAR:
            pieces.append(pattern[start:index])
            start = index + 1
    pieces.append(pattern[start:])
    return pieces


def _fits(piece: tuple[Token, ...], text: tuple[Token, ...], at: int) -> bool:
    for offset, token in enumerate(piece):
        other = text[at + offset]
        if token == other:
            continue
        if token is not ONE or (isinstance(other, Gap) and other.many):
            return False
    return True


def overlaps(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Tell whether some filling of both sides makes them equal (complete, not sound).

    That two gaps of one name hold one text is not used, so the answer may be yes too often.
    """
    left, right = _trim(left, right)
    if len(left) * len(right) > MOST_STATES:
        return True
    seen = {(0, 0)}
    queue = [(0, 0)]
    while queue:
        here = queue.pop()
        if here == (len(left), len(right)):
            return True
        for after in _steps(left, right, *here):
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return False


def _trim(
    left: tuple[Token, ...], right: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Drop what both sides have in common at their ends, which needs no search."""
    start = 0
    most = min(len(left), len(right))
    while start < most and left[start] == right[start] and not _many(left[start]):
        start += 1
    left, right = left[start:], right[start:]
    end = 0
    most = min(len(left), len(right))
    while end < most and left[-1 - end] == right[-1 - end] and not _many(left[-1 - end]):
        end += 1
    return left[: len(left) - end], right[: len(right) - end]


def _steps(
    left: tuple[Token, ...], right: tuple[Token, ...], i: int, j: int
) -> Iterable[tuple[int, int]]:
    """Yield the states that follow: a gap ends, or both sides take one character."""
    a = left[i] if i < len(left) else None
    b = right[j] if j < len(right) else None
    a_many, b_many = a is not None and _many(a), b is not None and _many(b)
    if a_many:
        yield i + 1, j
    if b_many:
        yield i, j + 1
    if a is not None and b is not None and _share(a, b) and not (a_many and b_many):
        yield i + (not a_many), j + (not b_many)


def _many(token: Token) -> bool:
    return not isinstance(token, str) and token.many


def _share(a: Token, b: Token) -> bool:
    """Tell whether one character can stand for both tokens."""
    if isinstance(a, str):
        return a == b if isinstance(b, str) else isinstance(b, Wild) or b.alphabet.has(a)
    return isinstance(a, Wild) or not isinstance(b, str) or a.alphabet.has(b)
