"""What a hole may hold: which characters, and how many."""

from __future__ import annotations

from checker.records import dataclass


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

    def holds(self, text: str) -> bool:
        """Tell whether a hole may be this text."""
        if len(text) < self.least or (len(text) > self.least and not self.open_ended):
            return False
        return all(map(self.has, text))

    def narrower(self, other: Alphabet) -> Alphabet:
        """Return the narrower of two; each is part of the other or holds it."""
        return min(self, other, key=_width)


_DIGITS = frozenset("0123456789")
_LOWER = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyz-")
ANYTHING = Alphabet()
ACCOUNT = Alphabet(only=_DIGITS, least=12, open_ended=False)
CODE = Alphabet(only=_LOWER, least=1)
_NO_NAME = frozenset(":*?\"'\\\n")
PART = Alphabet(never=_NO_NAME)
NAME = Alphabet(never=_NO_NAME, least=1)


def _width(alphabet: Alphabet) -> int:
    return (ACCOUNT, CODE, NAME, PART, ANYTHING).index(alphabet)
