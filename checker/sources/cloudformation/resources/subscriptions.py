"""Subscriptions of SNS topics: `AWS::SNS::Subscription`, and those that a topic itself lists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Subscription
from checker.records import dataclass
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.mentions import Mentions
from checker.sources.cloudformation.resources.reading import boolean, inner, listed, text
from checker.sources.cloudformation.values.attributes import QUEUE, TOPIC
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

SUBSCRIPTION = "AWS::SNS::Subscription"


@dataclass(frozen=True, slots=True)
class WrittenSubscription:
    """A subscription as it is written; `raw` tells whether SNS delivers what it was sent."""

    resource: TemplateResource
    topic: Value[Text]
    protocol: JsonNode | None
    endpoint: JsonNode
    raw: Value[bool]

    @property
    def to_queue(self) -> bool:
        """Whether it may be one of a queue, by its protocol."""
        protocol = None if self.protocol is None else text_of(self.protocol)
        return isinstance(protocol, Text) and protocol.literal in (None, "sqs")


def written_subscriptions(stack: Stack) -> Iterator[WrittenSubscription]:
    """Yield the subscriptions of a stack that have an endpoint."""
    for each in stack.of_type(SUBSCRIPTION):
        endpoint = stack.property(each, "Endpoint")
        if endpoint is not None:
            topic = text(stack.property(each, "TopicArn"), "TopicArn", each.at)
            name = "RawMessageDelivery"
            raw = boolean(stack.property(each, name), name, each.at, default=False)
            yield WrittenSubscription(each, topic, stack.property(each, "Protocol"), endpoint, raw)
    for each in stack.of_type(TOPIC):
        topic = Known(stack.attributes.arn(each), each.at)
        found = listed(stack.property(each, "Subscription"), "Subscription")
        for member in found if isinstance(found, tuple) else ():
            endpoint = inner(member, "Endpoint")
            if endpoint is not None:
                raw = Known(value=False, at=member.at, default=True)
                yield WrittenSubscription(each, topic, inner(member, "Protocol"), endpoint, raw)


class StackSubscriptions:
    """The subscriptions of a stack by the queues to which they deliver."""

    def __init__(self, stack: Stack, meant: MeantResources) -> None:
        self._stack = stack
        self._meant = meant
        arns = (stack.attributes.arn(each) for each in stack.of_type(QUEUE))
        self._by_queue = Mentions(self._named(), arns)

    def _named(self) -> Iterator[tuple[Text, WrittenSubscription]]:
        for each in written_subscriptions(self._stack):
            endpoint = text_of(each.endpoint)
            if each.to_queue and isinstance(endpoint, Text):
                yield self._meant.queue(endpoint), each

    def of(self, queue: TemplateResource) -> Iterator[Subscription]:
        """Yield the subscriptions of a queue, and those that may be and wrap what they deliver."""
        arn = self._stack.attributes.arn(queue)
        for each in self._by_queue.named(arn):
            unsure = self._stack.unsure(each.resource, queue)
            if unsure is None or not _is_raw(each):
                yield _subscription(each, unsure)
        try:
            for each in self._by_queue.perhaps(arn):
                if not _is_raw(each):
                    why = f"it is unknown whether `{each.resource.id}` delivers to `{queue.id}`"
                    yield _subscription(each, Unknown(why, each.endpoint.at))
        except TooManyError as error:
            why = f"it is unknown which topics deliver to `{queue.id}`: {error}"
            yield Subscription(queue.id, Unknown(why, queue.at), queue.at)


def _is_raw(each: WrittenSubscription) -> bool:
    return isinstance(each.raw, Known) and each.raw.value


def _subscription(each: WrittenSubscription, unsure: Unknown | None) -> Subscription:
    raw = each.raw if unsure is None else unsure
    return Subscription(each.resource.id, raw, each.resource.at)
