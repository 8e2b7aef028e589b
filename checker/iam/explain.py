"""Why a decision came out as it did: the statements that settle it, or what leaves it open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from checker.iam.layer import Match, Survey
from checker.iam.match import Layer
from checker.iam.open_parts import BOUNDED, INSTEAD, open_parts
from checker.iam.principal import named_by
from checker.iam.request import Request
from checker.iam.statement import Effect, Statement
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.truth import Truth
from checker.records import dataclass

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


@dataclass(frozen=True, slots=True)
class DecisionReason:
    """A sentence that a decision rests on, its place, and what would change the answer.

    `statement` is the one that the sentence is about, if it is about one; `cause` is the unknown
    that leaves a decision open.
    """

    text: str
    at: Location | None
    remedy: str = ""
    statement: Statement | None = None
    cause: Unknown | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        """Hash by the sentence and its place: a statement may be long."""
        return hash((self.text, self.at))


def denied(surveys: Iterable[Survey], request: Request) -> tuple[DecisionReason, ...]:
    """Name the statements that surely deny."""
    return once(
        DecisionReason(
            f"denied by {statement_of(match)}{_by_boundary(match, request)}",
            match.statement.at,
            _past_deny(match, request),
            match.statement,
        )
        for said in surveys
        for match in said.matches
        if match.truth is YES and match.statement.effect is Effect.DENY
    )


def _by_boundary(match: Match, request: Request) -> str:
    """Say that a statement denies because the caller has a boundary, whatever it lists."""
    if not _lists_caller(match.statement, request):
        return ""
    return f", whose {BOUNDED}"


def _lists_caller(statement: Statement, request: Request) -> bool:
    """Tell whether `NotPrincipal` excepts the caller, but for a permissions boundary."""
    if statement.not_principals is None:
        return False
    return named_by(statement, request.caller, bounded=NO).at_all is not YES


def _past_deny(match: Match, request: Request) -> str:
    if _lists_caller(match.statement, request):
        return INSTEAD
    return f"exempt `{request.caller.arn}` from {match.statement}"


def allowed(surveys: Iterable[Survey]) -> tuple[DecisionReason, ...]:
    """Name the statements that surely allow."""
    return once(
        DecisionReason(
            f"allowed by {statement_of(match)}", match.statement.at, statement=match.statement
        )
        for said in surveys
        for match in said.matches
        if match.truth is YES and match.statement.effect is Effect.ALLOW
    )


def statement_of(match: Match) -> str:
    """Name a statement, and its layer where that is not the usual one."""
    plain = match.layer in (Layer.IDENTITY, Layer.RESOURCE)
    return str(match.statement) if plain else f"{match.layer.value} {match.statement}"


MOST_REASONS = 50
"""How many reasons a decision names: a report of thousands of statements helps nobody."""


def once(reasons: Iterable[DecisionReason]) -> tuple[DecisionReason, ...]:
    """Return the first reasons without doubles."""
    found: dict[DecisionReason, None] = {}
    for reason in reasons:
        found.setdefault(reason)
        if len(found) == MOST_REASONS:
            break
    return tuple(found)


# -- what leaves a decision open ------------------------------------------------------------


def undecided(
    surveys: Iterable[Survey], request: Request, *, allows: bool
) -> tuple[DecisionReason, ...]:
    """Say what leaves a decision open: possible denies and, with `allows`, possible allows."""
    reasons = once(_undecided(surveys, request, allows=allows))
    why = "it is unknown whether caller and resource are in one account"
    return reasons or (DecisionReason(why, None, "give the account of both"),)


def _undecided(
    surveys: Iterable[Survey], request: Request, *, allows: bool
) -> Iterator[DecisionReason]:
    for said in surveys:
        wanted = allows and said.allows is MAYBE
        if wanted or (said.denies is MAYBE and said.open):
            yield from (
                DecisionReason(each.why, each.at, each.remedy, cause=each) for each in said.open
            )
        for match in said.matches:
            denies = match.statement.effect is not Effect.ALLOW
            if match.truth is MAYBE and (denies or wanted):
                yield from _open(match, request)


def _open(match: Match, request: Request) -> Iterator[DecisionReason]:
    """Say what leaves a statement open."""
    statement, verb = match.statement, "deny"
    if match.unsure is not None:
        yield DecisionReason(
            match.unsure.why, match.unsure.at, match.unsure.remedy, cause=match.unsure
        )
        return
    if isinstance(statement.effect, Unknown):
        verb = "allow or deny"
    elif statement.effect is Effect.ALLOW:
        verb = "allow"
    for unknown in open_parts(statement, request, match.layer):
        why = f"{statement_of(match)} might {verb} it: {unknown.why}"
        yield DecisionReason(why, statement.at, unknown.remedy, statement, unknown)
