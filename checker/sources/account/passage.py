"""One message on its way through a queue, as far as the counts of messages tell.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from enum import Enum

from checker.records import dataclass

SETTLED_SECONDS = 60.0
"""AWS calls the counts approximate until about a minute after the last message came."""


class Fate(Enum):
    """What became of a message; its value is what a person reads."""

    LEFT = "the message has left the queue: the function took it"
    FILTERED = "the message has left the queue: the function took it, or a filter dropped it"
    DIED = "the dead-letter queue holds more messages than before: the function did not process it"
    STAYS = "the message is still in the queue"
    BUSY = "unknown: the queue is never empty, so its counts do not show what became of one message"
    EARLY = "unknown: the queue was not empty for a minute, and its counts are exact only then"
    UNREAD = "unknown: the counts of the queue cannot be read"
    UNREAD_DEAD = (
        "unknown: the message has left the queue, and whether it is in the dead-letter queue"
        " cannot be read"
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages a queue and its dead-letter queue hold, None where that is unknown.

    `dead` is 0 for a queue that has no dead-letter queue.
    """

    waiting: int | None
    dead: int | None


class Passage:
    """Follows the counts from before a message was sent; `filtered` mappings drop some."""

    def __init__(self, before: Counts, *, filtered: bool) -> None:
        self._before = before
        self._now = before
        self._filtered = filtered
        self._empty_since: float | None = None

    def look(self, now: Counts, seconds: float) -> Fate | None:
        """Take in the counts some seconds after sending; return the fate once it is sure."""
        self._now = now
        if self._before.dead is not None and now.dead is not None and now.dead > self._before.dead:
            return Fate.DIED
        if now.waiting != 0:
            self._empty_since = None
            return None
        if self._empty_since is None:
            self._empty_since = seconds
        if seconds - self._empty_since < SETTLED_SECONDS:
            return None
        if self._before.dead is None or now.dead is None:
            return Fate.UNREAD_DEAD
        return Fate.FILTERED if self._filtered else Fate.LEFT

    def end(self) -> Fate:
        """Return what can be said when the time is over."""
        if self._now.waiting is None:
            return Fate.UNREAD
        if self._now.waiting == 0:
            return Fate.EARLY
        return Fate.STAYS if self._before.waiting == 0 else Fate.BUSY
