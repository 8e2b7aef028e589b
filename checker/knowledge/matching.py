"""Patterns over text with holes: does every filling match, does some filling match?

Without holes a pattern is matched piece by piece, in time linear in the text. With holes both
questions are answered by an automaton whose states are the bits of one number; past `MOST_STATES`
(the product of the two lengths) the answer is the one that claims least.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

from checker.knowledge.alphabets import Alphabet
from checker.knowledge.automaton import find, flood
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Filler:
    """One character (`many` is false) or any number of characters that are not known yet.

    Fillers of one name and one `index` hold the same characters.
    """

    name: str
    index: int
    alphabet: Alphabet
    many: bool


@dataclass(frozen=True, slots=True)
class Wild:
    """`*` (many) or `?` (one) in a pattern."""

    many: bool


PatternToken: TypeAlias = str | Filler | Wild

STAR, ONE = Wild(many=True), Wild(many=False)
MOST_STATES = 2_000_000
MOST_PATTERN = 20_000
"""How long a pattern may be that is compared with wildcards."""


def characters(text: str, *, wild: bool) -> Iterable[PatternToken]:
    """Return the tokens of a literal text; with `wild`, `*` and `?` are wildcards."""
    if wild and ("*" in text or "?" in text):
        return [STAR if c == "*" else ONE if c == "?" else c for c in text]
    return text


def hole(name: str, alphabet: Alphabet) -> Iterable[PatternToken]:
    """Return the tokens of a hole: the characters that it surely has, then the rest."""
    out: list[PatternToken] = [Filler(name, n, alphabet, many=False) for n in range(alphabet.least)]
    if alphabet.open_ended:
        out.append(Filler(name, alphabet.least, alphabet, many=True))
    return out


def head(pattern: str) -> str:
    """Return what comes before the first wildcard of a pattern."""
    return _WILD.split(pattern, maxsplit=1)[0]


def tail(pattern: str) -> str:
    """Return what comes after the last wildcard of a pattern."""
    return pattern[max(pattern.rfind("*"), pattern.rfind("?")) + 1 :]


_WILD = re.compile("[*?]")


def apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two texts differ by what they surely begin or end with."""
    (head, tail), (its_head, its_tail) = one, other
    if not head.startswith(its_head) and not its_head.startswith(head):
        return True
    return not tail.endswith(its_tail) and not its_tail.endswith(tail)


def glob(text: str, pattern: str) -> bool:
    """Tell whether a text without holes matches a pattern with `*` and `?`."""
    if "*" not in pattern:
        return len(text) == len(pattern) and (text == pattern or _piece_at(pattern, text, 0))
    first, middle, last = _pieces(pattern)
    at, end = len(first), len(text) - len(last)
    if at > end or not (_piece_at(first, text, 0) and _piece_at(last, text, end)):
        return False
    for piece, compiled in middle:
        if compiled is None:
            found = text.find(piece, at, end)
        elif len(piece) > LONGEST_TRIED:
            found = find(_masks(piece, "?"), len(piece), text, at, end)
        else:
            match = compiled.search(text, at, end)
            found = match.start() if match else -1
        if found < 0:
            return False
        at = found + len(piece)
    return True


