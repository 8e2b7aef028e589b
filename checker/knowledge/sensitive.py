"""Strings and numbers that decide as what they are, and that no person is shown.

A sensitive string compares, matches and splits like any other string, but `str()`, `format()` and
`repr()` write a token in place of what is sensitive, see sensitive_tokens.py. What is made of it by
a method or an operator is sensitive too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from typing import Any, Self, SupportsIndex, TypeVar

from checker.knowledge.sensitive_tokens import token

T = TypeVar("T")
_PLAIN = {str}
Spans = tuple[tuple[int, int], ...]


class SensitiveString(str):
    """A string with sensitive stretches; without `spans` all of it is sensitive.

    `spans` are the stretches: start and end, from left to right.
    """

    __slots__ = ("spans",)
    spans: Spans

    def __new__(cls, text: str, spans: Spans | None = None) -> Self:
        """Return a text of which all, or these spans, is sensitive."""
        made = super().__new__(cls, _plain(text))
        made.spans = ((0, len(text)),) if spans is None else spans
        return made

    def __getnewargs__(self) -> tuple[str, Spans]:  # type: ignore[override]
        return _plain(self), self.spans

    def __str__(self) -> str:
        return "".join(token(text) if secret else text for text, secret in self.stretches())

    def __repr__(self) -> str:
        return repr(str(self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def stretches(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in pieces, each with whether it is sensitive."""
        text, at = _plain(self), 0
        for start, end in self.spans:
            if start > at:
                yield text[at:start], False
            yield text[start:end], True
            at = end
        if at < len(text):
            yield text[at:], False

    def _cut(self, start: int, end: int) -> str:
        """Return a stretch; a plain string if nothing in it is sensitive."""
        text = _plain(self)[start:end]
        first = max(bisect_left(self.spans, (start, 0)) - 1, 0)
        spans = self.spans[first : bisect_left(self.spans, (end, 0))]
        inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in spans if b > start)
        return SensitiveString(text, inside) if inside else text

    def _made(self, text: str) -> str:
        """Return what a change of characters makes: with the same spans if it is as long."""
        if len(text) == len(self):
            return SensitiveString(text, self.spans)
        return SensitiveString(text)

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        if not isinstance(key, slice):
            at = range(len(self))[key]
            return self._cut(at, at + 1)
        start, end, step = key.indices(len(self))
        return (
            self._cut(start, max(start, end))
            if step == 1
            else SensitiveString(super().__getitem__(key))
        )

    def __add__(self, other: str) -> str:
        return joined((self, other))

    def __radd__(self, other: str) -> str:
        return joined((other, self))

    def __mul__(self, times: SupportsIndex) -> str:
        return joined([self] * int(times.__index__()))

    __rmul__ = __mul__

    def __mod__(self, values: Any) -> str:  # noqa: ANN401 - as `str` has it
        return SensitiveString(super().__mod__(values))

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        """Split like a string."""
        return self._placed(super().split(sep, maxsplit))

    def rsplit(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        """Split like a string, from the right."""
        return self._placed(super().rsplit(sep, maxsplit))

    def splitlines(self, keepends: bool = False) -> list[str]:  # noqa: FBT001, FBT002 - as `str` has it
        """Split like a string."""
        return self._placed(super().splitlines(keepends))

    def partition(self, sep: str) -> tuple[str, str, str]:
        """Cut like a string."""
        before, at, after = self._placed(super().partition(sep))
        return before, at, after

    def rpartition(self, sep: str) -> tuple[str, str, str]:
        """Cut like a string, from the right."""
        before, at, after = self._placed(super().rpartition(sep))
        return before, at, after

    def _placed(self, pieces: Iterable[str]) -> list[str]:
        """Return pieces that stand in the text from left to right, with their spans."""
        found: list[str] = []
        text, at = _plain(self), 0
        for piece in pieces:
            start = text.index(piece, at)
            at = start + len(piece)
            found.append(self._cut(start, at))
        return found

    def strip(self, chars: str | None = None) -> str:
        """Strip like a string."""
        return self.lstrip(chars).rstrip(chars)

    def lstrip(self, chars: str | None = None) -> str:
        """Strip like a string."""
        return self._cut(len(self) - len(super().lstrip(chars)), len(self))

    def rstrip(self, chars: str | None = None) -> str:
        """Strip like a string."""
        return self._cut(0, len(super().rstrip(chars)))

    def removeprefix(self, prefix: str, /) -> str:
        """Remove like a string."""
        return self._cut(len(self) - len(super().removeprefix(prefix)), len(self))

    def removesuffix(self, suffix: str, /) -> str:
        """Remove like a string."""
        return self._cut(0, len(super().removesuffix(suffix)))

    def lower(self) -> str:
        """Lower like a string."""
        return self._made(super().lower())

    def upper(self) -> str:
        """Raise like a string."""
        return self._made(super().upper())

    def casefold(self) -> str:
        """Fold like a string."""
        return self._made(super().casefold())

    def title(self) -> str:
        """Capitalize like a string."""
        return self._made(super().title())

    def capitalize(self) -> str:
        """Capitalize like a string."""
        return self._made(super().capitalize())

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> str:
        """Replace like a string."""
        if old not in self:
            return self
        made = super().replace(old, new, count)
        return self._made(made) if len(old) == len(new) else SensitiveString(made)

    def format(self, *args: object, **named: object) -> str:
        """Fill in like a string."""
        return SensitiveString(super().format(*args, **named))


def _plain(text: str) -> str:
    return str.__str__(text) if type(text) is str else "".join(str.__iter__(text))


def plain(text: str) -> str:
    """Return a string as it is, to decide by; it must never reach a person."""
    return _plain(text)


def joined(parts: Iterable[str]) -> str:
    """Join strings; the result is sensitive where they are."""
    pieces = list(parts)
    if {*map(type, pieces)} <= _PLAIN:
        return "".join(pieces)
    spans: list[tuple[int, int]] = []
    at = 0
    for piece in pieces:
        if isinstance(piece, SensitiveString):
            for start, end in piece.spans:
                if spans and spans[-1][1] == start + at:
                    spans[-1] = (spans[-1][0], end + at)
                else:
                    spans.append((start + at, end + at))
        at += len(piece)
    return SensitiveString("".join(map(_plain, pieces)), tuple(spans))


class SensitiveInteger(int):
    """A whole number that is not shown, and neither is what is computed of it."""

    def __str__(self) -> str:
        return token(int.__repr__(self))

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)

    def __add__(self, other: int) -> int:
        return _number(int.__add__(self, other))

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        return _number(int.__sub__(self, other))

    def __rsub__(self, other: int) -> int:
        return _number(int.__rsub__(self, other))

    def __mul__(self, other: int) -> int:
        return _number(int.__mul__(self, other))

    __rmul__ = __mul__

    def __floordiv__(self, other: int) -> int:
        return _number(int.__floordiv__(self, other))

    def __rfloordiv__(self, other: int) -> int:
        return _number(int.__rfloordiv__(self, other))

    def __mod__(self, other: int) -> int:
        return _number(int.__mod__(self, other))

    def __neg__(self) -> int:
        return _number(int.__neg__(self))


