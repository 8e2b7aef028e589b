"""How a fix is spelled in a CloudFormation template.

Rules name attributes as Terraform does; a template has properties of other names.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

from __future__ import annotations

import json
import re

from checker.knowledge.partial import KNOWN_ELSEWHERE
from checker.model.template_ids import name_in
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

PROPERTIES = {
    "message_retention_seconds": "MessageRetentionPeriod",
    "visibility_timeout_seconds": "VisibilityTimeout",
    "customer_master_key_spec": "KeySpec",
    "kms_key_arn": "KmsKeyArn",
    "depends_on": "DependsOn",
    "max_message_size": "MaximumMessageSize",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "content_based_deduplication": "ContentBasedDeduplication",
    "assume_role_policy": "AssumeRolePolicyDocument",
}
"""Properties that are not the words of Terraform's name in capitals."""
_ATTRIBUTES = {"arn": "Arn", "url": "QueueUrl", "name": "Name"}
_PLAIN = re.compile(r"[A-Za-z0-9_./:*-]+")
_NAME = re.compile(r"`([a-z]+(?:_[a-z]+)+)( = |`)")
_ASSIGNED = re.compile(r"`([A-Za-z]+) = ([^`]*)`")


_ENCODED = re.compile(r"jsonencode\(\{ ([^`{}]*) \}\)")
"""An object that Terraform writes as JSON: a template takes it as it is."""


def property_of(name: str) -> str:
    """Return the property that an attribute of Terraform is in a template."""
    if not name.islower():
        return name
    return PROPERTIES.get(name) or "".join(word.capitalize() for word in name.split("_"))


def worded(fix: Fix) -> str:
    """Return a fix as a sentence, in YAML's flow style, which JSON templates read alike."""
    spelled = " and ".join(_edit(each) for each in fix.edits)
    return translated(fix.message.replace(HERE, spelled) if fix.edits else fix.message)


def translated(sentence: str) -> str:
    """Return a sentence with the names of attributes as those of properties."""
    named = _NAME.sub(_renamed, sentence)
    named = _ENCODED.sub(lambda found: f"{{{found[1].replace(' = ', ': ')}}}", named)
    named = _ASSIGNED.sub(lambda found: f"`{found[1]}: {found[2]}`", named)
    for terraform, ours in _PHRASES.items():
        named = named.replace(terraform, ours)
    return named


def _renamed(found: re.Match[str]) -> str:
    name, rest = found[1], found[2]
    return f"`{property_of(name)}{rest}" if name in _ARGUMENTS else found[0]


_ARGUMENTS = frozenset(
    [
        "batch_size",
        "maximum_batching_window_in_seconds",
        "maximum_concurrency",
        "scaling_config",
        "minimum_pollers",
        "maximum_pollers",
        "provisioned_poller_config",
        "function_response_types",
        "filter_criteria",
        "kms_key_arn",
        "event_source_arn",
        "function_name",
        "starting_position",
        "visibility_timeout_seconds",
        "message_retention_seconds",
        "delay_seconds",
        "max_message_size",
        "receive_wait_time_seconds",
        "fifo_queue",
        "content_based_deduplication",
        "deduplication_scope",
        "fifo_throughput_limit",
        "redrive_policy",
        "redrive_allow_policy",
        "kms_master_key_id",
        "sqs_managed_sse_enabled",
        "kms_data_key_reuse_period_seconds",
        "reserved_concurrent_executions",
        "memory_size",
        "package_type",
        "dead_letter_config",
        "tracing_config",
        "ephemeral_storage",
        "customer_master_key_spec",
        "raw_message_delivery",
        "depends_on",
        "managed_policy_arns",
        "permissions_boundary",
        "assume_role_policy",
        "snap_start",
        "logging_config",
    ]
)
"""Names of Terraform that rules write: nothing else between backticks is one of ours."""
_DEPLOYED = "check what is deployed with `tfcheck audit`"
_PHRASES = {
    "set `allowed_account_ids` in the provider block": "give the account with `--account ID`",
    KNOWN_ELSEWHERE: _DEPLOYED,
    "run with `--live`: AWS might": f"{_DEPLOYED}: AWS might",
    "run with `--live`": _DEPLOYED,
}
"""What is said of Terraform alone: nothing is looked up in AWS beside a template."""


def _edit(edit: Edit) -> str:
    match edit:
        case SetAttribute(block, name, value):
            return f"`{property_of(name)}: {spelled(value, block)}`"
        case AddToList(block, name, value):
            return f"`{property_of(name)}: [{spelled(value, block)}]`"
        case RemoveAttribute(_, name):
            return f"remove `{property_of(name)}`"
        case AddStatement(holder, statement):
            return f"`{spelled(statement, holder)}`"
        case AddCondition(_, condition):
            return f"`Condition: {spelled(condition)}`"
        case RemoveBlock(block):
            return f"remove `{block}`"
        case ThroughCall(_, inner):
            return _edit(inner)


def spelled(value: ValueToWrite, beside: str = "") -> str:
    """Spell a value in YAML's flow style, as it stands in what has the id `beside`."""
    match value:
        case Reference(id, _, attribute, made, literal):
            name = name_in(id, beside)
            if made and name is not None:
                return f"!GetAtt {name}.{_ATTRIBUTES.get(attribute, attribute)}"
            return literal or f"the {attribute.upper()} of {id}"
        case BlockAddress(id):
            return id
        case ObjectValue(items):
            return "{" + ", ".join(f"{key}: {spelled(one, beside)}" for key, one in items) + "}"
        case tuple():
            return f"[{', '.join(spelled(one, beside) for one in value)}]"
        case str():
            return (
                value
                if _PLAIN.fullmatch(value) and not value.startswith("*")
                else json.dumps(value)
            )
        case _:
            return json.dumps(value)
