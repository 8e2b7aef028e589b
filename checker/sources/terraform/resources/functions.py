"""`aws_lambda_function` to the model."""

from __future__ import annotations

from checker.model import Function
from checker.partial import Hole, Known, Text, Value
from checker.sources.terraform.instances import Written
from checker.sources.terraform.project import text_of
from checker.sources.terraform.resources.reading import integer, optional_text, text, unknown
from checker.sources.terraform.resources.walk import Walk


def functions(walk: Walk) -> tuple[Function, ...]:
    """Return every function that the configuration creates."""
    out: list[Function] = []
    for found in walk.of("aws_lambda_function"):
        instance = found.instance
        arn = text_of(instance.attribute("arn", instance.at))
        reserved = integer(instance.written, "reserved_concurrent_executions", -1)
        out.append(
            Function(
                id=instance.address,
                arn=arn if arn is not None else Text.of(instance.hole("arn")),
                at=instance.at,
                closed=True,
                timeout=integer(instance.written, "timeout", 3),
                role=text(instance.written, "role"),
                reserved_concurrency=_reserved(reserved),
                dead_letter=_dead_letter(instance.written),
            )
        )
    return tuple(out)


def _reserved(value: Value[int]) -> Value[int | None]:
    if isinstance(value, Known) and value.value < 0:
        return Known(None, value.at, default=value.default)
    return value


def _dead_letter(written: Written) -> Value[Text | None]:
    for block in written.nested("dead_letter_config"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        return optional_text(block, "target_arn")
    return Known(None, written.at, default=True)
