"""Variables and workspaces that have no value, and the values of them that make a difference.

What compares such an input with a value, or looks it up in a map, tells that value from others:
the configuration can then be read once with each of these, and once with none of them. A condition
that is open for any other reason is true or false.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.model.cases import Answer, Question
from checker.sources.terraform.values.terraform_values import TerraformValue, inside, whole_hole

MOST_INPUTS = 20
MOST_CONDITIONS = 20
MOST_VALUES = 8
"""An input of which more values are distinguished is left open."""
InputValue: TypeAlias = str | bool | None
_BOOLEANS: tuple[InputValue, ...] = (True, False, None)
_MODULES = re.compile(r'^(module\.[\w-]+(\[(\d+|"[\w./-]*")\])?[.:])+')
_PLACE = re.compile(r"(?:^|:)([^:]+:\d+):\d+$")
_AS_BOOLEANS: tuple[InputValue, ...] = (*_BOOLEANS, "true", "false", "1", "0")
"""What is taken for a boolean, or is null, in a variable of any type."""


class OpenInputs:
    """The inputs of one root module that have no value; `answers` are supposed to be true."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._answers: Mapping[str, Answer] = {each.name: each for each in answers}
        self._open: dict[str, Hole] = {}
        self._booleans: set[str] = set()
        self._supposed: dict[str, None] = {}
        self._given: dict[str, dict[InputValue, None]] = {}
        self._conditions: dict[str, Hole] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that were asked for, such as `var.environment`."""
        return (*self._open, *self._supposed)

    def value(self, unset: Hole, *, boolean: bool = False) -> TerraformValue:
        """Return the value of an input that has none, as it is supposed to be.

        A `boolean` one is declared as such: it is true, false or null.
        """
        answer = self._answers.get(unset.name)
        if answer is None:
            if len(self._open) < MOST_INPUTS:
                self._open.setdefault(unset.name, unset)
                self._booleans.update([unset.name] if boolean else [])
            return unset
        self._supposed[unset.name] = None
        if not answer.others:
            return answer.value
        never = (each for each in answer.others if not isinstance(each, bool))
        return replace(unset, other_than=frozenset((unset.name, each) for each in never))

    def distinguished(self, value: TerraformValue, from_: Iterable[TerraformValue]) -> None:
        """Note that a value, if it is such an input, is distinguished from known ones."""
        name = self._named(value)
        given = None if name is None else self._given.setdefault(name, {})
        for each in () if given is None else from_:
            if given is None or len(given) > MOST_VALUES:
                return
            if each is None or isinstance(each, (str, bool)):
                given.setdefault(each)

    def asked(self, value: TerraformValue) -> None:
        """Note that a value, if it is such an input, is asked for as a boolean."""
        self.distinguished(value, _AS_BOOLEANS)

    def supposed(self, condition: Hole) -> bool | Hole:
        """Return whether a condition that is open is supposed to hold, itself if nothing is."""
        answer = self._answers.get(condition.name)
        if answer is not None:
            return condition if answer.others else answer.value is True
        if len(self._conditions) < MOST_CONDITIONS and _is_one_value(condition.name):
            self._conditions.setdefault(condition.name, condition)
        return condition

    def _named(self, value: TerraformValue) -> str | None:
        hole = whole_hole(value) if self._open else None
        return hole.name if hole is not None and hole.name in self._open else None

    def called(self, function: str, arguments: Sequence[TerraformValue]) -> None:
        """Note that a function tells its second argument apart from what the first one holds."""
        if self._open and function in _LOOKS_UP and len(arguments) > 1:
            self.distinguished(arguments[1], _members(arguments[0]))

    @property
    def questions(self) -> Sequence[Question]:
        """What is open and made a difference."""
        inputs = tuple(
            Question(self._open[name].why, self._all_of(name, tuple(given)))
            for name, given in self._given.items()
            if 0 < len(given) <= MOST_VALUES
        )
        conditions = tuple(
            Question(hole.why, tuple(Answer(name, each, words=_words(name)) for each in _TWO))
            for name, hole in self._conditions.items()
            if name not in self._open
        )
        return inputs + conditions

    def _all_of(self, name: str, given: tuple[InputValue, ...]) -> tuple[Answer, ...]:
        """Return each value of an input that is distinguished, and any other."""
        if name in self._booleans:
            return tuple(Answer(name, each) for each in _BOOLEANS)
        return (*(Answer(name, each) for each in given), Answer(name, others=given))


_TWO = (True, False)


def _is_one_value(name: str) -> bool:
    """Tell whether an unknown of a name has one value, not one for each element or instance."""
    return not set(_MODULES.sub("", name)) & set("#[@*")


def _words(name: str) -> str:
    """Return what messages call a condition that has no name but its place."""
    found = _PLACE.search(name)
    return f"the condition at {found[1]}" if found else ""


_LOOKS_UP = {"contains", "lookup"}


def _members(collection: TerraformValue) -> Iterable[TerraformValue]:
    return collection if isinstance(collection, dict) else inside(collection)
