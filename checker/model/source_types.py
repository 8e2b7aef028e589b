"""The types of event sources that are checked, and which of them a text names."""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.model.arns import arn_field
from checker.model.event_source import EventSource, SourceType
from checker.model.queue import QUEUE

SOURCE_TYPES: list[SourceType] = [QUEUE]
"""A mapping whose source is unknown is taken for one of the first."""


def type_of(source: EventSource) -> SourceType:
    """Return the type of an event source."""
    return next(each for each in SOURCE_TYPES if isinstance(source, each.things))


def type_named(arn: Text) -> SourceType:
    """Return the type of the event source that an ARN names; the first one if it tells none."""
    service = arn_field(arn, 2)
    literal = None if service is None else service.literal
    return next((each for each in SOURCE_TYPES if each.service == literal), SOURCE_TYPES[0])


def open_source(arn: Text, at: Location) -> EventSource:
    """Return an event source of which only the ARN is known."""
    return type_named(arn).opened(arn, at)


def any_source() -> str:
    """Name an event source of any type that is checked: `an SQS queue`."""
    return " or ".join(f"an {each.brand} {each.noun}" for each in SOURCE_TYPES)
