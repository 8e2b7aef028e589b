"""The rule `role-cannot-decrypt`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.knowledge.truth import Truth
from checker.model import (
    EventSource,
    EventSourceMapping,
    Inventory,
    Key,
    Role,
    same_account,
    type_of,
)
from checker.requests import Lack, decide_decrypt, decrypt, key_layers, requests_of
from checker.rules._permission import AskedAction, Wording, named, reference_to, role_fix, tell
from checker.rules.fix import HERE, AddStatement, Fix, principal, statement
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(EventSource,), aws="accepts it, delivers nothing")
def role_cannot_decrypt(
    mapping: EventSourceMapping, source: EventSource, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function's role is not allowed to decrypt with the KMS key of the queue.

    ## Why

    That AWS tries this when the mapping is created is not documented: as reported, the mapping
    stays `Enabled`, but every ReceiveMessage fails with `KMS.AccessDeniedException`, so nothing is
    delivered, or messages move to the dead-letter queue. SQS decrypts in the role's name, so the
    role needs `kms:Decrypt` on the key: from a statement of the key's policy that names the role,
    or from a document of the role where the key's policy delegates to the account (the principal
    `arn:aws:iam::ACCOUNT:root`), or from a grant. Between accounts both documents have to allow it.
    The request carries `kms:ViaService`, which is `sqs.REGION.amazonaws.com`, not Lambda. A
    `Resource` that names an alias never fits: it has to be the key's own ARN.
    `AWSLambdaSQSQueueExecutionRole` and `AmazonSQSFullAccess` hold no KMS permission. SQS's own
    encryption, and `alias/aws/sqs` in one account, need none.

    Source: SQS guide, sqs-key-management; Lambda guide, troubleshooting-event-source-mapping.
    Confidence: high, medium for when it fails.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>

    ## Fix

    ```terraform
    statement {
      actions   = ["kms:Decrypt"]
      resources = [aws_kms_key.orders.arn]
    }
    ```

    in a policy of the role, and in the key's policy, if it has one of its own, a statement that
    allows `kms:*` to `arn:aws:iam::ACCOUNT:root` or `kms:Decrypt` to the role.

    ## Since

    tfcheck 0.1.0.
    """
    key = inventory.key_of(source).get()
    if key is None:
        return
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    managed = isinstance(key.managed, Known) and key.managed.value
    if managed and same_account(source.arn, role.arn) is not Truth.YES:
        return  # managed-key-across-accounts speaks
    request, layers = decrypt(key, source, role), key_layers(key, source, role)
    decisions = inventory.decisions
    asked = AskedAction(request, layers, decide_decrypt(key, source, role, decisions), decisions)
    wording = Wording(
        who=named("role", role.id),
        where=f"with the key `{key.id}` of {type_of(source).noun} `{source.id}`",
        subject=role.id,
        at=role.at,
        fix=lambda actions, missing: _fix(actions, missing, role, key),
        evidence=lambda _: _effect(source),
    )
    yield from tell([asked], wording)


def _fix(actions: tuple[str, ...], missing: Lack, role: Role, key: Key) -> Fix:
    if missing is not Lack.RESOURCE:
        return role_fix(role, reference_to(key))(actions, missing)
    who = principal("AWS", reference_to(role))
    edit = AddStatement(key.id, statement(actions, Principal=who, Resource="*"), "resource policy")
    return Fix(f"add to the policy of key `{key.id}`: {HERE}", (edit,), safe=True)


def _effect(source: EventSource) -> tuple[Evidence, ...]:
    text = f"{type_of(source).noun} `{source.id}` is encrypted with this key"
    return Evidence(text, source.kms_key.at), Evidence(requests_of(source).undecrypted)
