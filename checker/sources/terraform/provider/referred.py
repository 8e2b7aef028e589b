"""Data sources that read a resource of the same configuration: they tell what it is given."""

from __future__ import annotations

from collections.abc import Collection

from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.values.terraform_values import TerraformValue

KEY_TYPES = frozenset({"aws_kms_key", "aws_kms_external_key"})
ALIAS_NAMES = frozenset({"arn", "id", "name"})


def referred(
    instance: Instance, argument: str, types: Collection[str], attributes: Collection[str]
) -> Instance | None:
    """Return the resource whose attribute an argument refers to, if it is of one of some types."""
    written = instance.written.body.arguments.get(argument)
    node = None if written is None else written.expression
    if isinstance(node, tree.Template) and node.wraps and len(node.parts) == 1:
        (part,) = node.parts
        node = None if isinstance(part, (tree.Piece, tree.If, tree.Loop)) else part
    if not isinstance(node, tree.Attribute) or node.name not in attributes:
        return None
    try:
        found = evaluate(node.of, instance.written.scope)
    except EvaluationError:
        return None
    managed = isinstance(found, Instance) and found.mode == "resource" and found.type in types
    return found if managed and isinstance(found, Instance) else None


def policy_text(instance: Instance) -> TerraformValue:
    """Return the document of a policy of this configuration that a data source reads."""
    of = referred(instance, "arn", {"aws_iam_policy"}, {"arn", "id"})
    return None if of is None else of.attribute("policy", instance.at)


def target_of_alias(instance: Instance) -> TerraformValue:
    """Return the ARN of the key of an alias of this configuration that a data source reads."""
    of = referred(instance, "name", {"aws_kms_alias"}, ALIAS_NAMES)
    return None if of is None else of.attribute("target_key_arn", instance.at)


def key_of_data_source(instance: Instance) -> TerraformValue:
    """Return the ARN of the key of this configuration that a data source reads."""
    key = referred(instance, "key_id", KEY_TYPES, {"arn", "id", "key_id"})
    if key is not None:
        return key.attribute("arn", instance.at)
    alias = referred(instance, "key_id", {"aws_kms_alias"}, ALIAS_NAMES)
    return None if alias is None else alias.attribute("target_key_arn", instance.at)
