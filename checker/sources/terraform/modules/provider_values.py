"""Values of arguments that the AWS provider refuses when it validates or plans, in its own words.

Each check says what the provider says, or nothing where it takes the value or a later version of it
may. As provider 5.100.0 validates; tests/sources/terraform/test_refusals.py asks the real one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.sensitive import is_sensitive
from checker.knowledge.shown import briefly
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.language.numbers import number_text, parse
from checker.sources.terraform.values.terraform_values import Set, TerraformValue

ArgumentCheck: TypeAlias = Callable[[str, TerraformValue], str | None]
"""Takes the name of an argument and its value, and returns what the provider says of it."""

_ACCOUNT = r"^(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})$"
_PARTITION = r"^aws(-[a-z]+)*$"
_REGION = re.compile(r"[a-z]{2,6}(-[a-z]+)+-\d{1,2}")
_SECTIONS = 6
_NAME = re.compile(r"[\w+=,.@-]*", re.ASCII)
_FUNCTION = re.compile(
    r"(arn:[\w-]+:lambda:)?([a-z0-9-]+:)?(\d{12}:)?(function:)?[a-zA-Z0-9_-]+"
    r"(:(\$LATEST|[a-zA-Z0-9_-]+))?",
    re.ASCII,
)


def refused(type_: str, argument: str, value: TerraformValue) -> str | None:
    """Return what the provider says of an argument's value, None where it takes it.

    `type_` is the resource's, `data.` before that of a data source. What holds an unknown is
    refused only where its known part settles it; of a sensitive one no more is quoted than a token.
    """
    check = CHECKS.get(type_, {}).get(argument)
    if check is None or value is None or isinstance(value, Hole):
        return None
    nested = type_.count(".") > type_.startswith("data.")
    return check(f"{type_.rpartition('.')[2]}.0.{argument}" if nested else argument, value)


def _arn(argument: str, value: TerraformValue) -> str | None:
    why = _wrong_arn(value)
    return None if why is None else f'"{argument}" ({value}) is an invalid ARN: {why}'


def _wrong_arn(value: TerraformValue) -> str | None:
    text = literal_of(value)
    if text is None:
        head = value.parts[0] if isinstance(value, Text) else ""
        open_ = not isinstance(head, str) or head.startswith("arn:") or "arn:".startswith(head)
        return None if open_ else "arn: invalid prefix"
    if not text:
        return None
    if not text.startswith("arn:"):
        return "arn: invalid prefix"
    fields = text.split(":", _SECTIONS - 1)
    if len(fields) < _SECTIONS:
        return "arn: not enough sections"
    _, partition, _, region, account, resource = fields
    if not partition:
        return "missing partition value"
    if not re.match(_PARTITION, partition):
        return f"invalid partition value (expecting to match regular expression: {_PARTITION})"
    if region and not _REGION.fullmatch(region):
        return "invalid region value"
    if account and not re.match(_ACCOUNT, account, re.ASCII):
        return f"invalid account ID value (expecting to match regular expression: {_ACCOUNT})"
    return None if resource else "missing resource value"


def _between(least: int, most: int) -> ArgumentCheck:
    def check(argument: str, value: TerraformValue) -> str | None:
        number = _number(value)
        if number is None or least <= number <= most:
            return _fraction(value, number)
        shown = _shown(value, number)
        return f"expected {argument} to be in the range ({least} - {most}), got {shown}"

    return check


def _from(least: int) -> ArgumentCheck:
    def check(argument: str, value: TerraformValue) -> str | None:
        number = _number(value)
        if number is None or number >= least:
            return _fraction(value, number)
        return f"expected {argument} to be at least ({least}), got {_shown(value, number)}"

    return check


def _named(most: int) -> ArgumentCheck:
    def check(argument: str, value: TerraformValue) -> str | None:
        said = _long(most)(argument, value)
        if said is not None:
            return said
        known = [part for part in parts_of(value) if isinstance(part, str)]
        if all(map(_NAME.fullmatch, known)):
            return None
        return rf"invalid value for {argument} (must match [\w+=,.@-])"

    return check


def _long(most: int) -> ArgumentCheck:
    def check(argument: str, value: TerraformValue) -> str | None:
        text = literal_of(value)
        if text is None or 1 <= len(text.encode("utf-8", "surrogatepass")) <= most:
            return None
        return f"expected length of {argument} to be in the range (1 - {most}), got {briefly(text)}"

    return check


def _up_to(least: int, most: int, newest: int) -> ArgumentCheck:
    """Check a range whose end a later version of the provider has moved to `newest`."""
    within = _between(least, most)

    def check(argument: str, value: TerraformValue) -> str | None:
        number = _number(value)
        if number is None or least <= number <= newest:
            return _fraction(value, number)
        return within(argument, value)

    return check


def _one_of(*words: str) -> ArgumentCheck:
    shown = " ".join(f'"{word}"' for word in words)

    def check(argument: str, value: TerraformValue) -> str | None:
        text = literal_of(value)
        if text is None or text in words:
            return None
        return f"expected {argument.rpartition('.')[2]} to be one of [{shown}], got {briefly(text)}"

    return check


def _each(inner: ArgumentCheck) -> ArgumentCheck:
    def check(argument: str, value: TerraformValue) -> str | None:
        members = value.members if isinstance(value, Set) else value
        said = (inner(argument, each) for each in (members if isinstance(members, tuple) else ()))
        return next(filter(None, said), None)

    return check


def _items(most: int, inner: ArgumentCheck | None = None) -> ArgumentCheck:
    """Check how many elements a list has, then each as `inner` does."""

    def check(argument: str, value: TerraformValue) -> str | None:
        if isinstance(value, tuple) and len(value) > most:
            count = f"supports {most} item maximum, but config has {len(value)} declared"
            return f"Too many list items: Attribute `{argument}` {count}"
        return None if inner is None else _each(inner)(argument, value)

    return check


def _function(argument: str, value: TerraformValue) -> str | None:
    text = literal_of(value)
    if text is None or _FUNCTION.fullmatch(text):
        return None
    return f"invalid value for {argument} (must be valid function name or function ARN)"


def literal_of(value: TerraformValue) -> str | None:
    """Return a known text, None for what is none."""
    if isinstance(value, Text):
        return value.literal
    return value if isinstance(value, str) else None


def _shown(value: TerraformValue, number: int | Decimal) -> str:
    """Write a number as the provider does; of a sensitive one what stands for it."""
    secret = is_sensitive(value) or (isinstance(value, Text) and value.sensitive)
    return str(value) if secret else number_text(number)


def _fraction(value: TerraformValue, number: int | Decimal | None) -> str | None:
    """Say that a number is not a whole one, as a double has it."""
    if number is None or number == int(number):
        return None
    secret = is_sensitive(value) or (isinstance(value, Text) and value.sensitive)
    return f"Attribute must be a whole number, got {value if secret else float(number)}"


def parts_of(value: TerraformValue) -> tuple[str | Hole, ...]:
    """Return the parts of a text, known and unknown; none of what is no text."""
    if isinstance(value, Text):
        return value.parts
    return (value,) if isinstance(value, str) else ()


def _number(value: TerraformValue) -> int | Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Decimal)):
        return value
    text = literal_of(value)
    try:
        return None if text is None else parse(text)
    except UnknownResultError:
        return None


CHECKS: dict[str, dict[str, ArgumentCheck]] = {
    "aws_lambda_event_source_mapping": {
        "function_response_types": _each(_one_of("ReportBatchItemFailures")),
        "kms_key_arn": _arn,
    },
    "aws_lambda_function": {
        "role": _arn,
        "function_name": _function,
        "handler": _long(128),
        "timeout": _up_to(1, 900, 5400),
        "memory_size": _up_to(128, 10240, 32768),
        "reserved_concurrent_executions": _from(-1),
        "package_type": _one_of("Zip", "Image"),
        "architectures": _items(1, _one_of("x86_64", "arm64")),
        "layers": _items(5),
        "kms_key_arn": _arn,
        "code_signing_config_arn": _arn,
    },
    "aws_lambda_function.dead_letter_config": {"target_arn": _arn},
    "aws_lambda_function.ephemeral_storage": {"size": _up_to(512, 10240, 32768)},
    "aws_lambda_function.tracing_config": {"mode": _one_of("Active", "PassThrough")},
    "aws_lambda_function.logging_config": {"log_format": _one_of("JSON", "Text")},
    "aws_lambda_function.snap_start": {"apply_on": _one_of("PublishedVersions", "None")},
    "aws_sqs_queue": {
        "visibility_timeout_seconds": _between(0, 43200),
        "message_retention_seconds": _between(60, 1209600),
        "delay_seconds": _between(0, 900),
        "max_message_size": _up_to(1024, 262144, 1048576),
        "kms_data_key_reuse_period_seconds": _between(60, 86400),
        "deduplication_scope": _one_of("messageGroup", "queue"),
        "fifo_throughput_limit": _one_of("perMessageGroupId", "perQueue"),
    },
    "aws_iam_role": {
        "name": _named(64),
        "permissions_boundary": _arn,
        "max_session_duration": _between(3600, 43200),
        "managed_policy_arns": _each(_arn),
    },
    "aws_iam_policy": {"name": _named(128)},
    "aws_iam_role_policy": {"name": _named(128)},
    "aws_iam_role_policy_attachment": {"policy_arn": _arn},
    "aws_iam_policy_attachment": {"policy_arn": _arn},
    "aws_kms_key": {"deletion_window_in_days": _between(7, 30)},
    "data.aws_iam_policy": {"arn": _arn},
}
CONFLICTS: dict[str, tuple[tuple[str, str], ...]] = {
    "aws_sqs_queue": (("name_prefix", "name"),),
    "aws_iam_role": (("name_prefix", "name"),),
}
"""Arguments of which one may be set: the provider refuses both, whatever their values are."""
