"""Data sources that the provider answers, wholly or in part, without asking the account."""

from __future__ import annotations

from collections.abc import Callable

from checker.iam.managed import managed_arn, managed_text
from checker.knowledge.sensitive import plain
from checker.knowledge.text import Text
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.values.terraform_values import TerraformValue

Compute = Callable[[Instance], TerraformValue]


def _document(instance: Instance) -> TerraformValue:
    from checker.sources.terraform.provider.policy_document import render_document

    return render_document(instance)


def _rendered(instance: Instance) -> TerraformValue:
    from checker.sources.terraform.provider.template_file import rendered

    return rendered(instance)


def _outputs(instance: Instance) -> TerraformValue:
    from checker.sources.terraform.provider.remote_states import remote_outputs

    return remote_outputs(instance)


def _reverse_dns(instance: Instance) -> TerraformValue:
    suffix = instance.provider.dns_suffix.literal
    return ".".join(reversed(suffix.split("."))) if suffix else instance.hole("reverse_dns_prefix")


def _region(instance: Instance) -> TerraformValue:
    named = instance.written.text("name")
    return instance.provider.region if named is None else named


def _field(index: int) -> Compute:
    """Return what takes a field of an ARN, from 0."""

    def compute(instance: Instance) -> TerraformValue:
        written = instance.written.text("arn")
        fields = None if written is None else written.split(":", 5)
        return None if fields is None or len(fields) <= index else fields[index]

    return compute


def _policy(instance: Instance) -> TerraformValue:
    """Return the text of a policy of the configuration, or of an AWS managed one.

    That of AWS is alike in every account.
    """
    from checker.sources.terraform.provider.referred import policy_text

    own = policy_text(instance)
    if own is not None:
        return own
    written = instance.written.text("arn") or named_policy(instance)
    return None if written is None else managed_text(written)


def named_policy(instance: Instance) -> Text | None:
    """Return the ARN of the AWS managed policy that a data source finds by its name.

    A customer's policy of the same name beside it is an error of the data source.
    """
    written = instance.written
    name = written.text("name")
    if name is None or not name.literal or written.has("path_prefix") or written.has("tags"):
        return None
    return managed_arn(plain(name.literal), instance.provider.partition)


POLICY: dict[str, Compute] = {"policy": _policy}
DATA_SOURCES: dict[str, dict[str, Compute]] = {
    "data.aws_arn": {
        "partition": _field(1),
        "service": _field(2),
        "region": _field(3),
        "account": _field(4),
        "resource": _field(5),
    },
    "data.aws_caller_identity": {
        "account_id": lambda i: i.provider.account,
        "id": lambda i: i.provider.account,
    },
    "data.aws_region": {"name": _region, "id": _region, "region": _region},
    "data.aws_partition": {
        "partition": lambda i: i.provider.partition,
        "id": lambda i: i.provider.partition,
        "dns_suffix": lambda i: i.provider.dns_suffix,
        "reverse_dns_prefix": _reverse_dns,
    },
    "data.terraform_remote_state": {"outputs": _outputs},
    "data.template_file": {"rendered": _rendered},
    "data.aws_iam_policy_document": {"json": _document, "minified_json": _document},
}
