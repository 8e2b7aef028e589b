"""The rule `dead-letter-queue-on-function`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="accepts it, never uses it")
def dead_letter_queue_on_function(
    mapping: EventSourceMapping, source: Value[Queue], inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The dead-letter queue is set on the function, where nothing ever reaches it.

    ## Why

    Lambda invokes the function for a queue synchronously, and a function's own dead-letter queue is
    for asynchronous invocations only. What fails goes back to the source queue, and only the
    source queue's redrive policy takes it out.

    Source: Lambda guide, services-sqs-errorhandling. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

    ## Fix

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
    """
    function = inventory.function_of(mapping).get()
    if not function.closed or function.dead_letter.get() is None:
        return
    queue = source.get()
    if queue.redrive.get() is None:
        yield Problem(
            message=f"function `{function.id}` has a dead-letter queue, but queue"
            f" `{queue.id}` has none",
            at=function.dead_letter.at,
            fix=Fix(f"set the `redrive_policy` of `{queue.id}` instead"),
            because=(
                Evidence(
                    "Lambda uses it for asynchronous invocations only", function.dead_letter.at
                ),
            ),
        )
