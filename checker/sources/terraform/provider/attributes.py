"""What the AWS provider computes: `arn`, `url`, `id` and the defaults that references may read.

Where AWS would build a text from parts that are known, it is built here; what is not known yet
stays a hole. The formats follow the Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
"""

from __future__ import annotations

from checker.knowledge.holes import Kind
from checker.knowledge.text import Text, narrowed
from checker.knowledge.truth import Truth
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.provider.arns import arn, name_of
from checker.sources.terraform.provider.data_sources import (
    DATA_SOURCES,
    POLICY,
    Compute,
    named_policy,
)
from checker.sources.terraform.provider.lambda_attributes import LAMBDA
from checker.sources.terraform.provider.referred import key_of_data_source, target_of_alias
from checker.sources.terraform.provider.senders import SENDERS
from checker.sources.terraform.provider.services import SERVICES
from checker.sources.terraform.values.terraform_values import TerraformValue

DEFAULTS: dict[str, dict[str, TerraformValue]] = {
    "aws_sqs_queue": {
        "visibility_timeout_seconds": 30,
        "message_retention_seconds": 345600,
        "delay_seconds": 0,
        "receive_wait_time_seconds": 0,
        "fifo_queue": False,
        "content_based_deduplication": False,
    },
    "aws_lambda_function": {
        "timeout": 3,
        "memory_size": 128,
        "reserved_concurrent_executions": -1,
        "package_type": "Zip",
        "publish": False,
    },
    "aws_iam_role": {"path": "/", "max_session_duration": 3600},
    "aws_iam_policy": {"path": "/"},
    "aws_iam_user": {"path": "/"},
    "aws_kms_key": {"is_enabled": True, "key_usage": "ENCRYPT_DECRYPT", "multi_region": False},
    "aws_lambda_event_source_mapping": {"enabled": True},
}


def computed(instance: Instance, name: str) -> TerraformValue:
    """Return what the provider makes of an attribute; None if it is what was written."""
    key = f"data.{instance.type}" if instance.mode == "data" else instance.type
    compute = _COMPUTED.get(key, {}).get(name)
    if compute is not None:
        return compute(instance)
    service = SERVICES.get((instance.type, name))
    if service is not None:
        return Text.of("arn:", instance.provider.partition, f":{service}:", instance.hole(name))
    default = DEFAULTS.get(instance.type, {}).get(name)
    if default is not None and instance.mode == "resource" and instance.written.get(name) is None:
        return default
    return None


def _queue_name(instance: Instance) -> Text:
    fifo = instance.written.get("fifo_queue") in (True, "true")
    return name_of(instance, suffix=".fifo" if fifo and instance.mode == "resource" else "")


def _queue_arn(instance: Instance) -> Text:
    return arn(instance, "sqs", _queue_name(instance))


def _queue_url(instance: Instance) -> Text:
    provider = instance.provider
    host = Text.of("https://sqs.", provider.region, ".", provider.dns_suffix, "/")
    return Text.of(host, provider.account, "/", _queue_name(instance))


def _path(instance: Instance) -> Text:
    """Return the path, with the slashes at both ends without which IAM refuses it."""
    path = instance.written.text("path") or Text.of("/")
    first, last = path.parts[0] if path.parts else "", path.parts[-1] if path.parts else ""
    before = "/" if isinstance(first, str) and not first.startswith("/") else ""
    after = "/" if isinstance(last, str) and not last.endswith("/") else ""
    return Text.of(before, path, after) if before or after else path


def _iam_arn(kind: str) -> Compute:
    def compute(instance: Instance) -> TerraformValue:
        resource = Text.of(kind, _path(instance), name_of(instance))
        return arn(instance, "iam", resource, regional=False)

    return compute


def _unseen_path_arn(kind: str) -> Compute:
    """A data source finds a role or user by its name; its path is part of the ARN all the same."""

    def compute(instance: Instance) -> TerraformValue:
        resource = Text.of(kind, instance.hole("path", Kind.NAME), name_of(instance))
        return arn(instance, "iam", resource, regional=False)

    return compute


def _policy_arn(instance: Instance) -> TerraformValue:
    found = instance.written.text("arn") or named_policy(instance)
    return found if found is not None else _unseen_path_arn("policy")(instance)


def _policy_name(instance: Instance) -> TerraformValue:
    """Return the name of a policy that a data source finds by its name or its ARN."""
    written, named = instance.written.text("arn"), instance.written.text("name")
    path = None if written is None else written.split("/")
    if named is None and path is not None and len(path) > 1:
        return path[-1]
    return Text.of(instance.hole("name", Kind.NAME)) if named is None else named


def _unique_id(instance: Instance) -> Text:
    return Text.of(instance.hole("unique_id", Kind.NAME))


def _key_id(instance: Instance) -> Text:
    return Text.of(instance.hole("key_id", Kind.NAME))


