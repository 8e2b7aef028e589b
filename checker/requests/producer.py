"""What a producer asks of a queue and of its key: as a service, or as a role that it is given.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

from __future__ import annotations

from dataclasses import replace

from checker.iam.authorize import Layers
from checker.iam.context import Perhaps
from checker.iam.request import ABSENT, NOWHERE, Caller, CallerKind, Context, KeyValue, Request
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.model import Key, Producer, Queue, Role, account_of, region_of
from checker.requests.decrypt import decrypt
from checker.requests.filters import filter_key_layers

SEND = "sqs:SendMessage"
ENCRYPT = ("kms:GenerateDataKey", "kms:Decrypt")
"""What a producer needs on the key of a queue."""
_BY_SERVICE: dict[str, KeyValue] = {
    "aws:SecureTransport": (Text.of("true"),),
    "aws:ViaAWSService": (Text.of("false"),),
    "aws:MultiFactorAuthPresent": ABSENT,
    "aws:SourceVpc": ABSENT,
    "aws:SourceVpce": ABSENT,
    "lambda:SourceFunctionArn": ABSENT,
}


def regional_name(producer: Producer, queue: Queue) -> Text:
    """Return the name of a service as a principal of one Region, which some policies admit.

    https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
    """
    service, _, domain = producer.service.partition(".")
    region = region_of(producer.source.value) if isinstance(producer.source, Known) else None
    if region is None or not region.parts:
        region = region_of(queue.arn) or Text.of(Hole(f"region of {queue.arn}", Kind.REGION))
    return Text.of(service, ".", region, ".", domain)


def send(producer: Producer, queue: Queue, service: Text | None = None) -> Request:
    """Return what a service asks of a queue on behalf of a topic, bucket or rule.

    `service` is its name as a principal, where that is another than the usual one.
    """
    keys = _BY_SERVICE | {
        "aws:SourceArn": _source(producer),
        "aws:SourceAccount": _account(producer, queue),
    }
    caller = Caller(CallerKind.SERVICE, service or Text.of(producer.service))
    return Request(caller, SEND, queue.arn, account_of(queue.arn), Context(keys))


def _source(producer: Producer) -> KeyValue:
    source = producer.source
    return (_filled(source.value),) if isinstance(source, Known) else source


def _filled(arn: Text) -> Text:
    """Return an ARN of which nothing is known as one that is not empty."""
    hole = arn.parts[0] if arn.is_open else None
    if not isinstance(hole, Hole):
        return arn
    return Text.of(replace(hole, other_than=hole.other_than | {(hole.name, "")}))


def _account(producer: Producer, queue: Queue) -> KeyValue:
    """Return the account of what the service sends for; a bucket's ARN does not tell it.

    A bucket that the input makes is taken for one of the queue's own account.
    """
    source = producer.source
    if isinstance(source, Unknown):
        return source
    found = account_of(source.value)
    if found is not None and not found.parts:
        found = account_of(queue.arn)
    return Unknown("the account of the source is unknown", NOWHERE) if found is None else (found,)


def queue_layers(queue: Queue) -> Layers:
    """Return the queue's policy as the only document that decides what a service may do."""
    return Layers(resource=queue.policy, rcps=queue.rcps)


def encrypt(action: str, key: Key, producer: Producer, queue: Queue) -> Request:
    """Return what a service asks of a queue's key when it sends.

    Its account is none of the key's: a statement for the callers of an account does not fit it.
    """
    keys = _BY_SERVICE | {
        "aws:SourceArn": _named_to_kms(producer, _source(producer)),
        "aws:SourceAccount": _named_to_kms(producer, _account(producer, queue)),
        "kms:CallerAccount": ABSENT,
        "kms:EncryptionContext:aws:sqs:arn": (queue.arn,),
        "kms:EncryptionAlgorithm": (Text.of("SYMMETRIC_DEFAULT"),),
        "kms:GrantIsForAWSResource": ABSENT,
    }
    keys.pop("aws:ViaAWSService")
    caller = Caller.service(producer.service)
    return Request(caller, action, key.arn, account_of(key.arn), Context(keys))


def _named_to_kms(producer: Producer, value: KeyValue) -> KeyValue:
    """Return what a service tells KMS of its source; EventBridge may tell nothing.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    if producer.service != "events.amazonaws.com" or not isinstance(value, tuple):
        return value
    why = "AWS documents that EventBridge names no source where a queue is encrypted"
    remedy = "take the condition out of the statement for EventBridge"
    return Perhaps(why, NOWHERE, remedy, values=value)


def service_key_layers(key: Key) -> Layers:
    """Return the key's policy as the only document that decides what a service may do with it."""
    return replace(filter_key_layers(key), rcps=key.rcps)


def encrypt_as(action: str, key: Key, queue: Queue, role: Role) -> Request:
    """Return what SQS asks of a queue's key in the name of a role that sends."""
    return replace(decrypt(key, queue, role), action=action)
