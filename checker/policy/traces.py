"""How the permissions of a mapping were decided, layer by layer, for those who want to see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from checker.iam.authorize import Layers
from checker.iam.decisions import Decisions
from checker.iam.request import Request
from checker.iam.trace import TraceStep, trace
from checker.knowledge.partial import Known, NotKnown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory
from checker.reports.report import Traced
from checker.requests import (
    assume,
    decrypt,
    deploy,
    deployer_layers,
    key_layers,
    requests_of,
    trust_layers,
)
from checker.rules.rule import Evidence
from checker.rules.settings import Settings

_ANSWERS = {Truth.YES: "allowed", Truth.NO: "refused", Truth.MAYBE: "unknown"}
_SAYS = {
    (Truth.YES, Truth.NO): "allows",
    (Truth.NO, Truth.NO): "says nothing",
    (Truth.MAYBE, Truth.NO): "might allow",
}


def traced(
    mapping: EventSourceMapping, inventory: Inventory, settings: Settings
) -> tuple[Traced, ...]:
    """Return how each permission that a mapping needs was decided, as far as it is known whose."""
    return tuple(
        _traced(*each, inventory.decisions) for each in _asked(mapping, inventory, settings)
    )


def _asked(
    mapping: EventSourceMapping, inventory: Inventory, settings: Settings
) -> Iterator[tuple[Request, Layers]]:
    source = inventory.source_of(mapping)
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    if isinstance(role, Known):
        yield assume(role.value), trust_layers(role.value)
    if isinstance(role, Known) and isinstance(source, Known):
        requests = requests_of(source.value)
        yield from requests.asked(source.value, role.value, settings.role_required)
        key = inventory.key_of(source.value)
        if isinstance(key, Known) and key.value is not None:
            # Whose key AWS manages for a source of an unknown Region is not known.
            with suppress(NotKnown):
                layers = key_layers(key.value, source.value, role.value)
                yield decrypt(key.value, source.value, role.value), layers
    deployer = None if inventory.deployer is None else inventory.deployer.role
    if isinstance(deployer, Known):
        template = inventory.kind == "cloudformation"
        more = settings.deployer_cloudformation if template else settings.deployer_terraform
        for action in (*settings.deployer_required, *more):
            yield deploy(action, mapping, deployer.value), deployer_layers(deployer.value)


def _traced(request: Request, layers: Layers, decisions: Decisions) -> Traced:
    answer = _ANSWERS[decisions.authorize(request, layers).allowed]
    question = f"{request.action} on {request.resource} by {request.caller.arn}"
    return Traced(
        question, answer, tuple(_layer(step) for step in trace(decisions.dated(request), layers))
    )


def _layer(step: TraceStep) -> tuple[str, tuple[Evidence, ...]]:
    says = _SAYS.get((step.allows, step.denies))
    if says is None:
        says = "denies" if step.denies is Truth.YES else "might deny"
    return f"{step.layer}: {says}", tuple(Evidence(text, at) for text, at in step.said)
