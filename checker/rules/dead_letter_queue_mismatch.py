"""The rule `dead-letter-queue-mismatch`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid
from checker.knowledge.truth import Truth
from checker.model import Inventory, Queue, region_of
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_OTHER_TYPE = Evidence(
    "AWS refuses the queue: `Dead-letter queue must be same type of queue as the source.`"
)
_OTHER_REGION = Evidence(
    "AWS refuses the queue: `Dead-letter target must be in same region as the source.`"
)


@rule(on=Queue, aws="refuses the queue", works=(SOURCE, PLAN, TEMPLATE))
def dead_letter_queue_mismatch(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The dead-letter queue is of another type or in another Region than its queue.

    ## Why

    A standard queue needs a standard one, a FIFO queue a FIFO one, in the same Region:

        Dead-letter queue must be same type of queue as the source.
        Dead-letter target must be in same region as the source.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight); SQS guide,
    sqs-dead-letter-queues. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "dead" {
      name       = "dead.fifo"
      fifo_queue = true
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if not queue.closed:
        return  # it exists, so AWS took it
    redrive = queue.redrive.get()
    if redrive is None or isinstance(redrive.target, Invalid):
        return  # redrive-policy-invalid speaks
    target = inventory.queue(redrive.target).get()
    if target.fifo.get() != queue.fifo.get():
        kinds = ("a FIFO queue", "a standard queue")
        own, other = kinds if queue.fifo.get() else kinds[::-1]
        yield Problem(
            message=f"queue `{queue.id}` is {own}, dead-letter queue `{target.id}` is {other}",
            at=redrive.at,
            fix=Fix(f"make `{target.id}` {own}"),
            because=(
                Evidence(f"the type of `{target.id}`", target.fifo.at),
                _OTHER_TYPE,
            ),
        )
    here, there = region_of(queue.arn), region_of(target.arn)
    same = Truth.MAYBE if here is None or there is None else here.equals(there)
    if same is Truth.NO:
        yield Problem(
            message=f"queue `{queue.id}` is in `{here}`, but its dead-letter queue is in `{there}`",
            at=redrive.at,
            fix=Fix(f"create a dead-letter queue in `{here}`"),
            because=(_OTHER_REGION,),
        )
    elif same is Truth.MAYBE:
        why = f"it is unknown whether `{target.id}` is in the Region of `{queue.id}`"
        yield redrive.target.get().why_unknown(redrive.at, why)
