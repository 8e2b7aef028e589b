"""The rule `fifo-queue-unsupported`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it")
def fifo_queue_unsupported(
    queue: Queue, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue is a FIFO queue, which Lambda did not read before November 2019.

    ## Why

    The SQS guide said until November 2019 that only standard queues can trigger a function. AWS
    has lifted that, so this rule is off in the policy `current`; it belongs to `aws-2019`, the
    tutorial as it was printed, for accounts and emulators that behave as it says.

    Source: history of the SQS guide, sqs-configure-lambda-function-trigger. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>

    ## Fix

    Use a standard queue:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      name       = "orders" # not orders.fifo
      fifo_queue = false
    }
    ```

    ## Since

    tfcheck 0.1.0. AWS takes FIFO queues since November 2019; before, it refused the mapping
    (`aws-2019`).
    """
    if queue.fifo.get():
        yield Problem(
            message=f"queue `{queue.id}` is a FIFO queue, which cannot trigger a function",
            at=queue.fifo.at,
            fix=Fix("use a standard queue: `fifo_queue = false`, and a name without `.fifo`"),
            because=(Evidence("the SQS guide of 2019 allows only standard queues"),),
        )
