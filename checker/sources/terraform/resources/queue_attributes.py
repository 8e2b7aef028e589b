"""The attributes of queues that AWS compares where a queue of a name is there already.

CreateQueue returns the queue that exists where every attribute which it is given has the same
value, and refuses the call where one differs; tags are not compared.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
"""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.provider.attributes import DEFAULTS
from checker.sources.terraform.resources.reading import unknown
from checker.sources.terraform.values.joining import alike
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import TerraformValue

ATTRIBUTES = {
    "visibility_timeout_seconds": "VisibilityTimeout",
    "message_retention_seconds": "MessageRetentionPeriod",
    "delay_seconds": "DelaySeconds",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "max_message_size": "MaximumMessageSize",
    "fifo_queue": "FifoQueue",
    "content_based_deduplication": "ContentBasedDeduplication",
    "deduplication_scope": "DeduplicationScope",
    "fifo_throughput_limit": "FifoThroughputLimit",
    "kms_master_key_id": "KmsMasterKeyId",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
    "policy": "Policy",
    "redrive_policy": "RedrivePolicy",
    "redrive_allow_policy": "RedriveAllowPolicy",
}
_DEFAULTS = DEFAULTS["aws_sqs_queue"]


def differ(one: Instance, other: Instance) -> list[tuple[str, Value[bool]]]:
    """Return the attributes in which two queues differ or may, by the name that AWS has for it.

    One that only one of the two is given may have the same value by default: it may differ.
    """
    found: list[tuple[str, Value[bool]]] = []
    for argument, attribute in ATTRIBUTES.items():
        ours, theirs = _value(one, argument), _value(other, argument)
        different = ~_equal(ours, theirs)
        at = other.written.place(argument)
        if different is Truth.YES and ours is not None and theirs is not None:
            found.append((attribute, Known(value=True, at=at)))
        elif different is not Truth.NO:
            found.append((attribute, _unknown(argument, ours, theirs, other)))
    return found


def _value(instance: Instance, argument: str) -> TerraformValue:
    value = instance.written.get(argument)
    return _DEFAULTS.get(argument) if value in (None, "") else value


def _equal(one: TerraformValue, other: TerraformValue) -> Truth:
    if one is None or other is None:
        return Truth.of(one is other)
    if isinstance(one, Hole) and isinstance(other, Hole) and one == other:
        return Truth.YES
    ours, theirs = to_text(one, "one", None), to_text(other, "other", None)
    if ours is None or theirs is None:
        return Truth.MAYBE
    equal = ours.equals(theirs)
    if equal is not Truth.NO or not _is_json(ours):
        return equal
    if ours.holes or theirs.holes:
        return Truth.MAYBE  # JSON may be written in several ways
    return Truth.of(alike(ours, theirs))


def _is_json(text: Text) -> bool:
    return text.spelled.lstrip()[:1] in ("{", "[")


def _unknown(
    argument: str, ours: TerraformValue, theirs: TerraformValue, other: Instance
) -> Unknown:
    at = other.written.place(argument)
    for value in (theirs, ours):
        hole = value if isinstance(value, Hole) else None
        if isinstance(value, Text) and value.holes:
            hole = value.holes[0]
        if hole is not None:
            return unknown(hole, at)
    return Unknown(f"`{argument}` is set for one of them only", at)
