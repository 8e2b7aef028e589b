"""Where the value of an expression comes from: its parts, the branch taken, the entry named."""

from __future__ import annotations

from collections.abc import Iterator, Sized

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation.operators import elements_of
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.trails.frames import (
    ANY,
    ElementKey,
    Frame,
    Lead,
    LoopElement,
    Steps,
    as_key,
)
from checker.sources.terraform.trails.function_calls import handed_on
from checker.sources.terraform.values.primitives import to_bool
from checker.sources.terraform.values.terraform_values import Lazy, Set, TerraformValue

MOST_ELEMENTS = 1_000
"""So many elements of a loop are gone through to find the one that made an entry."""
UNKNOWN = Hole("unknown")
MOST_DIGITS = 9
"""How many digits an index has at most."""


def parts_of(node: tree.Expression, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield the expressions that an expression's value comes from; a name has none."""
    match node:
        case tree.Attribute(of=of, name=name):
            yield Lead(of, frame, (_key(name), *steps))
        case tree.Index(of=of, key=key):
            yield Lead(of, frame, (frame.key(key), *steps))
        case tree.Splat(of=of, each=each):
            index, rest = (steps[0], steps[1:]) if steps else (ANY, ())
            yield Lead(of, frame, (index, *_taken(each, frame), *rest))
        case tree.Call():
            yield from handed_on(node, frame, steps)
        case tree.Conditional():
            yield from _branches(node, frame, steps)
        case tree.Binary(left=left, right=right):
            yield from (Lead(left, frame), Lead(right, frame))
        case tree.Unary(operand=operand):
            yield Lead(operand, frame)
        case tree.Template(parts=parts):
            yield from _interpolated(node, parts, frame, steps)
        case tree.Tuple() | tree.Object():
            yield from _entries(node, frame, steps)
        case tree.For():
            yield from _made(node, frame, steps)
        case _:
            return


def _taken(each: tree.Expression, frame: Frame) -> Steps:
    """Return what a splat takes of each element."""
    found: list[ElementKey] = []
    while not isinstance(each, tree.Each):
        match each:
            case tree.Attribute(of=of, name=name):
                found.append(name)
            case tree.Index(of=of, key=key):
                found.append(frame.key(key))
            case tree.Splat(of=of):
                found.append(ANY)
            case _:
                break
        each = of
    return tuple(reversed(found))


def _branches(node: tree.Conditional, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield the branch that is taken; both, and the condition, where that is unknown."""
    taken = _truth(node.condition, frame)
    if taken is not False:
        yield Lead(node.then, frame, steps)
    if taken is not True:
        yield Lead(node.otherwise, frame, steps)
    if taken is None:
        yield Lead(node.condition, frame)


def _truth(condition: tree.Expression, frame: Frame) -> bool | None:
    try:
        found = to_bool(frame.value(condition))
    except EvaluationError:
        return None
    return found if isinstance(found, bool) else None


def _interpolated(
    node: tree.Template,
    parts: tuple[tree.Piece | tree.If | tree.Loop | tree.Expression, ...],
    frame: Frame,
    steps: Steps,
) -> Iterator[Lead]:
    for part in parts:
        match part:
            case tree.Piece():
                continue
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                taken = _truth(condition, frame)
                if taken is not False:
                    yield Lead(then, frame)
                if taken is not True and otherwise is not None:
                    yield Lead(otherwise, frame)
            case tree.Loop(collection=collection, key=key, value=value, body=body):
                inner = looped(frame, collection, key, value, ANY, UNKNOWN)
                yield Lead(body, inner)
                yield Lead(collection, frame)
            case _:
                yield Lead(part, frame, steps if node.wraps else ())


def _entries(node: tree.Tuple | tree.Object, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield the entry that is named, else all of them."""
    key, rest = (steps[0], steps[1:]) if steps else (ANY, ())
    if isinstance(node, tree.Tuple):
        if isinstance(key, int) and 0 <= key < len(node.items):
            yield Lead(node.items[key], frame, rest, at=node.items[key].at)
        elif key is ANY:
            alone = len(node.items) == 1
            yield from (Lead(i, frame, rest, at=i.at if alone else None) for i in node.items)
        return
    if key is ANY:
        yield from (Lead(item.value, frame, rest) for item in node.items)
        return
    for item in reversed(node.items):
        own = frame.key(item.key)
        if own == key or own is ANY:
            yield Lead(item.value, frame, rest, at=item.at if own == key else None)
        if own == key:
            return


def _made(node: tree.For, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield what a loop makes of the element that an entry comes from."""
    key, rest = (steps[0], steps[1:]) if steps else (ANY, ())
    found = None if key is ANY or node.group else _maker(node, frame, key)
    inner = looped(frame, node.collection, node.key, node.value, *(found or (ANY, UNKNOWN)))
    yield Lead(node.result, inner, rest)
    yield Lead(node.collection, frame, () if found is None else (found[0],))


def _maker(
    node: tree.For, frame: Frame, wanted: ElementKey
) -> tuple[ElementKey, TerraformValue] | None:
    """Return the key and value of the element of which a loop makes an entry; None if unknown."""
    collection = frame.value(node.collection)
    if isinstance(collection, (Hole, Lazy)):
        return None
    try:
        frame.scope.world.spend(len(collection) if isinstance(collection, Sized) else 1)
        elements = elements_of(collection)
    except EvaluationError:
        return None
    number = -1
    for key, value in elements[:MOST_ELEMENTS]:
        own = as_key(value) if isinstance(collection, Set) else as_key(key)
        inner = looped(frame, node.collection, node.key, node.value, own, value)
        kept = node.condition is None or _truth(node.condition, inner)
        if kept is None:
            return None
        number += kept
        made = number if node.result_key is None else inner.key(node.result_key)
        if kept and made == wanted:
            return own, value
    return None


def looped(
    frame: Frame,
    collection: tree.Expression,
    key: str | None,
    value: str,
    of: ElementKey,
    element: TerraformValue,
) -> Frame:
    """Return the frame inside a loop at one element."""
    given = LoopElement(collection, frame, of)
    values = {value: element} | ({key: UNKNOWN if of is ANY else of} if key else {})
    return frame.looping(dict.fromkeys(values, given), values)


def _key(name: str) -> int | str:
    """Return what `.name` takes: the legacy `.0` is an index, of no more digits than one has."""
    return int(name) if name.isdecimal() and len(name) <= MOST_DIGITS else name
