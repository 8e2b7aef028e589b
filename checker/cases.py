"""Decide by cases what an input leaves open.

Where a rule cannot tell because a variable has no value, and the input tells only a few values of
it apart, the rule is asked in each case. What it says in all of them it says of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.check import AnswerCount, check
from checker.errors import SourceError
from checker.knowledge.partial import Unknown
from checker.model import Inventory
from checker.model.cases import Answer
from checker.model.identities import ANY_KEY, without_keys
from checker.model.inventory import Cases
from checker.rules.rule import AnyRule, Evidence, Problem, Result
from checker.rules.settings import Settings

MOST_CASES = 12
"""So many cases of an input are read at most, for all rules together."""
MOST_MAPPINGS = 100
"""An input with more mappings is not read again."""
_Case: TypeAlias = tuple[Answer, ...]
_Outcome: TypeAlias = tuple[_Case, tuple[Problem, ...]]


def check_by_cases(
    inventory: Inventory,
    rules: Iterable[AnyRule],
    settings: Settings,
    answers: AnswerCount | None = None,
) -> tuple[Result, ...]:
    """Return what `check` returns; what is unknown there is decided by cases where they agree.

    `answers` are those of a run that checks several inputs.
    """
    asked = {rule.name: rule for rule in rules}
    results = check(inventory, asked.values(), settings, answers)
    if inventory.cases is None or len(inventory.mappings) > MOST_MAPPINGS:
        return results
    tried = _Tried(inventory, inventory.cases, asked, settings, answers)
    return tuple(_decided(each, tried) for each in results)


def _decided(result: Result, tried: _Tried) -> Result:
    """Return a result as it is in all cases; itself where these differ, or one is open."""
    if result.problems or not result.unknowns:
        return result
    try:
        outcomes = list(tried.outcomes(result, (), result.unknowns))
    except _OpenError:
        return result
    broken = [outcome for outcome in outcomes if outcome[1]]
    if not broken:
        return replace(result, unknowns=()) if outcomes else result
    case, problems = broken[0]
    if len(broken) < len(outcomes):
        return replace(result, unknowns=_in_one_case(result.unknowns, case, problems[0]))
    names = " and ".join(each.subject for each in case)
    because = Evidence(f"it is so whatever {names} is", problems[0].at)
    said = tuple(replace(each, because=(*each.because, because)) for each in problems)
    return replace(result, problems=said, unknowns=())


def _in_one_case(
    unknowns: tuple[Unknown, ...], case: _Case, problem: Problem
) -> tuple[Unknown, ...]:
    """Say of an unknown in which case there is a problem."""
    first, *rest = unknowns
    words = " and ".join(map(str, case))
    return (first.leaves(f"with {words}, {problem.message}"), *rest)


class _OpenError(Exception):
    """A case is open for a reason that no answer settles, or there are too many of them."""


class _Tried:
    """The cases of one input, each read once, and what rules say in them."""

    def __init__(
        self,
        inventory: Inventory,
        cases: Cases,
        rules: Mapping[str, AnyRule],
        settings: Settings,
        answers: AnswerCount | None,
    ) -> None:
        self._cases = cases
        self._rules = rules
        self._settings = settings
        self._given = answers
        self._today = inventory.today
        self._comparisons = inventory.decisions.comparisons
        self._read: dict[_Case, Inventory | None] = {}
        self._failed: set[_Case] = set()
        self._said: dict[tuple[_Case, str], tuple[Result, ...]] = {}

    def outcomes(
        self, result: Result, case: _Case, unknowns: Sequence[Unknown]
    ) -> Iterator[_Outcome]:
        """Yield the problems in each case of a case that `unknowns` leave open.

        Raises _OpenError if one of them stays open.
        """
        for answer in self._answers(case, unknowns):
            inner = (*case, answer)
            inventory = self._inventory(inner)
            if inventory is None:
                continue  # it is refused, so that nothing goes out
            said = self._results(result, inner, inventory)
            left = [unknown for each in said for unknown in each.unknowns]
            if left:
                yield from self.outcomes(result, inner, left)
            elif said:
                yield inner, tuple(problem for each in said for problem in each.problems)
            elif any(_of_one(result, each.id) for each in inventory.mappings):
                raise _OpenError

    def _answers(self, case: _Case, unknowns: Sequence[Unknown]) -> tuple[Answer, ...]:
        """Return the answers to the first question that unknowns come of; all must come of some."""
        given = {each.name for each in case}
        left = [each for each in self._cases.questions if each.answers[0].name not in given]
        # Another thing of the same reason stays unknown in each case.
        asked = [[each for each in left if each.why in one.root.why] for one in unknowns]
        if not all(asked):
            raise _OpenError
        return asked[0][0].answers

    def _inventory(self, case: _Case) -> Inventory | None:
        if case not in self._read:
            if case in self._failed or len(self._read) >= MOST_CASES:
                raise _OpenError
            try:
                self._read[case] = self._again(case)
            except SourceError:
                self._failed.add(case)
                raise _OpenError from None
        return self._read[case]

    def _again(self, case: _Case) -> Inventory | None:
        """Read a case, whose decisions count with those that are made without it."""
        found = self._cases.inventory(case)
        if found is None:
            return None
        found = replace(found, today=self._today)
        found.decisions.comparisons = self._comparisons
        return found

    def _results(self, result: Result, case: _Case, inventory: Inventory) -> list[Result]:
        """Return what a rule says in a case of the mappings that a result concerns."""
        key = case, result.rule
        if key not in self._said:
            self._said[key] = check(
                inventory, [self._rules[result.rule]], self._settings, self._given
            )
        return [
            each for each in self._said[key] if any(_of_one(result, one) for one in each.mappings)
        ]


def _of_one(result: Result, mapping: str) -> bool:
    """Tell whether a result concerns a mapping of a case, or instances of which it may be one."""
    return mapping in result.mappings or any(
        ANY_KEY in each and without_keys(each) == without_keys(mapping) for each in result.mappings
    )
