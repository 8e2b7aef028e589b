"""`aws_lambda_function` to the model."""

from __future__ import annotations

from collections.abc import Iterator

from checker.lookup import Lookup
from checker.model import Function, Permission
from checker.partial import Hole, Known, Text, Unknown, Value
from checker.sources.terraform.convert import to_text
from checker.sources.terraform.instances import Instance, Written
from checker.sources.terraform.resources.reading import integer, optional_text, text, unknown
from checker.sources.terraform.resources.walk import Found, Walk


def functions(walk: Walk) -> tuple[Function, ...]:
    """Return every function that the configuration creates."""
    out: list[Function] = []
    permissions = _by_function(walk, "aws_lambda_permission")
    recursion = _by_function(walk, "aws_lambda_function_recursion_config")
    for found in walk.of("aws_lambda_function"):
        instance = found.instance
        arn = instance.text("arn")
        reserved = integer(instance.written, "reserved_concurrent_executions", -1)
        out.append(
            Function(
                id=instance.address,
                arn=arn,
                at=instance.at,
                closed=True,
                timeout=integer(instance.written, "timeout", 3),
                role=text(instance.written, "role"),
                reserved_concurrency=_reserved(reserved),
                dead_letter=_dead_letter(instance.written),
                environment=tuple(_environment(instance.written)),
                permissions=tuple(_permissions(instance, arn, permissions)),
                loops=_loops(instance, arn, recursion),
            )
        )
    return tuple(out)


def _by_function(walk: Walk, type_: str) -> Lookup[Found]:
    """Return the resources of a type by the function that they name."""
    return Lookup(
        (name, each)
        for each in walk.of(type_)
        if (name := each.instance.written.text("function_name")) is not None
    )


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


def _environment(written: Written) -> Iterator[tuple[str, Value[Text]]]:
    for block in written.nested("environment"):
        if isinstance(block, Hole):
            return
        variables, at = block.get("variables"), block.place("variables")
        for name, value in variables.items() if isinstance(variables, dict) else ():
            found = to_text(value, f"{block.path}.variables", at)
            if found is not None:
                yield str(name), Known(found, at)


def _permissions(instance: Instance, arn: Text, found: Lookup[Found]) -> Iterator[Permission]:
    for each in (*found.named(instance.text("function_name")), *found.named(arn)):
        written = each.instance.written
        yield Permission(each.instance.address, text(written, "principal"), each.instance.at)


def _loops(instance: Instance, arn: Text, found: Lookup[Found]) -> Value[bool]:
    """Tell whether a function's recursion configuration lets it call itself without an end.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    for each in (*found.named(instance.text("function_name")), *found.named(arn)):
        written = text(each.instance.written, "recursive_loop")
        if isinstance(written, Unknown):
            return written
        if written.value.literal is None:
            return written.value.untold(written.at)
        return Known(written.value.literal == "Allow", written.at)
    return Known(value=False, at=instance.at, default=True)
