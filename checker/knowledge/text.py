"""Texts with holes in them, and how they compare for every filling of the holes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from itertools import groupby
from typing import Protocol

from checker.knowledge import matching, sensitive
from checker.knowledge.alphabets import Alphabet
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.truth import Truth
from checker.records import dataclass


class Origin(Protocol):
    """Tells where each character of a text was written."""

    def locate(self, offset: int) -> Location:
        """Return the place of the character at `offset`; a hole counts as one character."""


class TextIdentities(Protocol):
    """Tells which texts surely name two different things."""

    def apart(self, one: Text, other: Text) -> bool:
        """Tell whether both texts surely name things, and not the same."""

    def settled(self, text: Text) -> bool:
        """Tell whether a text names a thing, and is apart from every other settled text."""

    def outside(self, text: Text) -> Text:
        """Return a text that surely names none of the things."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text with holes in it, such as `arn:aws:sqs:eu-west-1:{account}:orders`.

    Adjacent literal parts are joined and empty ones dropped, so that equal texts compare equal.
    `origin` remembers where it was written and takes no part in comparison. `identities` tell it
    from the names of other things, whatever the holes come to. `thing` is the address of the block
    of which a reference took it, as a whole: two blocks may have one name.
    """

    parts: tuple[str | Hole, ...]
    origin: Origin | None = field(default=None, compare=False, repr=False)
    identities: TextIdentities | None = field(default=None, compare=False, repr=False)
    thing: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        literal_before = False
        for part in self.parts:
            literal = isinstance(part, str)
            if literal and (literal_before or not part):
                break
            literal_before = literal
        else:
            return
        joined: list[str | Hole] = []
        for literal, run in groupby(self.parts, lambda part: isinstance(part, str)):
            if not literal:
                joined.extend(run)
            elif text := sensitive.joined(each for each in run if isinstance(each, str)):
                joined.append(text)
        object.__setattr__(self, "parts", tuple(joined))

    @staticmethod
    def of(*parts: str | Hole | Text) -> Text:
        """Join strings, holes and texts into one text; a text alone stays what it is."""
        if len(parts) == 1 and isinstance(parts[0], Text):
            return parts[0]
        flat: list[str | Hole] = []
        for part in parts:
            if isinstance(part, Text):
                flat.extend(part.parts)
            else:
                flat.append(part)
        return Text(tuple(flat))

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)

    @property
    def spelled(self) -> str:
        """The text as it is, holes as `{name}`: to decide by, never to show; `str()` is to show."""
        return "".join(
            sensitive.plain(part) if isinstance(part, str) else str(part) for part in self.parts
        )

    @property
    def id(self) -> str:
        """What a thing is called that is known by this text alone; a sensitive one is not shown."""
        literal = self.literal
        return str(self) if literal is None else literal

    @property
    def sensitive(self) -> bool:
        """Tell whether a part of it is sensitive."""
        return any(sensitive.is_sensitive(part) for part in self.parts)

    def __add__(self, other: Text | str | Hole) -> Text:
        return Text.of(self, other)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes, from left to right."""
        return tuple(part for part in self.parts if isinstance(part, Hole))

    @property
    def is_open(self) -> bool:
        """Tell whether it is one hole of which nothing is known."""
        part = self.parts[0] if len(self.parts) == 1 else ""
        return isinstance(part, Hole) and part.kind in (Kind.ANY, Kind.JSON)

    @property
    def literal(self) -> str | None:
        """The text as a string, or None if it has a hole."""
        if not self.parts:
            return ""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], str) else None

    def fill(self, names: Mapping[str, str]) -> Text:
        """Replace the holes that `names` knows."""
        return Text(
            tuple(names.get(p.name, p) if isinstance(p, Hole) else p for p in self.parts),
            self.origin,
        )

    def located(self, origin: Origin) -> Text:
        """Return the same text with another origin."""
        return replace(self, origin=origin)

    def taken_of(self, thing: str) -> Text:
        """Return the same text as one that a reference took of the block at an address."""
        return self if self.thing == thing else replace(self, thing=thing)

    def among(self, identities: TextIdentities) -> Text:
        """Return the same text, distinguished from the names of other things."""
        return replace(self, identities=identities)

    def lower(self) -> Text:
        """Lower the case of the literal parts; of holes it is unknown what they are then."""
        parts = (
            replace(p, other_than=frozenset()) if isinstance(p, Hole) else p.lower()
            for p in self.parts
        )
        return Text(tuple(parts), self.origin)

    def like(self, pattern: Text) -> Truth:
        """Tell whether this text matches a pattern with `*` and `?`, for every filling of both.

        YES and NO are sure; wildcards inside a hole of the pattern count as wildcards,
        wildcards in this text are ordinary characters.
        """
        return _compare(self, pattern, wild=True)

    def equals(self, other: Text) -> Truth:
        """Tell whether both are the same text, for every filling of the holes."""
        return _compare(self, other, wild=False)

    def apart(self, other: Text) -> bool:
        """Tell whether both name two different things, whatever the holes come to."""
        identities = self.identities or other.identities
        return identities is not None and identities.apart(self, other)

    def split(self, separator: str, most: int = -1) -> tuple[Text, ...] | None:
        """Split at a one-character separator, at most `most` times.

        None if a hole that comes before the last cut could itself hold the separator.
        """
        fields = self._cut(separator, most)
        return None if fields is None else tuple(Text(tuple(field)) for field in fields)

    def field(self, separator: str, index: int, most: int = -1) -> Text | None:
        """Return one of the texts that `split` makes, from 0; None if that is unknown."""
        fields = self._cut(separator, most)
        return None if fields is None or len(fields) <= index else Text(tuple(fields[index]))

    def _cut(self, separator: str, most: int) -> list[list[str | Hole]] | None:
        """Return the parts of each field."""
        fields: list[list[str | Hole]] = [[]]
        for part in self.parts:
            if isinstance(part, Hole):
                if len(fields) - 1 != most and part.kind.alphabet.has(separator):
                    return None
                fields[-1].append(part)
                continue
            first, *others = part.split(separator, most - len(fields) + 1 if most >= 0 else -1)
            if first:
                fields[-1].append(first)
            fields.extend([piece] if piece else [] for piece in others)
        return fields

    def unknown(self, at: Location) -> Unknown | None:
        """Say why the text is not wholly known, or None if it is."""
        return self.why_unknown(at) if self.holes else None

    def why_unknown(self, at: Location, otherwise: str = "") -> Unknown:
        """Say why the text is unknown; a text without holes gives `otherwise` as the reason."""
        for hole in self.holes:
            return Unknown(hole.why or f"`{hole}` is not known yet", hole.at or at, hole.remedy)
        return Unknown(otherwise or f"`{self}` is unknown", at)


