"""The rule `receive-count-below-advice`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.receive_count_too_low import receive_count, receive_count_too_low
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it", thresholds={"least": 5})
def receive_count_below_advice(
    queue: Queue, _inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """A message goes to the dead-letter queue after fewer tries than AWS advises.

    ## Why

    A throttled invocation and a failure of another message in the batch count as receives. AWS
    advises at least 5, so that throttling alone sends no message to the dead-letter queue.
    `receive-count-too-low` reports counts so low that a valid message is easily lost.

    Source: Lambda guide, services-sqs-configure. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>

    ## Fix

    ```terraform
    redrive_policy = jsonencode({
      deadLetterTargetArn = aws_sqs_queue.dead.arn
      maxReceiveCount     = 5
    })
    ```

    ## Since

    tfcheck 0.2.0.
    """
    count = receive_count(queue)
    if count is None:
        return
    least = settings.of(receive_count_too_low, "least")
    advised = settings.of(receive_count_below_advice, "least")
    if least <= count.get() < advised:
        yield Problem(
            message=f"`maxReceiveCount` of queue `{queue.id}` is {with_place(count)}, less than the"
            f" {advised} that AWS advises",
            at=count.at,
            fix=Fix(f"set `maxReceiveCount = {advised}` in the redrive policy"),
            because=(Evidence("throttled invocations count as receives", count.at),),
        )
