"""A mapping to paste: as Terraform, and as CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.characters import hcl_string, json_text

if TYPE_CHECKING:
    from checker.sources.account.preflight import Pair


def terraform(queue: str, function: str, pair: Pair) -> str:
    """Return the mapping as a Terraform resource."""
    lines = [
        'resource "aws_lambda_event_source_mapping" "this" {',
        f"  event_source_arn = {hcl_string(queue)}",
        f"  function_name    = {hcl_string(function)}",
    ]
    if pair.batch_size is not None:
        lines.append(f"  batch_size       = {pair.batch_size}")
    if pair.window is not None:
        lines += ["", f"  maximum_batching_window_in_seconds = {pair.window}"]
    if pair.reports_failures:
        lines += ["", '  function_response_types = ["ReportBatchItemFailures"]']
    if pair.maximum_concurrency is not None:
        inner = f"    maximum_concurrency = {pair.maximum_concurrency}"
        lines += ["", "  scaling_config {", inner, "  }"]
    if pair.filters:
        lines += ["", "  filter_criteria {"]
        for pattern in pair.filters:
            lines += ["    filter {", f"      pattern = {hcl_string(pattern)}", "    }"]
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def cloudformation(queue: str, function: str, pair: Pair) -> str:
    """Return the mapping as a CloudFormation resource, in YAML that is JSON where it matters."""
    given: dict[str, Any] = {"EventSourceArn": queue, "FunctionName": function}
    if pair.batch_size is not None:
        given["BatchSize"] = pair.batch_size
    if pair.window is not None:
        given["MaximumBatchingWindowInSeconds"] = pair.window
    if pair.reports_failures:
        given["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if pair.maximum_concurrency is not None:
        given["ScalingConfig"] = {"MaximumConcurrency": pair.maximum_concurrency}
    if pair.filters:
        given["FilterCriteria"] = {"Filters": [{"Pattern": each} for each in pair.filters]}
    lines = [f"    {key}: {json_text(value)}" for key, value in given.items()]
    head = ["Mapping:", "  Type: AWS::Lambda::EventSourceMapping", "  Properties:"]
    return "\n".join([*head, *lines]) + "\n"
