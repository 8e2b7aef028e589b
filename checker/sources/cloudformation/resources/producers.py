"""What a stack makes send to queues: subscriptions, notifications, targets, schedules, pipes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.lookup import Lookup
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Producer
from checker.model.identities import Identities
from checker.records import dataclass
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.reading import inner, listed, optional_text
from checker.sources.cloudformation.resources.subscriptions import written_subscriptions
from checker.sources.cloudformation.values.attributes import BUCKET, EVENT_RULE, QUEUE, TOPIC
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

SCHEDULE, PIPE = "AWS::Scheduler::Schedule", "AWS::Pipes::Pipe"
CDK_NOTIFICATIONS = "Custom::S3BucketNotifications"
_SNS, _S3, _EVENTS = ("sns", "SNS"), ("s3", "S3"), ("events", "EventBridge")
_SCHEDULER, _PIPES = ("scheduler", "EventBridge Scheduler"), ("pipes", "EventBridge Pipes")


@dataclass(frozen=True, slots=True)
class _Sending:
    """A resource that sends to what a node names; `role` is who it sends as, if it has a role."""

    resource: TemplateResource
    queue: JsonNode
    service: tuple[str, str]
    source: Value[Text]
    role: JsonNode | None = None


_Senders: TypeAlias = Callable[[Stack, TemplateResource], Iterator[_Sending]]


def producers(stack: Stack, meant: MeantResources) -> tuple[Producer, ...]:
    """Return everything in a stack that makes AWS send to a queue."""
    queues = Lookup((stack.attributes.arn(each), each) for each in stack.of_type(QUEUE))
    return tuple(_producers(stack, queues, meant))


def identified(found: Iterable[Producer], identities: Identities) -> tuple[Producer, ...]:
    """Return producers of which the queue and the source are no others than those they name."""
    known = ((each, identities.identified(Known(each.queue, each.at))) for each in found)
    return tuple(
        replace(
            each,
            queue=each.queue if isinstance(queue, Unknown) else queue.value,
            source=identities.identified(each.source),
        )
        for each, queue in known
    )


def sources_made(stack: Stack) -> Iterator[tuple[Text, str]]:
    """Yield the ARNs and ids of what a stack makes that services send for."""
    for each in stack.of_type(TOPIC, BUCKET, EVENT_RULE):
        yield stack.attributes.arn(each), each.id


def _producers(
    stack: Stack, queues: Lookup[TemplateResource], meant: MeantResources
) -> Iterator[Producer]:
    for each in _sendings(stack):
        arn = text_of(each.queue)
        if isinstance(arn, Unknown):
            continue
        arn = meant.queue(arn)
        made = queues.named(arn)
        name, brand = each.service
        yield Producer(
            each.resource.id,
            each.resource.at,
            f"{name}.amazonaws.com",
            brand,
            each.source,
            arn,
            optional_text(each.role, each.queue.at),
            stack.unsure(each.resource, made[0] if made else None),
        )


def _sendings(stack: Stack) -> Iterator[_Sending]:
    for each in written_subscriptions(stack):
        if each.to_queue:
            yield _Sending(each.resource, each.endpoint, _SNS, each.topic)
    for type_, senders in _BY_TYPE.items():
        for resource in stack.of_type(type_):
            yield from senders(stack, resource)


def _notifications(stack: Stack, bucket: TemplateResource) -> Iterator[_Sending]:
    source = Known(stack.attributes.arn(bucket), bucket.at)
    yield from _notified(stack, bucket, "Queue", source)


def _set_by_cdk(stack: Stack, notifications: TemplateResource) -> Iterator[_Sending]:
    """Yield what a custom resource of the CDK sets, which calls S3's own API.

    `Bucket.addEventNotification` makes it. The bucket may be of another stack.
    """
    bucket = stack.text_property(notifications, "BucketName")
    source: Value[Text] = _unnamed(notifications)
    if isinstance(bucket, Text):
        partition = stack.scope(notifications).parameters.partition
        source = Known(Text.of("arn:", partition, ":s3:::", bucket), notifications.at)
    yield from _notified(stack, notifications, "QueueArn", source)


def _notified(
    stack: Stack, resource: TemplateResource, of_queue: str, source: Value[Text]
) -> Iterator[_Sending]:
    """Yield the queues of a notification configuration, each named by the member `of_queue`."""
    name = "QueueConfigurations"
    found = listed(inner(stack.property(resource, "NotificationConfiguration"), name), name)
    for each in found if isinstance(found, tuple) else ():
        queue = inner(each, of_queue)
        if queue is not None:
            yield _Sending(resource, queue, _S3, source)


def _targets(stack: Stack, rule: TemplateResource) -> Iterator[_Sending]:
    """Yield the targets of an EventBridge rule; it may send as a role."""
    source = Known(stack.attributes.arn(rule), rule.at)
    found = listed(stack.property(rule, "Targets"), "Targets")
    for each in found if isinstance(found, tuple) else ():
        queue = inner(each, "Arn")
        if queue is not None:
            yield _Sending(rule, queue, _EVENTS, source, inner(each, "RoleArn"))


def _scheduled(stack: Stack, schedule: TemplateResource) -> Iterator[_Sending]:
    target = stack.property(schedule, "Target")
    queue = inner(target, "Arn")
    if queue is not None:
        role = inner(target, "RoleArn")
        yield _Sending(schedule, queue, _SCHEDULER, _unnamed(schedule), role)


def _piped(stack: Stack, pipe: TemplateResource) -> Iterator[_Sending]:
    queue = stack.property(pipe, "Target")
    if queue is not None:
        yield _Sending(pipe, queue, _PIPES, _unnamed(pipe), stack.property(pipe, "RoleArn"))


def _unnamed(resource: TemplateResource) -> Unknown:
    return Unknown(f"`{resource.id}` has no ARN here", resource.at)


_BY_TYPE: dict[str, _Senders] = {
    BUCKET: _notifications,
    CDK_NOTIFICATIONS: _set_by_cdk,
    EVENT_RULE: _targets,
    SCHEDULE: _scheduled,
    PIPE: _piped,
}
