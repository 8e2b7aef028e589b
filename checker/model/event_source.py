"""What an event source mapping reads, whatever its type."""

from __future__ import annotations

from collections.abc import Callable

from checker.iam.context import Tags
from checker.iam.document import Documents
from checker.knowledge.partial import Known, Location, Value
from checker.knowledge.text import Text
from checker.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """What an event source mapping reads.

    `kms_key` is the key that encrypts it as written (id, ARN, alias name or alias ARN), None
    without one. `policy` holds its own resource policy. `rcps` are the resource control policies
    that bind its account, level by level. `tags` is None where nothing is known of them.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    kms_key: Value[Text | None]
    policy: Documents
    rcps: tuple[Documents, ...] = ()
    tags: Tags | None = None

    @property
    def failures(self) -> Value[Text | None]:
        """The ARN of what takes the messages that fail; None if nothing does."""
        return Known(None, self.at, default=True)

    @property
    def existence(self) -> Value[object]:
        """A value that is known where the source exists, and `Gone` where it does not."""
        return Known(None, self.at)


@dataclass(frozen=True, slots=True)
class SourceType:
    """A type of event source that is checked: the class of its things, and what AWS calls it.

    `noun` names one in messages (`queue`), `brand` its service (`SQS`). `service` is the field of
    its ARN that tells it from others, `managed_alias` the alias of the key that AWS manages for the
    service. `refusal` is the error with which the service refuses a resource policy. `opened`
    returns one of which only the ARN is known.
    """

    things: type[EventSource]
    noun: str
    brand: str
    service: str
    managed_alias: Text
    refusal: str
    opened: Callable[[Text, Location], EventSource]
