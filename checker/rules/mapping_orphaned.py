"""The rule `mapping-orphaned`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown, Value
from checker.model import EventSourceMapping, Gone, Inventory, type_of
from checker.rules.fix import Fix
from checker.rules.rule import ACCOUNT, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="keeps it, delivers nothing", works=(ACCOUNT,))
def mapping_orphaned(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping's queue or function does not exist any more.

    ## Why

    AWS keeps a mapping when its queue or function is deleted. It delivers nothing. That it starts
    again when a queue or function of that name is created is inference. Only an
    account tells this of a mapping.

    Source: Lambda guide, invocation-eventsourcemapping; recorded against AWS
    (localstack/localstack). Confidence: high, low for what comes to life again.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html>

    ## Fix

    Delete the mapping:

    ```sh
    aws lambda delete-event-source-mapping --uuid UUID
    ```

    ## Since

    tfcheck 0.1.0.
    """
    source, function = inventory.source_of(mapping), inventory.function_of(mapping)
    attributes: list[tuple[str, str, Value[object]]] = []
    if isinstance(source, Known):
        noun = type_of(source.value).noun
        attributes.append((noun, source.value.id, source.value.existence))
    if isinstance(function, Known):
        attributes.append(("function", function.value.id, function.value.timeout))
    for kind, name, value in attributes:
        if isinstance(value, Gone):
            yield _orphaned(mapping, f"{kind} `{name}`", value)
        elif isinstance(value, Unknown):
            yield value


def _orphaned(mapping: EventSourceMapping, thing: str, gone: Gone) -> Problem:
    because = (Evidence(gone.why, gone.at),)
    if isinstance(mapping.state, Known) and mapping.state.value is None:
        # It is only wanted: `preflight` looks before there is a mapping.
        why = f"{thing} does not exist"
        return Problem(
            message=why, at=mapping.at, fix=Fix(f"create {thing} first"), because=because
        )
    uuid = mapping.id.rpartition(":")[2]
    return Problem(
        message=f"{thing} of the mapping does not exist any more",
        at=mapping.at,
        fix=Fix(f"aws lambda delete-event-source-mapping --uuid {uuid}"),
        because=because,
    )
