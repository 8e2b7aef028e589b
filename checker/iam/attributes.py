"""Attributes of a resource that only some documents may test.

SQS and KMS test a resource's tags, and KMS a key's aliases, in identity documents only; what they
do in the resource's own document is not documented.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-abac-condition-keys.html
https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
"""

from __future__ import annotations

from dataclasses import replace

from checker.iam.context import NOWHERE, hidden_tags
from checker.iam.match import Layer
from checker.iam.request import Request
from checker.knowledge.partial import Unknown

_UNDOCUMENTED = Unknown(
    "AWS documents conditions on the resource's tags and aliases for identity policies only",
    NOWHERE,
    "move the condition to a policy of the role",
)
_HIDDEN = hidden_tags(_UNDOCUMENTED)


def seen_by(request: Request, layer: Layer) -> Request:
    """Return a request as the documents of a layer may test it."""
    if layer is not Layer.RESOURCE:
        return request
    if request.resource_tags is None and request.resource_aliases is None:
        return request
    return replace(
        request,
        resource_tags=None if request.resource_tags is None else _HIDDEN,
        resource_aliases=None if request.resource_aliases is None else _UNDOCUMENTED,
    )
