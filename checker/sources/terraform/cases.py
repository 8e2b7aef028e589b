"""A configuration that is read again with answers to what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.model import Inventory
from checker.model.cases import Answer, Question
from checker.records import dataclass
from checker.sources.terraform.evaluation.deep import deep
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.modules.validations import validate

ReadCase: TypeAlias = Callable[[Sequence[Answer]], tuple[Inventory, Project]]


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The cases of one root module; `read` reads it with answers."""

    questions: Sequence[Question]
    read: ReadCase

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read it with these answers; None where Terraform refuses it with them.

        Raises SourceError if it cannot be read.
        """
        found, project = self.read(answers)
        _validate(project)
        return None if any(not each.unsure for each in project.refusals.found) else found


def in_cases(read: ReadCase) -> Inventory:
    """Return what is read without answers, which knows how to be read with answers.

    What an account tells is not read again.
    """
    found, project = read(())
    if found.refusals or project.live is not None:
        return found
    _validate(project)
    questions = project.inputs.questions
    return replace(found, cases=ReadAgain(questions, read)) if questions else found


def _validate(project: Project) -> None:
    root = project.family[project.directory, project.workspace or ""]
    with deep():
        validate(root, project.inputs.names)
