"""Calls of functions that every Terraform refuses, in its words.

Of values that a provider may know more of, or that a newer Terraform may take, nothing is said.
"""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.sources.terraform.evaluation.functions.parameters import parameter_name
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError
from checker.sources.terraform.values.mismatch import mismatch
from checker.sources.terraform.values.terraform_values import TerraformValue, Type

BLAMED: dict[str, int | None] = {
    "concat": 0,
    "join": 1,
    "keys": 0,
    "lookup": 0,
    "one": 0,
    "parseint": 0,
    "reverse": 0,
    "sum": 0,
    "tobool": 0,
    "tolist": 0,
    "tomap": 0,
    "tonumber": 0,
    "toset": 0,
    "tostring": 0,
    **dict.fromkeys(
        (
            "chunklist",
            "coalesce",
            "coalescelist",
            "contains",
            "element",
            "flatten",
            "index",
            "length",
            "matchkeys",
            "max",
            "merge",
            "min",
            "range",
            "regex",
            "setproduct",
            "slice",
            "values",
            "zipmap",
        )
    ),
}
"""Functions whose errors are those of every Terraform, and which parameter Terraform blames."""


def null_argument(name: str, position: int, at: Location) -> EvaluationError:
    """Return the error of an argument that is null and must not be; `position` counts from 0."""
    said = "argument must not be null"
    if not parameter_name(name, position):
        return EvaluationError(f"`{name}`: argument {position + 1} must not be null")
    return _of_argument(name, position, said, at)


def wrong_type(
    name: str, position: int, value: TerraformValue, wanted: Type, at: Location
) -> EvaluationError | None:
    """Return the error of an argument of another type, None where that may be taken."""
    if not parameter_name(name, position) or not _is_definite(value):
        return None
    if wanted.element is not None and wanted.element.name == "any" and _is_collection(value):
        return None
    return _of_argument(name, position, mismatch(value, wanted), at)


def failed(
    name: str, arguments: tuple[TerraformValue, ...], error: EvaluationError, at: Location
) -> EvaluationError | None:
    """Return the error of a call that fails whatever is unknown, None where it may not."""
    if name not in BLAMED or not all(map(_is_definite, arguments)):
        return None
    said, position = str(error).removeprefix(f"`{name}`: "), BLAMED[name]
    if position is not None:
        return _of_argument(name, position, said, at)
    return RefusedError("Error in function call", f"Call to function `{name}` failed: {said}", at)


def wrong_number(name: str, least: int, most: int | None, count: int, at: Location) -> RefusedError:
    """Return the error of a call with too few or too many arguments."""
    if count < least:
        bound = "at least " if most is None else ""
        why = f"Function `{name}` expects {bound}{least} argument(s)"
        lacking = parameter_name(name, count)
        return RefusedError(
            "Not enough function arguments", f"{why}. Missing value for `{lacking}`", at
        )
    why = f"Function `{name}` expects only {most} argument(s)"
    return RefusedError("Too many function arguments", why, at)


def _of_argument(name: str, position: int, said: str, at: Location) -> RefusedError:
    parameter = parameter_name(name, position)
    why = f"Invalid value for `{parameter}` parameter: {said}"
    return RefusedError("Invalid function argument", why, at)


def _is_collection(value: TerraformValue) -> bool:
    return not isinstance(value, (str, int))


def _is_definite(value: TerraformValue) -> bool:
    """Tell whether a value was written, and is no block to which the provider may add."""
    return type(value) not in (tuple, dict)
