"""Lists of which some elements are known, put together and taken apart.

What is known of each stays known: `concat([aws_sqs_queue.q.arn], var.more)` holds the queue's ARN,
whatever `var.more` is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import distinct, key_of
from checker.sources.terraform.values.marks import deep_marks
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.size_limits import MOST, MOST_DEPTH
from checker.sources.terraform.values.terraform_values import (
    Marked,
    PlacedTuple,
    Set,
    TerraformValue,
    holes,
    inside,
    whole_hole,
)
from checker.sources.terraform.values.unify import type_of

_OPEN = (Kind.ANY, Kind.JSON)
_CLOSED = Hole("closed")


def is_open(value: TerraformValue) -> bool:
    """Tell whether a value is, or may be, a list of which not all elements are known."""
    return isinstance(value, (PartialList, Hole))


def parts_of(value: TerraformValue) -> PartialList | None:
    """Return what is known of a list, tuple or set; None for what is none.

    Raises:
        UnknownResultError: the value is unknown, and of another type.
    """
    if isinstance(value, PartialList):
        return value
    if isinstance(value, tuple):
        return PartialList(value, _CLOSED, perhaps=())
    if isinstance(value, Set):
        return PartialList((), _CLOSED, len(value.members), among=value.members, perhaps=())
    if isinstance(value, Hole):
        if value.kind not in _OPEN:
            raise UnknownResultError
        return PartialList((), value)
    return None


def held(value: TerraformValue) -> tuple[TerraformValue, ...]:
    """Return the elements of a collection that are known to be in it, or may be."""
    return value.kept() if isinstance(value, PartialList) else inside(value)


def made(of: PartialList) -> TerraformValue:
    """Return a list that is known in part: as a tuple where all of it is.

    Raises:
        UnknownResultError: nothing is known of its elements, or some are sensitive.
    """
    perhaps = of.perhaps
    if perhaps == () and not of.among:
        return PlacedTuple(of.first)
    if perhaps is not None and any(_nothing(each) for each in perhaps):
        perhaps = None
    if (not of.sure and perhaps is None) or deep_marks((of.sure, perhaps or ())):
        raise UnknownResultError(of.unknown.why, of.unknown.remedy)
    if of.weight > MOST or of.depth > MOST_DEPTH:
        raise UnknownResultError(f"the value has more than {MOST} parts")
    return PartialList(of.first, of.unknown, of.least, among=of.among, perhaps=perhaps)


def _nothing(value: TerraformValue) -> bool:
    """Tell whether nothing is known of a value."""
    hole = whole_hole(value)
    return hole is not None and hole.kind in _OPEN


def named(name: str, lists: Iterable[PartialList]) -> Hole:
    """Return the unknown of what is made of lists, which says why the first one is."""
    why = next((each.unknown for each in lists if each.unknown is not _CLOSED), _CLOSED)
    return Hole(name, Kind.ANY, why.why, why.at, why.remedy)


def joined(lists: Sequence[PartialList], unknown: Hole) -> PartialList:
    """Return lists one after the other: past an unknown number of elements nothing has a place."""
    first: list[TerraformValue] = []
    among: list[TerraformValue] = []
    perhaps: list[TerraformValue] | None = []
    placed = True
    for each in lists:
        (first if placed else among).extend(each.first)
        among.extend(each.among)
        placed = placed and each.perhaps == () and not each.among
        perhaps = None if perhaps is None or each.perhaps is None else [*perhaps, *each.perhaps]
    least = sum(each.least for each in lists)
    return PartialList(first, unknown, least, among=among, perhaps=perhaps)


def mapped(
    of: PartialList, work: Callable[[TerraformValue], TerraformValue], unknown: Hole
) -> PartialList:
    """Return a list with something made of each element."""
    return PartialList(
        map(work, of.first),
        unknown,
        of.least,
        among=map(work, of.among),
        perhaps=None if of.perhaps is None else map(work, of.perhaps),
    )


def of_instances(of: PartialList) -> PartialList:
    """Return a list without the elements that are the same for any instance of a block.

    An ARN, or what holds the key of an instance, matters only where there is that instance. What
    says nothing of it does not tell whether there is one.
    """
    kept = [each for each in of.among if _is_of_instance(each)]
    left = [each for each in of.among if not _is_of_instance(each)]
    perhaps = None if of.perhaps is None else (*left, *of.perhaps)
    return PartialList(of.first, of.unknown, of.least, among=kept, perhaps=perhaps)


def _is_of_instance(value: TerraformValue) -> bool:
    plain = value.value if isinstance(value, Marked) else value
    spelled = plain.spelled if isinstance(plain, Text) else plain
    if isinstance(spelled, str) and spelled.startswith("arn:"):
        return True
    return any("[*]" in hole.name for hole in holes(value))


_UNPLACED, _ANYTHING = Hole("unplaced"), Hole("anything")  # marks between the elements


def flattened(value: TerraformValue, unknown: Hole) -> PartialList:
    """Return what is known of the elements of the lists in a list, at any depth."""
    first: list[TerraformValue] = []
    among: list[TerraformValue] = []
    perhaps: list[TerraformValue] = []
    placed, closed, supposed = True, True, False
    pending: list[tuple[TerraformValue, bool]] = [(value, True)]
    while pending:
        item, sure = pending.pop()
        if item is _UNPLACED or item is _ANYTHING:
            placed, closed = False, closed and item is _UNPLACED
        elif isinstance(item, (tuple, Set, PartialList)):
            supposed = supposed or (isinstance(item, PartialList) and item.supposed)
            pending.extend((each, sure and there) for each, there in reversed(_in_order(item)))
        elif isinstance(item, Hole) and item.kind in _OPEN:
            placed = closed = False
        else:
            (perhaps if not sure else first if placed else among).append(item)
    least = 0 if supposed else len(first) + len(among)
    found = PartialList(first, unknown, least, among=among, perhaps=perhaps if closed else None)
    return of_instances(found) if supposed else found


def _in_order(of: tuple[TerraformValue, ...] | Set | PartialList) -> _Items:
    """Return the elements of a list, each with whether it is surely there, and marks."""
    if isinstance(of, tuple):
        return [(each, True) for each in of]
    if isinstance(of, Set):
        marks: _Items = [] if of.ordered else [(_UNPLACED, True)]
        return [*marks, *((each, True) for each in of.members)]
    items: _Items = [(each, True) for each in of.first]
    items.append((_ANYTHING if of.perhaps is None else _UNPLACED, True))
    items.extend((each, True) for each in of.among)
    return [*items, *((each, False) for each in of.perhaps or ())]


_Items: TypeAlias = list[tuple[TerraformValue, bool]]


def without_doubles(of: PartialList, unknown: Hole, *, placed: bool) -> PartialList:
    """Return what is known of a list without doubles, or of a set, whose elements have no place."""
    try:
        first, least = distinct(of.first), len(distinct(of.sure))
    except UnknownResultError:
        return PartialList((), unknown, min(of.least, 1), among=of.sure, perhaps=of.perhaps)
    if of.supposed:
        least = min(of.least, 1)
    if not placed:
        return PartialList((), unknown, least, among=distinct(of.sure), perhaps=of.perhaps)
    return PartialList(first, unknown, least, among=of.among, perhaps=of.perhaps)


def either(values: Sequence[TerraformValue], unknown: Hole) -> TerraformValue:
    """Return what is known of a list that is one of two, and nobody knows which.

    Raises:
        UnknownResultError: nothing is, or one of them is no list.
    """
    one, other = (_part(value) for value in values)
    if one is None or other is None:
        raise UnknownResultError(unknown.why, unknown.remedy)
    one, other = _of_one_type(one, other)
    shared = _alike(one.first, other.first)
    keys = {key_of(each) for each in other.sure[shared:]}
    both = tuple(each for each in one.sure[shared:] if key_of(each) in keys)
    left = [each for of in (one, other) for each in of.sure[shared:]]
    perhaps = (
        None
        if one.perhaps is None or other.perhaps is None
        else (*left, *one.perhaps, *other.perhaps)
    )
    least = min(one.least, other.least)
    first = one.first[:shared]
    return made(PartialList(first, unknown, least, among=both, perhaps=perhaps))


def _part(value: TerraformValue) -> PartialList | None:
    try:
        return parts_of(value)
    except UnknownResultError:
        return None


def _of_one_type(one: PartialList, other: PartialList) -> tuple[PartialList, PartialList]:
    """Return two lists of which one is chosen without what the type of both may make another."""
    if (held(one) or one.perhaps is None) and (held(other) or other.perhaps is None):
        try:
            kinds = {type_of(each) for each in (*held(one), *held(other))}
        except UnknownResultError:
            kinds = set()
        if len(kinds) != 1 or one.perhaps is None or other.perhaps is None:
            return texts_of(one), texts_of(other)
    return one, other


def _alike(one: Sequence[TerraformValue], other: Sequence[TerraformValue]) -> int:
    """Return how many elements two lists surely begin with alike."""
    pairs = zip(one, other, strict=False)
    same = (n for n, (mine, theirs) in enumerate(pairs) if key_of(mine) != key_of(theirs))
    return next(same, min(len(one), len(other)))


def texts_of(of: PartialList) -> PartialList:
    """Return a list without the elements that may be of another type beside unknown ones.

    A text stays a text beside elements of any type that Terraform takes.
    """
    kept = next((n for n, each in enumerate(of.first) if not _is_text(each)), len(of.first))
    among = (each for each in (*of.first[kept:], *of.among) if _is_text(each))
    whole = all(map(_is_text, (*of.sure, *(of.perhaps or ()))))
    return PartialList(
        of.first[:kept], of.unknown, of.least, among=among, perhaps=of.perhaps if whole else None
    )


def _is_text(value: TerraformValue) -> bool:
    return isinstance(value, str) or (isinstance(value, Text) and not _nothing(value))


def sequence_or_refuse(value: TerraformValue, refusal: str) -> PartialList:
    """Return what is known of a list; EvaluationError for what is none."""
    of = parts_of(value)
    if of is None:
        raise EvaluationError(refusal)
    return of
