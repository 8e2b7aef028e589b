"""Sensitivity as a mark on the value, which follows every operation, as in Terraform.

The evaluator takes the marks off what an operation works on and puts them on its result; an error
or an unknown that comes of it says nothing of the values. Where a value goes to the model, the
mark becomes sensitive strings and numbers (`checker.knowledge.sensitive`), which decide and are
not shown.
See https://developer.hashicorp.com/terraform/language/manage-sensitive-data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from checker.knowledge import sensitive
from checker.knowledge.arrays import without_elements
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.values.partial_values import InPart
from checker.sources.terraform.values.terraform_values import (
    SENSITIVE,
    Lazy,
    List,
    Map,
    Marked,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    inside,
)

NONE: frozenset[str] = frozenset()
STRIDE = 1_000
"""After how many elements work is counted."""


def mark(value: TerraformValue, marks: frozenset[str]) -> TerraformValue:
    """Return a value with marks added to its own; all of a marked text counts as sensitive."""
    if not marks:
        return value
    if isinstance(value, Marked):
        return Marked(opened(value.value), value.marks | marks)
    return Marked(opened(value), marks)


def unmark(value: TerraformValue) -> tuple[TerraformValue, frozenset[str]]:
    """Return a value without its own marks, and these; what it holds keeps its marks."""
    return (value.value, value.marks) if isinstance(value, Marked) else (value, NONE)


def deep_marks(
    value: TerraformValue, spend: Callable[[int], None] = lambda _: None
) -> frozenset[str]:
    """Return the marks of a value and of everything in it; `spend` counts the work."""
    found = NONE
    pending: list[TerraformValue] = [value]
    steps = 0
    while pending:
        one = pending.pop()
        steps += 1
        if steps == STRIDE:
            spend(steps)
            steps = 0
        if isinstance(one, Marked):
            found |= one.marks
        elif isinstance(one, Lazy):
            one = one.whole()
        pending.extend(inside(one))
    spend(steps)
    return found


def bare(value: TerraformValue) -> TerraformValue:
    """Return a value without any mark in it, at any depth."""
    if isinstance(value, Marked):
        return bare(value.value)
    if isinstance(value, Lazy):
        whole = value.whole()
        return bare(whole) if deep_marks(whole) else value
    return opened(rebuilt(value, bare))


def opened(value: TerraformValue) -> TerraformValue:
    """Return a text or number as an ordinary one; anything else as it is."""
    if isinstance(value, Text):
        return _parts(value, sensitive.opened) if value.sensitive else value
    return sensitive.opened(value)


def _parts(text: Text, work: Callable[[str], str]) -> Text:
    parts = (part if isinstance(part, Hole) else work(part) for part in text.parts)
    return replace(text, parts=tuple(parts))


def _hidden(text: Text) -> Text:
    """Return a text all of which is sensitive."""
    parts = (
        without_elements(p) if isinstance(p, Hole) else sensitive.sealed(p) for p in text.parts
    )
    return replace(text, parts=tuple(parts))


def rebuilt(
    value: TerraformValue, work: Callable[[TerraformValue], TerraformValue]
) -> TerraformValue:
    """Return a collection with something done to each of what it holds; it itself if in vain."""
    if isinstance(value, dict):
        made = {key: work(inner) for key, inner in value.items()}
        if all(made[key] is value[key] for key in made):
            return value
        if isinstance(value, Map):
            return Map(made, value.element)
        return PlacedDict(made, value.at, value.places) if isinstance(value, PlacedDict) else made
    if isinstance(value, (tuple, Set)):
        items = inside(value)
        done = tuple(map(work, items))
        if all(new is old for new, old in zip(done, items, strict=True)):
            return value
        if isinstance(value, Set):
            return Set(done, value.element, value.ordered)
        if isinstance(value, List):
            return List(done, value.element)
        return PlacedTuple(done, value.at, value.places) if isinstance(value, PlacedTuple) else done
    return value


def with_holes(value: TerraformValue, work: Callable[[Hole], Hole]) -> TerraformValue:
    """Return a value with something done to each unknown in it; whole things stay as they are."""
    if isinstance(value, InPart):
        return work(value.whole())
    if isinstance(value, Lazy):
        return value
    if isinstance(value, Hole):
        return work(value)
    if isinstance(value, Text):
        parts = (work(part) if isinstance(part, Hole) else part for part in value.parts)
        return replace(value, parts=tuple(parts)) if value.holes else value
    if isinstance(value, Marked):
        return Marked(with_holes(value.value, work), value.marks)
    return rebuilt(value, lambda inner: with_holes(inner, work))


def sealed(value: TerraformValue) -> TerraformValue:
    """Return a value for the model: every marked text and number in it is a sensitive one."""
    if not isinstance(value, Marked):
        return rebuilt(value, sealed)
    of = value.value.whole() if isinstance(value.value, Lazy) else value.value
    return _sealed(of)


def _sealed(value: TerraformValue) -> TerraformValue:
    if isinstance(value, Marked):
        return _sealed(value.value)
    if isinstance(value, Text):
        return value if value.sensitive else _hidden(value)
    if isinstance(value, dict):
        found = {sensitive.sealed(key): _sealed(inner) for key, inner in value.items()}
        return Map(found, value.element) if isinstance(value, Map) else found
    if isinstance(value, (tuple, Set)):
        return rebuilt(value, _sealed)
    return value if sensitive.is_sensitive(value) else sensitive.sealed(value)


def sensitive_text(text: str | Text | Hole) -> str | Text | Hole:
    """Return a stretch of text as a sensitive one; it no longer tells where it was written."""
    if isinstance(text, Hole):
        return without_elements(text)
    if isinstance(text, Text):
        return Text(_hidden(_parts(text, sensitive.opened)).parts)
    return sensitive.sealed(sensitive.opened(text))


def lifted(value: TerraformValue) -> TerraformValue:
    """Return a value of the model for the evaluator: what is sensitive in it is marked."""
    if isinstance(value, Text):
        return Marked(value) if value.sensitive else value
    if sensitive.is_sensitive(value):
        return Marked(value)
    if isinstance(value, dict) and any(map(sensitive.is_sensitive, value)):
        return Marked(bare({sensitive.opened(key): inner for key, inner in value.items()}))
    return rebuilt(value, lifted)


def marked_at(value: TerraformValue, paths: Iterable[tuple[str | int, ...]]) -> TerraformValue:
    """Return a value with what stands at some paths marked as sensitive.

    A path that leads to nothing marks what stands as far along it as there is anything.
    """
    below: dict[str | int, list[tuple[str | int, ...]]] = {}
    for path in paths:
        if not path:
            return mark(value, SENSITIVE)
        below.setdefault(path[0], []).append(path[1:])
    if not below or isinstance(value, Marked):
        return value
    if isinstance(value, dict) and below.keys() <= value.keys():
        return {key: marked_at(inner, below.get(key, ())) for key, inner in value.items()}
    if isinstance(value, tuple) and all(step in range(len(value)) for step in below):
        return tuple(marked_at(inner, below.get(n, ())) for n, inner in enumerate(value))
    return mark(value, SENSITIVE)


def marked_parts(value: TerraformValue) -> Iterator[Marked]:
    """Yield the marked values in a value."""
    pending: list[TerraformValue] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, Marked):
            yield one
        else:
            pending.extend(inside(one))


def all_texts(value: TerraformValue) -> bool:
    """Tell whether everything that is marked in a value is a text or number: see `sealed`."""
    if isinstance(value, Marked):
        text = isinstance(value.value, (str, int, Decimal)) and not isinstance(value.value, bool)
        return text or (isinstance(value.value, Text) and bool(value.value.parts))
    if isinstance(value, Lazy):
        value = value.whole()
    return all(map(all_texts, inside(value)))


def spread(of: Marked) -> TerraformValue:
    """Return a marked collection as one whose elements are marked."""
    value = of.value.whole() if isinstance(of.value, Lazy) else of.value
    if isinstance(value, tuple):
        return tuple(mark(element, of.marks) for element in value)
    if isinstance(value, Set):
        return replace(value, members=tuple(mark(each, of.marks) for each in value.members))
    if isinstance(value, dict):
        return {key: mark(element, of.marks) for key, element in value.items()}
    return value
