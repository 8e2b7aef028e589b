"""`try` and `can`: expressions that may fail."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.marks import NONE, mark, unmark
from checker.sources.terraform.values.terraform_values import TerraformValue


def try_(node: tree.Call, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return the first argument that can be evaluated."""
    failure = EvaluationError("`try` needs at least one argument")
    marks = NONE
    for argument in node.arguments:
        last = argument is node.arguments[-1]
        try:
            value = evaluate(argument, replace(scope, tentative=scope.tentative or not last))
            return mark(value, marks)
        except UnknownResultError as error:
            hole = scope.hole(Hole("try", why=error.why, at=node.at), node.at)
            return mark(hole, marks | error.marks)
        except EvaluationError as error:
            failure = error
            marks |= error.marks
    refused = EvaluationError(f"no call to `try` succeeded: {failure}")
    refused.marks = marks
    raise refused


def can(node: tree.Call, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Tell whether the argument can be evaluated."""
    marks = NONE
    try:
        value, marks = unmark(evaluate(node.arguments[0], replace(scope, tentative=True)))
    except UnknownResultError as error:
        value, marks = Hole("can", why=error.why, at=node.at), error.marks
    except EvaluationError as error:
        return mark(value=False, marks=error.marks)
    except IndexError:
        raise EvaluationError("`can` needs one argument") from None
    return mark(scope.hole(value, node.at) if isinstance(value, Hole) else True, marks)
