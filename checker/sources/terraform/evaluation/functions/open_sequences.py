"""Functions of lists and sets of which some elements are known.

Each is what is left of its exact counterpart where an argument is unknown in part: what surely is
in the result stays known.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions.texts import never_empty
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.compare import equal, key_of
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.effort import MOST_EFFORT, effort
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.open_lists import (
    flattened,
    is_open,
    joined,
    made,
    named,
    parts_of,
    sequence_or_refuse,
    texts_of,
    without_doubles,
)
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.primitives import type_of_name
from checker.sources.terraform.values.terraform_values import (
    List,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
    whole_hole,
)
from checker.sources.terraform.values.unify import ANY

MOST_PAIRS = 2_500
"""How many pairs of members of two sets are compared."""


def partly(
    exact: Callable[..., TerraformValue], open_: Callable[..., TerraformValue]
) -> Callable[..., TerraformValue]:
    """Return a function that knows part of its result where the exact one knows nothing of it."""

    def call(*arguments: TerraformValue) -> TerraformValue:
        if any(map(is_open, arguments)):
            return open_(*arguments)
        try:
            return exact(*arguments)
        except UnknownResultError as error:
            if error.why:
                raise
            return open_(*arguments)

    return call


def concat(*values: TerraformValue) -> TerraformValue:
    """Join lists: https://developer.hashicorp.com/terraform/language/functions/concat."""
    lists: list[PartialList] = []
    tuples = any(isinstance(value, PlacedTuple) for value in values)
    for value in values:
        refusal = f"all arguments must be lists or tuples; got {type_of_name(value)}"
        if isinstance(value, Set):
            raise EvaluationError(refusal)
        of = sequence_or_refuse(value, refusal)
        lists.append(texts_of(of) if isinstance(value, List) and not tuples else of)
    return made(joined(lists, named(call_name("concat", values), lists)))


def flatten(value: TerraformValue) -> TerraformValue:
    """Flatten lists: https://developer.hashicorp.com/terraform/language/functions/flatten."""
    of = sequence_or_refuse(value, "can only flatten lists, sets and tuples")
    unknown = of.unknown if isinstance(value, PartialList) else first_reason(of.sure)
    return made(flattened(value, named(call_name("flatten", (value,)), [PartialList((), unknown)])))


def first_reason(values: tuple[TerraformValue, ...]) -> Hole:
    """Return the first unknown among values, or in a text of them."""
    for each in values:
        if isinstance(each, Hole):
            return each
        if isinstance(each, PartialList):
            return each.unknown
    holes = (hole for each in values if isinstance(each, Text) for hole in each.holes)
    return next(holes, Hole("order", why="it depends on values that are unknown"))


def distinct(items: TerraformValue) -> TerraformValue:
    """Drop doubles: https://developer.hashicorp.com/terraform/language/functions/distinct."""
    of, unknown = _of("distinct", items)
    return made(without_doubles(of, unknown, placed=True))


def compact(items: TerraformValue) -> TerraformValue:
    """Drop empty strings: https://developer.hashicorp.com/terraform/language/functions/compact."""
    of, unknown = _of("compact", items)
    first: list[TerraformValue] = []
    among: list[TerraformValue] = []
    unsure: list[TerraformValue] = []
    for n, each in enumerate(of.sure):
        kept = _kept(each)
        if kept is Truth.MAYBE:
            unsure.append(each)
        elif kept is Truth.YES:
            (among if unsure or n >= len(of.first) else first).append(each)
    perhaps = None if of.perhaps is None else (*unsure, *of.perhaps)
    least = 0 if of.supposed else len(first) + len(among)
    return made(PartialList(first, unknown, least, among=among, perhaps=perhaps))


def _kept(item: TerraformValue) -> Truth:
    """Tell whether an element is neither null nor empty."""
    if isinstance(item, Text) and item.holes:
        return Truth.YES if never_empty(item) else Truth.MAYBE
    return Truth.MAYBE if isinstance(item, Hole) else Truth.of(item is not None and item != "")


def unplaced(name: str) -> Callable[[TerraformValue], TerraformValue]:
    """Return a function that puts the elements of a list in another order."""

    def call(items: TerraformValue) -> TerraformValue:
        of, unknown = _of(name, items)
        return made(PartialList((), unknown, of.least, among=of.sure, perhaps=of.perhaps))

    return call


def slice_(value: TerraformValue, start: TerraformValue, end: TerraformValue) -> TerraformValue:
    """Cut a list: https://developer.hashicorp.com/terraform/language/functions/slice."""
    of = sequence_or_refuse(value, "must be a list or tuple value")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        raise UnknownResultError
    if end > len(of.first):
        raise UnknownResultError
    return tuple(of.first[start:end])


