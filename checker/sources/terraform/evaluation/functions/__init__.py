"""Terraform's built-in functions, and the one way to call them.

The set is what `terraform metadata functions -json` lists for Terraform 1.11; see
https://developer.hashicorp.com/terraform/language/functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation.functions import (
    collections,
    conversion,
    crypto,
    encoding,
    files,
    formatting,
    letter_case,
    list_searches,
    lists,
    maps,
    networks,
    numbers,
    patterns,
    provider,
    sets,
    strings,
    times,
    yaml_text,
)
from checker.sources.terraform.evaluation.functions.function import FunctionScope, TerraformFunction
from checker.sources.terraform.evaluation.functions.marked import with_marks
from checker.sources.terraform.evaluation.functions.running import run
from checker.sources.terraform.evaluation.refusals import NEWER, unknown_function
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.terraform_values import TerraformValue

__all__ = ["FUNCTIONS", "SPECIAL", "FunctionScope", "TerraformFunction", "apply"]

SPECIAL = frozenset({"try", "can", "convert", "templatefile", "templatestring"})
"""The functions that need expressions or templates: evaluated by `evaluate.py`, not here."""

FUNCTIONS: Mapping[str, TerraformFunction] = MappingProxyType(
    {
        function.name: function
        for family in (
            collections,
            conversion,
            crypto,
            encoding,
            files,
            formatting,
            list_searches,
            lists,
            maps,
            networks,
            numbers,
            patterns,
            sets,
            letter_case,
            strings,
            times,
            yaml_text,
        )
        for function in family.FUNCTIONS
    }
)


PROVIDER_FUNCTIONS = MappingProxyType({each.name: each for each in provider.FUNCTIONS})
"""The functions of the AWS provider; those of other providers are unknown."""


def apply(name: str, args: tuple[TerraformValue, ...], scope: FunctionScope) -> TerraformValue:
    """Call the function of a name; the result is a hole where it is unknown.

    Raises:
        EvaluationError: there is no such function, or Terraform would refuse the call.
    """
    name = name.removeprefix("core::")
    return with_marks(name, args, scope, lambda given: _apply(name, given, scope))


def _apply(name: str, args: tuple[TerraformValue, ...], scope: FunctionScope) -> TerraformValue:
    function = FUNCTIONS.get(name) or PROVIDER_FUNCTIONS.get(name)
    if function is not None:
        return run(function, args, scope)
    if name.startswith("provider::"):
        why = f"`{name}` is a function of a provider, which is never run"
        return Hole(call_name(name, args), why=why, at=scope.at)
    if name in NEWER:
        why = f"it is unknown whether this version of Terraform has the function `{name}`"
        return Hole(call_name(name, args), why=why, at=scope.at)
    raise unknown_function(name, scope.at)
