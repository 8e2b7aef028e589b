"""Where an expression is evaluated: what its names stand for, and how unknowns in it are named."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.terraform_values import TerraformValue


class World(ABC):
    """What an expression's names stand for, and what its functions may read."""

    @abstractmethod
    def name(self, name: str, at: Location) -> TerraformValue:
        """Return what the first word of a reference stands for."""

    @abstractmethod
    def call(
        self, node: tree.Call, arguments: tuple[TerraformValue, ...], scope: Scope
    ) -> TerraformValue:
        """Apply a function to arguments."""

    @property
    @abstractmethod
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""

    @abstractmethod
    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget before doing work; NotTold if too few are left.

        `plain` is work without loops and calls, see `Budget.spend`.
        """

    def refused(self, error: EvaluationError, path: str) -> None:  # noqa: B027 - most note nothing
        """Note an error that ends the evaluation of an argument in a block of an address."""

    def distinguished(self, value: TerraformValue, from_: Iterable[TerraformValue]) -> None:  # noqa: B027 - as above
        """Note that it makes a difference which of some known values a value is."""

    def asked(self, value: TerraformValue) -> None:  # noqa: B027 - as above
        """Note that a value is asked for as a boolean."""

    def supposed(self, condition: Hole) -> bool | Hole:
        """Return whether an open condition is supposed to hold, itself if nothing is supposed."""
        return condition

    @abstractmethod
    def template_file(self, path: TerraformValue, at: Location) -> tree.Template | Hole:
        """Return the parsed text of a template file."""


class OwnKey(dict[str, TerraformValue]):
    """`count` or `each` of one instance where the instances are unknown."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression is evaluated.

    `variables` are the names that hide the world's (`for` variables, `each`, `count`). `path`
    makes names of unknowns differ between instances and iterations. `tentative` is set inside
    `try` and `can`, where a reference to what may not exist is not sure to succeed.
    """

    world: World
    variables: Mapping[str, TerraformValue]
    path: str = ""
    tentative: bool = False

    def inner(self, variables: Mapping[str, TerraformValue], step: str) -> Scope:
        """Return the scope of one iteration."""
        return replace(self, variables={**self.variables, **variables}, path=f"{self.path}#{step}")

    def hole(self, why: Hole, at: Location) -> Hole:
        """Return a new unknown that comes of another one, named after its place."""
        path = f"{self.path}:" if self.path else ""
        return Hole(
            f"{path}{at.source}:{at.line}:{at.column}", why=why.why, at=why.at, remedy=why.remedy
        )


Evaluate: TypeAlias = Callable[[tree.Expression, Scope], TerraformValue]
"""What evaluates an expression; what is written in files of its own is given it."""
