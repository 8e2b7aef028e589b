"""The rule `mapping-disabled`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory
from checker.rules.fix import set_attribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="accepts it, polls nothing")
def mapping_disabled(
    mapping: EventSourceMapping, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping is made but not switched on, so the queue fills.

    ## Why

    With `enabled = false` Lambda does not poll: the mapping stays in the state `Disabled`, messages
    wait and are lost when their retention ends.

    Source: recorded against AWS (localstack/localstack). Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      enabled = true
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if not mapping.enabled.get():
        yield Problem(
            message=f"the mapping is disabled: `enabled` is {with_place(mapping.enabled).lower()}",
            at=mapping.enabled.at,
            fix=set_attribute(mapping.id, "enabled", value=True),
            because=(Evidence("Lambda does not poll for a disabled mapping", mapping.enabled.at),),
        )
