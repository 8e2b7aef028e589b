"""The rule `managed-key-across-accounts`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Queue, account_of, same_account
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), aws="accepts it, delivers nothing")
def managed_key_across_accounts(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue is encrypted with `alias/aws/sqs`, and the function is in another account.

    ## Why

    The policy of a key that AWS manages admits the principals of its own account only
    (`kms:CallerAccount`), and it cannot be edited. So the role of another account can never decrypt
    what the queue holds, whatever its documents say: an encrypted queue "can't invoke a function in
    a different account" with this key. That AWS creates the mapping all the same is inference; each
    ReceiveMessage then fails with `KMS.AccessDeniedException`, and nothing is delivered.

    Source: SQS guide, sqs-configure-lambda-function-trigger and sqs-key-management. Confidence:
    high, medium for when it fails.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>

    ## Fix

    Encrypt the queue with SQS's own keys, or with a key of yours whose policy admits the role:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      sqs_managed_sse_enabled = true # instead of kms_master_key_id = "alias/aws/sqs"
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if isinstance(queue.kms_key, Known) and queue.kms_key.value is None:
        return
    arn = mapping.function.get()
    same = same_account(queue.arn, arn)
    if same is Truth.YES:
        return
    key = inventory.key_of(queue).get()
    if key is None or (isinstance(key.managed, Known) and not key.managed.value):
        return
    ours, theirs = account_of(arn), account_of(queue.arn)
    if same is Truth.MAYBE:
        why = (
            f"it is unknown whether queue `{queue.id}` uses the key that AWS manages, and whether"
            f" the function is in its account (`{theirs or queue.arn}` and `{ours or arn}`)"
        )
        remedy = "set `allowed_account_ids` in the provider block"
        yield Unknown(why, queue.kms_key.at, remedy)
        return
    if isinstance(key.managed, Unknown):
        why = f"it is unknown whether AWS manages the key `{key.id}` of queue `{queue.id}`"
        yield key.managed.leaves(why)
        return
    yield Problem(
        message=f"queue `{queue.id}` is encrypted with `alias/aws/sqs` of account `{theirs}`,"
        f" which a function of account `{ours}` can never use",
        at=queue.kms_key.at,
        fix=Fix(
            "write `sqs_managed_sse_enabled = true` instead of `kms_master_key_id`, or use a key"
            " of your own whose policy admits the role"
        ),
        because=(
            Evidence(f"the queue is `{queue.arn}`", queue.at),
            Evidence(f"the function is `{arn}`", mapping.function.at),
            Evidence("ReceiveMessage fails: `KMS.AccessDeniedException`"),
        ),
        subject=queue.id,
    )
