"""Whether the conditions of a root module's variables hold, of those that have no value.

See https://developer.hashicorp.com/terraform/language/block/variable#validation.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import condition
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.project import ModuleInstance


def validate(root: ModuleInstance, names: Iterable[str]) -> None:
    """Note as refused what the `validation` blocks of variables surely do not accept."""
    for each in names:
        name = each.rpartition(".")[2]
        block = root.declarations.block("variable", name)
        for rule in () if block is None else block.body.blocks_of("validation"):
            argument = rule.body.arguments.get("condition")
            try:
                holds = argument is None or condition(evaluate(argument.expression, root.scope))
            except EvaluationError:
                continue
            if holds is False:
                why = f"the `validation` of variable `{name}` does not accept the value"
                root.project.refusals.add(
                    "Invalid value for variable", why, rule.at, root.prefixed(f"var.{name}")
                )
