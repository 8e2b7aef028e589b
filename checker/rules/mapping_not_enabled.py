"""The rule `mapping-not-enabled`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import ACCOUNT, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_SETTLED = ("Enabled", "Disabled", "Disabling")


@rule(on=EventSourceMapping, aws="says so in the mapping's state", works=(ACCOUNT,))
def mapping_not_enabled(
    mapping: EventSourceMapping, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping is neither enabled nor disabled: it is being made, changed or deleted.

    ## Why

    A mapping passes through `Creating`, `Enabling`, `Updating` and `Deleting` within about a
    minute. One that stays there does not poll; the reason of its last transition says more. Only an
    account tells this of a mapping.

    Source: Lambda API reference, EventSourceMappingConfiguration; recorded against AWS
    (localstack/localstack). Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html>

    ## Fix

    Wait, and look again:

    ```sh
    tfcheck verify --queue QUEUE_ARN --function FUNCTION_ARN
    ```

    ## Since

    tfcheck 0.1.0.
    """
    state = mapping.state.get()
    if state is not None and state not in _SETTLED:
        reason = mapping.transition or "AWS gives no reason"
        yield Problem(
            message=f"the mapping is in state `{state}`",
            at=mapping.at,
            fix=Fix("wait until it is `Enabled`, and look again"),
            because=(Evidence(f"its last transition: {reason}", mapping.state.at),),
        )
