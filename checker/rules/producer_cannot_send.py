"""The rule `producer-cannot-send`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.truth import Truth
from checker.model import Inventory, Key, Producer, Queue, Role
from checker.requests import (
    ENCRYPT,
    SEND,
    encrypt,
    encrypt_as,
    key_layers,
    poll,
    queue_layers,
    regional_name,
    send,
    service_key_layers,
    source_layers,
)
from checker.rules._creation import fix_of
from checker.rules._permission import (
    Wording,
    ask,
    named,
    reference_to,
    tell,
)
from checker.rules._undeliverable import undeliverable
from checker.rules.fix import HERE, AddStatement, Fix, principal, statement
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it, delivers nothing", works=(SOURCE, PLAN, TEMPLATE))
def producer_cannot_send(queue: Queue, inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """What the configuration makes send to the queue, such as a topic, is not allowed to or cannot.

    ## Why

    SNS, S3 and EventBridge rules send as a service: the queue's own policy has to allow
    `sqs:SendMessage` to `sns.amazonaws.com`, `s3.amazonaws.com` or `events.amazonaws.com`; a policy
    of a role does not help. EventBridge Scheduler, EventBridge Pipes and a rule with a `role_arn`
    send as that role. S3 tests the queue when the notification is made; SNS and EventBridge drop
    what they cannot deliver, and the mapping has nothing to read.

    Where the queue is encrypted with a key of KMS, the key has to let the sender use
    `kms:GenerateDataKey` and `kms:Decrypt`. The policy of `alias/aws/sqs`, which nobody can change,
    admits no service: SNS, S3 and EventBridge rules need a customer managed key or the encryption
    that SQS manages.

    S3 sends to standard queues of the bucket's Region only. A FIFO queue takes what a FIFO topic
    sends, and of a rule that names a message group:

        InvalidParameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics
        ValidationException: Parameter(s) SqsParameters must be specified for target: Target0.

    AWS's guides say all that; that a `role_arn` of a rule counts for a queue is
    in one edition of the guide, another advises against it, and AWS's answer is not recorded.

    Source: SNS guide, subscribe-sqs-queue-to-sns-topic; S3 guide,
    grant-destinations-permissions-to-s3; EventBridge guide, eb-use-resource-based; SQS guide,
    sqs-key-management; S3 guide, notification-how-to-event-types-and-destinations; recorded against
    AWS in badmintoncryer/cdk-preflight (a topic) and awslabs/aws-ddk issue 183 (a rule).
    Confidence: high, medium for the role of a rule.

    <https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html>
    <https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html>
    <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>
    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>

    ## Fix

    ```terraform
    data "aws_iam_policy_document" "orders" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = [aws_sqs_queue.orders.arn]

        principals {
          type        = "Service"
          identifiers = ["sns.amazonaws.com"]
        }

        condition {
          test     = "ArnEquals"
          variable = "aws:SourceArn"
          values   = [aws_sns_topic.orders.arn]
        }
      }
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's texts stay in one line, to be found
    for producer in inventory.senders.of(queue):
        for said in _asked(producer, queue, inventory):
            yield said if producer.unsure is None else _perhaps(said, producer.unsure)
    try:
        for producer in inventory.senders.perhaps(queue):
            if next(_asked(producer, queue, inventory), None) is not None:
                yield producer.queue.why_unknown(
                    producer.at, f"it is unknown whether `{producer.id}` sends to `{queue.id}`"
                )
    except TooManyError as error:
        yield Unknown(f"it is unknown what else sends to `{queue.id}`: {error}", queue.at)


def _perhaps(said: Said, why: Unknown) -> Said:
    """Return what is said of a producer that may not be there."""
    return said if isinstance(said, Unknown) else why.leaves(f"{said.message}, if it is there")


def _asked(producer: Producer, queue: Queue, inventory: Inventory) -> Iterator[Said]:
    cannot = tuple(undeliverable(producer, queue))
    if cannot:
        yield from cannot
        return
    role = producer.role
    if isinstance(role, Unknown):
        yield role.leaves(f"it is unknown as which role `{producer.id}` sends to `{queue.id}`")
    elif role.value is None:
        yield from _as_service(producer, queue, inventory)
    else:
        found = inventory.role_named(Known(role.value, role.at))
        if isinstance(found, Unknown):
            yield found.leaves(f"it is unknown whether `{producer.id}` may send to `{queue.id}`")
        else:
            yield from _as_role(producer, queue, found.value, inventory)


def _as_service(producer: Producer, queue: Queue, inventory: Inventory) -> Iterator[Said]:
    layers = queue_layers(queue)
    asked = ask(send(producer, queue), layers, inventory)
    if asked.decision.allowed is not Truth.YES:
        other = ask(send(producer, queue, regional_name(producer, queue)), layers, inventory)
        asked = other if other.decision.allowed > asked.decision.allowed else asked
    yield from tell([asked], _wording(producer, queue, f"on queue `{queue.id}`", queue.id))
    key = inventory.key_of(queue)
    if isinstance(key, Unknown):
        yield key.leaves(f"it is unknown whether `{producer.id}` may use the key of `{queue.id}`")
    elif key.value is not None:
        yield from _with_key(producer, queue, key.value, inventory)


def _with_key(producer: Producer, queue: Queue, key: Key, inventory: Inventory) -> Iterator[Said]:
    if isinstance(key.managed, Known) and key.managed.value:
        yield Problem(
            message=f"{producer.brand} cannot use the key that AWS manages, `{key.id}`, so"
            f" `{producer.id}` cannot send to queue `{queue.id}`",
            at=queue.kms_key.at,
            fix=Fix(
                "encrypt the queue with a customer managed key whose policy admits"
                f" `{producer.service}`, or with `sqs_managed_sse_enabled = true`"
            ),
            because=(
                Evidence("the key of the queue", queue.kms_key.at),
                Evidence(f"`{producer.id}` sends to it", producer.at),
            ),
            subject=queue.id,
        )
        return
    asked = [
        ask(encrypt(action, key, producer, queue), service_key_layers(key), inventory)
        for action in ENCRYPT
    ]
    where = f"with key `{key.id}`, which encrypts queue `{queue.id}`"
    yield from tell(asked, _wording(producer, queue, where, key.id))


def _as_role(producer: Producer, queue: Queue, role: Role, inventory: Inventory) -> Iterator[Said]:
    asked = [ask(poll(SEND, queue, role), source_layers(queue, role), inventory)]
    yield from tell(asked, _of_role(producer, role, f"on queue `{queue.id}`", queue))
    key = inventory.key_of(queue)
    if isinstance(key, Unknown) or key.value is None:
        return  # role-cannot-decrypt says what is unknown of the key
    if key.value.grants or key.value.more_grants is not None:
        return  # a grant may allow it
    layers = key_layers(key.value, queue, role)
    of_key = [
        ask(encrypt_as(action, key.value, queue, role), layers, inventory) for action in ENCRYPT
    ]
    where = f"with key `{key.value.id}`, which encrypts queue `{queue.id}`"
    yield from tell(of_key, _of_role(producer, role, where, key.value))


def _wording(producer: Producer, queue: Queue, where: str, holder: str) -> Wording:
    who = principal("Service", producer.service)
    resource = reference_to(queue) if holder == queue.id else "*"

    def fix(actions: tuple[str, ...], _missing: object) -> Fix:
        allow = statement(actions, Principal=who, Resource=resource)
        edit = AddStatement(holder, allow, "resource policy")
        return Fix(f"add to the policy of `{holder}`: {HERE}", (edit,), safe=True)

    return Wording(
        who=f"{producer.brand}, for `{producer.id}`,",
        where=where,
        subject=holder,
        at=producer.at,
        fix=fix,
        evidence=lambda _: _ends(producer, queue),
    )


def _of_role(producer: Producer, role: Role, where: str, on: Queue | Key) -> Wording:
    return Wording(
        who=f"{named('role', role.id)}, with which `{producer.id}` sends,",
        where=where,
        subject=role.id,
        at=producer.at,
        fix=fix_of(role, reference_to(on)),
        evidence=lambda _: (Evidence(f"`{producer.id}` sends as this role", producer.at),),
    )


def _ends(producer: Producer, queue: Queue) -> tuple[Evidence, ...]:
    """Return both ends as evidence: what sends, and what it sends to."""
    return (
        Evidence(f"`{producer.id}` sends to the queue", producer.at),
        Evidence(f"queue `{queue.id}`", queue.at),
    )
