"""A mapping that has just gone out: its state, and a message through it."""

from __future__ import annotations

import time
from collections.abc import Callable

from checker.errors import UsageError
from checker.knowledge.partial import Known, Location, Unknown
from checker.model import Queue
from checker.records import dataclass
from checker.sources.account.answers import Answers, tried
from checker.sources.account.arns import split_arn
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.expected import COUNTS
from checker.sources.account.passage import Counts
from checker.sources.account.preflight import function_arn, queue_arn, states
from checker.sources.account.queues import read_queue, url_of
from checker.sources.account.reader import AccountReader

EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class MappingState:
    """What a mapping's state is, and what AWS says of how it came about; empty if there is none."""

    name: str
    reason: str = ""
    result: str = ""
    filtered: bool = False


class Watch:
    """Looks again and again at the mapping between a queue and a function."""

    def __init__(self, access: Access, queue: str, function: str) -> None:
        self._clients = Clients(access)
        reader = AccountReader(Answers(self._clients))
        self.queue = queue_arn(queue, reader)
        self.function = function_arn(function, reader, self.queue.split(":")[3])
        read = read_queue(Answers(self._clients), self.queue)
        self._dead = _dead(read)

    def state(self) -> MappingState:
        """Return the state now; UsageError if it cannot be read."""
        at = Location(self.queue)
        # Answers are kept once read, so each look has its own.
        answer = tried(
            lambda: list(states(Answers(self._clients), self.queue, self.function)),
            at,
            "the mapping's state",
        )
        if isinstance(answer, Unknown):
            raise UsageError(answer.why, hint=answer.remedy)
        if not answer.value:
            return MappingState("")
        one = answer.value[0]
        return MappingState(
            one["State"],
            str(one.get("StateTransitionReason") or ""),
            str(one.get("LastProcessingResult") or ""),
            bool((one.get("FilterCriteria") or {}).get("Filters")),
        )

    def until(
        self,
        done: Callable[[MappingState], bool],
        seconds: float,
        tell: Callable[[MappingState, float], None],
    ) -> MappingState:
        """Look until a state is reached or the time is over; `tell` is called for each look."""
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
        dead = 0 if self._dead == "" else None
        return Counts(self._count(self.queue), self._count(self._dead) if self._dead else dead)

    def send(self, body: str) -> None:
        """Send one message; UsageError if AWS refuses."""
        words = {"MessageBody": body}
        if self.queue.endswith(".fifo"):
            unique = f"tfcheck-{time.time_ns()}"
            words |= {"MessageGroupId": "tfcheck", "MessageDeduplicationId": unique}
        try:
            words["QueueUrl"] = url_of(self._clients, self.queue)
            region = split_arn(self.queue, "sqs").region
            self._clients.call("sqs", region, "SendMessage", **words)
        except NotReadError as error:
            if error.code:
                raise UsageError(f"the message was not sent: {error}") from None
            raise UsageError(f"it is unknown whether the message was sent: {error}") from None

    def _count(self, arn: str) -> int | None:
        try:
            answer = self._clients.call(
                "sqs",
                split_arn(arn, "sqs").region,
                "GetQueueAttributes",
                QueueUrl=url_of(self._clients, arn),
                AttributeNames=[*COUNTS, "QueueArn"],
            )
            return sum(int(answer["Attributes"][name]) for name in COUNTS)
        except NotReadError:
            return None


def _dead(queue: Queue) -> str | None:
    """Return the ARN of a queue's dead-letter queue; empty if it has none, None if unknown."""
    if not isinstance(queue.redrive, Known):
        return None
    if queue.redrive.value is None:
        return ""
    target = queue.redrive.value.target
    return str(target.value) if isinstance(target, Known) else None
