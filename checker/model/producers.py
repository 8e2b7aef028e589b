"""What sends messages to queues: SNS topics, S3 buckets, EventBridge rules, schedules and pipes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from checker.knowledge.lookup import Lookup
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model.event_source import EventSource
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Producer:
    """A resource that makes AWS send to a queue, such as a topic's subscription.

    `service` is the name of the service as a principal, `brand` what people call it, and `source`
    the ARN of the topic, bucket or rule, for which it sends. `role` is the role that it sends as,
    None where it sends as the service itself. `queue` is the ARN that is sent to. `unsure` says why
    it may not be there. `region` is the Region that it is made in, `grouped` tells whether a rule
    names the group of its messages.
    """

    id: str
    at: Location
    service: str
    brand: str
    source: Value[Text]
    queue: Text
    role: Value[Text | None]
    unsure: Unknown | None = None
    region: Text | None = None
    grouped: Value[bool] = Known(value=True, at=Location(""), default=True)


_MOST_DOUBTED = 20
"""So many producers that may be another queue's are kept of each."""


class Producers:
    """Producers by the queue that they send to."""

    def __init__(self, found: Iterable[Producer]) -> None:
        self._by_queue = Lookup((each.queue, each) for each in found)

    def of(self, queue: EventSource) -> tuple[Producer, ...]:
        """Return those that surely send to a queue."""
        return tuple(self._by_queue.named(queue.arn))

    def perhaps(self, queue: EventSource) -> tuple[Producer, ...]:
        """Return those that may send to a queue or to another.

        Raises TooManyError where too many names would have to be compared.
        """
        return tuple(islice(self._by_queue.perhaps(queue.arn), _MOST_DOUBTED))
