"""`format` and `formatlist`.

See https://developer.hashicorp.com/terraform/language/functions/format.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import graphemes, numerals
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    TerraformFunction,
    too_long,
)
from checker.sources.terraform.evaluation.functions.json_text import json_cost
from checker.sources.terraform.evaluation.functions.open_sequences import partly
from checker.sources.terraform.evaluation.functions.sequences import MOST_ELEMENTS, few, sequence
from checker.sources.terraform.evaluation.functions.verbs import VERB, cut_at_verbs, written_by
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.open_lists import made, mapped, named, of_instances
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.size_limits import CHARACTERS, weight, wide
from checker.sources.terraform.values.terraform_values import List, Set, TerraformValue, inside
from checker.sources.terraform.values.unify import STRING


def _format(template: str | Text, *arguments: TerraformValue) -> TerraformValue:
    return _rendered(_given(template, arguments), arguments)


def _given(template: str | Text, arguments: tuple[TerraformValue, ...]) -> str:
    """Return a format that is known and has no null to write, of which Terraform tells nothing."""
    if isinstance(template, Text):
        raise UnknownResultError
    if any(argument is None for argument in arguments):
        raise UnknownResultError("the type of a null is not followed")
    return template


def _rendered(template: str, arguments: tuple[TerraformValue, ...]) -> Text:
    used = 0
    parts: list[str | Hole | Text] = []
    size = 0
    for piece in cut_at_verbs(template):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        verb, index = piece
        if index > len(arguments):
            raise EvaluationError(
                f"not enough arguments for `{verb}`: need index {index} but have {len(arguments)}"
            )
        used = max(used, index)
        text = written_by(verb, arguments[index - 1])
        parts.append(text)
        size += len(str(text))
        if size > MOST_CHARACTERS:
            raise too_long()
    if used < len(arguments):
        raise EvaluationError(f"too many arguments; only {used} used by format string")
    return Text.of(*parts)


def _formatlist(template: str | Text, *arguments: TerraformValue) -> TerraformValue:
    known = _given(template, arguments)
    columns: list[tuple[TerraformValue, ...] | None] = []
    sizes: set[int] = set()
    for argument in arguments:
        if isinstance(argument, Hole) and _may_be_listed(argument):
            raise UnknownResultError
        column = sequence(argument, "") if isinstance(argument, (tuple, Set)) else None
        columns.append(column)
        sizes |= set() if column is None else {len(column)}
    if len(sizes) > 1:
        raise EvaluationError("the lists given as arguments differ in length")
    rows = sizes.pop() if sizes else 1
    few(rows * (len(columns) + 1))
    out: list[TerraformValue] = []
    for n in range(rows):
        pairs = zip(columns, arguments, strict=True)
        row = tuple(value if column is None else column[n] for column, value in pairs)
        text = _rendered(known, row)
        out.append(text if text.literal is None else text.literal)
    return List(out, STRING)


def _formatlist_in_part(template: str | Text, *arguments: TerraformValue) -> TerraformValue:
    """Format what is known of the elements of a list; of several lists the lengths count.

    Of an argument that is unknown as a whole every element is like any other, be it a list or not.
    """
    listed = [each for each in arguments if _may_be_listed(each)]
    one = listed[0] if len(listed) == 1 else None
    known, name = _given(template, arguments), call_name("formatlist", (template, *arguments))
    if isinstance(one, Hole):
        member = replace(one, name=f"{name}[0]", kind=Kind.ANY)
        of = PartialList((), one, perhaps=(member,))
    elif isinstance(one, PartialList):
        of = one
    else:
        raise UnknownResultError
    few(len(of.kept()) * (len(arguments) + 1))

    def formatted(item: TerraformValue) -> TerraformValue:
        row = tuple(item if each is one else each for each in arguments)
        text = _rendered(_given(known, row), row)
        return text if text.literal is None else text.literal

    found = mapped(of, formatted, named(name, [of]))
    return made(of_instances(found) if of.supposed else found)


def _may_be_listed(argument: TerraformValue) -> bool:
    if isinstance(argument, Hole):
        return argument.kind.alphabet.least == 0
    return isinstance(argument, (PartialList, tuple, Set))


def _format_cost(template: str | Text, *arguments: TerraformValue) -> int:
    """Return the steps of one call: each verb writes its argument, as wide as it says."""
    if isinstance(template, Text):
        return 1
    steps = 2 * weight(template)
    weights = [_written(argument) for argument in arguments]
    for match in VERB.finditer(template):
        width = min(int(match[2] or 0) if len(match[2] or "") < _LONG else 0, MOST_CHARACTERS)
        steps += 5 + width // CHARACTERS
        if match[3] is not None:
            steps += DECIMAL + numerals.MOST_PRECISION // CHARACTERS
    # With `[n]` an argument may be written more often than once.
    times = template.count("%") if "[" in template else 1
    return wide(template, *arguments) * (steps + times * sum(weights))


_LONG = 9
DECIMAL = 30


def _written(value: TerraformValue) -> int:
    """Return the steps of writing one argument, as JSON at the worst."""
    graphical = graphemes.effort(value) if isinstance(value, str) else 0
    decimal = DECIMAL if isinstance(value, Decimal) else 0
    return json_cost(value) + graphical + decimal


def _formatlist_cost(template: str | Text, *arguments: TerraformValue) -> int:
    arguments = tuple(each.kept() if isinstance(each, PartialList) else each for each in arguments)
    rows = max((len(inside(argument)) for argument in arguments), default=0) or 1
    if isinstance(template, Text) or rows * (len(arguments) + 1) > MOST_ELEMENTS:
        return 1
    alone = [argument for argument in arguments if not isinstance(argument, (tuple, Set))]
    listed = [argument for argument in arguments if isinstance(argument, (tuple, Set))]
    each = _format_cost(template, *alone)
    more = 1 + (template.count("%") if "[" in template else 0)
    items = sum(_written(one) for column in listed for one in inside(column))
    return rows * (1 + each) + wide(template, *arguments) * more * items


FUNCTIONS = (
    TerraformFunction(
        "format",
        _format,
        ("string", "any?*"),
        partial=True,
        returns="string",
        cost=_format_cost,
    ),
    TerraformFunction(
        "formatlist",
        partly(_formatlist, _formatlist_in_part),
        ("string", "any?*"),
        partial=True,
        parts=True,
        cost=_formatlist_cost,
    ),
)
