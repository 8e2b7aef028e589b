"""References in the blocks that were read, whether or not anything asks for their values.

No block is parsed for it, and what is written in JSON is passed over, where a variable of a
`dynamic` block looks like a resource.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation.references import ReferenceName, depended_on
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.project import ModuleInstance

MOST = 50_000
"""How many references are looked at in a run: further ones are passed over."""
CONDITIONS = frozenset(("precondition", "postcondition"))
BUILT_IN = frozenset(("each", "count", "self", "path", "terraform", "tofu"))
"""Names that no block declares."""
_PASSED_OVER = frozenset(("ephemeral", "action"))
_KINDS = ("resource", "data", "module", "output")
_WORDS = frozenset(("when", "on_failure"))
"""Arguments of a provisioner that are words and not values."""
_NOT_VALUES = frozenset(("provider", "providers", "iterator"))
_IN_DATA, _ELSEWHERE = 3, 2


class WrittenReference(NamedTuple):
    """The words that name a thing, or fewer where it ends before, and the place of the last."""

    words: ReferenceName
    at: Location

    @property
    def whole(self) -> bool:
        """Whether it names a thing, or an attribute of a name that no block declares."""
        return len(self.words) == (_IN_DATA if self.words[0] == "data" else _ELSEWHERE)


class Part(NamedTuple):
    """What one kind of nested block refers to, or with an empty kind the arguments."""

    kind: str
    found: tuple[WrittenReference, ...]


class BlockReferences(NamedTuple):
    """A block or local value by the words that name it, its place and what it refers to."""

    name: ReferenceName
    at: Location
    repeated: str
    """`count` or `for_each` where it has one, which decides what its names stand for."""
    parts: tuple[Part, ...]
    needed: tuple[ReferenceName, ...] = ()
    """What its `depends_on` names."""

    @property
    def found(self) -> tuple[WrittenReference, ...]:
        """Whatever it refers to, and not only waits for."""
        return tuple(
            each for part in self.parts if part.kind != "depends_on" for each in part.found
        )


class DirectoryReferences(NamedTuple):
    """The blocks of a directory that were read, and an instance of the module that it is."""

    module: ModuleInstance
    blocks: Sequence[BlockReferences]


def _read_in(declarations: Declarations) -> Iterator[BlockReferences]:
    """Yield what each block and local value of a directory refers to that was read."""
    for block in declarations.read_of("locals"):
        for name, each in () if _is_passed_over(block) else block.body.arguments.items():
            found = _in_expressions([each.expression])
            yield BlockReferences(("local", name), each.at, "", (Part("", found),))
    for kind in _KINDS:
        for block in declarations.read_blocks(kind):
            if not _is_passed_over(block):
                yield _in_block(block, kind)


def _is_passed_over(block: tree.Block) -> bool:
    return bool(block.body.unread) or block.body.shown or block.at.source.endswith(".json")


def _in_block(block: tree.Block, kind: str) -> BlockReferences:
    parts: dict[str, list[tree.Expression]] = {}
    hidden: set[str] = set()
    for part, body, passed in _bodies(block.body):
        for name, argument in body.arguments.items():
            if name in passed or (name == "type" and kind == "output"):
                continue
            of = name if not part and name == "depends_on" else part
            parts.setdefault(of, []).append(argument.expression)
        hidden.update(name for inner in body.blocks for name in _iterator(inner))
    own_name = block.labels if kind == "resource" else (kind, *block.labels)
    repeated = next((each for each in ("count", "for_each") if each in block.body.arguments), "")
    found = tuple(Part(of, _in_expressions(some, hidden)) for of, some in parts.items())
    return BlockReferences(own_name, block.at, repeated, found, tuple(depended_on(block.body)))


def _bodies(body: tree.Body) -> Iterator[tuple[str, tree.Body, Collection[str]]]:
    """Yield each body with the part of the block that it is, and the arguments to pass over.

    What `connection` and `replace_triggered_by` refer to Terraform looks for when it needs it.
    """
    pending = [("", body)]
    while pending:
        part, one = pending.pop()
        if part != "lifecycle":
            yield part, one, _WORDS if part == "provisioner" else _NOT_VALUES
        for inner in one.blocks:
            if inner.kind != "connection":
                named = inner.kind in (_IN_LIFECYCLE if part else _APART)
                pending.append((inner.kind if named else part, inner.body))


_IN_LIFECYCLE = CONDITIONS
_APART = CONDITIONS | {"lifecycle", "provisioner"}


def _iterator(block: tree.Block) -> Iterator[str]:
    """Yield the names under which the content of a `dynamic` block may see its element."""
    if block.kind == "dynamic":
        yield from block.labels
        named = block.body.arguments.get("iterator")
        if named is not None and isinstance(named.expression, tree.Name):
            yield named.expression.name


def _in_expressions(
    expressions: Iterable[tree.Expression], hidden: Collection[str] = ()
) -> tuple[WrittenReference, ...]:
    """Return the references in expressions.

    `hidden` are names that stand for something else, as the variables of a `for` do.
    """
    pending: list[object] = list(expressions)
    found: list[tuple[tree.Name, list[tree.Attribute]]] = []
    others = {*hidden, *_PASSED_OVER}
    while pending:
        node = pending.pop()
        if isinstance(node, (tree.Name, tree.Attribute)):
            steps: list[tree.Attribute] = []
            inner: object = node
            while isinstance(inner, tree.Attribute):
                steps.append(inner)
                inner = inner.of
            if isinstance(inner, tree.Name):
                found.append((inner, steps[::-1]))
            else:
                pending.append(inner)
        elif isinstance(node, tree.Call) and node.name == "convert":
            pending.extend(node.arguments[:1])  # the other is a type
        elif isinstance(node, tuple):
            pending.extend(node)
        elif is_dataclass(node) and not isinstance(node, Location):
            if isinstance(node, (tree.For, tree.Loop)):
                others |= {name for name in (node.key, node.value) if name is not None}
            pending.extend(getattr(node, each.name) for each in fields(node))
    return tuple(_reference(start, steps) for start, steps in found if start.name not in others)


def _reference(start: tree.Name, steps: list[tree.Attribute]) -> WrittenReference:
    if start.name == "resource" and steps:  # the whole name of what is named without it
        start, steps = tree.Name(steps[0].name, steps[0].at), steps[1:]
    wanted = (_IN_DATA if start.name == "data" else _ELSEWHERE) - 1
    named: list[tree.Name | tree.Attribute] = [start, *steps[:wanted]]
    return WrittenReference(tuple(each.name for each in named), named[-1].at)


def references_in(modules: Iterable[ModuleInstance]) -> list[DirectoryReferences]:
    """Return what the blocks of each directory that were read refer to, to a bound of MOST."""
    found: list[DirectoryReferences] = []
    seen = set()
    left = MOST
    for module in modules:
        if module.declarations.directory in seen:
            continue
        seen.add(module.declarations.directory)
        blocks: list[BlockReferences] = []
        for block in _read_in(module.declarations):
            left -= sum(len(part.found) for part in block.parts)
            if left < 0:
                return [*found, DirectoryReferences(module, blocks)]
            blocks.append(block)
        found.append(DirectoryReferences(module, blocks))
    return found
