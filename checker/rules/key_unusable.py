"""The rule `key-unusable`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checker.knowledge.partial import Known
from checker.model import Inventory, Key
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Key, aws="accepts it, delivers nothing")
def key_unusable(key: Key, inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The queue's key cannot decrypt: it is switched off, has no key material, or is asymmetric.

    ## Why

    SQS encrypts with a symmetric encryption key that is enabled. With another nothing is sent or
    received:

        KMS.DisabledException
        KMS.InvalidKeyUsageException

    A key that is pending deletion cannot be used either, nor can an `aws_kms_external_key` before
    its material is imported or after it expired: SQS answers `KmsInvalidState` (SQS API reference,
    confidence H). Material that is imported by other means than Terraform is known from a plan or a
    state alone. Keys for signatures and for HMAC encrypt nothing; AWS's answer for HMAC is not
    recorded.

    Source: SQS API reference, ReceiveMessage; SQS guide, sqs-key-management; KMS guide, key-state.
    Confidence: high, medium for an HMAC key.

    <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
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
        what, fix, says = _STATES.get(key.state, _STATES[""])
        yield Problem(
            message=f"the key `{key.id}` {what}".format(key.state),
            at=key.enabled.at,
            fix=Fix(fix.format(key.id)),
            because=(Evidence(f"every message fails: `{says}`", key.enabled.at),),
        )
    elif _expired(key, inventory.today):
        yield Problem(
            message=f"the imported material of the key `{key.id}` has expired",
            at=key.expires.at,
            fix=Fix(f"import the material of `{key.id}` again"),
            because=(Evidence("every message fails: `KmsInvalidState`", key.expires.at),),
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


_STATES = {
    "Disabled": ("is disabled", "enable `{}`", "KMS.DisabledException"),
    "PendingImport": (
        "is pending import: it has no key material",
        "import the key material of `{}`: set `key_material_base64`",
        "KmsInvalidState",
    ),
    "PendingDeletion": (
        "is pending deletion",
        "cancel the deletion of `{}`, or name another key",
        "KmsInvalidState",
    ),
    "": ("is `{}`", "wait until `{}` is enabled, or name another key", "KmsInvalidState"),
}
"""What is said of a key by its state, what fixes it, and what SQS answers."""


def _expired(key: Key, today: date | None) -> bool:
    """Tell whether the imported material of a key surely has expired before a day."""
    expires = key.expires
    if today is None or not isinstance(expires, Known) or expires.value is None:
        return False
    day = (expires.value.literal or "")[:10]
    return re.fullmatch(r"\d{4}-\d\d-\d\d", day) is not None and day < today.isoformat()
