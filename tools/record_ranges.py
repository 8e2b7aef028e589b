"""Rebuild policies/aws-ranges.jsonl: which values AWS takes for what mappings rest on.

What botocore's service models say: as bounds and words of their shapes, or in the words of their
documentation, from which numbers are read. A line each argument of a resource type.

    python tools/record_ranges.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import botocore
import botocore.session

TARGET = Path(__file__).parent.parent / "policies" / "aws-ranges.jsonl"
MAPPING, FUNCTION, QUEUE, ROLE = (
    "aws_lambda_event_source_mapping",
    "aws_lambda_function",
    "aws_sqs_queue",
    "aws_iam_role",
)
SHAPES = (
    (MAPPING, "function_response_types", "CreateEventSourceMapping.FunctionResponseTypes"),
    (MAPPING, "metrics_config.metrics", "CreateEventSourceMapping.MetricsConfig.Metrics"),
    (FUNCTION, "timeout", "CreateFunction.Timeout"),
    (FUNCTION, "memory_size", "CreateFunction.MemorySize"),
    (FUNCTION, "ephemeral_storage.size", "CreateFunction.EphemeralStorage.Size"),
    (FUNCTION, "handler", "CreateFunction.Handler"),
    (FUNCTION, "package_type", "CreateFunction.PackageType"),
    (FUNCTION, "architectures", "CreateFunction.Architectures"),
    (FUNCTION, "tracing_config.mode", "CreateFunction.TracingConfig.Mode"),
    (FUNCTION, "snap_start.apply_on", "CreateFunction.SnapStart.ApplyOn"),
    (FUNCTION, "logging_config.log_format", "CreateFunction.LoggingConfig.LogFormat"),
    (
        FUNCTION,
        "logging_config.application_log_level",
        "CreateFunction.LoggingConfig.ApplicationLogLevel",
    ),
    (FUNCTION, "logging_config.system_log_level", "CreateFunction.LoggingConfig.SystemLogLevel"),
)
"""Arguments of Terraform, and the members of Lambda's shapes that they set."""
OF_IAM = ((ROLE, "path", "CreateRole.Path"),)
"""The same of IAM's shapes."""
ATTRIBUTES = {
    "visibility_timeout_seconds": "VisibilityTimeout",
    "message_retention_seconds": "MessageRetentionPeriod",
    "delay_seconds": "DelaySeconds",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "max_message_size": "MaximumMessageSize",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "deduplication_scope": "DeduplicationScope",
    "fifo_throughput_limit": "FifoThroughputLimit",
}
"""Arguments of Terraform, and the attributes of a queue that they set."""
MORE: dict[tuple[str, str], dict[str, Any]] = {
    (FUNCTION, "memory_size"): {
        "plain": 10240,
        "page": "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    },
    (ROLE, "path"): {
        "text": "The specified value for path is invalid. It must begin and end with / and contain"
        " only alphanumeric characters and/or / characters.",
    },
    (MAPPING, "metrics_config.metrics"): {
        "words": ["EventCount"],
        "text": "Invalid EventSourceMapping metrics. Expected values: [EventCount]",
    },
}
"""What the models do not say: of functions that are not managed instances, and of queues."""
_DASH = "\N{EN DASH}"
_NUMBER = r"([\d,]+)"
_BETWEEN = re.compile(
    rf"(?:from|between) {_NUMBER} ?(?:seconds?|bytes)?(?: \([^)]*\))? ?(?:to|and) {_NUMBER}"
)
_PLAIN = (
    re.compile(rf"maximum allowed value is {_NUMBER} seconds"),
    re.compile(rf"any whole number between [\d,]+ and {_NUMBER} MB"),
)
_WORDS = re.compile(r"Valid values are (\w+) and (\w+)\.")
_ESCAPE = re.compile(r"\\u([0-9A-F]{4})")
_CHARACTERS = re.compile(rf"limited to {_NUMBER} characters")


def main() -> None:
    """Write the table."""
    text = table()
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {text.count(chr(10)) - 1} arguments of botocore {botocore.__version__}")


def table() -> str:
    """Return the text of the table."""
    session = botocore.session.get_session()
    rows = [*_of_lambda(session.get_service_model("lambda"))]
    rows += _of_shapes(session.get_service_model("iam"), "iam", OF_IAM)
    rows += _of_queues(session.get_service_model("sqs"))
    lines = [json.dumps({"botocore": botocore.__version__})]
    lines += [json.dumps(row, separators=(",", ":")) for row in rows]
    return "\n".join(lines) + "\n"


def _of_shapes(
    model: Any,  # noqa: ANN401 - botocore has no types
    service: str,
    shapes: tuple[tuple[str, str, str], ...],
) -> list[dict[str, Any]]:
    rows = []
    for type_, argument, path in shapes:
        operation, *members = path.split(".")
        shape = model.operation_model(operation).input_shape
        said = ""
        for member in members:
            shape = shape.members[member]
            said += " " + _plain(shape.documentation)
        shape = shape.member if shape.type_name == "list" else shape
        row: dict[str, Any] = {"type": type_, "argument": argument, "aws": f"{service}:{path}"}
        bounds = {"min": "least", "max": "most", "enum": "words"}
        text = shape.type_name == "string" and not shape.enum
        bounds = {"max": "characters", "pattern": "pattern"} if text else bounds
        row |= {bounds[k]: v for k, v in shape.metadata.items() if k in bounds}
        if "pattern" in row:
            row["pattern"] = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), row["pattern"])
        for found in (pattern.search(said) for pattern in _PLAIN):
            if found is not None:
                row["plain"] = _number(found[1])
        rows.append(row | MORE.get((type_, argument), {}))
    return rows


def _of_lambda(model: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - botocore has no types
    rows = _of_shapes(model, "lambda", SHAPES)
    name = model.operation_model("CreateFunction").input_shape.members["FunctionName"]
    characters = _CHARACTERS.search(_plain(name.documentation))
    made = {"type": FUNCTION, "argument": "function_name", "aws": "lambda:CreateFunction"}
    return [*rows, {**made, "characters": _number(_found(characters)[1])}]


def _of_queues(model: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - botocore has no types
    attributes = model.operation_model("CreateQueue").input_shape.members["Attributes"]
    said = _plain(attributes.documentation)
    rows = []
    for argument, name in ATTRIBUTES.items():
        text = said[said.index(f"{name} {_DASH}") :].split(f" {_DASH} ", 2)[1]
        row: dict[str, Any] = {
            "type": QUEUE,
            "argument": argument,
            "aws": f"sqs:CreateQueue.{name}",
        }
        words, bounds = _WORDS.search(text), _BETWEEN.search(text)
        if words is not None:
            row["words"] = list(words.groups())
        else:
            row["least"], row["most"] = map(_number, _found(bounds).groups())
        rows.append(row)
    return rows


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _found(match: re.Match[str] | None) -> re.Match[str]:
    if match is None:
        raise SystemExit("the documentation in botocore does not say the range any more")
    return match


if __name__ == "__main__":
    main()
