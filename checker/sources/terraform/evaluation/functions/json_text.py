"""JSON in Terraform's functions: written with the place of every value, read into values.

A hole inside a string stays inside the quotes; a hole of any type becomes one of kind JSON, which
stands for one whole value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from checker.knowledge.arrays import MOST_ELEMENTS, ArrayHole, extent
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonError, JsonNode, LongNumber, Members, UnknownJsonError
from checker.knowledge.jsontext import parse
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    normal_form,
    too_long,
)
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.json_writer import PlacedText, quoted, scalar
from checker.sources.terraform.language.numbers import normal, number_text, unknown
from checker.sources.terraform.values.open_lists import held
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.size_limits import CHARACTERS, length, weight, wide
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    Marked,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    inside,
)


class _Writer(PlacedText):
    """Writes values within the bound on texts."""

    def put(self, part: str | Hole) -> None:
        """Write a part."""
        super().put(part)
        if self.offset > MOST_CHARACTERS:
            raise too_long()

    def value(self, value: TerraformValue, at: Location | None) -> None:
        """Write a value whose place is `at` if it has none of its own."""
        if isinstance(value, dict):
            self.object(value, at)
        elif isinstance(value, (tuple, Set)):
            self.array(value, at)
        elif isinstance(value, Text):
            self.string(value)
        elif isinstance(value, Hole):
            self.hole(value)
        elif isinstance(value, PartialList):
            self.put(_array_hole(value))
        elif isinstance(value, Lazy):
            self.value(value.whole(), at)
        elif isinstance(value, Marked):
            self.value(value.value, at)
        elif isinstance(value, str):
            self.put('"' + quoted(value) + '"')
        else:
            self.put(scalar(value, number_text))

    def hole(self, hole: Hole) -> None:
        if hole.kind in (Kind.ANY, Kind.JSON):
            self.put(replace(hole, kind=Kind.JSON))
        else:
            self.string(Text((hole,)))

    def object(self, value: dict[str, TerraformValue], at: Location | None) -> None:
        places = value.places if isinstance(value, PlacedDict) else {}
        at = (value.at if isinstance(value, PlacedDict) else None) or at
        self.mark(at)
        self.put("{")
        for n, name in enumerate(sorted(value)):
            if n:
                self.put(",")
            here = places.get(name, at)
            self.mark(here)
            self.put('"' + quoted(name) + '":')
            self.value(value[name], here)
        self.mark(at)
        self.put("}")

    def array(self, value: tuple[TerraformValue, ...] | Set, at: Location | None) -> None:
        if isinstance(value, Set) and not value.ordered:
            raise UnknownResultError
        items = value.members if isinstance(value, Set) else value
        places = value.places if isinstance(value, PlacedTuple) else None
        at = (value.at if isinstance(value, PlacedTuple) else None) or at
        self.mark(at)
        self.put("[")
        for n, item in enumerate(items):
            if n:
                self.put(",")
            here = places[n] if places is not None and n < len(places) else at
            self.mark(here)
            self.value(item, here)
        self.mark(at)
        self.put("]")


def _array_hole(value: PartialList) -> Hole:
    """Return what stands for an array of which some elements are known."""
    unknown = replace(value.unknown, kind=Kind.JSON)
    if len(held(value)) > MOST_ELEMENTS or not isinstance(unknown, Hole):
        return unknown
    among = tuple(map(encode, value.sure))
    perhaps = None if value.perhaps is None else tuple(map(encode, value.perhaps))
    if extent((*among, *(perhaps or ()))) > MOST_CHARACTERS:
        raise too_long()
    name, why, at, remedy = unknown.name, unknown.why, unknown.at, unknown.remedy
    return ArrayHole(name, Kind.JSON, why, at, remedy, among=among, perhaps=perhaps)


def encode(value: TerraformValue) -> Text:
    """Write a value as JSON, as `jsonencode` does.

    Raises:
        NotTold: the order of a set is not known, or the text would be too long.
    """
    writer = _Writer()
    writer.value(value, None)
    return writer.text()


def json_cost(value: TerraformValue) -> int:
    """Return how many steps it takes to write a value: a character may become six."""
    steps = 0
    pending: list[TerraformValue] = [value]
    while pending:
        one = pending.pop()
        steps += 2
        if isinstance(one, PartialList):
            pending.extend(held(one))
        if isinstance(one, Lazy):
            one = one.whole()
        if isinstance(one, str):
            steps += _escaped(one)
        elif isinstance(one, Text):
            steps += sum(1 + _escaped(part) for part in one.parts if isinstance(part, str))
        elif isinstance(one, Hole):
            steps += len(one.name) // CHARACTERS
        elif isinstance(one, dict):
            steps += sum(map(_escaped, one))
        elif isinstance(one, (int, Decimal)):
            steps += weight(one)
        pending.extend(inside(one))
    return steps * wide(value)


def _escaped(text: str) -> int:
    return (
        length(text) if len(text) > CHARACTERS and not _RISKY.search(text) else 6 * length(text)
    ) // CHARACTERS


_RISKY = re.compile(r'["\\<>&\x00-\x1f\u2028\u2029]')


def decode_cost(text: str | Text) -> int:
    """Return how many steps it takes to read JSON: each value follows one of these marks."""
    literal = [text] if isinstance(text, str) else [p for p in text.parts if isinstance(p, str)]
    marks = sum(part.count(mark) for part in literal for mark in ",[{\\")
    marks += sum(hole.extent for hole in text.holes) if isinstance(text, Text) else 0
    return 2 * weight(text) + _VALUE * (1 + marks)


_VALUE = 6  # the steps of reading one value


def decode(text: str | Text) -> TerraformValue:
    """Read JSON, as `jsondecode` does.

    Raises:
        EvaluationError: it is not JSON.
        NotTold: a hole stands where it could be anything, or the text goes beyond our bounds.
    """
    whole = text if isinstance(text, Text) else Text((text,))
    try:
        node = parse(whole, Location(""))
    except UnknownJsonError as error:
        raise UnknownResultError(error.unknown.why, error.unknown.remedy) from None
    except JsonError as error:
        if error.message.startswith("nested deeper"):
            raise UnknownResultError(error.message) from None
        raise EvaluationError(f"not JSON: {error.message}") from None
    return _value(node, iter(whole.holes), placed=whole.origin is not None)


def _value(node: JsonNode, holes: Iterator[Hole], *, placed: bool) -> TerraformValue:
    """Turn a node into a value, taking the holes of the text in their order."""
    value = node.value
    at = node.at if placed else None
    if isinstance(value, LongNumber):
        return unknown(value.text, value.why, at)
    if isinstance(value, Unknown):
        hole = next(holes)
        return _array(hole) if isinstance(hole, ArrayHole) else replace(hole, kind=Kind.ANY)
    if isinstance(value, Text):
        for _ in value.holes:
            next(holes)
        return value if value.literal is None else normal_form(value.literal)
    if isinstance(value, Members):
        return _object(value, at, holes, placed=placed)
    if isinstance(value, tuple):
        items = [_value(item, holes, placed=placed) for item in value]
        return PlacedTuple(items, at, tuple(item.at for item in value) if placed else None)
    if value is None or isinstance(value, bool):
        return value
    return normal(value)


def _array(hole: ArrayHole) -> TerraformValue:
    """Return an array of which some elements are known as a list."""
    among = [decode(text) for text in hole.among]
    perhaps = None if hole.perhaps is None else [decode(text) for text in hole.perhaps]
    unknown = Hole(hole.name, Kind.ANY, hole.why, hole.at, hole.remedy)
    return PartialList((), unknown, among=among, perhaps=perhaps)


def _object(
    members: Members, at: Location | None, holes: Iterator[Hole], *, placed: bool
) -> PlacedDict:
    made: dict[str, TerraformValue] = {}
    places: dict[str, Location] = {}
    for name, node in members.items:
        if name.literal is None:
            raise UnknownResultError
        key = normal_form(name.literal)
        made[key] = _value(node, holes, placed=placed)
        places[key] = node.at
    return PlacedDict({name: made[name] for name in sorted(made)}, at, places if placed else None)
