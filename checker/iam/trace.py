"""What every layer says to a request, statement by statement: the whole way to a decision."""

from __future__ import annotations

from checker.iam.authorize import Layers, surveys_of
from checker.iam.layer import Match, Survey
from checker.iam.request import Request
from checker.iam.statement import Effect
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.truth import Truth
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What one layer says; `said` are the statements that match, each with its place."""

    layer: str
    allows: Truth
    denies: Truth
    said: tuple[tuple[str, Location | None], ...]


def trace(request: Request, layers: Layers) -> tuple[TraceStep, ...]:
    """Return what each layer that applies says to a request, in the order of AWS's evaluation."""
    return tuple(_step(each) for each in surveys_of(request, layers))


def _step(said: Survey) -> TraceStep:
    matches = tuple((_sentence(match), match.statement.at) for match in said.matches)
    unknown = tuple((f"unknown: {each.why}", each.at) for each in said.open)
    return TraceStep(said.layer.value, said.allows, said.denies, (*matches, *unknown))


def _sentence(match: Match) -> str:
    effect = match.statement.effect
    verb = "might allow or deny" if isinstance(effect, Unknown) else _VERBS[effect, match.truth]
    return f"{match.statement} {verb}"


_VERBS = {
    (Effect.ALLOW, Truth.YES): "allows",
    (Effect.ALLOW, Truth.MAYBE): "might allow",
    (Effect.DENY, Truth.YES): "denies",
    (Effect.DENY, Truth.MAYBE): "might deny",
}
