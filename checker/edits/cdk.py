"""How a fix is said of a program of the CDK: by the properties and methods of its constructs.

A template that the CDK wrote is written anew by the next `cdk synth`, so nothing of it is edited.
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_event_sources.SqsEventSource.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checker.edits import cloudformation
from checker.edits.cloudformation import WAIVER, property_of
from checker.edits.template_values import spelled
from checker.knowledge.constructs import is_wrapped, shown_path
from checker.records import dataclass
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
    "MaximumRecordAgeInSeconds": "maxRecordAge",
    "TumblingWindowInSeconds": "tumblingWindow",
}
"""Properties of templates that are a `Duration` of a construct."""
_NAMES = {
    "MaximumConcurrency": "maxConcurrency",
    "ScalingConfig": "maxConcurrency",
    "FunctionResponseTypes": "reportBatchItemFailures",
    "FifoQueue": "fifo",
    "MinimumPollers": "minimumPollers",
    "MaximumPollers": "maximumPollers",
    "MaximumMessageSize": "maxMessageSizeBytes",
    "FilterCriteria": "filters",
    "KmsMasterKeyId": "encryptionMasterKey",
    "RedrivePolicy": "deadLetterQueue",
    "AssumeRolePolicyDocument": "assumedBy",
    "DeadLetterConfig": "deadLetterQueue",
    "ManagedPolicyArns": "managedPolicies",
    "ProvisionedPollerConfig": "provisionedPollerConfig",
    "BisectBatchOnFunctionError": "bisectBatchOnError",
    "MaximumRetryAttempts": "retryAttempts",
    "DestinationConfig": "onFailure",
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
_ASSIGNED = re.compile(r"`([A-Z][A-Za-z]+): ([0-9]+|true|false)`")
_NAMED = re.compile(r"`([A-Z][A-Za-z]+)`")
_QUOTED = re.compile(r"`([^`]+)`")
_EVENT_SOURCE = "SqsEventSource:"
_REDRIVE = re.compile(r"`RedrivePolicy: \{[^`]*?maxReceiveCount: ([0-9]+)[^`]*\}`")


_PHRASES = {
    "in the redrive policy": "in `deadLetterQueue`",
    "write the pattern as JSON text": "write the pattern with `FilterCriteria.filter`",
    "`KeySpec: SYMMETRIC_DEFAULT`": "`keySpec: KeySpec.SYMMETRIC_DEFAULT`",
    "correct the template, and run `aws cloudformation validate-template`": (
        "correct the program, and run `cdk synth`"
    ),
}
"""What is said of templates alone."""


def worded(fix: Fix, constructs: Mapping[str, str], mappings: Iterable[str] = ()) -> str:
    """Return a fix as advice for the program, which names things by their constructs.

    `mappings` are those that the problem is of.
    """
    said = ConstructWords(constructs, tuple(mappings))
    spelled = " and ".join(map(said.edit, fix.edits))
    if fix.edits and isinstance(fix.edits[0], (AddStatement, AddToList)):
        return spelled
    waiver = WAIVER.fullmatch(fix.message)
    if waiver is not None:  # a comment of the program is not in the template
        ignore = f"{{ ignore: ['{waiver[1]} {waiver[2]}'] }}"
        return f"`construct.node.defaultChild.addMetadata('tfcheck', {ignore})`{waiver[3]}"
    return said.by_constructs(translated(fix.message.replace(HERE, spelled)))


def translated(sentence: str) -> str:
    """Return a sentence with the names of properties as constructs have them."""
    said = cloudformation.translated(sentence)
    for of_template, ours in _PHRASES.items():
        said = said.replace(of_template, ours)
    said = _REDRIVE.sub(r"`deadLetterQueue: { queue: dlq, maxReceiveCount: \1 }`", said)
    said = _ASSIGNED.sub(lambda found: f"`{_assigned(found[1], _plain(found[2]))}`", said)
    return _NAMED.sub(
        lambda found: f"`{_name(found[1])}`" if _is_known(found[1]) else found[0], said
    )


def _plain(word: str) -> int | bool:
    return int(word) if word.isdecimal() else word == "true"


def _is_known(name: str) -> bool:
    return name in _NAMES or name in _DURATIONS


def _name(name: str) -> str:
    return _DURATIONS.get(name) or _NAMES.get(name) or _lowered(name)


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _assigned(name: str, value: ValueToWrite) -> str:
    """Return a property with its value, as a construct of the library has it."""
    if isinstance(value, (str, bool, tuple)):
        whole = _WHOLE.get((name, value))
        if whole is not None:
            return whole
    if name in _DURATIONS and isinstance(value, int) and not isinstance(value, bool):
        whole_days = value >= _DAY and value % _DAY == 0
        unit = f"days({value // _DAY})" if whole_days else f"seconds({value})"
        return f"{_DURATIONS[name]}: Duration.{unit}"
    return f"{_name(name)}: {spelled(value)}"


@dataclass(frozen=True, slots=True)
class ConstructWords:
    """What is said of one program: `constructs` are the paths of its constructs by ids."""

    constructs: Mapping[str, str]
    mappings: tuple[str, ...]

    def path(self, id_: str) -> str:
        """Return what the program calls a thing; its id where that is unknown."""
        return shown_path(self.constructs.get(id_, id_))

    def by_constructs(self, sentence: str) -> str:
        """Return a sentence that names things by the paths of their constructs."""
        return _QUOTED.sub(lambda found: f"`{self.path(found[1])}`", sentence)

    def edit(self, edit: Edit) -> str:
        """Return an edit of the template as one of the program."""
        match edit:
            case SetAttribute(block, name, value, path):
                return f"`{self._set(block, (*path, name), value)}`"
            case AddToList(block, "depends_on", BlockAddress(other)):
                one, before = self.path(block), self.path(other)
                how = "mapping.node.addDependency(policy)"
                return f"let `{one}` depend on `{before}`: `{how}`"
            case AddToList(block, name, value):
                return f"`{self._set(block, (name,), (value,))}`"
            case RemoveAttribute(block, name):
                name = property_of(name)
                return f"remove `{_name(name) if self._is_wrapped(block) else _lowered(name)}`"
            case AddStatement():
                return self._statement(edit)
            case AddCondition(_, condition):
                return f"`conditions: {self._literal(condition)}`"
            case RemoveBlock(block):
                return f"remove `{self.path(block)}`"
            case ThroughCall(_, inner):
                return self.edit(inner)

    def _is_wrapped(self, block: str) -> bool:
        """Tell whether a construct of the library made a block, which has names of its own."""
        return is_wrapped(self.constructs.get(block, ""))

    def _set(self, block: str, path: tuple[str, ...], value: ValueToWrite) -> str:
        *outer, name = map(property_of, path)
        if self._is_wrapped(block):
            return _assigned(name, value)
        # A resource of its own has the properties of the template.
        said = f"{_lowered(name)}: {self._literal(value)}"
        for each in reversed(outer):
            said = f"{_lowered(each)}: {{ {said} }}"
        return said

    def _statement(self, edit: AddStatement) -> str:
        """Say which method of which construct allows what a statement does."""
        holder = self.path(edit.holder)
        if edit.document == "identity policy":
            grant = self._grant(edit.statement)
            if grant and self._was_granted():
                return (
                    "allow it where the role is defined: `SqsEventSource` grants it by itself, and"
                    f" `{holder}` takes no policy, as with `withoutPolicyUpdates()`"
                )
            if grant:
                return f"{grant}, with the function that runs as `{holder}`"
        made = f"PolicyStatement.fromJson({self._literal(edit.statement)})"
        match edit.document:
            case "identity policy":
                return f"add to role `{holder}`: `role.addToPrincipalPolicy({made})`"
            case "trust policy":
                return f"add to the trust policy of role `{holder}`: `{made}`"
            case "permissions boundary":
                return f"add to the permissions boundary of role `{holder}`: `{made}`"
            case "resource policy":
                return f"add to `{holder}`: `addToResourcePolicy({made})`"

    def _grant(self, allow: ObjectValue) -> str:
        """Return the method that grants what a statement allows; "" if none does."""
        parts = dict(allow.items)
        actions, resource = parts.get("Action"), parts.get("Resource")
        allowed = set(map(str, actions)) if isinstance(actions, tuple) else set()
        if not allowed or not isinstance(resource, Reference):
            return ""
        if allowed <= _CONSUMES:
            return f"call `queue.grantConsumeMessages(fn)` of `{self.path(resource.id)}`"
        if allowed == {"kms:Decrypt"}:
            return f"call `key.grantDecrypt(fn)` of `{self.path(resource.id)}`"
        return ""

    def _was_granted(self) -> bool:
        """Tell whether an event source of the library made a mapping: that grants what it needs."""
        paths = (self.path(each).rpartition("/")[2] for each in self.mappings)
        return any(each.startswith(_EVENT_SOURCE) for each in paths)

    def _literal(self, value: ValueToWrite) -> str:
        """Spell a value as TypeScript and JavaScript write it."""
        match value:
            case Reference(id_, _, attribute, made, literal):
                if literal and not made:
                    return f"'{literal}'"
                return f"the {attribute.upper()} of {self.path(id_)}"
            case ObjectValue(items):
                inner = ", ".join(f"{_key(key)}: {self._literal(one)}" for key, one in items)
                return f"{{ {inner} }}"
            case BlockAddress(id_):
                return self.path(id_)
            case tuple():
                return f"[{', '.join(map(self._literal, value))}]"
            case str():
                return f"'{value}'"
            case bool():
                return "true" if value else "false"
            case _:
                return str(value)


def _key(key: str) -> str:
    return key if key.isidentifier() else f"'{key}'"
