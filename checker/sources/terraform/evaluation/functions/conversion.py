"""Functions that convert, and those that mark values as sensitive.

See https://developer.hashicorp.com/terraform/language/functions: type conversion functions.
"""

from __future__ import annotations

from checker.knowledge.partial import Hole
from checker.sources.terraform.evaluation.functions.function import Function
from checker.sources.terraform.language.numbers import MOST_EXPONENT
from checker.sources.terraform.values.conversions import cast, to_bool, to_number, to_string
from checker.sources.terraform.values.size_limits import CHARACTERS, weight
from checker.sources.terraform.values.terraform_values import Type, Value
from checker.sources.terraform.values.unify import ANY


def _tolist(value: Value) -> Value:
    if value is None or isinstance(value, Hole):
        return value
    return cast(value, Type("list", ANY))


def _of_marks(value: Value) -> Value:
    """Stand for a function that works on marks alone: see `marked.py`, which answers it."""
    return value


def _number_cost(value: Value) -> int:
    """Return the steps of reading a number: one with an exponent has digits that nobody wrote."""
    return weight(value) + DECIMAL + MOST_EXPONENT // CHARACTERS


DECIMAL = 30

FUNCTIONS = (
    Function("tostring", to_string, ("any?",), partial=True),
    Function("tonumber", to_number, ("any?",), partial=True, cost=_number_cost),
    Function("tobool", to_bool, ("any?",), partial=True),
    Function("tolist", _tolist, ("any?",), partial=True),
    Function("sensitive", _of_marks, ("any?",), partial=True),
    Function("nonsensitive", _of_marks, ("any?",), partial=True),
    Function("ephemeralasnull", _of_marks, ("any?",), partial=True),
    Function("issensitive", _of_marks, ("any?",), partial=True),
)
