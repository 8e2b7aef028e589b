"""What a service cannot deliver to a queue, whatever the policies allow."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Producer, Queue, region_of
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said

_STANDARD = (
    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
    " topics"
)
_UNGROUPED = "Parameter(s) SqsParameters must be specified for target: Target0."
_FIFO = Text.of("*.fifo")


def undeliverable(producer: Producer, queue: Queue) -> Iterator[Said]:
    """Yield why a service cannot send to a queue: for its type, or for its Region."""
    fifo = isinstance(queue.fifo, Known) and queue.fifo.value
    if producer.service == "s3.amazonaws.com":
        yield from _of_bucket(producer, queue, fifo=fifo)
    elif fifo and producer.service == "sns.amazonaws.com":
        yield from _of_topic(producer, queue)
    elif fifo and producer.service == "events.amazonaws.com":
        yield from _of_rule(producer, queue)


def _of_bucket(producer: Producer, queue: Queue, *, fifo: bool) -> Iterator[Said]:
    here, there = region_of(queue.arn), producer.region
    if fifo:
        says = "S3's guide: FIFO queues are not supported as a destination of notifications"
        why, fix = "and S3 sends to standard queues only", "send through EventBridge"
        yield _problem(producer, queue, f"is a FIFO queue, {why}", says, fix)
    elif here is not None and there is not None and here.equals(there) is Truth.NO:
        says = "S3's guide: the queue must be in the Region of the bucket"
        what = f"is in `{here}`, the bucket in `{there}`"
        yield _problem(producer, queue, what, says, "make the queue in the bucket's Region")


def _of_topic(producer: Producer, queue: Queue) -> Iterator[Said]:
    if isinstance(producer.source, Unknown):
        return  # whether SNS may send is unknown too
    same = producer.source.value.like(_FIFO)
    if same is Truth.NO:
        what, fix = "is a FIFO queue, the topic is not FIFO", "set `fifo_topic = true`"
        yield _problem(producer, queue, what, f"AWS answers: `{_STANDARD}`", fix)
    elif same is Truth.MAYBE:
        why = f"it is unknown whether the topic of `{producer.id}` is FIFO, as `{queue.id}` is"
        yield producer.source.value.why_unknown(producer.source.at, why)


def _of_rule(producer: Producer, queue: Queue) -> Iterator[Said]:
    if isinstance(producer.grouped, Unknown):
        yield producer.grouped.leaves(
            f"it is unknown whether `{producer.id}` names a message group"
        )
    elif not producer.grouped.value:
        what = "is a FIFO queue, and the target names no message group"
        fix = "set `message_group_id` in a block `sqs_target`"
        yield _problem(producer, queue, what, f"AWS answers: `{_UNGROUPED}`", fix)


def _problem(producer: Producer, queue: Queue, what: str, says: str, fix: str) -> Problem:
    cannot = f"{producer.brand} cannot send to queue `{queue.id}` for `{producer.id}`"
    return Problem(
        message=f"{cannot}: it {what}",
        at=producer.at,
        fix=Fix(fix),
        because=(Evidence(f"queue `{queue.id}`", queue.at), Evidence(says, producer.at)),
        subject=producer.id,
    )
