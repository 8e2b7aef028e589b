"""What one layer of documents says to a request: two truths, *allows* and *denies*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from checker.iam.attributes import seen_by
from checker.iam.comparisons import Comparisons, weight_of, weight_of_actions
from checker.iam.condition import conditions_hold
from checker.iam.document import Candidate, Document, Documents, Unattachable
from checker.iam.match import PRINCIPALS, Layer, action_applies, begins, heads, resource_applies
from checker.iam.principal import NOBODY, PERHAPS, Named, named_by
from checker.iam.request import Request
from checker.iam.statement import Effect, Statement
from checker.knowledge.partial import Unknown
from checker.knowledge.truth import Truth
from checker.records import dataclass

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
_MEMBERS = 16
"""So many documents that do not speak of an action are passed in the time of one comparison."""


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that matches a request, surely or perhaps; `unsure` is its document's."""

    statement: Statement
    truth: Truth
    layer: Layer
    unsure: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a layer says: does it allow, and in which form; does it deny; and by what.

    Outside resource policies every allow counts as direct. `open` are the documents that are not
    known.
    """

    layer: Layer
    named: Named = NOBODY
    denies: Truth = NO
    matches: tuple[Match, ...] = ()
    open: tuple[Unknown, ...] = ()
    documents: Documents = field(default_factory=Documents)

    @property
    def allows(self) -> Truth:
        """Whether some statement allows, in whatever form."""
        return self.named.at_all


def survey(
    documents: Documents,
    request: Request,
    layer: Layer,
    comparisons: Comparisons,
    *,
    bounded: Truth = NO,
) -> Survey:
    """Put a request to every statement of a layer, as far as comparisons may be made.

    What is not compared any more may allow and may deny.
    """
    request = seen_by(request, layer)
    allowed, denies = NOBODY, NO
    matches: list[Match] = []
    open_ones: list[Unknown] = []
    if documents.unseen is not None:
        allowed = PERHAPS
        open_ones.append(documents.unseen)
    for put in _put(documents, request, comparisons):
        if isinstance(put, Unknown):
            # what does not exist denies nothing; under its right name it may allow
            allowed |= PERHAPS
            denies |= NO if isinstance(put, Unattachable) else MAYBE
            open_ones.append(put)
            continue
        candidate, why_unsure = put
        statement = candidate.statement
        found = _match(statement, candidate.truth, request, layer, bounded)
        if why_unsure is not None:
            found &= MAYBE
        truth = found.at_all
        if truth is NO:
            continue
        matches.append(Match(statement, truth, layer, why_unsure))
        if statement.effect is Effect.ALLOW:
            allowed |= found
        elif statement.effect is Effect.DENY:
            denies |= truth
        else:
            allowed, denies = allowed | (found & MAYBE), denies | MAYBE
    return Survey(layer, allowed, denies, tuple(matches), tuple(open_ones), documents)


def _put(
    documents: Documents, request: Request, comparisons: Comparisons
) -> Iterator[tuple[Candidate, Unknown | None] | Unknown]:
    """Yield the statements to compare, each with why its document is unsure, or what is unknown."""
    comparisons.charge(len(documents.members) // _MEMBERS)
    for member in documents.members:
        if isinstance(member, Unknown):
            yield member
            continue
        for candidate in candidates(member, request.action, comparisons):
            heads = candidate.heads
            if heads is not None and not begins(request.resource, heads):
                continue
            if not comparisons.charge(candidate.weight.cost(request)):
                break
            yield candidate, member.unsure
        if comparisons.spent:
            yield comparisons.unknown
            return


def candidates(document: Document, action: str, comparisons: Comparisons) -> tuple[Candidate, ...]:
    """Return the statements that speak of an action, as far as comparisons may be made.

    They are worked out once.
    """
    found = document.memo.candidates.get(action)
    if found is not None:
        return found
    if comparisons.spent:
        return ()  # even to weigh the statements takes long
    speaking: list[Candidate] = []
    for statement in document.statements:
        if not comparisons.charge(weight_of_actions(statement)):
            return tuple(speaking)
        truth = action_applies(statement, action)
        if truth is not NO:
            speaking.append(Candidate(statement, truth, heads(statement), weight_of(statement)))
    document.memo.candidates[action] = tuple(speaking)
    return tuple(speaking)


def _match(
    statement: Statement, truth: Truth, request: Request, layer: Layer, bounded: Truth
) -> Named:
    """Tell whether a statement that speaks of the action matches the rest of the request."""
    truth &= resource_applies(statement, request, layer)
    if truth is NO:
        return NOBODY
    limit = bounded if statement.effect is Effect.DENY else NO
    if isinstance(statement.effect, Unknown):
        limit = bounded & MAYBE
    if layer is Layer.RESOURCE:
        found = named_by(statement, request.caller, bounded=limit)
    elif layer in PRINCIPALS:
        found = _among(statement, request, limit)
    else:
        found = _everybody(statement)
    truth &= found.at_all
    if truth is not NO and statement.conditions:
        truth &= conditions_hold(statement, request)
    return found & truth


def _among(statement: Statement, request: Request, bounded: Truth) -> Named:
    """Tell whether a statement of a guard that names principals speaks of the caller."""
    if statement.principals is None and statement.not_principals is None:
        return Named(direct=MAYBE)  # AWS refuses it
    return Named(direct=named_by(statement, request.caller, bounded=bounded).at_all)


def _everybody(statement: Statement) -> Named:
    """Return whom a statement outside a resource policy speaks of: AWS refuses principals there."""
    if statement.principals is None and statement.not_principals is None:
        return Named(direct=YES)
    return Named(direct=MAYBE)
