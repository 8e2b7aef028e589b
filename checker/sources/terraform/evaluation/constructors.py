"""Collections as they are written: `[...]` and `{...}`."""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.access import key_text
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.marks import NONE, mark, unmark
from checker.sources.terraform.values.partial_values import MapEntry, keyed
from checker.sources.terraform.values.size_limits import bounded, weight
from checker.sources.terraform.values.terraform_values import (
    PlacedDict,
    PlacedTuple,
    TerraformValue,
)


def tuple_of(node: tree.Tuple, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return the value of `[...]`."""
    items = PlacedTuple(
        (evaluate(item, scope) for item in node.items),
        at=node.at,
        places=tuple(item.at for item in node.items),
    )
    return bounded(items)


def object_of(node: tree.Object, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return the value of `{...}`, a `PartialMap` where a key is unknown in part."""
    entries: list[MapEntry] = []
    places: dict[str, Location] = {}
    marks = NONE
    why: Hole | None = None
    for item in node.items:
        key, more = unmark(evaluate(item.key, scope))
        marks |= more
        unknown = operators.first_hole(key)
        if unknown is not None:
            if marks or not isinstance(key, Text):
                return mark(scope.hole(unknown, item.at), marks)
            why = why or unknown
            entries.append((key, evaluate(item.value, scope)))
            continue
        if key is None:
            raise EvaluationError("an object key is null")
        name = key_text(key, more)
        entries.append((name, evaluate(item.value, scope)))
        places[name] = item.at
    if why is not None:
        made = scope.hole(why, node.at)
        return mark(made, marks) if marks else keyed_by(entries, made, scope)
    out = {str(key): value for key, value in entries}
    return mark(bounded(PlacedDict(out, at=node.at, places=places)), marks)


def keyed_by(entries: list[MapEntry], unknown: Hole, scope: Scope) -> TerraformValue:
    """Return a map of which keys are unknown in part, once their comparison is spent."""
    scope.world.spend(sum(weight(key) for key, _ in entries) * len(entries), plain=True)
    return keyed(entries, unknown)
