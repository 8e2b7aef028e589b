"""Our value of an attribute beside Terraform's: nothing that we say may differ."""

import json

import yaml
from plan_files import parse_plan_json

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.plan.planned import block_of
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.values.marks import bare
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.terraform_values import Set, holes

ACCOUNT = {"account": "123456789012"}

# What the model reads of each resource, and the plan tells.
ATTRIBUTES = {
    "aws_sqs_queue": (
        "name",
        "arn",
        "url",
        "fifo_queue",
        "visibility_timeout_seconds",
        "message_retention_seconds",
        "kms_master_key_id",
        "redrive_policy",
        "policy",
        "tags",
    ),
    "aws_sqs_queue_policy": ("policy", "queue_url"),
    "aws_sqs_queue_redrive_policy": ("redrive_policy", "queue_url"),
    "aws_sqs_queue_redrive_allow_policy": ("redrive_allow_policy", "queue_url"),
    "aws_lambda_function": (
        "function_name",
        "arn",
        "timeout",
        "role",
        "reserved_concurrent_executions",
    ),
    "aws_lambda_alias": ("name", "arn", "function_name", "function_version"),
    "aws_lambda_event_source_mapping": (
        "batch_size",
        "maximum_batching_window_in_seconds",
        "event_source_arn",
        "function_name",
        "function_response_types",
        "enabled",
    ),
    "aws_iam_role": ("name", "arn", "path", "assume_role_policy", "permissions_boundary"),
    "aws_iam_role_policy": ("policy", "role"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_policy": ("name", "arn", "policy", "path"),
    "aws_kms_key": ("policy", "is_enabled", "arn", "key_id"),
    "aws_kms_alias": ("name", "arn", "target_key_id"),
    "aws_kms_grant": ("grantee_principal", "operations", "key_id"),
}
# URLs of the server that the provider talked to, which are not AWS's.
SERVED = ("http://127.0.0.1", "http://localhost")


def options(folder):
    expected = folder / "expected.yaml"
    return (yaml.safe_load(expected.read_text()) or {}) if expected.exists() else {}


def walked(folder, variables):
    """Return every instance of the types above, by address, and those of unsure number."""
    project = Project(folder, Files(folder))
    walk = Walk(open_root(project, str(folder), Given(variables=variables)))
    found = [item for type_ in ATTRIBUTES for item in walk.of(type_)]
    sure = {item.instance.address: item.instance for item in found if item.unsure is None}
    return sure, [item.instance for item in found if item.unsure is not None]


def known(value):
    """Return a value as JSON has it, with the account filled in; texts with holes stay texts."""
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, dict):
        return {key: known(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [known(inner) for inner in value]
    if isinstance(value, Text):
        filled = value.fill(ACCOUNT)
        return filled if filled.holes else str(filled)
    return value


def same(ours, theirs):
    """Tell whether two known values are one: JSON by what it says, sets in any order."""
    if isinstance(ours, Text):
        return ours.equals(Text.of(str(theirs))) is not Truth.NO or theirs[:1] in "{["
    if isinstance(theirs, bool):
        return ours in (theirs, str(theirs).lower())
    if isinstance(theirs, (int, float)):
        return float(str(ours)) == float(theirs)
    if isinstance(theirs, (list, tuple)):
        return isinstance(ours, list) and sorted(map(str, ours)) == sorted(map(str, theirs))
    if isinstance(theirs, str):
        if theirs.startswith(SERVED):
            return True
        written = str(to_string(ours))
        try:
            return json.loads(written) == json.loads(theirs)
        except ValueError:
            return written == theirs
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and all(same(ours.get(k), v) for k, v in theirs.items())
    return ours == theirs


def verdict(ours, planned, applied):
    """Say how our value stands to the plan's: `same`, `weaker`, `differs`, `more` or `open`.

    `applied` is what the attribute was after the plan was applied, None if that is not known.
    """
    unknown = isinstance(ours, Hole)
    if holes(planned):
        if unknown or applied is None:
            return "open"
        return "more" if same(known(ours), applied) else "differs"
    if planned in (None, "", (), {}):
        return "same"  # not set: the provider's default is the model's business
    if unknown or (ours is None):
        return "weaker"
    return "same" if same(known(ours), planned) else "differs"


READ_BACK = {"function_name"}
"""Attributes that the provider reads back in another form than it was given."""


def differences(folder, shown, applied, variables=()):
    """Return how many attributes were compared, and a line for each that differs or is weaker.

    `shown` is plan JSON; `applied` are attributes by address, as far as they are known.
    """
    plan = parse_plan_json(shown, "plan.json")
    sure, unsure = walked(folder, variables)
    seen, found = 0, []
    for address, change in plan.changes.items():
        type_ = block_of(address).split(".")[-2]
        if not isinstance(change.after, dict) or type_ not in ATTRIBUTES:
            continue
        instance = sure.get(address)
        if instance is None:
            if not any(each.type == type_ for each in unsure):
                found.append(f"{address} is not found")
            continue
        for name in ATTRIBUTES[type_]:
            ours, planned = bare(instance.attribute(name, instance.at)), change.after.get(name)
            after = None if name in READ_BACK else applied.get(address, {}).get(name)
            said = verdict(ours, planned, after)
            seen += said in {"same", "more"}
            if said in {"differs", "weaker"}:
                found.append(f"{address}.{name} {said}: {ours!r}, {planned!r}, {after!r}")
    return seen, found
