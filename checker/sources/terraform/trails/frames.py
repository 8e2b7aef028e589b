"""Where an expression of a trail stands, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field, replace
from typing import NamedTuple, TypeAlias

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.trail import TrailStep
from checker.records import dataclass
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.expansion import InstanceVariables
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.values.instance_keys import Star
from checker.sources.terraform.values.marks import unmark
from checker.sources.terraform.values.terraform_values import TerraformValue

ANY = Star.ANY
ElementKey: TypeAlias = int | str | Star
Steps: TypeAlias = tuple[ElementKey, ...]
"""What is taken of a value, from the outside in; `ANY` is an element whose key is unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class LoopElement:
    """An element of a collection that a name of a loop stands for.

    `block` says that it is the iterator of a `dynamic` block, with `key` and `value`.
    """

    collection: tree.Expression
    frame: Frame
    key: ElementKey = ANY
    step: TrailStep | None = None
    block: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A module instance, the scope there, and what the scope's own names stand for.

    `repeated` is the body of the block whose `each` and `count` they are, `elements` are the names
    of loops.
    """

    module: Module
    scope: Scope
    repeated: tree.Body | None = None
    elements: Mapping[str, LoopElement] = field(default_factory=dict)

    def value(self, node: tree.Expression) -> TerraformValue:
        """Return an expression's value without marks; a Hole where it cannot be known."""
        try:
            return unmark(evaluate(node, self.scope))[0]
        except (EvaluationError, SourceError) as error:
            return Hole("unknown", why=str(error))

    def file(self, node: tree.Expression) -> TrailStep | None:
        """Return the file that an expression names; None where it is unknown or sensitive."""
        with suppress(EvaluationError, SourceError):
            name, marks = unmark(evaluate(node, self.scope))
            name = name.literal if isinstance(name, Text) else name
            if isinstance(name, str) and not marks:
                shown = self.module.project.root_files.name(name)
                return TrailStep("file", name, Location(shown, 1, 1))
        return None

    def key(self, node: tree.Expression) -> ElementKey:
        """Return the key that an expression is; ANY where it is unknown."""
        return as_key(self.value(node))

    def looping(
        self, names: Mapping[str, LoopElement], values: Mapping[str, TerraformValue]
    ) -> Frame:
        """Return the frame inside a loop."""
        scope = self.scope.inner(values, "trail")
        return replace(self, scope=scope, elements={**self.elements, **names})


def as_key(value: TerraformValue) -> ElementKey:
    """Return a value as the key of an element; ANY where it is none that is known."""
    plain = unmark(value)[0]
    if isinstance(plain, Text):
        return ANY if plain.literal is None else str(plain.literal)
    if isinstance(plain, (str, int)) and not isinstance(plain, bool):
        return plain
    return ANY


def anyone(module: Module) -> Scope:
    """Return the scope of any instance of a block of a module, whose key is unknown."""
    unknown = Hole("unknown")
    names: InstanceVariables = {
        "each": {"key": unknown, "value": unknown},
        "count": {"index": unknown},
    }
    return module.scope.inner(names, "trail")


class Lead(NamedTuple):
    """Where a trail goes on: an expression, and what is taken of its value.

    `step` is the place that is passed on the way, `at` the part of the last place that is meant.
    """

    node: tree.Expression | None
    frame: Frame
    steps: Steps = ()
    step: TrailStep | None = None
    at: Location | None = None
