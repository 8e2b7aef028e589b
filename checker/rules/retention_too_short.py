"""The rule `retention-too-short`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid, Known, Unknown
from checker.model import Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_LONGEST = 1_209_600


@rule(on=Queue, aws="accepts it, drops messages")
def retention_too_short(queue: Queue, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue drops a message before it was received as often as the redrive policy says.

    ## Why

    A message that fails is received again after the visibility timeout, and moves to the
    dead-letter queue after `maxReceiveCount` receives. Where the retention period is shorter than
    the two multiplied, a message that always fails expires first: it is lost and nobody sees it. A
    retention period below the visibility timeout drops messages that are still worked on. Above
    1,209,600 s, the longest retention that there is, every retention is too short. That is
    arithmetic on AWS's documentation: inference, not a case that is recorded.

    Source: SQS guide, sqs-dead-letter-queues. Confidence: medium.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      message_retention_seconds = 1209600
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if not queue.closed:
        return  # the other rules on its attributes say what is unknown of it
    redrive = queue.redrive
    kept, hidden = queue.retention, queue.visibility_timeout
    times: Known[int] | Unknown = Known(1, queue.at)
    if isinstance(redrive, Known) and redrive.value is not None:
        times = redrive.value.receive_count
    unknown = redrive if isinstance(redrive, Unknown) else times
    count = 1 if isinstance(unknown, Unknown) else unknown.value
    longest = hidden.get() * count
    if isinstance(kept, Unknown) and longest > _LONGEST:
        yield _problem(queue, f"at most {_LONGEST} s", longest, count)
    elif kept.get() < longest:
        yield _problem(queue, with_place(kept, " s"), longest, count)
    elif isinstance(unknown, Unknown) and not isinstance(unknown, Invalid):
        yield unknown.leaves(f"it is unknown how often queue `{queue.id}` is received from")


def _problem(queue: Queue, kept: str, longest: int, count: int) -> Problem:
    """Return that a queue keeps messages too short; the times are in seconds."""
    needs, enough = min(longest, _LONGEST), longest <= _LONGEST
    more = f" {count} times" if count > 1 else ""
    change = SetAttribute(queue.id, "message_retention_seconds", needs)
    hidden = with_place(queue.visibility_timeout, " s")
    return Problem(
        message=f"queue `{queue.id}` keeps messages for {kept}, less than its"
        f" visibility timeout of {hidden}{more}, {longest} s",
        at=queue.retention.at,
        fix=Fix(HERE, (change,), safe=True)
        if enough
        else Fix("lower the visibility timeout or `maxReceiveCount`"),
        because=(
            Evidence("the retention of the queue", queue.retention.at),
            Evidence("its visibility timeout", queue.visibility_timeout.at),
        ),
        subject=queue.id,
    )
