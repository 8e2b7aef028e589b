"""What stands at a location: the block, the expression there, and the frames that it is in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeAlias

from checker.knowledge.partial import Location
from checker.knowledge.trail import TrailStep
from checker.sources.terraform.configuration.declarations import Declarations, FoundBlock
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.trails.calls import Calls, keyed
from checker.sources.terraform.trails.expressions import UNKNOWN, looped
from checker.sources.terraform.trails.following import holds
from checker.sources.terraform.trails.frames import ANY, Frame, Lead, LoopElement, anyone

MOST_FRAMES = 10
"""In so many instances of a module or block a place is looked at, where none is named."""
MOST_ABOUT = 100
"""So many ids are taken into account that a place belongs to."""
_Indexed: TypeAlias = tuple[tuple[int, int], FoundBlock, Declarations]


class StandingBlock(NamedTuple):
    """A block, parsed, and the directory of the module that it is of."""

    block: tree.Block
    declarations: Declarations


class Standing:
    """The blocks of all modules by file, indexed when first asked for."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._blocks: dict[str, list[_Indexed]] = {}
        self._indexed: set[Path] = set()
        self._instances: dict[tuple[int, tuple[str, ...]], dict[str, Instance]] = {}

    def at(self, place: Location) -> StandingBlock | None:
        """Return the top-level block that holds a location."""
        for module in self._calls.modules:
            if module.declarations.directory not in self._indexed:
                self._index(module.declarations)
        found = self._blocks.get(place.source, [])
        number = bisect_right(found, (place.line, place.column), key=lambda each: each[0])
        if not number or not holds(found[number - 1][1].at, place):
            return None
        _, raw, declarations = found[number - 1]
        block = declarations.parsed(raw)
        return None if block is None else StandingBlock(block, declarations)

    def _index(self, declarations: Declarations) -> None:
        self._indexed.add(declarations.directory)
        several = chain(declarations.repeated.values(), declarations.overrides.values())
        for raw in chain(declarations.blocks.values(), *several):
            at = raw.at
            beside = self._blocks.setdefault(at.source, [])
            beside.append(((at.line, at.column), raw, declarations))
        for found in self._blocks.values():
            found.sort(key=lambda each: each[0])

    def frames(self, found: StandingBlock, about: Sequence[str]) -> list[Frame]:
        """Return the frames that a block is in: those of the things it is `about`, else any."""
        about = about[:MOST_ABOUT]
        modules = self._calls.instances(found.declarations.directory, about)[:MOST_FRAMES]
        frames = [frame for each in modules for frame in self._frames(found.block, each, about)]
        return frames[:MOST_FRAMES]

    def _frames(self, block: tree.Block, module: Module, about: Sequence[str]) -> Iterator[Frame]:
        """Yield the frames of a block in one module instance."""
        if block.kind in {"resource", "data"}:
            made = self._made(block, module)
            named = [made[each] for each in dict.fromkeys(about) if each in made]
            if not named and len(made) == 1 and "[*]" not in next(iter(made)):
                named = list(made.values())
            if named:
                yield from (Frame(module, each.written.scope, block.body) for each in named)
                return
        is_repeated = "count" in block.body.arguments or "for_each" in block.body.arguments
        yield Frame(module, anyone(module) if is_repeated else module.scope, block.body)

    def _made(self, block: tree.Block, module: Module) -> dict[str, Instance]:
        """Return the instances of a resource or data source by their addresses."""
        type_, name = block.labels
        key = id(module), (block.kind, type_, name)
        if key not in self._instances:
            found = keyed(module.resource(block.kind, type_, name, block.at))
            instances = (each for _, each in found if isinstance(each, Instance))
            self._instances[key] = {each.address: each for each in instances}
        return self._instances[key]


def leads_at(block: tree.Block, frame: Frame, place: Location) -> Iterator[Lead]:
    """Yield where the value of what stands at a location comes from.

    Of a block that is what it is repeated for.
    """
    while True:
        each = block.body.arguments.get("for_each")
        if each is not None and block.at == place:
            yield _repeated(each, frame, block.kind != "dynamic")
            return
        for argument in block.body.arguments.values():
            if argument.at == place:
                yield Lead(argument.expression, frame)
                return
            if holds(argument.at, place):
                yield from _inside(argument.expression, frame, place)
                return
        inner = next((one for one in block.body.blocks if holds(one.at, place)), None)
        if inner is None:
            return
        if block.kind == "dynamic" and each is not None:
            frame = _iterating(block, each, frame)
            if inner.at == place:
                yield Lead(each.expression, frame, (ANY,), _step(each))
                return
        block = inner


def _step(each: tree.Argument) -> TrailStep:
    return TrailStep("for_each", "for_each", each.at)


def _repeated(each: tree.Argument, frame: Frame, own: bool) -> Lead:  # noqa: FBT001 - of a resource or call
    """Return what a block is repeated for, or the element of it that an instance is made for."""
    if not own:
        return Lead(each.expression, frame, (ANY,), _step(each))
    return Lead(tree.Attribute(tree.Name("each", each.at), "value", each.at), frame)


def _iterating(block: tree.Block, each: tree.Argument, frame: Frame) -> Frame:
    """Return the frame inside the content of a `dynamic` block."""
    iterator = block.body.arguments.get("iterator")
    named = iterator.expression if iterator is not None else None
    name = named.name if isinstance(named, tree.Name) else "".join(block.labels)
    element = LoopElement(each.expression, frame, ANY, _step(each), block=True)
    return frame.looping({name: element}, {name: {"key": UNKNOWN, "value": UNKNOWN}})


def _inside(node: tree.Expression, frame: Frame, place: Location) -> Iterator[Lead]:
    """Yield the innermost expression that a location is, or lies in."""
    while node.at != place:
        if isinstance(node, tree.For):
            inside = looped(frame, node.collection, node.key, node.value, ANY, UNKNOWN)
            frame = frame if holds(node.collection.at, place) else inside
        inner = next((one for one in _parts(node) if _is_or_holds(one.at, place)), None)
        if inner is None:
            break
        if isinstance(inner, tree.Item):
            if inner.at == place or not holds(inner.value.at, place):
                yield Lead(inner.value, frame)
                return
            inner = inner.value
        node = inner
    if isinstance(node, tree.Template) and node.at != place:
        yield from (Lead(part, frame) for part in _on_lines(node, place))
        return
    yield Lead(node, frame)


def _is_or_holds(at: Location, place: Location) -> bool:
    return at == place or holds(at, place)


def _parts(node: object) -> Iterator[tree.Expression | tree.Item]:
    """Yield the expressions of which one is made, and the entries of an object."""
    if isinstance(node, tree.Object):
        yield from node.items
        return
    for name in getattr(node, "__slots__", ()):
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if hasattr(each, "at") and not isinstance(each, tree.Piece | tree.Each):
                yield each


def _on_lines(node: tree.Template, place: Location) -> Iterator[tree.Expression]:
    """Yield the interpolations of a template on the lines of a location."""
    last = place.end_line or place.line
    for part in node.parts:
        if isinstance(part, tree.Piece) or not place.line <= part.at.line <= last:
            continue
        if isinstance(part, tree.If | tree.Loop):
            yield tree.Template((part,), part.at)
        else:
            yield part
