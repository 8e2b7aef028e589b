"""How many comparisons of statements a run may make, and what they cost.

One comparison is a statement put to a request. A statement with long lists or long patterns
counts for several, so that the bound is one on time.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.iam.request import NOWHERE
from checker.iam.statement import Principal, Statement
from checker.partial import Hole, Text, Unknown

MOST_COMPARISONS = 500_000
_ENTRIES = 4
"""So many entries of a list are compared in the time of one statement."""
_CHARACTERS = 1_000
"""So many characters of patterns are compared in the time of one statement."""
_HOLE = 100
"""So many characters of a literal text are compared in the time of one hole."""


@dataclass
class Comparisons:
    """The comparisons that a run has made, and how many it may make."""

    most: int = MOST_COMPARISONS
    made: int = 0

    @property
    def spent(self) -> bool:
        """Whether no more may be made."""
        return self.made > self.most

    def charge(self, comparisons: int) -> bool:
        """Count comparisons before they are made; tell whether they may be made."""
        self.made += comparisons
        return self.made <= self.most

    @property
    def unknown(self) -> Unknown:
        """Why a decision past the bound is not known."""
        why = f"more than {self.most} comparisons of statements with requests are needed"
        return Unknown(why, NOWHERE, "check fewer mappings, or smaller policies, in one run")


def weight_of(statement: Statement) -> int:
    """Return how many comparisons it takes to put a short request to a statement, from 1."""
    entries = characters = 0
    lists = (
        statement.resources,
        statement.not_resources,
        statement.principals,
        statement.not_principals,
        *((c.values) for c in statement.conditions if not isinstance(c, Unknown)),
    )
    for listed in lists:
        for entry in listed or ():
            entries += 1
            characters += length_of(entry.value if isinstance(entry, Principal) else entry)
    entries += len(statement.conditions)
    return 1 + entries // _ENTRIES + characters // _CHARACTERS


def weight_of_actions(statement: Statement) -> int:
    """Return how many comparisons it takes to find out whether a statement speaks of an action."""
    listed = statement.actions or statement.not_actions or ()
    return 1 + len(listed) // _ENTRIES + sum(map(length_of, listed)) // _CHARACTERS


def length_of(text: Text | Unknown) -> int:
    """Return how long a text is to compare; a hole costs as much as many characters."""
    if isinstance(text, Unknown):
        return 0
    return sum(_HOLE if isinstance(part, Hole) else len(part) for part in text.parts)


def times(resource: Text) -> int:
    """Return how often a comparison with a long resource counts, from 1."""
    return 1 + length_of(resource) // _CHARACTERS
