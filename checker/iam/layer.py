"""What one layer of documents says to a request: two truths, *allows* and *denies*."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from checker.iam.condition import conditions_hold
from checker.iam.document import Candidate, Document, Documents
from checker.iam.match import PRINCIPALS, Layer, action_applies, begins, heads, resource_applies
from checker.iam.principal import NOBODY, PERHAPS, Named, named_by
from checker.iam.request import Request
from checker.iam.statement import Effect, Statement
from checker.partial import Truth, Unknown

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that matches a request, surely or perhaps; `doubt` is its document's."""

    statement: Statement
    truth: Truth
    layer: Layer
    doubt: Unknown | None = None


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


def survey(documents: Documents, request: Request, layer: Layer, *, bounded: Truth = NO) -> Survey:
    """Put a request to every statement of a layer."""
    allowed, denies = NOBODY, NO
    matches: list[Match] = []
    open_ones: list[Unknown] = []
    if documents.unseen is not None:
        allowed = PERHAPS
        open_ones.append(documents.unseen)
    for member in documents.members:
        if isinstance(member, Unknown):
            allowed, denies = allowed | PERHAPS, denies | MAYBE
            open_ones.append(member)
            continue
        for statement, action, known in candidates(member, request.action):
            if known is not None and not begins(request.resource, known):
                continue
            found = _match(statement, action, request, layer, bounded)
            if member.doubt is not None:
                found &= MAYBE
            truth = found.at_all
            if truth is NO:
                continue
            matches.append(Match(statement, truth, layer, member.doubt))
            if statement.effect is Effect.ALLOW:
                allowed |= found
            elif statement.effect is Effect.DENY:
                denies |= truth
            else:
                allowed, denies = allowed | (found & MAYBE), denies | MAYBE
    return Survey(layer, allowed, denies, tuple(matches), tuple(open_ones), documents)


def candidates(document: Document, action: str) -> Iterable[Candidate]:
    """Return the statements that speak of an action, whether surely, and their resources' heads.

    They are worked out once.
    """
    found = document.memo.get(action)
    if found is None:
        judged = ((s, action_applies(s, action)) for s in document.statements)
        found = tuple((s, truth, heads(s)) for s, truth in judged if truth is not NO)
        document.memo[action] = found
    return found


def _match(
    statement: Statement, truth: Truth, request: Request, layer: Layer, bounded: Truth
) -> Named:
    """Tell whether a statement that speaks of the action matches the rest of the request."""
    truth &= resource_applies(statement, request, layer)
    if truth is NO:
        return NOBODY
    if layer is Layer.RESOURCE:
        limit = bounded if statement.effect is Effect.DENY else NO
        if isinstance(statement.effect, Unknown):
            limit = bounded & MAYBE
        found = named_by(statement, request.caller, bounded=limit)
    elif layer in PRINCIPALS:
        found = _among(statement, request)
    else:
        found = _everybody(statement)
    truth &= found.at_all
    if truth is not NO and statement.conditions:
        truth &= conditions_hold(statement, request)
    return found & truth


def _among(statement: Statement, request: Request) -> Named:
    """Tell whether a statement of a guard that names principals speaks of the caller."""
    if statement.principals is None and statement.not_principals is None:
        return Named(direct=MAYBE)  # AWS refuses it
    return Named(direct=named_by(statement, request.caller, bounded=NO).at_all)


def _everybody(statement: Statement) -> Named:
    """Return whom a statement outside a resource policy speaks of: AWS refuses principals there."""
    if statement.principals is None and statement.not_principals is None:
        return Named(direct=YES)
    return Named(direct=MAYBE)
