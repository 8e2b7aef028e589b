"""What Terraform refuses of the value of a variable: its type, or that there is none."""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.values.conversions import convert
from checker.sources.terraform.values.mismatch import mismatch
from checker.sources.terraform.values.terraform_values import TerraformValue, Type


def typed(
    value: TerraformValue, wanted: Type, name: str, default: tree.Argument | None, at: Location
) -> TerraformValue:
    """Return a variable's value in its type; it is that of the `default`, or was given at a place.

    `name` is the variable's address. Raises RefusedError where the value does not fit the type.
    """
    try:
        return convert(value, wanted)
    except UnknownResultError:
        raise
    except EvaluationError:
        why = mismatch(value, wanted)
    if default is not None:
        said = f"This default value is not compatible with the variable's type constraint: {why}"
        raise RefusedError("Invalid default value for variable", said, default.at)
    said = f"The given value is not suitable for {name}: {why}"
    raise RefusedError("Invalid value for input variable", said, at)


def place_of(name: str, call: tree.Block | None, block: tree.Block) -> Location:
    """Return where a variable is given its value, or where it should be: in the module's call."""
    if call is None:
        return block.at
    argument = call.body.arguments.get(name)
    return call.at if argument is None else argument.at
