"""The rule `argument-not-for-sqs`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, RemoveAttribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    takes_unknown=True,
    aws="refuses the mapping",
    works=(SOURCE, PLAN, TEMPLATE),
)
def argument_not_for_sqs(
    mapping: EventSourceMapping, _queue: Value[Queue], _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping has an argument that AWS takes for streams only.

    ## Why

    A queue has no position to start from, and retries are the queue's own business:

        InvalidParameterValueException: StartingPosition is not valid for SQS event sources.
        InvalidParameterValueException: Unsupported MaximumRetryAttempts parameter for given event source mapping type.

    `terraform validate` and `plan` do not notice.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight). Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>

    ## Fix

    Remove the argument. What failed goes to the queue's own dead-letter queue:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      redrive_policy = jsonencode({
        deadLetterTargetArn = aws_sqs_queue.dead.arn
        maxReceiveCount     = 5
      })
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    for each in mapping.foreign:
        if each.unknown is not None:
            why = (
                f"it is unknown whether `{each.name}` is set, which is not for a mapping of a queue"
            )
            yield replace(each.unknown.leaves(why), at=each.at)
            continue
        yield Problem(
            message=f"`{each.name}` is not for a mapping of a queue",
            at=each.at,
            fix=Fix(HERE, (RemoveAttribute(mapping.id, each.name),), safe=True),
            because=(Evidence(f"AWS refuses the mapping: `{_answer(each.name)}`", each.at),),
        )


def _answer(name: str) -> str:
    """Return what AWS answers to an argument."""
    words = re.findall("[A-Z]?[a-z]+", name)
    parameter = "".join(word.capitalize() for word in words)
    if parameter == "StartingPosition":
        return "StartingPosition is not valid for SQS event sources."
    if parameter == "StartingPositionTimestamp":
        return "Timestamp is not valid for SQS event sources."
    return f"Unsupported {parameter} parameter for given event source mapping type."
