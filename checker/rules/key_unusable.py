"""The rule `key-unusable`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Key
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Key, aws="accepts it, delivers nothing")
def key_unusable(key: Key, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue's key cannot decrypt: it is switched off, or asymmetric.

    ## Why

    SQS encrypts with a symmetric key that is enabled. With another nothing is sent or received. A
    key that waits for its deletion, or for material that is to be imported, is not enabled; an HMAC
    key is symmetric and does not encrypt, for which AWS's answer is not recorded:

        KMS.DisabledException
        KMS.InvalidKeyUsageException

    Source: SQS API reference, ReceiveMessage; SQS guide, sqs-key-management; KMS guide, key-state.
    Confidence: high, medium for an HMAC key.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>

    ## Fix

    ```terraform
    resource "aws_kms_key" "orders" {
      is_enabled = true
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if not key.closed:
        return  # role-cannot-decrypt says what is unknown of it
    if not key.enabled.get():
        yield Problem(
            message=f"the key `{key.id}` is disabled",
            at=key.enabled.at,
            fix=Fix(f"enable `{key.id}`"),
            because=(Evidence("every message fails: `KMS.DisabledException`", key.enabled.at),),
        )
    if not key.symmetric.get():
        yield Problem(
            message=f"the key `{key.id}` is not a symmetric encryption key",
            at=key.symmetric.at,
            fix=Fix("create a key with `customer_master_key_spec = SYMMETRIC_DEFAULT`"),
            because=(
                Evidence("every message fails: `KMS.InvalidKeyUsageException`", key.symmetric.at),
            ),
        )
