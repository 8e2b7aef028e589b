"""The rule `key-in-other-region`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import RESOURCE, Inventory, Key, Queue, arn_field, region_of
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it, delivers nothing", works=(SOURCE, PLAN, TEMPLATE))
def key_in_other_region(queue: Queue, inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue names a key of another Region.

    ## Why

    A key of KMS works in its own Region only, and SQS looks for the key of a queue in the queue's.
    AWS takes the ARN of any key when the queue is made, or refuses it then (confidence M: it is not
    recorded); at the latest the first message fails, with `KMS.NotFoundException`, so nothing is
    sent or received. That no message passes follows from KMS's documentation (confidence H), so the
    rule is an error. The ID of a key, and an alias, are looked up in the queue's own Region: the ID
    of a key that another Region has is found there only if the key is a multi-Region key with a
    replica in the queue's Region.

    Source: KMS guide, multi-region-keys-overview; SQS guide, sqs-key-management. Confidence: high,
    medium for the moment at which it fails.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>
    <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>

    ## Fix

    Make a key, or a replica of a multi-Region key, where the queue is:

    ```terraform
    resource "aws_kms_replica_key" "orders" {
      primary_key_arn = aws_kms_key.orders.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
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
    elif same is Truth.YES and not key.closed:
        yield from _only_elsewhere(queue, key, inventory)
    elif same is Truth.MAYBE:
        why = f"it is unknown whether the key of `{queue.id}` is in its Region"
        yield key.arn.why_unknown(queue.kms_key.at, why)


def _only_elsewhere(queue: Queue, key: Key, inventory: Inventory) -> Iterator[Said]:
    """Yield that the ID of a key is that of one in another Region, and of none in the queue's."""
    by_id = inventory.decisions.once_of("keys by ID", inventory, lambda: _by_id(inventory))
    name, here = arn_field(key.arn, RESOURCE), region_of(queue.arn)
    for each in () if name is None else by_id.get(name, ()):
        there = region_of(each.arn)
        if here is None or there is None or there.equals(here) is not Truth.NO:
            continue
        if isinstance(each.multi_region, Known) and not each.multi_region.value:
            yield Problem(
                message=f"queue `{queue.id}` is in `{here}`, its key `{each.id}` in `{there}`",
                at=queue.kms_key.at,
                fix=Fix(f"name a key of `{here}`"),
                because=(
                    Evidence("SQS looks the ID up in its own Region", queue.kms_key.at),
                    Evidence("the key is not a multi-Region key", each.at),
                ),
            )


def _by_id(inventory: Inventory) -> dict[Text, list[Key]]:
    found: dict[Text, list[Key]] = {}
    for key in inventory.keys:
        name = arn_field(key.arn, RESOURCE)
        if key.closed and name is not None:
            found.setdefault(name, []).append(key)
    return found
