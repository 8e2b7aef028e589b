"""The rule `function-reads-several-queues`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Function, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="accepts it")
def function_reads_several_queues(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Several queues feed one function, which the guide of 2019 did not allow.

    ## Why

    The SQS guide of 2019 says that a function can be mapped to one queue at a time. AWS has
    lifted that since, so this rule is off in the policy `current`; it belongs to `aws-2019`.

    Source: history of the SQS guide, sqs-configure-lambda-function-trigger. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>

    ## Fix

    Give every queue a function of its own (the code can be the same):

    ```terraform
    resource "aws_lambda_function" "worker" {
      for_each      = aws_sqs_queue.orders
      function_name = "worker-${each.key}"
    }
    ```

    ## Since

    tfcheck 0.1.0. Since 2020; before, the tutorial allowed one queue a function (`aws-2019`).
    """
    queues: dict[Text, EventSourceMapping] = {}
    partly: list[Text] = []
    unsure: list[Unknown] = []
    for mapping in inventory.mappings_of(function):
        if isinstance(mapping.source, Unknown):
            unsure.append(mapping.source)
            continue
        arn = mapping.source.value
        if arn in queues:
            continue
        if _may_be_one(arn, queues if arn.holes else partly):
            unsure.append(arn.why_unknown(mapping.at, "it is unknown whether it is the same queue"))
            continue
        queues[arn] = mapping
        partly += [arn] if arn.holes else []
    if len(queues) > 1:
        yield _problem(function, queues)
    elif queues and unsure:
        unknown = unsure[0]
        yield unknown.leaves(f"it is unknown whether function `{function.id}` reads a second queue")
    elif len(unsure) > 1:
        unknown = unsure[0]
        why = f"it is unknown whether function `{function.id}` reads one queue or several"
        yield unknown.leaves(why)


def _may_be_one(arn: Text, others: Collection[Text]) -> bool:
    """Tell whether a queue may be one of others; past the bound it may."""
    if len(others) > _MOST_COMPARED:
        return True
    return any(arn.equals(other) is not Truth.NO for other in others)


_MOST_COMPARED = 100
"""With how many queues one is compared that is not wholly known."""


def _problem(function: Function, queues: dict[Text, EventSourceMapping]) -> Problem:
    names = ", ".join(f"`{arn}`" for arn in queues)
    mappings = list(queues.values())
    return Problem(
        message=f"function `{function.id}` reads {len(queues)} queues: {names}",
        at=mappings[1].at,
        fix=Fix("use one function for each queue"),
        because=tuple(Evidence(f"`{m.id}` invokes the function", m.at) for m in mappings),
        mappings=tuple(mapping.id for mapping in mappings),
    )
