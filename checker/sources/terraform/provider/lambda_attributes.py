"""What the AWS provider computes of functions, their aliases, URLs and layers."""

from __future__ import annotations

from checker.knowledge.holes import Kind
from checker.knowledge.text import Text, narrowed
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.provider.arns import (
    arn,
    function_arn,
    invoked,
    name_of,
)
from checker.sources.terraform.provider.data_sources import Compute
from checker.sources.terraform.values.terraform_values import TerraformValue


def _function_name(instance: Instance) -> Text:
    return name_of(instance, "function_name")


def _function_arn(instance: Instance) -> Text:
    return arn(instance, "lambda", Text.of("function:", _function_name(instance)))


def _function_version(instance: Instance) -> TerraformValue:
    publish = instance.written.get("publish")
    if instance.mode == "resource" and publish in (None, False, "false"):
        return "$LATEST"
    return Text.of(instance.hole("version", Kind.NAME))


def _qualified_arn(instance: Instance) -> Text:
    version = _function_version(instance)
    return Text.of(
        _function_arn(instance), ":", version if isinstance(version, (str, Text)) else ""
    )


def _invoke(of: Compute) -> Compute:
    """Return what computes the ARN by which API Gateway calls the function of another ARN."""

    def compute(instance: Instance) -> TerraformValue:
        provider, arn_ = instance.provider, of(instance)
        if not isinstance(arn_, Text):
            return None
        head = ("arn:", provider.partition, ":apigateway:", provider.region, ":lambda:path")
        whole = Text.of(*head, "/2015-03-31/functions/", arn_, "/invocations")
        return whole.taken_of(arn_.thing)

    return compute


def _layer_version(instance: Instance) -> Text:
    return Text.of(instance.hole("version", Kind.NAME))


def _unversioned_layer_arn(instance: Instance) -> Text:
    return arn(instance, "lambda", Text.of("layer:", name_of(instance, "layer_name")))


def _layer_arn(instance: Instance) -> Text:
    return Text.of(_unversioned_layer_arn(instance), ":", _layer_version(instance))


def _function_url(instance: Instance) -> Text:
    own, region = instance.hole("url_id", Kind.NAME), instance.provider.region
    return Text.of("https://", own, ".lambda-url.", region, ".on.aws/")


def _data_qualified_arn(instance: Instance) -> Text:
    qualifier = instance.written.text("qualifier") or Text.of(instance.hole("version", Kind.NAME))
    return Text.of(_function_arn(instance), ":", narrowed(qualifier))


def _alias_arn(instance: Instance) -> Text:
    function = narrowed(instance.written.text("function_name") or Text.of(""))
    whole = Text.of(function_arn(invoked(function), instance), ":", name_of(instance))
    return whole.taken_of(function.thing)


_FUNCTION: dict[str, Compute] = {
    "arn": _function_arn,
    "function_name": _function_name,
    "id": _function_name,
    "version": _function_version,
    "qualified_arn": _qualified_arn,
    "invoke_arn": _invoke(_function_arn),
    "qualified_invoke_arn": _invoke(_qualified_arn),
}
LAMBDA: dict[str, dict[str, Compute]] = {
    "aws_lambda_function": _FUNCTION,
    "data.aws_lambda_function": _FUNCTION | {"qualified_arn": _data_qualified_arn},
    "aws_lambda_alias": {
        "arn": _alias_arn,
        "id": _alias_arn,
        "name": name_of,
        "invoke_arn": _invoke(_alias_arn),
    },
    "aws_lambda_layer_version": {
        "arn": _layer_arn,
        "id": _layer_arn,
        "layer_arn": _unversioned_layer_arn,
        "version": _layer_version,
    },
    "aws_lambda_function_url": {"function_url": _function_url},
    "data.aws_lambda_alias": {"arn": _alias_arn, "id": _alias_arn, "name": name_of},
}
"""The attributes by type of resource, `data.` before that of a data source."""
