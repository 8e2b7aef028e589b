"""What single services do otherwise than the general rule: KMS, STS and SQS."""

from __future__ import annotations

from checker.iam.request import Request
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth


def is_key(request: Request) -> bool:
    """Tell whether the resource may be a KMS key, where the key policy has the last word."""
    if request.service != "kms" or request.resource.literal == "*":
        return False
    return request.resource.like(Text.of("arn:*:kms:*:*:alias/*")) is not Truth.YES


def is_trust(request: Request) -> bool:
    """Tell whether a role is to be assumed, where the trust document has the last word.

    What goes with it, session tags, a source identity or a context, takes the trust document too.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    action = request.action.lower()
    if action in _WITH_ASSUMING:
        return request.resource.like(Text.of("arn:*:iam::*:role/*")) is not Truth.NO
    return action.startswith("sts:assumerole")


_WITH_ASSUMING = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})


def never_across(request: Request) -> bool:
    """Tell whether an action never works across accounts, whatever the documents say."""
    return request.action.lower() in _NEVER_ACROSS


_NEVER_ACROSS = frozenset(
    f"sqs:{name}".lower()
    for name in (
        "AddPermission",
        "CancelMessageMoveTask",
        "CreateQueue",
        "DeleteQueue",
        "ListMessageMoveTasks",
        "ListQueues",
        "ListQueueTags",
        "RemovePermission",
        "SetQueueAttributes",
        "StartMessageMoveTask",
        "TagQueue",
        "UntagQueue",
    )
)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html."""
