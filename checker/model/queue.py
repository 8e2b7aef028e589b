"""Queues of SQS."""

from __future__ import annotations

from checker.iam.context import hidden_tags
from checker.iam.document import Documents
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model.event_source import EventSource, SourceType
from checker.model.outside import unseen
from checker.model.ranges import GivenValue
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Redrive:
    """Where a queue sends a message that was received too often, and after how many receives."""

    target: Value[Text]
    receive_count: Value[int]
    at: Location


@dataclass(frozen=True, slots=True)
class RedriveAllow:
    """Which queues may send their dead letters to a queue: `allowAll`, `denyAll`, or `sources`."""

    permission: str
    sources: tuple[Text, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Subscription:
    """An SNS topic's subscription of a queue; `raw` tells whether SNS delivers what it was sent."""

    id: str
    raw: Value[bool]
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(EventSource):
    """An SQS queue; times are in seconds.

    `redrive_allow` is None where every queue may send its dead letters here. `given` are values of
    which AWS takes some only.
    """

    fifo: Value[bool]
    visibility_timeout: Value[int]
    retention: Value[int]
    managed_sse: Value[bool]
    redrive: Value[Redrive | None]
    redrive_allow: Value[RedriveAllow | None] = Known(None, Location(""), default=True)
    subscriptions: tuple[Subscription, ...] = ()
    given: tuple[GivenValue, ...] = ()

    @property
    def failures(self) -> Value[Text | None]:
        """The ARN of the queue's dead-letter queue; None if it has none."""
        if isinstance(self.redrive, Unknown):
            return self.redrive
        return Known(None, self.at) if self.redrive.value is None else self.redrive.value.target

    @property
    def existence(self) -> Value[object]:
        """The visibility timeout, which every queue has."""
        return self.visibility_timeout


def open_queue(arn: Text, at: Location) -> Queue:
    """Return a queue of which only the ARN is known; the name tells whether it is FIFO."""
    attribute = unseen(arn, at, "its attributes are")
    tail = arn.parts[-1] if arn.parts else ""
    fifo = Known(tail.endswith(".fifo"), at) if isinstance(tail, str) else attribute
    return Queue(
        id=arn.id,
        arn=arn,
        at=at,
        closed=False,
        fifo=fifo,
        visibility_timeout=attribute,
        retention=attribute,
        kms_key=attribute,
        managed_sse=attribute,
        redrive=attribute,
        policy=Documents(unseen=unseen(arn, at, "its policy is")),
        tags=hidden_tags(unseen(arn, at, "its tags are")),
    )


QUEUE = SourceType(
    things=Queue,
    noun="queue",
    brand="SQS",
    service="sqs",
    managed_alias=Text.of("alias/aws/sqs"),
    refusal="InvalidAttributeValue: Invalid value for the parameter Policy",
    opened=open_queue,
)
