"""How a fix is spelled in a CloudFormation template.

Rules name attributes as Terraform does; a template has properties of other names.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

from __future__ import annotations

import json
import re

from checker.edits.serverless import policy_of
from checker.edits.template_values import assigned, spelled
from checker.knowledge.partial import KNOWN_ELSEWHERE
from checker.model import TemplateForm
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    AddToList,
    Edit,
    Fix,
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
_NAME = re.compile(r"`([a-z]+(?:[_.][a-z]+)+)( = |`)")
WAIVER = re.compile(r"# tfcheck: ignore\[([^\]]*)\] (the reason)(.*)")
"""The comment that a rule advises where a waiver is wrong: rules, reason and what may follow."""
_ID = re.compile(r"`([^`]+)`")
_ASSIGNED = re.compile(r"`([A-Za-z]+) = ([^`]*)`")


_ENCODED = re.compile(r"jsonencode\(\{ ([^`{}]*) \}\)")
"""An object that Terraform writes as JSON: a template takes it as it is."""


_PLAIN_FORM = TemplateForm()


def property_of(name: str) -> str:
    """Return the property that an attribute of Terraform is in a template."""
    if not name.islower():
        return name
    return PROPERTIES.get(name) or "".join(word.capitalize() for word in name.split("_"))


def worded(fix: Fix, form: TemplateForm = _PLAIN_FORM, source: str = "") -> str:
    """Return a fix as a sentence, in the language of the file in which it is to be made.

    What is to be changed of a resource that SAM makes is said of the function it is made of.
    """
    in_json = source in form.in_json
    spelled_edits = " and ".join(_edit(each, form, in_json=in_json) for each in fix.edits)
    sentence = fix.message
    for edit in fix.edits:
        if _in_policies(edit, form):
            sentence = sentence.replace("add to a policy of", "add to `Policies` of")
    sentence = _ID.sub(lambda found: f"`{form.made_of.get(found[1], found[1])}`", sentence)
    if fix.edits:
        sentence = sentence.replace(HERE, spelled_edits)
    waiver = WAIVER.fullmatch(sentence) if in_json else None
    if waiver is not None:  # JSON has no comments
        sentence = f'`"ignore": [{json.dumps(f"{waiver[1]} {waiver[2]}")}]`{waiver[3]}'
    return translated(sentence, in_json=in_json)


def _in_policies(edit: Edit, form: TemplateForm) -> bool:
    """Tell whether an edit is one of the `Policies` of a function of SAM."""
    identity = isinstance(edit, AddStatement) and edit.document == "identity policy"
    return identity and isinstance(edit, AddStatement) and edit.holder in form.made_of


def translated(sentence: str, *, in_json: bool = False) -> str:
    """Return a sentence with the names of attributes as those of properties."""
    # Before attributes are spelled as properties, which would change what is looked for.
    named = sentence.replace(_ONE_PROVIDER, "in the Region of the stack:")
    named = _NAME.sub(_renamed, named)
    named = _ENCODED.sub(lambda found: _object(found[1], in_json=in_json), named)

    def property_(found: re.Match[str]) -> str:
        value = _word(found[2]) if in_json else found[2]
        return f"`{assigned(found[1], value, in_json=in_json)}`"

    named = _ASSIGNED.sub(property_, named)
    for terraform, ours in _PHRASES.items():
        named = named.replace(terraform, ours)
    return named


def _object(members: str, *, in_json: bool) -> str:
    """Spell an object that is written as `NAME = VALUE, NAME = VALUE`."""
    pairs = (each.partition(" = ") for each in members.split(", "))
    spelled_members = (
        assigned(name, _word(value) if in_json else value, in_json=in_json)
        for name, _, value in pairs
    )
    return f"{{{', '.join(spelled_members)}}}"


def _word(value: str) -> str:
    """Spell a word of a sentence as a value of JSON."""
    known = value[:1] in '"[{' or value in {"true", "false"} or value.lstrip("-").isdigit()
    return value if known else json.dumps(value)


def _renamed(found: re.Match[str]) -> str:
    names, rest = found[1].split("."), found[2]
    if names[0] not in _ARGUMENTS:
        return found[0]
    return f"`{'.'.join(map(property_of, names))}{rest}"


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
        "image_uri",
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
        "tenancy_config",
        "execution_timeout",
        "durable_config",
        "vpc_config",
        "target_arn",
    ]
)
"""Names of Terraform that rules write: nothing else between backticks is one of ours."""
_ONE_PROVIDER = "with one provider (`provider = ...`):"
_OF_EVENTS = {"EventSourceArn": "Queue"}
"""Properties that an event of SAM calls otherwise than the mapping that is made of it."""
_DEPLOYED = "check what is deployed with `tfcheck audit`"
_PHRASES = {
    "write the pattern with `jsonencode`": "write the pattern as JSON text",
    "set `allowed_account_ids` in the provider block": "give the account with `--account ID`",
    "give the variables that decide it": "give the parameters that decide it",
    KNOWN_ELSEWHERE: _DEPLOYED,
    "remove the comment, or": "remove the waiver, or",
    "a waiver is a comment with a reason": "a waiver has a reason",
    "run with `--live`: AWS might": f"{_DEPLOYED}: AWS might",
    "run with `--live`": _DEPLOYED,
}
"""What is said of Terraform alone: nothing is looked up in AWS beside a template."""


def _edit(edit: Edit, form: TemplateForm, *, in_json: bool) -> str:
    def set_(block: str, name: str, value: ValueToWrite) -> str:
        shown = spelled(value, block, in_json=in_json)
        own = _OF_EVENTS.get(name, name) if block in form.made_of else name
        return f"`{assigned(property_of(own), shown, in_json=in_json)}`"

    match edit:
        case SetAttribute(block, name, value):
            return set_(block, name, value)
        case AddToList(block, name, value):
            return set_(block, name, (value,))
        case RemoveAttribute(_, name):
            return f"remove `{property_of(name)}`"
        case AddStatement(holder, statement):
            value = policy_of(edit) if _in_policies(edit, form) else statement
            return f"`{spelled(value, holder, in_json=in_json)}`"
        case AddCondition(spared, condition):
            return set_(spared, "Condition", condition)
        case RemoveBlock(block):
            return f"remove `{block}`"
        case ThroughCall(_, inner):
            return _edit(inner, form, in_json=in_json)