def _number(value: Any) -> int:  # noqa: ANN401 - an `int`, or NotImplemented
    return SensitiveInteger(value) if isinstance(value, int) else value


class SensitiveDecimal(Decimal):
    """A number with a fraction that is not shown."""

    def __str__(self) -> str:
        return token(Decimal.__str__(self))

    __repr__ = __str__

    def __format__(self, spec: str, context: Context | None = None, /) -> str:
        return str(self)


def is_sensitive(value: object) -> bool:
    """Tell whether a string or number is sensitive, or a part of it."""
    return isinstance(value, (SensitiveString, SensitiveInteger, SensitiveDecimal))


def sealed(value: T) -> T:
    """Return a string or number as a sensitive one; anything else as it is."""
    made: Any = value
    if isinstance(value, str):
        made = SensitiveString(value)
    elif isinstance(value, Decimal):
        made = SensitiveDecimal(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        made = SensitiveInteger(value)
    return made  # type: ignore[no-any-return]


def opened(value: T) -> T:
    """Return a sensitive string or number as a plain one; anything else as it is."""
    made: Any = value
    if isinstance(value, SensitiveString):
        made = _plain(value)
    elif isinstance(value, SensitiveInteger):
        made = int.__int__(value)
    elif isinstance(value, SensitiveDecimal):
        made = Decimal(Decimal.__str__(value))
    return made  # type: ignore[no-any-return]


def carried(of: object, made: T) -> T:
    """Return what was made of a value: sensitive if the value is, or a part of it."""
    return sealed(made) if is_sensitive(of) else made
