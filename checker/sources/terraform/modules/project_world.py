"""What expressions in a module ask of the run: functions, files, steps, and what it has met."""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.evaluation.scope import Scope, World
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.terraform_values import TerraformValue


class ProjectWorld(World):
    """The world of the expressions in one module of a project."""

    project: Project

    def refused(self, error: EvaluationError, path: str) -> None:
        """Note an error that ends the evaluation of an argument in a block of an address."""
        self.project.refusals.note(error, path)

    def call(
        self, node: tree.Call, arguments: tuple[TerraformValue, ...], scope: Scope
    ) -> TerraformValue:
        """Apply a function to arguments."""
        return self.project.call(node, arguments, scope)

    def distinguished(self, value: TerraformValue, from_: Iterable[TerraformValue]) -> None:
        """Note which values of an input that has none make a difference."""
        self.project.inputs.distinguished(value, from_)

    def asked(self, value: TerraformValue) -> None:
        """Note that an input that has no value is asked for as a boolean."""
        self.project.inputs.asked(value)

    def supposed(self, condition: Hole) -> bool | Hole:
        """Return whether an open condition holds in the case that is read."""
        return self.project.inputs.supposed(condition)

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self.project.marked

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget."""
        self.project.budget.spend(steps, plain=plain)

    def template_file(self, path: TerraformValue, at: Location) -> tree.Template | Hole:
        """Return the parsed text of a template file."""
        return self.project.root_files.template(path, at)
