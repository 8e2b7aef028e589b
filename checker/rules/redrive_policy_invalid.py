"""The rule `redrive-policy-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Queue
from checker.partial import Invalid, Known, Unknown
from checker.rule import Evidence, Problem, Said, rule, told
from checker.settings import Settings


@rule(on=Queue)
def redrive_policy_invalid(
    queue: Queue, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """AWS refuses the queue's redrive policy.

    ## Why

    It is a JSON object with `deadLetterTargetArn` and `maxReceiveCount` from 1 to 1000:

        Value {...} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount
        Redrive policy does not contain mandatory attribute: maxReceiveCount

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

    ## Fix

    ```terraform
    redrive_policy = jsonencode({
      deadLetterTargetArn = aws_sqs_queue.dead.arn
      maxReceiveCount     = 5
    })
    ```
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if not queue.closed:
        return  # it exists, so AWS took it
    redrive = queue.redrive
    if isinstance(redrive, Invalid):
        yield _problem(queue, redrive)
        return
    told_one = redrive.get()
    if told_one is None:
        return
    for part in (told_one.target, told_one.receive_count):
        if isinstance(part, Invalid):
            yield _problem(queue, part)
        elif isinstance(part, Unknown):
            yield part
    count = told_one.receive_count
    if isinstance(count, Known) and not 1 <= count.value <= _MOST:
        yield Problem(
            message=f"`maxReceiveCount` of queue `{queue.id}` is {told(count)}, outside 1 to"
            f" {_MOST}",
            at=count.at,
            fix="`maxReceiveCount = 5`",
            because=(Evidence("AWS refuses it: `Invalid value for maxReceiveCount`", count.at),),
        )


_MOST = 1000


def _problem(queue: Queue, wrong: Invalid) -> Problem:
    return Problem(
        message=f"AWS refuses the redrive policy of queue `{queue.id}`: {wrong.why}",
        at=wrong.at,
        fix=wrong.remedy,
        because=(Evidence("the parameter `RedrivePolicy` is invalid", wrong.at),),
    )
