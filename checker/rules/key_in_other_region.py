"""The rule `key-in-other-region`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.truth import Truth
from checker.model import Inventory, Queue, region_of
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it", works=(SOURCE, PLAN, TEMPLATE))
def key_in_other_region(queue: Queue, inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue names a key of another Region.

    ## Why

    SQS looks for the key in the queue's own Region, so it finds none. What it does then is not
    recorded: it is taken to fail when the queue is made or on the first message. That is why this
    is a warning.

    Source: SQS guide, sqs-key-management. Confidence: medium.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>

    ## Fix

    Make a key, or a replica of a multi-Region key, where the queue is:

    ```terraform
    resource "aws_kms_replica_key" "orders" {
      primary_key_arn = aws_kms_key.orders.arn
    }
    ```

    ## Since

    tfcheck 0.1.0. What AWS does is not recorded (confidence M).
    """
    key = inventory.key_of(queue).get()
    if key is None:
        return
    here, there = region_of(queue.arn), region_of(key.arn)
    same = Truth.MAYBE if here is None or there is None else here.equals(there)
    if same is Truth.NO:
        yield Problem(
            message=f"queue `{queue.id}` is in `{here}`, its key `{key.id}` in `{there}`",
            at=queue.kms_key.at,
            fix=Fix(f"name a key of `{here}`"),
            because=(Evidence("SQS looks for the key in its own Region", queue.kms_key.at),),
        )
    elif same is Truth.MAYBE:
        why = f"it is unknown whether the key of `{queue.id}` is in its Region"
        yield key.arn.why_unknown(queue.kms_key.at, why)
