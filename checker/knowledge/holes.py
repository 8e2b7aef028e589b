"""Stretches of text that are not known yet, and what each may hold."""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from checker.knowledge import alphabets
from checker.knowledge.partial import Location
from checker.records import dataclass


class Kind(Enum):
    """What a hole may hold.

    All kinds but ANY and JSON never hold `:`, `*`, `?`, a quote, a backslash or a line break, and
    all of these but PART are never empty. ACCOUNT is twelve digits, PART a stretch of a name. JSON
    is one whole JSON value, ANY is any text.
    """

    ACCOUNT = "account"
    REGION = "region"
    PARTITION = "partition"
    NAME = "name"
    PART = "part"
    JSON = "json"
    ANY = "any"

    @property
    def alphabet(self) -> alphabets.Alphabet:
        """The characters that it may hold."""
        return _ALPHABETS[self]


_ALPHABETS = {
    Kind.ACCOUNT: alphabets.ACCOUNT,
    Kind.REGION: alphabets.CODE,
    Kind.PARTITION: alphabets.CODE,
    Kind.NAME: alphabets.NAME,
    Kind.PART: alphabets.PART,
    Kind.JSON: alphabets.ANYTHING,
    Kind.ANY: alphabets.ANYTHING,
}


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of text not known yet. Holes of one name stand for one text, of whatever kind.

    Where holes of one name differ in kind, the text is of both kinds. `other_than` holds texts that
    it is not, and None if it is not null, each with its name: what is made of it has another name.
    """

    name: str
    kind: Kind = field(default=Kind.ANY, compare=False)
    why: str = field(default="", compare=False)
    at: Location | None = field(default=None, compare=False)
    remedy: str = field(default="", compare=False)
    other_than: frozenset[tuple[str, str | None]] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        return f"{{{self.name}}}"

    @property
    def extent(self) -> int:
        """How many characters it carries beside its name."""
        return 0

    def is_never(self, text: str | None) -> bool:
        """Tell whether it surely is not a text, or not null."""
        return (self.name, text) in self.other_than