def _replica_id(instance: Instance) -> Text:
    """Return the id of a replica key, which is that of its primary key in another Region.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    """
    primary = instance.written.text("primary_key_arn")
    fields = None if primary is None else primary.split(":", 5)
    if fields is None or len(fields) < 6:  # noqa: PLR2004 - no whole ARN
        return _key_id(instance)
    parts = fields[5].parts
    first = parts[0] if parts else ""
    if not isinstance(first, str) or not first.startswith("key/"):
        return _key_id(instance)
    if fields[3].equals(instance.provider.region) is Truth.YES:
        return _key_id(instance)  # Terraform would refuse it: what is written is no replica
    return Text.of(first.removeprefix("key/"), *parts[1:])


def _key_arn(instance: Instance) -> Text:
    return arn(instance, "kms", Text.of("key/", _key_id(instance)))


def _data_key_arn(instance: Instance) -> TerraformValue:
    written = instance.written.text("key_id")
    if written is None:
        return None
    text = written.parts[0] if written.parts else ""
    if isinstance(text, str) and text.startswith("arn:") and ":key/" in text:
        return written
    if isinstance(text, str) and (text.startswith(("alias/", "arn:"))):
        key = key_of_data_source(instance)
        return _key_arn(instance) if key is None else key
    return arn(instance, "kms", Text.of("key/", narrowed(written)))


def _replica_arn(instance: Instance) -> TerraformValue:
    return arn(instance, "kms", Text.of("key/", _replica_id(instance)))


def _kms_alias_name(instance: Instance) -> Text:
    written = instance.written.text("name")
    if written is not None:
        return written
    prefix = instance.written.text("name_prefix")
    return Text.of(prefix if prefix is not None else "alias/", instance.hole("name", Kind.NAME))


def _kms_alias_arn(instance: Instance) -> Text:
    return arn(instance, "kms", _kms_alias_name(instance))


def _kms_target_arn(instance: Instance) -> TerraformValue:
    target = target_of_alias(instance)
    own = Text.of("key/", instance.hole("target_key_id", Kind.NAME))
    return arn(instance, "kms", own) if target is None else target


def _target_of_alias(instance: Instance) -> TerraformValue:
    target = instance.written.text("target_key_id")
    if target is None:
        return None
    first = target.parts[0] if target.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        return target
    return arn(instance, "kms", Text.of("key/", narrowed(target)))


def _input(instance: Instance) -> TerraformValue:
    """`terraform_data` gives out what it is given."""
    return instance.written.marked("input")


_QUEUE: dict[str, Compute] = {
    "arn": _queue_arn,
    "url": _queue_url,
    "id": _queue_url,
    "name": _queue_name,
}
_COMPUTED: dict[str, dict[str, Compute]] = {
    "terraform_data": {"output": _input},
    "aws_sqs_queue": _QUEUE,
    "data.aws_sqs_queue": _QUEUE,
    **LAMBDA,
    "aws_iam_role": {
        "arn": _iam_arn("role"),
        "name": name_of,
        "id": name_of,
        "unique_id": _unique_id,
    },
    "data.aws_iam_role": {"arn": _unseen_path_arn("role"), "name": name_of, "id": name_of},
    "aws_iam_user": {
        "arn": _iam_arn("user"),
        "name": name_of,
        "id": name_of,
        "unique_id": _unique_id,
    },
    "data.aws_iam_user": {"arn": _unseen_path_arn("user"), "user_name": name_of},
    "aws_iam_instance_profile": {"arn": _iam_arn("instance-profile")},
    "aws_iam_policy": {"arn": _iam_arn("policy"), "id": _iam_arn("policy"), "name": name_of},
    "data.aws_iam_policy": POLICY | {"id": _policy_arn, "arn": _policy_arn, "name": _policy_name},
    "aws_kms_key": {"arn": _key_arn, "key_id": _key_id, "id": _key_id},
    "aws_kms_external_key": {"arn": _key_arn, "key_id": _key_id, "id": _key_id},
    "aws_kms_replica_key": {"arn": _replica_arn, "key_id": _replica_id, "id": _replica_id},
    "aws_kms_replica_external_key": {
        "arn": _replica_arn,
        "key_id": _replica_id,
        "id": _replica_id,
    },
    "data.aws_kms_key": {"arn": _data_key_arn},
    "aws_kms_alias": {
        "arn": _kms_alias_arn,
        "name": _kms_alias_name,
        "id": _kms_alias_name,
        "target_key_arn": _target_of_alias,
    },
    "data.aws_kms_alias": {
        "arn": _kms_alias_arn,
        "name": _kms_alias_name,
        "target_key_arn": _kms_target_arn,
        "target_key_id": lambda i: Text.of(i.hole("target_key_id", Kind.NAME)),
    },
    **DATA_SOURCES,
    **SENDERS,
}
