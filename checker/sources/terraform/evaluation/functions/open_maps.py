"""Maps of which some elements are known: `merge(var.tags, { team = "orders" })` has a team."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole, Kind
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.marks import deep_marks
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.partial_values import OpenMap
from checker.sources.terraform.values.primitives import type_of_name
from checker.sources.terraform.values.size_limits import MOST, MOST_DEPTH
from checker.sources.terraform.values.terraform_values import TerraformValue


def named(function: str, value: OpenMap) -> Hole:
    """Return the unknown that a function makes of such a map."""
    return replace(value.unknown, name=call_name(function, (value,)))


def open_merge(given: tuple[TerraformValue, ...]) -> TerraformValue:
    """Merge maps of which some are unknown: a later one may have any key of an earlier one.

    See https://developer.hashicorp.com/terraform/language/functions/merge.

    Raises:
        UnknownResultError: no key is known, or a value is sensitive.
    """
    reason = next(value for value in given if isinstance(value, (OpenMap, Hole)))
    why = reason.unknown if isinstance(reason, OpenMap) else reason
    unknown = replace(why, name=call_name("merge", given), kind=Kind.ANY)
    known: dict[str, TerraformValue] = {}
    for value in given:
        if isinstance(value, (OpenMap, Hole)):
            known = {name: _another(unknown, name) for name in known}
        if isinstance(value, OpenMap):
            known |= value.entries
        elif isinstance(value, dict):
            known |= value
        elif not isinstance(value, Hole):
            raise EvaluationError(f"arguments must be maps or objects, got {type_of_name(value)}")
        elif value.kind not in (Kind.ANY, Kind.JSON):
            raise UnknownResultError
    if not known or deep_marks(tuple(known.values())):
        raise UnknownResultError
    made = OpenMap(known, unknown)
    if made.weight > MOST or made.depth > MOST_DEPTH:
        raise UnknownResultError(f"the value has more than {MOST} parts")
    return made


def _another(unknown: Hole, name: str) -> Hole:
    """Return a value that may have been replaced."""
    return replace(unknown, name=f'{unknown.name}["{name}"]')
