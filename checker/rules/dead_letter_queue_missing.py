"""The rule `dead-letter-queue-missing`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it, retries until the message expires")
def dead_letter_queue_missing(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue has no dead-letter queue, so a message that always fails comes back for days.

    ## Why

    A message that the function cannot handle returns to the queue after every attempt until its
    retention ends (four days by default), and is then lost without a trace. On a FIFO queue it
    holds up its whole message group. A dead-letter queue on the function does not help: it is for
    asynchronous calls, and a mapping calls the function synchronously. The rule reports nothing for
    a queue that is a dead-letter queue itself.

    Source: Lambda guide, services-sqs-errorhandling. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      redrive_policy = jsonencode({
        deadLetterTargetArn = aws_sqs_queue.orders_dead.arn
        maxReceiveCount     = 5
      })
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if queue.redrive.get() is not None or inventory.takes_dead_letters(queue):
        return
    readers = inventory.mappings_reading(queue)
    without = tuple(each.id for each in readers if not _has_its_own(each, inventory))
    if readers and not without:
        return  # dead-letter-queue-on-function speaks
    target = "{ deadLetterTargetArn = DEAD_LETTER_QUEUE_ARN, maxReceiveCount = 5 }"
    yield Problem(
        message=f"queue `{queue.id}` has no dead-letter queue",
        at=queue.at,
        fix=Fix(f"add to queue `{queue.id}`: `redrive_policy = jsonencode({target})`"),
        because=(
            Evidence("a message that always fails returns until its retention ends, and is lost"),
        ),
        mappings=without,
    )


def _has_its_own(mapping: EventSourceMapping, inventory: Inventory) -> bool:
    """Tell whether a mapping's function surely has a dead-letter queue, which does not help."""
    function = inventory.function_of(mapping)
    if not isinstance(function, Known) or not function.value.closed:
        return False
    target = function.value.dead_letter
    return isinstance(target, Known) and target.value is not None
