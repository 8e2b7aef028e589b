"""How many comparisons of statements a run may make, and what they cost.

One comparison is a statement put to a request. A statement with long lists or long patterns
counts for several, so that the bound is one on time.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.request import NOWHERE, Request
from checker.iam.statement import PossibleEntry, PossiblePrincipal, Principal, Statement
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.records import dataclass

FREE_COMPARISONS = 200_000
BYTES_A_COMPARISON = 10
"""How many comparisons a run may make: so many, and one for so many bytes of the input."""
MOST_COMPARISONS = 500_000
"""How many may be made where the size of the input is unknown."""
_PLAIN = 4
"""So many entries without a wildcard are compared in the time of one statement."""
_FEW = 8
"""So many entries count for nothing besides the statement."""
_CHARACTERS = 1_000
"""So many characters of patterns are compared in the time of one statement."""
_HOLE = 100
"""So many characters of a literal text are compared in the time of one hole."""
_EACH_HOLE = 4
"""So many times longer it takes to compare a wildcard with a text for each hole in it."""


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


@dataclass(frozen=True, slots=True)
class Weight:
    """How many comparisons it takes to put a short request to a statement.

    `wild` are those of many entries with wildcards, which take longer where the request has holes.
    The `first` few of them count for nothing else than that.
    """

    plain: int
    wild: int
    first: int = 0

    def cost(self, request: Request) -> int:
        """Return how many comparisons a request counts for."""
        resource, caller = request.resource, request.caller.arn
        longer = sum(len(part) for part in resource.parts if isinstance(part, str)) // _CHARACTERS
        holes = len(resource.holes) + len(caller.holes)
        wild = self.wild * (1 + _EACH_HOLE * holes) + self.first * holes
        return (self.plain + wild) * (1 + longer)


def weight_of(statement: Statement) -> Weight:
    """Weigh a statement."""
    plain = wild = characters = 0
    for listed in _entries(statement):
        entry = listed.entry if isinstance(listed, PossibleEntry) else listed
        characters += _length(entry)
        if isinstance(entry, Text) and any("*" in str(part) for part in entry.parts):
            wild += 1
        else:
            plain += 1
    plain = max(0, plain + len(statement.conditions) - _FEW) // _PLAIN
    first = min(wild, _FEW)
    return Weight(1 + plain + characters // _CHARACTERS, wild - first, first)


def _entries(statement: Statement) -> Iterator[Text | Unknown]:
    for listed in (statement.resources, statement.not_resources):
        yield from listed or ()
    for named in (statement.principals, statement.not_principals):
        for principal in named or ():
            if isinstance(principal, PossiblePrincipal) and principal.principal is not None:
                yield principal.principal.value
            else:
                yield principal.value if isinstance(principal, Principal) else principal
    for condition in statement.conditions:
        if not isinstance(condition, Unknown):
            yield from condition.values


def weight_of_actions(statement: Statement) -> int:
    """Return how many comparisons it takes to find out whether a statement speaks of an action."""
    listed = statement.actions or statement.not_actions or ()
    entries = max(0, len(listed) - _FEW) // _PLAIN
    return 1 + entries + sum(map(_length, listed)) // _CHARACTERS


def _length(text: Text | Unknown) -> int:
    """Return how long a text is to compare; a hole costs as much as many characters."""
    if isinstance(text, PossibleEntry):
        return _length(text.entry)
    if isinstance(text, Unknown):
        return 0
    return sum(_HOLE if isinstance(part, Hole) else len(part) for part in text.parts)
