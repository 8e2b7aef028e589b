"""`AWS::SQS::Queue` with the policies that name it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.iam.document import Document, Documents, attached_by
from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Queue, Redrive, RedriveAllow
from checker.model.identifier_forms import QUEUE_ARN, QUEUE_URL
from checker.model.redrive import redrive, redrive_allow
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.given_values import given_values
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.mentions import Mentions
from checker.sources.cloudformation.resources.reading import (
    boolean,
    document,
    integer,
    json_text,
    listed,
    optional_text,
)
from checker.sources.cloudformation.resources.subscriptions import StackSubscriptions
from checker.sources.cloudformation.values.attributes import QUEUE
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

POLICY, INLINE = "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"


def queues(stack: Stack, meant: MeantResources, policies: QueuePolicies) -> tuple[Queue, ...]:
    """Return the queues that a stack creates."""
    subscriptions = StackSubscriptions(stack, meant)
    return tuple(
        replace(
            _queue(stack, each, policies.of(each), meant),
            subscriptions=tuple(subscriptions.of(each)),
        )
        for each in stack.of_type(QUEUE)
    )


class QueuePolicies:
    """Queue policies by the URLs of the queues that they name."""

    def __init__(self, stack: Stack, meant: MeantResources) -> None:
        self._stack = stack
        self._meant = meant
        self._anywhere: list[tuple[TemplateResource, Unknown]] = []
        urls = (stack.attributes.reference(each) for each in stack.of_type(QUEUE))
        self._by_url = Mentions(self._named(), urls)

    def _named(self) -> Iterator[tuple[Text, TemplateResource]]:
        for each in self._stack.of_type(POLICY, INLINE):
            name = "Queues" if each.type == POLICY else "Queue"
            urls = listed(self._stack.property(each, name), name)
            if isinstance(urls, Unknown):
                self._anywhere.append((each, urls))
                continue
            for url in urls:
                text = text_of(url)
                if isinstance(text, Text):
                    yield self._meant.reference(text, QUEUE_URL, QUEUE), each
                else:
                    self._anywhere.append((each, text))

    def of(self, queue: TemplateResource) -> tuple[Document | Unknown, ...]:
        """Return the policies of a queue, and those that may be its."""
        url = self._stack.attributes.reference(queue)
        found = [self._read(each, queue) for each in self._by_url.named(url)]
        try:
            found += [self._perhaps(each, queue) for each in self._by_url.perhaps(url)]
        except TooManyError as error:
            found.append(
                Unknown(f"it is unknown which policies `{queue.id}` has: {error}", queue.at)
            )
        found += [self._perhaps(each, queue) for each, _ in self._anywhere]
        if len(found) > 1:
            # A queue has one policy: whichever is written last stays.
            why = f"`{queue.id}` is given {len(found)} policies: the last one written stays"
            unsure = Unknown(why, queue.at, "keep one of them")
            found = [_unsure(each, unsure) for each in found]
        return tuple(found)

    def several(self) -> Iterator[tuple[TemplateResource, list[TemplateResource]]]:
        """Yield the queues that surely have several policies, with these."""
        for queue in self._stack.of_type(QUEUE):
            found = self._by_url.named(self._stack.attributes.reference(queue))
            if len(found) > 1:
                yield queue, found

    def _read(self, policy: TemplateResource, queue: TemplateResource) -> Document | Unknown:
        written = self._stack.property(policy, "PolicyDocument")
        found = attached_by(document(written, policy.id, policy.at), policy.id)
        unsure = self._stack.unsure(policy, queue)
        return found if unsure is None else _unsure(found, unsure)

    def _perhaps(self, policy: TemplateResource, queue: TemplateResource) -> Document | Unknown:
        why = f"it is unknown whether `{policy.id}` is the policy of `{queue.id}`"
        return _unsure(self._read(policy, queue), Unknown(why, policy.at))


def _unsure(found: Document | Unknown, why: Unknown) -> Document | Unknown:
    return why if isinstance(found, Unknown) else replace(found, unsure=why)


def _queue(
    stack: Stack,
    resource: TemplateResource,
    policies: tuple[Document | Unknown, ...],
    meant: MeantResources,
) -> Queue:
    at = resource.at
    key = stack.property(resource, "KmsMasterKeyId")
    return Queue(
        id=resource.id,
        arn=stack.attributes.arn(resource),
        at=at,
        closed=True,
        fifo=boolean(stack.property(resource, "FifoQueue"), "FifoQueue", at, default=False),
        visibility_timeout=integer(
            stack.property(resource, "VisibilityTimeout"), "VisibilityTimeout", 30, at
        ),
        retention=integer(
            stack.property(resource, "MessageRetentionPeriod"),
            "MessageRetentionPeriod",
            345_600,
            at,
        ),
        kms_key=optional_text(key, at),
        managed_sse=boolean(
            stack.property(resource, "SqsManagedSseEnabled"),
            "SqsManagedSseEnabled",
            at,
            default=key is None,
        ),
        redrive=_redrive(stack, resource, meant),
        redrive_allow=_redrive_allow(stack, resource),
        policy=Documents(members=policies),
        given=given_values(stack, resource),
    )


def _json(stack: Stack, resource: TemplateResource, name: str) -> tuple[Text | None, Location]:
    node = stack.property(resource, name)
    return json_text(node), resource.at if node is None else node.at


def _redrive(
    stack: Stack, resource: TemplateResource, meant: MeantResources
) -> Value[Redrive | None]:
    text, at = _json(stack, resource, "RedrivePolicy")
    found = Known(None, at, default=True) if text is None else redrive(text, at)
    if isinstance(found, Unknown) or found.value is None:
        return found
    target = meant.arn(found.value.target, QUEUE_ARN, QUEUE)
    return Known(replace(found.value, target=target), found.at)


def _redrive_allow(stack: Stack, resource: TemplateResource) -> Value[RedriveAllow | None]:
    text, at = _json(stack, resource, "RedriveAllowPolicy")
    return Known(None, at, default=True) if text is None else redrive_allow(text, at)
