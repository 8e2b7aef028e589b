"""Functions that convert, and those that mark values as sensitive.

See https://developer.hashicorp.com/terraform/language/functions: type conversion functions.
"""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation.functions.function import TerraformFunction
from checker.sources.terraform.language.numbers import MOST_EXPONENT
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.primitives import to_bool, to_number, to_string
from checker.sources.terraform.values.size_limits import CHARACTERS, weight
from checker.sources.terraform.values.terraform_values import TerraformValue, Type
from checker.sources.terraform.values.unify import ANY


def _tolist(value: TerraformValue) -> TerraformValue:
    if value is None or isinstance(value, Hole):
        return value
    return cast(value, Type("list", ANY))


def _of_marks(value: TerraformValue) -> TerraformValue:
    """Stand for a function that works on marks alone: see `marked.py`, which answers it."""
    return value


def _number_cost(value: TerraformValue) -> int:
    """Return the steps of reading a number: one with an exponent has digits that nobody wrote."""
    return weight(value) + DECIMAL + MOST_EXPONENT // CHARACTERS


DECIMAL = 30

FUNCTIONS = (
    TerraformFunction("tostring", to_string, ("any?",), partial=True),
    TerraformFunction("tonumber", to_number, ("any?",), partial=True, cost=_number_cost),
    TerraformFunction("tobool", to_bool, ("any?",), partial=True),
    TerraformFunction("tolist", _tolist, ("any?",), partial=True, parts=True),
    TerraformFunction("sensitive", _of_marks, ("any?",), partial=True),
    TerraformFunction("nonsensitive", _of_marks, ("any?",), partial=True),
    TerraformFunction("ephemeralasnull", _of_marks, ("any?",), partial=True),
    TerraformFunction("issensitive", _of_marks, ("any?",), partial=True),
)
