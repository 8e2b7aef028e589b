"""How a fix is said of a program of the CDK: by the properties and methods of its constructs.

A template that the CDK wrote is written anew by the next `cdk synth`, so nothing of it is edited.
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_event_sources.SqsEventSource.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.edits import cloudformation
from checker.edits.cloudformation import property_of
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    AddToList,
    BlockAddress,
    Edit,
    Fix,
    ObjectValue,
    Reference,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    ThroughCall,
    ValueToWrite,
)

_DAY = 86_400
_DURATIONS = {
    "VisibilityTimeout": "visibilityTimeout",
    "MessageRetentionPeriod": "retentionPeriod",
    "MaximumBatchingWindowInSeconds": "maxBatchingWindow",
    "DelaySeconds": "deliveryDelay",
    "ReceiveMessageWaitTimeSeconds": "receiveMessageWaitTime",
    "KmsDataKeyReusePeriodSeconds": "dataKeyReuse",
    "Timeout": "timeout",
}
"""Properties of templates that are a `Duration` of a construct."""
_NAMES = {
    "MaximumConcurrency": "maxConcurrency",
    "ScalingConfig": "maxConcurrency",
    "FunctionResponseTypes": "reportBatchItemFailures",
    "FifoQueue": "fifo",
    "MaximumMessageSize": "maxMessageSizeBytes",
    "FilterCriteria": "filters",
    "KmsMasterKeyId": "encryptionMasterKey",
    "RedrivePolicy": "deadLetterQueue",
    "AssumeRolePolicyDocument": "assumedBy",
    "DeadLetterConfig": "deadLetterQueue",
    "ManagedPolicyArns": "managedPolicies",
    "ProvisionedPollerConfig": "provisionedPollerConfig",
    "KmsKeyArn": "filterEncryption",
}
"""Properties that a construct has by another name."""
_WHOLE = {
    ("FunctionResponseTypes", ("ReportBatchItemFailures",)): "reportBatchItemFailures: true",
    ("SqsManagedSseEnabled", True): "encryption: QueueEncryption.SQS_MANAGED",
    ("FifoThroughputLimit", "perMessageGroupId"): (
        "fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID"
    ),
    ("DeduplicationScope", "messageGroup"): (
        "deduplicationScope: DeduplicationScope.MESSAGE_GROUP"
    ),
}
_CONSUMES = frozenset(
    (
        *("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueUrl"),
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    )
)
"""What `Queue.grantConsumeMessages` grants."""
_ASSIGNED = re.compile(r"`([A-Z][A-Za-z]+): ([0-9]+)`")
_NAMED = re.compile(r"`([A-Z][A-Za-z]+)`")
_REDRIVE = re.compile(r"`RedrivePolicy: \{[^`]*?maxReceiveCount: ([0-9]+)[^`]*\}`")


def worded(fix: Fix, constructs: Mapping[str, str]) -> str:
    """Return a fix as advice for the program, which names things by their constructs."""
    spelled = " and ".join(_edit(each, constructs) for each in fix.edits)
    if fix.edits and isinstance(fix.edits[0], AddStatement):
        return spelled
    said = fix.message.replace(HERE, spelled) if fix.edits else fix.message
    return _by_constructs(translated(said), constructs)


def translated(sentence: str) -> str:
    """Return a sentence with the names of properties as constructs have them."""
    said = cloudformation.translated(sentence)
    said = _REDRIVE.sub(r"`deadLetterQueue: { queue: dlq, maxReceiveCount: \1 }`", said)
    said = _ASSIGNED.sub(lambda found: f"`{_set(found[1], int(found[2]))}`", said)
    return _NAMED.sub(
        lambda found: f"`{_name(found[1])}`" if _is_known(found[1]) else found[0], said
    )


def _by_constructs(sentence: str, constructs: Mapping[str, str]) -> str:
    """Return a sentence that names things by the paths of their constructs."""
    return re.sub(r"`([^`]+)`", lambda found: f"`{constructs.get(found[1], found[1])}`", sentence)


def _is_known(name: str) -> bool:
    return name in _NAMES or name in _DURATIONS


def _name(name: str) -> str:
    return _DURATIONS.get(name) or _NAMES.get(name) or name[:1].lower() + name[1:]


def _set(name: str, value: ValueToWrite) -> str:
    if isinstance(value, (str, bool, tuple)):
        whole = _WHOLE.get((name, value))
        if whole is not None:
            return whole
    if name in _DURATIONS and isinstance(value, int) and not isinstance(value, bool):
        whole_days = value >= _DAY and value % _DAY == 0
        unit = f"days({value // _DAY})" if whole_days else f"seconds({value})"
        return f"{_DURATIONS[name]}: Duration.{unit}"
    return f"{_name(name)}: {cloudformation.spelled(value)}"


def _edit(edit: Edit, constructs: Mapping[str, str]) -> str:
    match edit:
        case SetAttribute(_, name, value):
            return f"`{_set(property_of(name), value)}`"
        case AddToList(block, "depends_on", BlockAddress(other)):
            path, before = constructs.get(block, block), constructs.get(other, other)
            return f"a dependency of `{path}` on `{before}` (`construct.node.addDependency(other)`)"
        case AddToList(_, name, value):
            return f"`{_name(property_of(name))}: [{cloudformation.spelled(value)}]`"
        case RemoveAttribute(_, name):
            return f"remove `{_name(property_of(name))}`"
        case AddStatement():
            return _statement(edit, constructs)
        case AddCondition(_, condition):
            return f"`conditions: {_literal(condition, constructs)}`"
        case RemoveBlock(block):
            return f"remove `{constructs.get(block, block)}`"
        case ThroughCall(_, inner):
            return _edit(inner, constructs)


def _statement(edit: AddStatement, constructs: Mapping[str, str]) -> str:
    """Say which method of which construct allows what a statement does."""
    holder = constructs.get(edit.holder, edit.holder)
    parts = dict(edit.statement.items)
    actions, resource = parts.get("Action"), parts.get("Resource")
    allowed = set(map(str, actions)) if isinstance(actions, tuple) else set()
    if edit.document == "identity policy" and isinstance(resource, Reference):
        thing = f"`{constructs.get(resource.id, resource.id)}`"
        if allowed and allowed <= _CONSUMES:
            return f"grant it: `queue.grantConsumeMessages(role)` of {thing} to role `{holder}`"
        if allowed == {"kms:Decrypt"}:
            return f"grant it: `key.grantDecrypt(role)` of {thing} to role `{holder}`"
    statement = f"PolicyStatement.fromJson({_literal(edit.statement, constructs)})"
    match edit.document:
        case "identity policy":
            return f"add to role `{holder}`: `role.addToPrincipalPolicy({statement})`"
        case "trust policy":
            return f"add to the trust policy of role `{holder}`: `{statement}`"
        case "permissions boundary":
            return f"add to the permissions boundary of role `{holder}`: `{statement}`"
        case "resource policy":
            return f"add to `{holder}`: `addToResourcePolicy({statement})`"


def _literal(value: ValueToWrite, constructs: Mapping[str, str]) -> str:
    """Spell a value as TypeScript and JavaScript write it."""
    match value:
        case Reference(id_, _, attribute, made, literal):
            if literal and not made:
                return f"'{literal}'"
            return f"the {attribute.upper()} of {constructs.get(id_, id_)}"
        case ObjectValue(items):
            inner = ", ".join(f"{_key(key)}: {_literal(one, constructs)}" for key, one in items)
            return f"{{ {inner} }}"
        case BlockAddress(id_):
            return constructs.get(id_, id_)
        case tuple():
            return f"[{', '.join(_literal(each, constructs) for each in value)}]"
        case str():
            return f"'{value}'"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _key(key: str) -> str:
    return key if key.isidentifier() else f"'{key}'"
