"""The source of a module call that is no literal.

It may be made of variables and locals: in OpenTofu of all, in Terraform of `const` ones. See
https://opentofu.org/docs/language/modules/sources/ and
https://developer.hashicorp.com/terraform/language/block/module#source.
"""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.marks import unmark
from checker.sources.terraform.values.primitives import to_string


def evaluated_source(argument: tree.Argument | None, scope: Scope) -> str | Hole:
    """Return what the `source` of a module call comes to; a Hole if it is unknown."""
    if argument is None:
        return Hole("source", why="it is not set")
    try:
        value = unmark(evaluate(argument.expression, scope))[0]
        text = to_string(value)
    except EvaluationError as error:
        return Hole("source", why=str(error), at=argument.at)
    unknown = first_hole(text)
    if unknown is not None:
        return unknown
    return text.spelled if isinstance(text, Text) else text or Hole("source", why="it is null")
