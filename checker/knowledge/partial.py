"""Values that may not be known yet.

A source never guesses: what it cannot compute it passes on as an `Unknown`, or as a
`Text` with a `Hole` in it, with the reason and the place. Later steps do without the
value, or say that they could not decide.

The law, tested in tests/test_laws.py: learning more never changes a settled answer.
"""

from __future__ import annotations

from dataclasses import field
from typing import Generic, NoReturn, TypeAlias, TypeVar

from checker.records import dataclass

KNOWN_ELSEWHERE = "run with `--live`, or check it together with the configuration that creates it"
"""What settles the attributes of a thing that an input only refers to."""
T = TypeVar("T", covariant=True)  # noqa: PLC0105 - one letter reads best


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a thing was written: a file with line and column (from 1), or an ARN (line 0).

    `source` of a file is relative to the repository root, with forward slashes. `end_line` and
    `end_column` are those of the character after its last one, 0 where the end is unknown: two
    locations are the same if they begin at the same place.
    """

    source: str
    line: int = 0
    column: int = 0
    end_line: int = field(default=0, compare=False)
    end_column: int = field(default=0, compare=False)

    def up_to(self, end: Location) -> Location:
        """Return this location with the end of another."""
        return Location(self.source, self.line, self.column, end.end_line, end.end_column)

    def joined(self, last: Location) -> Location:
        """Return this location up to the later end of the two, if they lie in one file."""
        if last.source != self.source or last.line < self.line:
            return self
        if (last.end_line, last.end_column) <= (self.end_line, self.end_column):
            return self
        return self.up_to(last)

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value and the place it was written; a `default` was not written but is in force there."""

    value: T
    at: Location
    default: bool = False

    def get(self) -> T:
        """Return the value."""
        return self.value

    def __bool__(self) -> NoReturn:
        raise TypeError("test the value itself: use .get() or match")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the input does not tell: why, where, and what would settle it.

    `cause` is the other unknown that it follows from, if it follows from one alone.
    """

    why: str
    at: Location
    remedy: str = ""
    cause: Unknown | None = field(default=None, compare=False, repr=False)

    @property
    def root(self) -> Unknown:
        """The unknown that it follows from in the end; itself if it follows from none."""
        found = self
        while found.cause is not None:
            found = found.cause
        return found

    def leaves(self, open_point: str) -> Unknown:
        """Return an unknown that follows from this one: "it is unknown whether it is FIFO"."""
        return Unknown(f"{open_point}: {self.why}", self.at, self.remedy, self)

    def get(self) -> NoReturn:
        """Raise `NotKnown`; the engine turns it into an unknown finding."""
        raise NotKnown(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("an unknown value is neither true nor false")


@dataclass(frozen=True, slots=True)
class Invalid(Unknown):
    """What the input says and AWS refuses, so that it comes to nothing."""


@dataclass(frozen=True, slots=True)
class Undocumented(Unknown):
    """What AWS does not document and many rely on: it is a warning where the rule is an error."""


Value: TypeAlias = Known[T] | Unknown


class NotKnown(Exception):  # noqa: N818 - it is a fact, not an error
    """Raised by `Unknown.get`."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.why)
        self.unknown = unknown
