"""The rule `encryption-conflict`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="refuses the queue", works=(SOURCE, PLAN, TEMPLATE))
def encryption_conflict(queue: Queue, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue is given both kinds of encryption at rest.

    ## Why

        InvalidAttributeValue: You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight). Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

    ## Fix

    Keep one of the two:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      kms_master_key_id = aws_kms_key.orders.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if not queue.closed:
        return  # it exists, so AWS took it
    key, own = queue.kms_key, queue.managed_sse
    if isinstance(own, Known) and (not own.value or own.default):
        return
    if isinstance(key, Known) and key.value is None:
        return
    if key.get() is not None and own.get():
        text = "You can use one type of server-side encryption (SSE) at one time."
        yield Problem(
            message=f"queue `{queue.id}` has the key `{key.get()}` and `sqs_managed_sse_enabled`",
            at=own.at,
            fix=Fix("remove `sqs_managed_sse_enabled`, or `kms_master_key_id`"),
            because=(
                Evidence("the key", key.at),
                Evidence(f"AWS refuses the queue: `{text}`", own.at),
            ),
        )
