"""What reading each type of event source takes."""

from __future__ import annotations

from checker.model import EventSource
from checker.requests.queue_requests import QUEUE_REQUESTS
from checker.requests.source_requests import SourceRequests

SOURCE_REQUESTS: list[SourceRequests] = [QUEUE_REQUESTS]
"""One for each type in `checker.model.SOURCE_TYPES`."""


def requests_of(source: EventSource) -> SourceRequests:
    """Return what reading an event source takes."""
    return next(each for each in SOURCE_REQUESTS if isinstance(source, each.of.things))
