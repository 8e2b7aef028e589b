"""The rule `queue-not-encrypted`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import Inventory, Queue
from checker.rules.fix import set_attribute
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it")
def queue_not_encrypted(queue: Queue, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue keeps messages unencrypted.

    ## Why

    SQS encrypts at rest with its own keys unless that is switched off. A policy that demands
    encryption needs it.

    Source: SQS guide, sqs-server-side-encryption. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      sqs_managed_sse_enabled = true
    }
    ```

    ## Since

    tfcheck 0.1.0. New queues are encrypted by SQS itself since October 2022, unless configured
    otherwise.
    """
    key, own = queue.kms_key, queue.managed_sse
    if isinstance(own, Known) and own.value:
        return
    if key.get() is None and not own.get():
        yield Problem(
            message=f"queue `{queue.id}` is not encrypted",
            at=own.at,
            fix=set_attribute(queue.id, "sqs_managed_sse_enabled", value=True, safe=True),
            because=(Evidence("SQS's own encryption is switched off", own.at),),
        )
