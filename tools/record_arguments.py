"""Rebuild policies/aws-arguments.jsonl: what the AWS provider takes in blocks that tfcheck reads.

A line each resource type, of the schema that the provider tells, with what later versions added.

    terraform providers schema -json | python tools/record_arguments.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "policies" / "aws-arguments.jsonl"
RECORDED = "5.100.0"
NEWEST = 6
"""The major version up to which what was added is known."""

TYPES = (
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role",
    "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
    "aws_iam_user",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_kms_alias",
    "aws_kms_external_key",
    "aws_kms_grant",
    "aws_kms_key",
    "aws_kms_key_policy",
    "aws_kms_replica_external_key",
    "aws_kms_replica_key",
    "aws_lambda_alias",
    "aws_lambda_event_source_mapping",
    "aws_lambda_function",
    "aws_lambda_function_recursion_config",
    "aws_lambda_permission",
    "aws_sns_topic",
    "aws_sns_topic_subscription",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
    "aws_sqs_queue_redrive_allow_policy",
    "aws_sqs_queue_redrive_policy",
)
ADDED = {
    "aws_iam_policy": "delay_after_policy_creation_in_ms",
    "aws_kms_external_key": "key_spec key_usage",
    "aws_lambda_event_source_mapping": "use_resource_timeout_for_propagation logging_config",
    "aws_lambda_function": "capacity_provider_config code_sha256 durable_config publish_to"
    " source_kms_key_arn tenancy_config use_resource_timeout_for_propagation",
    "aws_lambda_permission": "invoked_via_function_url",
    "aws_sns_topic": "maximum_message_size",
}
"""Names of arguments and blocks that version 6 of the provider takes besides."""
INSIDE = {
    "amazon_managed_kafka_event_source_config": "schema_registry_config",
    "self_managed_kafka_event_source_config": "schema_registry_config",
    "provisioned_poller_config": "poller_group_name",
}
"""The same of nested blocks."""


def main() -> None:
    """Write the table."""
    (provider,) = json.load(sys.stdin)["provider_schemas"].values()
    lines = [json.dumps({"provider": RECORDED, "newest": NEWEST})]
    for type_ in TYPES:
        made = {"type": type_, **_block(provider["resource_schemas"][type_]["block"])}
        more = ADDED.get(type_, "").split()
        made["added"] = more if type_.startswith("aws_iam_") else ["region", *more]
        lines.append(json.dumps(made, separators=(",", ":"), sort_keys=True))
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{TARGET.name}: {len(TYPES)} resource types of provider {RECORDED}")


def _block(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the names of a block: `both` may be written as an argument and as blocks."""
    attributes = schema.get("attributes", {})
    made: dict[str, Any] = {"optional": [], "required": [], "computed": [], "both": []}
    for name, each in attributes.items():
        kind = next((k for k in ("required", "optional") if each.get(k)), "computed")
        made["both" if _of_objects(each.get("type")) and kind != "computed" else kind].append(name)
    blocks = {}
    for name, each in schema.get("block_types", {}).items():
        inner = _block(each["block"])
        inner["added"] = INSIDE.get(name, "").split()
        blocks[name] = {k: v for k, v in inner.items() if v}
        for bound, key in (("least", "min_items"), ("most", "max_items")):
            if each.get(key):
                blocks[name][bound] = each[key]
    return {k: v for k, v in {**made, "blocks": blocks}.items() if v}


def _of_objects(type_: Any) -> bool:  # noqa: ANN401 - whatever the schema holds
    return isinstance(type_, list) and isinstance(type_[1], list) and type_[1][0] == "object"


if __name__ == "__main__":
    main()
