"""A mapping that has just gone out: its state, and a message through it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checker.errors import UsageError
from checker.partial import Known, Location, Unknown
from checker.sources.account.answers import Answers, tried
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.preflight import function_arn, queue_arn, states
from checker.sources.account.queues import read_queue
from checker.sources.account.reader import Reader

EVERY_SECONDS = 2.0
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class State:
    """What a mapping's state is, and what AWS says of how it came about; empty if there is none."""

    name: str
    reason: str
    result: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages a queue and its dead-letter queue hold, None where that cannot be told."""

    waiting: int
    dead: int | None


class Watch:
    """Looks again and again at the mapping between a queue and a function."""

    def __init__(self, access: Access, queue: str, function: str) -> None:
        self._clients = Clients(access)
        reader = Reader(Answers(self._clients))
        self.queue = queue_arn(queue, reader)
        self.function = function_arn(function, reader, self.queue.split(":")[3])
        read = read_queue(Answers(self._clients), self.queue)
        redrive = read.redrive.value if isinstance(read.redrive, Known) else None
        target = redrive.target if redrive is not None else None
        self.dead = str(target.value) if isinstance(target, Known) else None

    def state(self) -> State:
        """Return the state now; UsageError if it cannot be read."""
        at = Location(self.queue)
        # Answers are kept once read, so each look has its own.
        told = tried(
            lambda: list(states(Answers(self._clients), self.queue, self.function)),
            at,
            "the mapping's state",
        )
        if isinstance(told, Unknown):
            raise UsageError(told.why, hint=told.remedy)
        if not told.value:
            return State("", "", "")
        one = told.value[0]
        return State(
            str(one.get("State", "")),
            str(one.get("StateTransitionReason") or ""),
            str(one.get("LastProcessingResult") or ""),
        )

    def until(
        self, done: Callable[[State], bool], seconds: float, tell: Callable[[State, float], None]
    ) -> State:
        """Look until a state is reached or the time is over; `tell` is told of each look."""
        start = time.monotonic()
        while True:
            state = self.state()
            passed = time.monotonic() - start
            tell(state, passed)
            if done(state) or passed >= seconds:
                return state
            time.sleep(min(EVERY_SECONDS, max(0.0, seconds - passed)))

    def counts(self) -> Counts:
        """Return how many messages the queue and its dead-letter queue hold."""
        return Counts(
            self._count(self.queue) or 0, None if self.dead is None else self._count(self.dead)
        )

    def send(self, body: str) -> None:
        """Send one message; UsageError if AWS refuses."""
        region, account, name = self.queue.split(":", 5)[3:]
        url = f"{self._clients.of('sqs', region).meta.endpoint_url}/{account}/{name}"
        words: dict[str, Any] = {"QueueUrl": url, "MessageBody": body}
        if name.endswith(".fifo"):
            unique = f"tfcheck-{time.time_ns()}"
            words |= {"MessageGroupId": "tfcheck", "MessageDeduplicationId": unique}
        try:
            self._clients.call("sqs", region, "SendMessage", **words)
        except NotReadError as error:
            raise UsageError(f"the message was not sent: {error}") from None

    def _count(self, arn: str) -> int | None:
        region, account, name = arn.split(":", 5)[3:]
        url = f"{self._clients.of('sqs', region).meta.endpoint_url}/{account}/{name}"
        try:
            told = self._clients.call(
                "sqs", region, "GetQueueAttributes", QueueUrl=url, AttributeNames=list(_COUNTS)
            )
        except NotReadError:
            return None
        return sum(int(told["Attributes"].get(name, 0)) for name in _COUNTS)
