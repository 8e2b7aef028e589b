"""The rule `receive-count-too-low`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid, Value
from checker.model import Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_ADVISED = 5
"""What AWS advises at least: see `receive-count-below-advice`."""


@rule(on=Queue, aws="accepts it, moves messages early", thresholds={"least": 3})
def receive_count_too_low(
    queue: Queue, _inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """A message goes to the dead-letter queue after too few tries.

    ## Why

    A throttled invocation and a failure of another message in the batch count as receives, so with
    one or two tries sound messages land in the dead-letter queue. `receive-count-below-advice`
    reports counts above that and below what AWS advises.

    Source: Lambda guide, services-sqs-configure; that fewer than 3 are too few is this rule's own
    bound. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>

    ## Fix

    ```terraform
    redrive_policy = jsonencode({
      deadLetterTargetArn = aws_sqs_queue.dead.arn
      maxReceiveCount     = 5
    })
    ```

    ## Since

    tfcheck 0.1.0; 3 and 4 receives since 0.2.0 in `receive-count-below-advice`.
    """
    count = receive_count(queue)
    if count is None:
        return
    least = settings.of(receive_count_too_low, "least")
    if 1 <= count.get() < least:
        yield Problem(
            message=f"`maxReceiveCount` of queue `{queue.id}` is {with_place(count)}, less"
            f" than {least}",
            at=count.at,
            fix=Fix(f"set `maxReceiveCount = {max(least, _ADVISED)}` in the redrive policy"),
            because=(Evidence("throttled invocations count as receives", count.at),),
        )


def receive_count(queue: Queue) -> Value[int] | None:
    """Return the `maxReceiveCount` of a queue, None where there is none or the policy is invalid.

    `redrive-policy-invalid` speaks of that.
    """
    redrive = queue.redrive
    if isinstance(redrive, Invalid):
        return None
    found = redrive.get()
    if found is None or isinstance(found.receive_count, Invalid):
        return None
    return found.receive_count