def starred(text: str, pattern: str) -> bool:
    """Tell whether a text matches a pattern in which only `*` is special."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in filter(None, middle):
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


LONGEST_TRIED = 64
"""How long a piece with `?` may be that is tried at every place of a text."""


def _masks(piece: Iterable[PatternToken], wildcard: PatternToken) -> Callable[[PatternToken], int]:
    """Return at which places of a piece, as bits, a token of a text may stand."""
    places: dict[PatternToken, int] = {}
    anywhere = 0
    for offset, token in enumerate(piece):
        if token == wildcard:
            anywhere |= 1 << offset
        else:
            places[token] = places.get(token, 0) | 1 << offset

    def masks(token: PatternToken) -> int:
        found = places.get(token, 0)
        return found if isinstance(token, Filler) and token.many else found | anywhere

    return masks


_UNUSED = re.compile("")
_Piece: TypeAlias = tuple[str, re.Pattern[str] | None]


@lru_cache(maxsize=4096)
def _pieces(pattern: str) -> tuple[str, tuple[_Piece, ...], str]:
    """Cut a pattern at its stars; a piece with `?` comes with an expression that finds it."""
    first, *middle, last = pattern.split("*")
    return first, tuple((p, _compiled(p) if "?" in p else None) for p in middle if p), last


def _compiled(piece: str) -> re.Pattern[str]:
    if len(piece) > LONGEST_TRIED:
        return _UNUSED
    return re.compile("".join("." if c == "?" else re.escape(c) for c in piece), re.DOTALL)


def _piece_at(piece: str, text: str, at: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, at)
    return all(c in ("?", text[at + n]) for n, c in enumerate(piece))


def covers(pattern: tuple[PatternToken, ...], text: tuple[PatternToken, ...]) -> bool:
    """Tell whether every filling of `text` matches `pattern` (sound, not complete).

    The pattern is cut at its stars; each piece is found at its leftmost place, which is the
    best one, since the star after it may take whatever is left.
    """
    if len(pattern) > MOST_PATTERN:
        return False
    first, *rest = _cut(pattern)
    if not rest:
        return len(pattern) == len(text) and _fits(pattern, text, 0)
    *middle, last = rest
    end = len(text) - len(last)
    at = len(first)
    if at > end or not (_fits(first, text, 0) and _fits(last, text, end)):
        return False
    for piece in filter(None, middle):
        found = find(_masks(piece, ONE), len(piece), text, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _cut(pattern: tuple[PatternToken, ...]) -> list[tuple[PatternToken, ...]]:
    pieces: list[tuple[PatternToken, ...]] = []
    start = 0
    for index, token in enumerate(pattern):
        if token is STAR:
            pieces.append(pattern[start:index])
            start = index + 1
    pieces.append(pattern[start:])
    return pieces


def _fits(piece: tuple[PatternToken, ...], text: tuple[PatternToken, ...], at: int) -> bool:
    for offset, token in enumerate(piece):
        other = text[at + offset]
        if token == other:
            continue
        if token is not ONE or (isinstance(other, Filler) and other.many):
            return False
    return True


def overlaps(left: tuple[PatternToken, ...], right: tuple[PatternToken, ...]) -> bool:
    """Tell whether some filling of both sides makes them equal (complete, not sound).

    That two holes of one name hold one text is not used, so the answer may be yes too often. A
    state is how much of each side is spent: those with the same rest of `right` are the bits of
    one number.
    """
    left, right = _trim(left, right)
    if len(left) * len(right) > MOST_STATES:
        return True
    many = _bits(n for n, token in enumerate(left) if _many(token))
    shared = _sharing(left)
    spent = flood(1, many)
    for token in right:
        both = shared(token)
        if _many(token):
            # it ends, or takes what single tokens of the other side hold
            spent = flood(spent, many | both)
        else:
            spent = flood((spent & both & ~many) << 1 | spent & both & many, many)
        if not spent:
            return False
    return bool(spent >> len(left) & 1)


def _bits(places: Iterable[int]) -> int:
    bits = 0
    for place in places:
        bits |= 1 << place
    return bits


def _sharing(side: tuple[PatternToken, ...]) -> Callable[[PatternToken], int]:
    """Return which tokens of a side, as bits, may hold one character together with a token."""
    places: dict[PatternToken, int] = {}
    for place, token in enumerate(side):
        # what a token may hold depends on its alphabet, not on its name
        key = Filler("", 0, token.alphabet, many=False) if isinstance(token, Filler) else token
        key = ONE if isinstance(key, Wild) else key
        places[key] = places.get(key, 0) | 1 << place

    known: dict[PatternToken, int] = {}

    def sharing(token: PatternToken) -> int:
        bits = known.get(token)
        if bits is None:
            bits = 0
            for key, held in places.items():
                if _share(key, token):
                    bits |= held
            known[token] = bits
        return bits

    return sharing


def _trim(
    left: tuple[PatternToken, ...], right: tuple[PatternToken, ...]
) -> tuple[tuple[PatternToken, ...], tuple[PatternToken, ...]]:
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


def _many(token: PatternToken) -> bool:
    return not isinstance(token, str) and token.many


def _share(a: PatternToken, b: PatternToken) -> bool:
    """Tell whether one character can stand for both tokens."""
    if isinstance(a, str):
        return a == b if isinstance(b, str) else isinstance(b, Wild) or b.alphabet.has(a)
    return isinstance(a, Wild) or not isinstance(b, str) or a.alphabet.has(b)
