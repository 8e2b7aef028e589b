"""The rule `dead-letter-retention-too-short`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid
from checker.model import Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_LONGEST = 1_209_600


@rule(on=Queue, aws="accepts it, drops messages")
def dead_letter_retention_too_short(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The dead-letter queue keeps messages no longer than the queue does.

    ## Why

    On a standard queue a message keeps the time at which it was first sent, so what was retried for
    long expires early in the dead-letter queue, before it is looked at. AWS advises the longest
    retention, 14 days. A FIFO queue starts anew.

    Source: SQS guide, sqs-dead-letter-queues. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "dead" {
      message_retention_seconds = 1209600
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    redrive = queue.redrive
    if isinstance(redrive, Invalid):
        return
    found = redrive.get()
    if found is None or isinstance(found.target, Invalid) or queue.fifo.get():
        return
    target = inventory.queue(found.target).get()
    kept, longer = queue.retention, target.retention
    if longer.get() < kept.get():
        yield Problem(
            message=f"dead-letter queue `{target.id}` keeps messages for"
            f" {with_place(longer, ' s')}, less"
            f" than the {with_place(kept, ' s')} of queue `{queue.id}`",
            at=longer.at,
            fix=Fix(
                f"{HERE} on `{target.id}`",
                (SetAttribute(target.id, "message_retention_seconds", _LONGEST),),
                safe=True,
            ),
            because=(
                Evidence("the retention of the dead-letter queue", longer.at),
                Evidence("the retention of the queue", kept.at),
            ),
        )
