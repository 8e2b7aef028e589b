"""What Terraform refuses of the arguments that a module is called with."""

from __future__ import annotations

from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation.refusals import Refusals
from checker.sources.terraform.language import tree

META_ARGUMENTS = frozenset(("source", "version", "count", "for_each", "providers", "depends_on"))
"""The arguments of a call that are no variables of the module."""
_OF_JSON = frozenset(("lifecycle", "//"))
"""A block and a comment, which JSON writes as members like arguments."""


def note_unsupported(
    call: tree.Block, declared: Declarations, refusals: Refusals, address: str
) -> None:
    """Note the arguments of a call for which the module declares no variable."""
    if declared.unreadable:
        return
    for argument in call.body.arguments.values():
        if argument.name in META_ARGUMENTS | _OF_JSON or declared.has("variable", argument.name):
            continue
        why = f"An argument named `{argument.name}` is not expected here"
        refusals.add("Unsupported argument", why, argument.at, address)
