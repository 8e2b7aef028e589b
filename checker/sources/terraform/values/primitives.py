"""Conversions to strings, numbers and booleans, of values that may be unknown."""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge import sensitive
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.numbers import number_text, parse
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    TerraformValue,
)
from checker.sources.terraform.values.unify import type_of


def to_string(value: TerraformValue) -> str | Text | None:
    """Convert to a string; a hole becomes a text of that hole, null stays null.

    Raises:
        EvaluationError: the value is a collection.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Text):
        kept = value.origin is not None or value.thing or value.literal is None
        return value if kept else value.literal
    if isinstance(value, Hole):
        return Text((value,))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return sensitive.carried(value, number_text(sensitive.opened(value)))
    raise EvaluationError(f"cannot convert {type_of_name(value)} to string")


def to_text(value: TerraformValue, name: str, at: Location | None) -> Text | None:
    """Convert to a text, None for null; what is no string is a hole of a name, which says why."""
    try:
        text = to_string(value)
    except EvaluationError as error:
        text = Text((Hole(name, why=f"`{name.rpartition('.')[2]}`: {error}", at=at),))
    return Text((text,)) if isinstance(text, str) else text


def to_number(value: TerraformValue) -> int | Decimal | Hole | None:
    """Convert to a number; what holds an unknown becomes a hole, null stays null.

    Raises:
        EvaluationError: the value is no number and no string that reads as one.
    """
    unknown = _unknown(value)
    if unknown is not None:
        return unknown
    if isinstance(value, Text):
        value = value.literal or ""
    if isinstance(value, str):
        number = parse(value)
        if number is None:
            raise EvaluationError(
                f"cannot convert `{value}` to number; "
                "given string must be a decimal representation of a number"
            )
        return sensitive.carried(value, number)
    if value is None or (isinstance(value, (int, Decimal)) and not isinstance(value, bool)):
        return value
    raise EvaluationError(f"cannot convert {type_of_name(value)} to number")


def to_bool(value: TerraformValue) -> bool | Hole | None:
    """Convert to a boolean; what holds an unknown becomes a hole, null stays null.

    Raises:
        EvaluationError: the value is neither a boolean nor one of `true`, `false`, `1`, `0`.
    """
    unknown = _unknown(value)
    if unknown is not None:
        return unknown
    if isinstance(value, Text):
        value = value.literal or ""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value in _BOOLS:
            return _BOOLS[value]
        raise EvaluationError(
            f"cannot convert `{value}` to bool; only the strings `true` or `false` are allowed"
        )
    raise EvaluationError(f"cannot convert {type_of_name(value)} to bool")


_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def _unknown(value: TerraformValue) -> Hole | None:
    """Return a primitive's hole: the value itself, or a text's own hole if it is one alone."""
    if isinstance(value, Hole):
        return value
    if isinstance(value, Text) and value.holes:
        if len(value.parts) == 1:
            return value.holes[0]
        hole = value.holes[0]
        return Hole(f"{value}", why=hole.why, at=hole.at, remedy=hole.remedy)
    return None


def type_of_name(value: TerraformValue) -> str:
    """Return the name of a value's type, for a message."""
    if isinstance(value, Marked):
        return type_of_name(value.value)
    if isinstance(value, tuple):
        return "list" if isinstance(value, List) else "tuple"
    if isinstance(value, dict):
        return "map" if isinstance(value, Map) else "object"
    if isinstance(value, Lazy):
        return "object"
    return type_of(value).name
