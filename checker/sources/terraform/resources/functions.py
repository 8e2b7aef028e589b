"""`aws_lambda_function` to the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from checker.knowledge.holes import Hole
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Function, Permission
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.function_options import FunctionOptionsReader
from checker.sources.terraform.resources.given_values import given_values
from checker.sources.terraform.resources.identifiers import RUN_AS, MeantBlocks
from checker.sources.terraform.resources.reading import (
    complete,
    integer,
    optional_text,
    optionally_complete,
    text,
    unknown,
)
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.values.primitives import to_text

T = TypeVar("T")


def functions(walk: Walk, meant: MeantBlocks) -> tuple[Function, ...]:
    """Return every function that the configuration creates."""
    out: list[Function] = []
    permissions = _by_function(walk, "aws_lambda_permission", _permission)
    recursion = _by_function(walk, "aws_lambda_function_recursion_config", lambda each: each)
    options = FunctionOptionsReader(walk)
    for found in walk.named("aws_lambda_function"):
        instance = found.instance
        arn = instance.text("arn")
        reserved = integer(instance.written, "reserved_concurrent_executions", -1)
        dead_letter = _dead_letter(instance.written)
        out.append(
            Function(
                id=instance.address,
                arn=arn,
                at=instance.at,
                closed=True,
                timeout=integer(instance.written, "timeout", 3),
                role=meant.attribute(_role(instance), RUN_AS, instance),
                reserved_concurrency=_reserved(reserved),
                dead_letter=dead_letter,
                environment=tuple(_environment(instance.written)),
                more_environment=_more_environment(instance.written),
                permissions=_permissions(instance, arn, permissions),
                loops=_loops(instance, arn, recursion),
                given=given_values(instance.written, "aws_lambda_function"),
                managed=_managed(instance.written),
                options=options.of(instance, dead_letter),
            )
        )
    return tuple(out)


def _role(instance: Instance) -> Value[Text]:
    return complete(text(instance.written, "role"))


def _by_function(walk: Walk, type_: str, made: Callable[[Instance], T]) -> Lookup[T]:
    """Return what is made of the resources of a type, by the function that they name."""
    return Lookup(
        (name, made(each.instance))
        for each in walk.beside(type_)
        if (name := each.instance.written.text("function_name")) is not None
    )


def _reserved(value: Value[int]) -> Value[int | None]:
    if isinstance(value, Known) and value.value < 0:
        return Known(None, value.at, default=value.default)
    return value


def _managed(written: Written) -> Value[bool]:
    """Tell whether a function runs on managed instances, for which AWS takes larger values."""
    for kind in ("capacity_provider_config", "accelerator_config"):
        for block in written.nested(kind):
            if isinstance(block, Hole):
                return unknown(block, written.at)
            return Known(value=True, at=block.at)
    return Known(value=False, at=written.at, default=True)


def _dead_letter(written: Written) -> Value[Text | None]:
    for block in written.nested("dead_letter_config"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        return optionally_complete(optional_text(block, "target_arn"))
    return Known(None, written.at, default=True)


def _environment(written: Written) -> Iterator[tuple[str, Value[Text]]]:
    for block in written.nested("environment"):
        if isinstance(block, Hole):
            return
        variables, at = block.get("variables"), block.place("variables")
        for name, value in variables.items() if isinstance(variables, dict) else ():
            found = to_text(value, f"{block.path}.variables", at)
            if found is not None:
                yield name, Known(found, at)


def _more_environment(written: Written) -> Unknown | None:
    """Say why the names of the environment variables are unknown; None if they are known."""
    for block in written.nested("environment"):
        found = block if isinstance(block, Hole) else block.get("variables")
        if isinstance(found, Hole):
            return unknown(found, _place(block, written))
    return None


def _place(block: Written | Hole, written: Written) -> Location:
    return written.at if isinstance(block, Hole) else block.place("variables")


def _permissions(
    instance: Instance, arn: Text, found: Lookup[Permission]
) -> tuple[Permission, ...]:
    """Return the permissions of a function, then those that may be another's."""
    name = instance.text("function_name")
    own = (*found.named(name), *found.named(arn))
    try:
        perhaps = [*islice(found.perhaps(name), _MOST_DOUBTED)]
    except TooManyError:
        return own
    possible = {each.id: each for each in perhaps if each not in own}
    why = f"it is unknown whether it is a permission of `{instance.address}`"
    return (*own, *(replace(e, unsure=Unknown(why, e.at)) for e in possible.values()))


_MOST_DOUBTED = 20
"""So many permissions that may be another function's are kept of each."""


def _permission(instance: Instance) -> Permission:
    return Permission(instance.address, text(instance.written, "principal"), instance.at)


def _loops(instance: Instance, arn: Text, found: Lookup[Instance]) -> Value[bool]:
    """Tell whether a function's recursion configuration lets it call itself without an end.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    for each in (*found.named(instance.text("function_name")), *found.named(arn)):
        said = text(each.written, "recursive_loop")
        if isinstance(said, Unknown):
            return said
        if said.value.literal is None:
            return said.value.why_unknown(said.at)
        return Known(said.value.literal == "Allow", said.at)
    return Known(value=False, at=instance.at, default=True)
