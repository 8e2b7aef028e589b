"""Variables and workspaces that have no value, and the values of them that make a difference.

What compares such an input with a value, or looks it up in a map, tells that value from others:
the configuration can then be read once with each of these, and once with none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.partial import Hole, Text
from checker.model.cases import Answer, Question
from checker.sources.terraform.values.terraform_values import TerraformValue, inside

MOST_INPUTS = 20
MOST_VALUES = 8
"""An input of which more values are told apart is left open."""
InputValue: TypeAlias = str | bool


class OpenInputs:
    """The inputs of one root module that have no value; `answers` are supposed to be true."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._answers: Mapping[str, Answer] = {each.name: each for each in answers}
        self._open: dict[str, Hole] = {}
        self._supposed: dict[str, None] = {}
        self._told: dict[str, dict[InputValue, None]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that were asked for, such as `var.environment`."""
        return (*self._open, *self._supposed)

    def value(self, unset: Hole) -> TerraformValue:
        """Return the value of an input that has none, as it is supposed to be."""
        answer = self._answers.get(unset.name)
        if answer is None:
            if len(self._open) < MOST_INPUTS:
                self._open.setdefault(unset.name, unset)
            return unset
        self._supposed[unset.name] = None
        if answer.value is None:
            return replace(unset, other_than=answer.others)
        return answer.value

    def told_apart(self, value: TerraformValue, from_: Iterable[TerraformValue]) -> None:
        """Note that a value, if it is such an input, is told apart from known ones."""
        if not self._open:
            return
        hole = _whole(value)
        if hole is None or hole.name not in self._open:
            return
        told = self._told.setdefault(hole.name, {})
        for each in from_:
            if len(told) > MOST_VALUES:
                return
            if isinstance(each, (str, bool)):
                told.setdefault(each)

    def called(self, function: str, arguments: Sequence[TerraformValue]) -> None:
        """Note that a function tells its second argument apart from what the first one holds."""
        if self._open and function in _LOOKS_UP and len(arguments) > 1:
            self.told_apart(arguments[1], _members(arguments[0]))

    @property
    def questions(self) -> Sequence[Question]:
        """What is open and made a difference."""
        return tuple(
            Question(self._open[name].why, _answers(name, told))
            for name, told in self._told.items()
            if 0 < len(told) <= MOST_VALUES
        )


_LOOKS_UP = {"contains", "lookup"}


def _members(collection: TerraformValue) -> Iterable[TerraformValue]:
    return collection if isinstance(collection, dict) else inside(collection)


def _whole(value: TerraformValue) -> Hole | None:
    if isinstance(value, Text) and len(value.parts) == 1:
        (value,) = value.parts
    return value if isinstance(value, Hole) else None


def _answers(name: str, told: Iterable[InputValue]) -> tuple[Answer, ...]:
    values = sorted(told, key=lambda each: (isinstance(each, str), str(each)))
    if set(values) == {True, False}:
        return tuple(Answer(name, value) for value in values)
    words = frozenset(each for each in values if isinstance(each, str))
    return (*(Answer(name, value) for value in values), Answer(name, others=words))