def narrowed(text: Text) -> Text:
    """Say of the holes in a name that they hold what a name may hold."""
    whole = len(text.parts) == 1 and isinstance(text.parts[0], Hole)
    kind = Kind.NAME if whole else Kind.PART
    parts = (
        replace(p, kind=kind) if isinstance(p, Hole) and p.kind in {Kind.ANY, Kind.JSON} else p
        for p in text.parts
    )
    return replace(text, parts=tuple(parts))


def _compare(text: Text, pattern: Text, *, wild: bool) -> Truth:
    if text.parts == pattern.parts:
        return Truth.YES
    known, wanted = text.literal, pattern.literal
    if known is not None and wanted is not None:
        if wild and len(wanted) > matching.MOST_PATTERN and "?" in wanted:
            return Truth.MAYBE
        return Truth.of(wild and matching.glob(known, wanted))
    if matching.apart(_ends(text, wild=False), _ends(pattern, wild=wild)):
        return Truth.NO
    if text.apart(pattern):
        return Truth.NO
    for one, other, special in ((text, pattern, wild), (pattern, text, False)):
        whole = _whole(one, other, wild=special)
        if whole is not None:
            return whole
    alphabets: dict[str, Alphabet] = {}
    for hole in (*text.holes, *pattern.holes):
        alphabet = alphabets.setdefault(hole.name, hole.kind.alphabet)
        alphabets[hole.name] = alphabet.narrower(hole.kind.alphabet)
    left = _tokens(text, alphabets, wild=False)
    right = _tokens(pattern, alphabets, wild=wild)
    if matching.covers(right, left):
        return Truth.YES
    return Truth.MAYBE if matching.overlaps(right, left) else Truth.NO


def _whole(text: Text, other: Text, *, wild: bool) -> Truth | None:
    """Tell whether a text that is one hole may be another text; None if that takes a search."""
    hole = text.parts[0] if len(text.parts) == 1 else ""
    if not isinstance(hole, Hole):
        return None
    alphabet, literal = hole.kind.alphabet, other.literal
    if any(
        not alphabet.has(character) and not (wild and character in "*?")
        for part in other.parts
        if isinstance(part, str)
        for character in part
    ):
        return Truth.NO
    if literal is None or (wild and ("*" in literal or "?" in literal)):
        return None
    if hole.is_never(literal):
        return Truth.NO
    return Truth.of(alphabet.holds(literal)) & Truth.MAYBE


def _ends(text: Text, *, wild: bool) -> tuple[str, str]:
    """Return what a text surely begins and ends with."""
    first, last = (text.parts[0], text.parts[-1]) if text.parts else ("", "")
    head = "" if isinstance(first, Hole) else matching.head(first) if wild else first
    tail = "" if isinstance(last, Hole) else matching.tail(last) if wild else last
    return head, tail


def _tokens(
    text: Text, alphabets: Mapping[str, Alphabet], *, wild: bool
) -> tuple[matching.PatternToken, ...]:
    out: list[matching.PatternToken] = []
    for part in text.parts:
        if isinstance(part, Hole):
            out.extend(matching.hole(part.name, alphabets[part.name]))
        else:
            out.extend(matching.characters(part, wild=wild))
    return tuple(out)
