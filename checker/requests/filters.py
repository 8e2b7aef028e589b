"""What Lambda asks of the key that encrypts a mapping's filters.

https://docs.aws.amazon.com/lambda/latest/dg/security-encryption-at-rest.html
"""

from __future__ import annotations

from checker.iam.authorize import Layers
from checker.iam.document import Documents
from checker.iam.request import Caller, Context, KeyValue, Request
from checker.knowledge.partial import Known
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Key, account_of


def decrypt_filters(key: Key, mapping: EventSourceMapping) -> Request:
    """Return what Lambda, as a service, asks of a key in order to read a mapping's filters."""
    keys: dict[str, KeyValue] = {
        "aws:SecureTransport": (Text.of("true"),),
        "aws:PrincipalIsAWSService": (Text.of("true"),),
        "aws:PrincipalServiceName": (Text.of("lambda.amazonaws.com"),),
        "kms:EncryptionAlgorithm": (Text.of("SYMMETRIC_DEFAULT"),),
    }
    for name, value in (("EventSourceArn", mapping.source), ("FunctionArn", mapping.function)):
        given = (value.value,) if isinstance(value, Known) else value
        keys[f"kms:EncryptionContext:aws:lambda:{name}"] = given
    caller = Caller.service("lambda.amazonaws.com")
    return Request(caller, "kms:Decrypt", key.arn, account_of(key.arn), Context(keys))


def filter_key_layers(key: Key) -> Layers:
    """Return the key's policy as the only document that decides what a service may do with it."""
    if isinstance(key.policy, Known):
        return Layers(resource=Documents((key.policy.value,)))
    if key.closed:
        return Layers(resource=Documents((key.policy,)))
    return Layers(resource=Documents(unseen=key.policy))
