"""What the blocks of a module declare to be sensitive or ephemeral.

See https://developer.hashicorp.com/terraform/language/block/variable#sensitive.
"""

from __future__ import annotations

from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.values.terraform_values import EPHEMERAL, SENSITIVE

_NONE: frozenset[str] = frozenset()


def marks_of(block: tree.Block) -> frozenset[str]:
    """Return the marks of the value of a `variable` or `output` block."""
    arguments = block.body.arguments
    sensitive = SENSITIVE if _holds(arguments.get("sensitive")) else _NONE
    return sensitive | (EPHEMERAL if _holds(arguments.get("ephemeral")) else _NONE)


def _holds(argument: tree.Argument | None) -> bool:
    """Tell whether a switch is on: Terraform takes literals only, and what is none is on."""
    if argument is None:
        return False
    expression = argument.expression
    if isinstance(expression, (tree.Literal, tree.KnownValue)):
        return expression.value not in (False, None, "false")
    return True


def sensitive_variables(declarations: Declarations) -> frozenset[str]:
    """Return the names of the variables that a module declares to be sensitive or ephemeral.

    A variable whose block cannot be read counts as one.
    """
    blocks = {name: declarations.block("variable", name) for name in declarations.names("variable")}
    return frozenset(
        name
        for name, block in blocks.items()
        if block is None or block.body.unread or marks_of(block)
    )