def index(value: TerraformValue, wanted: TerraformValue) -> TerraformValue:
    """Find an element: https://developer.hashicorp.com/terraform/language/functions/index_function."""
    of = sequence_or_refuse(value, "argument must be a list or tuple")
    for n, item in enumerate(of.first):
        same = equal(item, wanted)
        if same is Truth.YES:
            return n
        if same is Truth.MAYBE:
            break
    raise UnknownResultError


def coalescelist(*values: TerraformValue) -> TerraformValue:
    """Choose a list: https://developer.hashicorp.com/terraform/language/functions/coalescelist."""
    for value in values:
        if isinstance(value, PartialList) and value.least:
            return value
        if isinstance(value, tuple) and value:
            return value
        if value is not None and not isinstance(value, tuple):
            break
    raise UnknownResultError


def toset(value: TerraformValue) -> TerraformValue:
    """Make a set: https://developer.hashicorp.com/terraform/language/functions/toset."""
    if isinstance(value, Hole):
        return value
    if isinstance(value, PartialList):
        of = cast(value, Type("set", ANY))
        return made(of) if isinstance(of, PartialList) else of
    items = parts_of(value)
    if items is None:
        raise UnknownResultError
    unknown = Hole(call_name("toset", (value,)), why=first_reason(items.sure).why)
    return made(without_doubles(texts_of(items), unknown, placed=False))


def setunion(*sets: TerraformValue) -> TerraformValue:
    """Unite sets: https://developer.hashicorp.com/terraform/language/functions/setunion."""
    lists = [texts_of(sequence_or_refuse(each, "a set is required")) for each in sets]
    unknown = named(call_name("setunion", sets), lists)
    return made(without_doubles(joined(lists, unknown), unknown, placed=False))


def setintersection(*sets: TerraformValue) -> TerraformValue:
    """Intersect: https://developer.hashicorp.com/terraform/language/functions/setintersection."""
    lists = [texts_of(sequence_or_refuse(each, "a set is required")) for each in sets]
    unknown = named(call_name("setintersection", sets), lists)
    first, *others = lists
    keys = [{key_of(each) for each in other.sure} for other in others]
    shared = [each for each in first.sure if all(key_of(each) in other for other in keys)]
    closed = next((each for each in lists if each.perhaps is not None), None)
    perhaps = None if closed is None else (*closed.sure, *(closed.perhaps or ()))
    least = 0 if any(each.supposed for each in lists) else len(shared)
    made_of = PartialList((), unknown, least, among=shared, perhaps=perhaps)
    return made(without_doubles(made_of, unknown, placed=False))


def setsubtract(left: TerraformValue, right: TerraformValue) -> TerraformValue:
    """Subtract sets: https://developer.hashicorp.com/terraform/language/functions/setsubtract."""
    lists = [texts_of(sequence_or_refuse(each, "a set is required")) for each in (left, right)]
    unknown = named(call_name("setsubtract", (left, right)), lists)
    of, less = lists
    known = (*less.sure, *(less.perhaps or ()))
    compared = less.perhaps is not None and len(of.sure) * len(known) <= MOST_PAIRS
    kept = [each for each in (of.sure if compared else ()) if _apart(each, known)]
    taken = {key_of(each) for each in less.sure}
    left_over = tuple(each for each in of.sure if key_of(each) not in taken)
    perhaps = None if of.perhaps is None else (*left_over, *of.perhaps)
    least = 0 if of.supposed else len(kept)
    made_of = PartialList((), unknown, least, among=kept, perhaps=perhaps)
    return made(without_doubles(made_of, unknown, placed=False))


def _apart(member: TerraformValue, others: tuple[TerraformValue, ...]) -> bool:
    """Tell whether a member of a set is surely none of some others, at little effort."""
    left = MOST_EFFORT // MOST_PAIRS * max(1, len(others))
    for other in others:
        left -= effort(member, other)
        if left < 0 or equal(member, other) is not Truth.NO:
            return False
    return True


def contains(value: PartialList, wanted: TerraformValue) -> TerraformValue:
    """Find out whether an element is there, of a list that is known in part."""
    found = max((equal(item, wanted) for item in value.sure), default=Truth.NO)
    if found is Truth.YES:
        return True
    maybe = max((equal(item, wanted) for item in value.perhaps or ()), default=Truth.NO)
    if value.perhaps is None or (found | maybe) is not Truth.NO:
        raise UnknownResultError
    return False


def _of(name: str, items: TerraformValue) -> tuple[PartialList, Hole]:
    """Return what is known of a list, and the name of what a function makes of it."""
    of = sequence_or_refuse(items, "a list is required")
    hole = whole_hole(items)
    why = of.unknown if isinstance(items, PartialList) else hole or first_reason(of.sure)
    return of, named(call_name(name, (items,)), [PartialList((), why)])
