"""Work on marked values: neither its errors nor the unknowns that it makes quote them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from checker.knowledge import sensitive_tokens
from checker.knowledge.arrays import without_elements
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.marks import mark, with_holes
from checker.sources.terraform.values.partial_values import InPart
from checker.sources.terraform.values.terraform_values import TerraformValue, inside

T = TypeVar("T")
WHY = "it is made of a sensitive value"


def guarded(
    what: str,
    marks: frozenset[str],
    operands: Iterable[TerraformValue],
    work: Callable[[], TerraformValue],
) -> TerraformValue:
    """Return what an operation makes of marked values, marked; errors and unknowns quote nothing.

    `what` names the operation in the words of the source, `operands` are the values without marks.
    """
    if not marks:
        return work()
    return mark(concealed(hiding(what, marks, work), operands), marks)


def hiding(what: str, marks: frozenset[str], work: Callable[[], T]) -> T:
    """Do something to marked values; its error says what was done, not to what."""
    try:
        return work()
    except UnknownResultError as error:
        quotes = any(quote in error.why for quote in "`\"'")
        made: EvaluationError = UnknownResultError(
            f"{what}: {WHY}" if quotes else error.why, error.remedy
        )
        made.marks = marks | error.marks
    except EvaluationError as error:
        made = EvaluationError(f"{what} fails; the reason is not shown: {WHY}")
        made.marks = marks | error.marks
    raise made from None


def _holes(values: Iterable[TerraformValue]) -> Iterator[Hole]:
    """Yield the unknowns in values; whole things are not worked out for it."""
    pending: list[TerraformValue] = list(values)
    while pending:
        one = pending.pop()
        if isinstance(one, InPart):
            one = one.whole()
        if isinstance(one, Hole):
            yield one
        elif isinstance(one, Text):
            yield from one.holes
        else:
            pending.extend(inside(one))


def concealed(value: TerraformValue, operands: Iterable[TerraformValue]) -> TerraformValue:
    """Name the unknowns that an operation made of marked values so that nothing is quoted.

    Those that were in the operands keep their names; equal names stay equal.
    """
    made = {hole.name for hole in _holes((value,))}
    given = {hole.name: hole.why for hole in _holes(operands)} if made else {}
    if made <= given.keys():
        return value
    whys = set(given.values())

    def renamed(hole: Hole) -> Hole:
        if hole.name in given:
            return hole
        why = hole.why if hole.why in whys else WHY
        return replace(without_elements(hole), name=sensitive_tokens.token(hole.name), why=why)

    return with_holes(value, renamed)
