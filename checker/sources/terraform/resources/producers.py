"""What the configuration makes send to queues: subscriptions, notifications, targets, pipes.

https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Producer
from checker.model.identities import Identities
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.provider.senders import bucket_arn, rule_arn
from checker.sources.terraform.resources.reading import optional_text, text, unknown
from checker.sources.terraform.resources.walk import FoundInstance, Walk


def producers(walk: Walk, identities: Identities) -> Iterator[Producer]:
    """Yield everything in a configuration that makes AWS send to a queue.

    What names one of the things of the `identities` names no other.
    """
    for each in _producers(walk):
        queue = identities.identified(Known(each.queue, each.at))
        yield each if isinstance(queue, Unknown) else replace(each, queue=queue.value)


def _producers(walk: Walk) -> Iterator[Producer]:
    for found in walk.beside("aws_sns_topic_subscription"):
        yield from _subscription(found)
    for found in walk.beside("aws_s3_bucket_notification"):
        yield from _notification(found)
    for found in walk.beside("aws_cloudwatch_event_target"):
        yield from _target(found)
    for found in walk.beside("aws_scheduler_schedule"):
        for block in found.instance.written.nested("target"):
            if isinstance(block, Written):
                yield from _as_role(found, block, "arn", ("scheduler", "EventBridge Scheduler"))
    for found in walk.beside("aws_pipes_pipe"):
        written = found.instance.written
        yield from _as_role(found, written, "target", ("pipes", "EventBridge Pipes"))


def _subscription(found: FoundInstance) -> Iterator[Producer]:
    written = found.instance.written
    protocol, queue = written.text("protocol"), written.text("endpoint")
    if queue is None or protocol is None or protocol.literal not in (None, "sqs"):
        return
    source = text(written, "topic_arn")
    yield _producer(found, queue, source, ("sns", "SNS"), _nobody(written))


def _notification(found: FoundInstance) -> Iterator[Producer]:
    instance = found.instance
    bucket = text(instance.written, "bucket")
    source = bucket
    if isinstance(bucket, Known):
        source = Known(bucket_arn(instance, bucket.value), bucket.at)
    for block in instance.written.nested("queue"):
        if isinstance(block, Hole):
            continue
        queue = block.text("queue_arn")
        if queue is not None:
            yield _producer(found, queue, source, ("s3", "S3"), _nobody(block))


def _target(found: FoundInstance) -> Iterator[Producer]:
    """Yield an EventBridge rule that has a queue as its target; it may send as a role."""
    instance, written = found.instance, found.instance.written
    queue, rule = written.text("arn"), text(written, "rule")
    if queue is None:
        return
    source = rule
    if isinstance(rule, Known):
        bus = written.text("event_bus_name")
        source = Known(rule_arn(instance, rule.value, bus), rule.at)
    role = optional_text(written, "role_arn")
    made = _producer(found, queue, source, ("events", "EventBridge"), role)
    yield replace(made, grouped=_grouped(written))


def _grouped(written: Written) -> Value[bool]:
    """Tell whether a target names a message group, which FIFO queues need."""
    for block in written.nested("sqs_target"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        return Known(block.get("message_group_id") is not None, block.at)
    return Known(value=False, at=written.at, default=True)


def _as_role(
    found: FoundInstance, block: Written, argument: str, service: tuple[str, str]
) -> Iterator[Producer]:
    queue = block.text(argument)
    if queue is not None:
        role = optional_text(block, "role_arn")
        unnamed = Unknown(f"`{found.instance.address}` has no ARN here", block.at)
        yield _producer(found, queue, unnamed, service, role)


def _nobody(block: Written) -> Known[None]:
    return Known(None, block.at, default=True)


def _producer(
    found: FoundInstance,
    queue: Text,
    source: Value[Text],
    service: tuple[str, str],
    role: Value[Text | None],
) -> Producer:
    instance = found.instance
    why = None if found.unsure is None else unknown(found.unsure, instance.at)
    name, brand = service
    return Producer(
        instance.address,
        instance.at,
        f"{name}.amazonaws.com",
        brand,
        source,
        queue,
        role,
        why,
        instance.provider.region,
    )
