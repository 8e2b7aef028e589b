"""The rule `dead-letter-queue-doubtful`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid
from checker.knowledge.truth import Truth
from checker.model import Inventory, Queue, same_account
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it")
def dead_letter_queue_doubtful(
    queue: Queue, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The dead-letter queue is the queue itself, or belongs to another account.

    ## Why

    A queue that is its own dead-letter queue keeps what always fails. A dead-letter queue of
    another account is against AWS's advice, and only its owner can say whether it takes the
    messages. That AWS accepts either is not documented.

    Source: SQS guide, sqs-dead-letter-queues, now and until 2023. Confidence: medium, low for a
    queue that is its own.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "dead" {
      name = "orders-dead"
    }
    ```

    ## Since

    tfcheck 0.1.0. Until 2023 the guide demanded one account; since then it advises it. That AWS
    accepts another account, or the queue itself, is not recorded (confidence M and L).
    """
    redrive = queue.redrive.get()
    if redrive is None or isinstance(redrive.target, Invalid):
        return
    target = redrive.target.get()
    if target.equals(queue.arn) is Truth.YES:
        yield Problem(
            message=f"queue `{queue.id}` is its own dead-letter queue",
            at=redrive.at,
            fix=Fix("name another queue"),
            because=(
                Evidence(
                    "a message that always fails is received again until its retention period ends",
                    redrive.at,
                ),
            ),
        )
        return
    if same_account(queue.arn, target) is Truth.NO:
        yield Problem(
            message=f"the dead-letter queue `{target}` is in another account than `{queue.id}`",
            at=redrive.at,
            fix=Fix("create a dead-letter queue in the queue's account"),
            because=(Evidence("AWS recommends one account and Region for both", redrive.at),),
        )
    elif same_account(queue.arn, target) is Truth.MAYBE:
        why = f"it is unknown whether the dead-letter queue of `{queue.id}` is in the same account"
        yield target.why_unknown(redrive.at, why)
