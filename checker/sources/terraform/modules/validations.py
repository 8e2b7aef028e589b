"""Whether the conditions of variables hold: what Terraform refuses of the values they are given.

See https://developer.hashicorp.com/terraform/language/block/variable#validation.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import condition
from checker.sources.terraform.evaluation.references import in_expression
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.modules.variable_values import place_of

SUMMARY = "Invalid value for variable"
MOST = 2_000
"""How many variables are looked at in a run: further ones are passed over."""


def validate(root: ModuleInstance, names: Iterable[str]) -> None:
    """Note what the `validation` blocks of variables that have no value surely do not accept."""
    for each in names:
        name = each.rpartition(".")[2]
        block = root.declarations.block("variable", name)
        for rule in () if block is None else block.body.blocks_of("validation"):
            if _holds(rule, root) is False:
                why = f"the `validation` of variable `{name}` does not accept the value"
                root.project.refusals.add(SUMMARY, why, rule.at, root.prefixed(f"var.{name}"))


def validate_given(modules: Iterable[ModuleInstance]) -> None:
    """Note what the `validation` blocks of variables do not accept of the values they have.

    A root module's default that a condition refuses (`default = ""`) only says that whoever plans
    it has to give a value; so may each value that is handed on.
    """
    left = MOST
    for module in modules:
        given = None if module.call_block is not None else frozenset(module.given)
        for name in module.declarations.names("variable"):
            if given is not None and name not in given:
                continue
            if not module.declarations.mentions("validation", "variable", name):
                continue
            block = module.declarations.block("variable", name)
            left -= 1
            if left < 0:
                return
            for rule in () if block is None else block.body.blocks_of("validation"):
                if _is_handed_on(name, module) or not _is_known(rule, module):
                    continue
                if _holds(rule, module) is False:
                    _note(rule, block, name, module)


def _is_handed_on(name: str, module: ModuleInstance) -> bool:
    """Tell whether a call gives a variable what other variables or values of its module hold."""
    call = module.call_block
    argument = None if call is None else call.body.arguments.get(name)
    names = () if argument is None else in_expression(argument.expression)
    return any(words[0] in {"var", "local", "module"} for words in names)


def _is_known(rule: tree.Block, module: ModuleInstance) -> bool:
    """Tell whether all variables that a condition names have values: else nothing is asked."""
    argument = rule.body.arguments.get("condition")
    if argument is None:
        return False
    given = frozenset(module.given)
    for words in in_expression(argument.expression):
        if words[0] != "var":
            continue
        block = module.declarations.block("variable", words[1]) if len(words) > 1 else None
        if block is None or not (words[1] in given or "default" in block.body.arguments):
            return False
    return True


def _holds(rule: tree.Block, module: ModuleInstance) -> bool | None:
    argument = rule.body.arguments.get("condition")
    if argument is None:
        return None
    try:
        holds = condition(evaluate(argument.expression, module.scope))
    except EvaluationError:
        return None
    return holds if isinstance(holds, bool) else None


def _note(rule: tree.Block, block: tree.Block | None, name: str, module: ModuleInstance) -> None:
    if block is None:
        return
    at = place_of(name, module.call_block, block)
    why = f"the `validation` of variable `{name}` at {rule.at} does not accept the value"
    said = _message(rule, module)
    address = module.prefixed(f"var.{name}")
    module.project.refusals.add(SUMMARY, f"{said}: {why}" if said else why, at, address)


def _message(rule: tree.Block, module: ModuleInstance) -> str:
    """Return the text of the rule's author, empty where it is not known or not to be shown."""
    argument = rule.body.arguments.get("error_message")
    try:
        text = None if argument is None else evaluate(argument.expression, module.scope)
    except EvaluationError:
        return ""
    if isinstance(text, Text):
        text = text.literal
    return " ".join(text.split()).rstrip(".") if isinstance(text, str) else ""
