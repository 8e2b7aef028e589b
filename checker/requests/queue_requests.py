"""What reading an SQS queue takes.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.knowledge.text import Text
from checker.model import QUEUE, EventSource, Pairs
from checker.requests.source_requests import SourceRequests


def _actions(demanded: Sequence[str]) -> Sequence[str]:
    """Return the actions that the rule policy demands of execution roles: they are about queues."""
    return demanded


def _context(queue: EventSource) -> Pairs:
    return ((Text.of("aws:sqs:arn"), queue.arn),)


QUEUE_REQUESTS = SourceRequests(
    of=QUEUE,
    actions=_actions,
    context=_context,
    undecrypted="ReceiveMessage fails: `KMS.AccessDeniedException`; the mapping stays `Enabled`",
)
