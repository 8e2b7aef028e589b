"""The rule `redrive-policy-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid, Known, Unknown
from checker.knowledge.truth import Truth, any_of
from checker.model import Inventory, Queue, Redrive
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=Queue, aws="refuses the queue", works=(SOURCE, PLAN, TEMPLATE))
def redrive_policy_invalid(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """AWS refuses the queue's redrive policy.

    ## Why

    It is a JSON object with `deadLetterTargetArn` and `maxReceiveCount` from 1 to 1000:

        Value {...} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount
        Redrive policy does not contain mandatory attribute: maxReceiveCount

    The target can also refuse the queue: its redrive allow policy can name the queues that it takes
    dead letters from (`byQueue`), or take none (`denyAll`).

    Source: recorded against AWS (localstack/localstack, badmintoncryer/cdk-preflight); SQS API
    reference, SetQueueAttributes. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

    ## Fix

    ```terraform
    redrive_policy = jsonencode({
      deadLetterTargetArn = aws_sqs_queue.dead.arn
      maxReceiveCount     = 5
    })
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if not queue.closed:
        return  # it exists, so AWS took it
    redrive = queue.redrive
    if isinstance(redrive, Invalid):
        yield _problem(queue, redrive)
        return
    given = redrive.get()
    if given is None:
        return
    for part in (given.target, given.receive_count):
        if isinstance(part, Invalid):
            yield _problem(queue, part)
        elif isinstance(part, Unknown):
            yield part
    count = given.receive_count
    if isinstance(count, Known) and not 1 <= count.value <= _MOST:
        yield Problem(
            message=f"`maxReceiveCount` of queue `{queue.id}` is {with_place(count)}, outside 1 to"
            f" {_MOST}",
            at=count.at,
            fix=Fix("set `maxReceiveCount = 5` in the redrive policy"),
            because=(Evidence("AWS refuses it: `Invalid value for maxReceiveCount`", count.at),),
        )

    yield from _refused_by_target(queue, given, inventory)


_MOST = 1000


def _refused_by_target(queue: Queue, redrive: Redrive, inventory: Inventory) -> Iterator[Said]:
    target = inventory.queue(redrive.target)
    if not isinstance(target, Known) or not target.value.closed:
        return  # what an existing queue refuses is unknown by this input
    allow = target.value.redrive_allow
    if isinstance(allow, Invalid):
        yield _problem(queue, allow)
    elif isinstance(allow, Unknown):
        why = f"it is unknown whether `{target.value.id}` accepts dead letters of `{queue.id}`"
        yield allow.leaves(why)
    elif allow.value is not None and allow.value.permission != "allowAll":
        named = any_of(each.equals(queue.arn) for each in allow.value.sources)
        if allow.value.permission == "denyAll" or named is Truth.NO:
            yield Problem(
                message=f"`{target.value.id}` does not accept dead letters of queue `{queue.id}`:"
                f" its redrive allow policy says `{allow.value.permission}`",
                at=allow.at,
                fix=Fix(f"add the ARN of `{queue.id}` to `sourceQueueArns`, with `byQueue`"),
                because=(Evidence(f"queue `{queue.id}` sends its dead letters to it", redrive.at),),
            )
        elif named is Truth.MAYBE:
            why = f"it is unknown whether `{target.value.id}` lists queue `{queue.id}`"
            yield Unknown(why, allow.at, "name the queue by a reference to its `arn`")


def _problem(queue: Queue, wrong: Invalid) -> Problem:
    return Problem(
        message=f"AWS refuses the redrive policy of queue `{queue.id}`: {wrong.why}",
        at=wrong.at,
        fix=Fix(wrong.remedy),
        because=(Evidence("the parameter `RedrivePolicy` is invalid", wrong.at),),
    )
