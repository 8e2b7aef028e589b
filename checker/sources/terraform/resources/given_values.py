"""The values that a block gives to arguments for which AWS takes some only."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import GivenValue, ValueRange, ranges_of
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.reading import optional_integer, unknown
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import Set, TerraformValue


def given_values(written: Written, type_: str) -> tuple[GivenValue, ...]:
    """Return what a block of a type gives; what is left out is not among it.

    A nested block that is unknown is unknown once, for the first of its arguments.
    """
    found = [each for range_ in ranges_of(type_) for each in _given(written, range_)]
    unknown_blocks: set[str] = set()
    out: list[GivenValue] = []
    for each in found:
        block = each.range.argument.rpartition(".")[0]
        if block and isinstance(each.value, Unknown) and each.value.at == written.at:
            if block in unknown_blocks:
                continue
            unknown_blocks.add(block)
        out.append(each)
    return tuple(out)


def _given(written: Written, range_: ValueRange) -> Iterator[GivenValue]:
    block, _, name = range_.argument.rpartition(".")
    if not block:
        yield from (GivenValue(range_, value) for value in _values(written, name, range_))
        return
    for each in written.nested(block):
        if isinstance(each, Hole):
            yield GivenValue(range_, unknown(each, written.at))
        else:
            yield from (GivenValue(range_, value) for value in _values(each, name, range_))


def _values(written: Written, name: str, range_: ValueRange) -> Iterator[Value[int | str]]:
    if range_.most is not None:
        number = optional_integer(written, name)
        if isinstance(number, Unknown):
            yield number
        elif number.value is not None:
            yield Known(number.value, number.at)
        return
    value = written.get(name)
    members = value.members if isinstance(value, Set) else value
    for each in members if isinstance(members, tuple) else (members,):
        found = _word(each, name, written)
        if found is not None:
            yield found


def _word(value: TerraformValue, name: str, written: Written) -> Value[str] | None:
    """Return a text; None where none is set: the provider sends no empty one."""
    at = written.place(name)
    hole = first_hole(value)
    if isinstance(hole, Hole) and not isinstance(value, Text):
        return unknown(hole, at)
    found = to_text(value, f"{written.path}.{name}", at)
    if found is None or not found.parts:
        return None
    return unknown(found.holes[0], at) if found.literal is None else Known(found.literal, at)
