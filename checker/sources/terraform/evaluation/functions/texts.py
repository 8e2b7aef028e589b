"""Partly unknown texts: what is surely in them, and where."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.naming import call_name

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for white space (`unicode.IsSpace`)."""

TextPart = str | Hole


def text_of(value: str | Text | Hole) -> Text:
    """Return a string or hole as a text."""
    return value if isinstance(value, Text) else Text((value,))


def never_empty(text: Text) -> bool:
    """Tell whether a text surely has a character."""
    return any(isinstance(p, str) or p.kind.alphabet.least for p in text.parts)


def starts(text: Text, prefix: Text) -> Truth:
    """Tell whether a text starts with another, for every filling of both."""
    return _leads(list(text.parts), list(prefix.parts), first=True)[0]


def ends(text: Text, suffix: Text) -> Truth:
    """Tell whether a text ends with another, for every filling of both."""
    left, right = list(reversed(text.parts)), list(reversed(suffix.parts))
    return _leads(left, right, first=False)[0]


def without_prefix(text: Text, prefix: Text) -> Text:
    """Return a text without a prefix that it surely has."""
    return Text(tuple(_leads(list(text.parts), list(prefix.parts), first=True)[1]))


def without_suffix(text: Text, suffix: Text) -> Text:
    """Return a text without a suffix that it surely has."""
    rest = _leads(list(reversed(text.parts)), list(reversed(suffix.parts)), first=False)[1]
    return Text(tuple(reversed(rest)))


def _leads(
    left: list[TextPart], right: list[TextPart], *, first: bool
) -> tuple[Truth, list[TextPart]]:
    """Take from `left` what `right` says, at the front or, both reversed, at the end."""
    while right:
        wanted = right[0]
        if not left:
            sure = any(isinstance(p, str) or p.kind.alphabet.least for p in right)
            return (Truth.NO if sure else Truth.MAYBE), left
        have = left[0]
        if isinstance(have, str) and isinstance(wanted, str):
            size = min(len(have), len(wanted))
            mine = have[:size] if first else have[-size:]
            other = wanted[:size] if first else wanted[-size:]
            if mine != other:
                return Truth.NO, left
            left[:1] = _rest(have, size, first=first)
            right[:1] = _rest(wanted, size, first=first)
        elif have == wanted:
            left, right = left[1:], right[1:]
        else:
            return _against(have, wanted, first=first), left
    return Truth.YES, left


def _rest(part: str, size: int, *, first: bool) -> list[TextPart]:
    rest = part[size:] if first else part[: len(part) - size]
    return [rest] if rest else []


def _against(have: TextPart, wanted: TextPart, *, first: bool) -> Truth:
    """Compare a hole that is surely not empty with the literal character beside it."""
    hole, other = (have, wanted) if isinstance(have, Hole) else (wanted, have)
    if isinstance(hole, Hole) and isinstance(other, str) and hole.kind.alphabet.least:
        character = other[0] if first else other[-1]
        if not hole.kind.alphabet.has(character):
            return Truth.NO
    return Truth.MAYBE


def pieces(text: Text, needle: str) -> list[list[TextPart]]:
    """Split a text at every occurrence of a needle, which is not empty.

    Raises:
        NotTold: an occurrence may lie in a hole, or partly in one.
    """
    parts = text.parts
    for n, part in enumerate(parts):
        if isinstance(part, Hole) and _may_touch(parts, n, part, needle):
            raise UnknownResultError
    out: list[list[TextPart]] = [[]]
    for part in parts:
        if isinstance(part, Hole):
            out[-1].append(part)
            continue
        head, *rest = part.split(needle)
        out[-1].append(head)
        out.extend([piece] for piece in rest)
    return out


def first_pieces(text: Text, needle: str) -> list[list[TextPart]]:
    """Return the pieces that a text surely begins with where others may follow; see `pieces`."""
    parts = text.parts
    for n, part in enumerate(parts):
        if isinstance(part, Hole) and _may_touch(parts, n, part, needle):
            out: list[list[TextPart]] = [[]]
            for each in parts[:n]:
                head, *rest = each.split(needle) if isinstance(each, str) else [each]
                out[-1].append(head)
                out.extend([piece] for piece in rest)
            return out[:-1]
    return pieces(text, needle)


def _may_touch(parts: tuple[TextPart, ...], n: int, hole: Hole, needle: str) -> bool:
    """Tell whether an occurrence of the needle may hold a character of the hole, or span it."""
    alphabet = hole.kind.alphabet
    before = parts[n - 1] if n else ""
    after = parts[n + 1] if n + 1 < len(parts) else ""
    open_left = n > 1 or isinstance(before, Hole)
    open_right = n + 2 < len(parts) or isinstance(after, Hole)
    left = before if isinstance(before, str) else ""
    right = after if isinstance(after, str) else ""
    shortest = 0 if not alphabet.least else 1
    if len(needle) > 200:  # noqa: PLR2004 - long needles are not worth a closer look
        return True
    for i in range(len(needle)):
        if not _tail(left, needle[:i], open_end=open_left):
            continue
        for j in range(i + shortest, len(needle) + 1):
            if j > i and not alphabet.has(needle[j - 1]):
                break
            if (j > i or 0 < i < len(needle)) and _head(right, needle[j:], open_end=open_right):
                return True
    return False


def _tail(text: str, wanted: str, *, open_end: bool) -> bool:
    """Tell whether what comes before a hole may end with `wanted`."""
    if len(wanted) <= len(text):
        return text.endswith(wanted)
    return open_end and wanted.endswith(text)


def _head(text: str, wanted: str, *, open_end: bool) -> bool:
    if len(wanted) <= len(text):
        return text.startswith(wanted)
    return open_end and wanted.startswith(text)


def made_hole(function: str, hole: Hole, kind: Kind, *others: str) -> Hole:
    """Return the hole of what a function makes of another hole."""
    return replace(hole, name=call_name(function, (hole, *others)), kind=kind)
