"""References in the blocks that were read, whether or not anything asks for their values.

Terraform resolves all of them before it works anything out, so that an undeclared one, a block that
refers to itself and a cycle end the run. No block is parsed for it, and what is written in JSON is
passed over, where a variable of a `dynamic` block looks like a resource.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation.references import ReferenceName, depended_on
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.project import ModuleInstance

MOST = 50_000
"""How many references are looked at in a run: further ones are passed over."""
_KINDS = ("resource", "data", "module", "output")
_BUILT_IN = frozenset(("each", "count", "self", "path", "terraform", "tofu", "ephemeral", "action"))
_APART = frozenset(("lifecycle", "provisioner", "connection"))
_NOT_VALUES = frozenset(("provider", "providers", "depends_on", "iterator"))
_IN_DATA, _ELSEWHERE = 3, 2


class WrittenReference(NamedTuple):
    """The words that name a thing, or fewer where it ends before, and the place of the last."""

    words: ReferenceName
    at: Location

    @property
    def whole(self) -> bool:
        """Whether it names a thing."""
        return len(self.words) == (_IN_DATA if self.words[0] == "data" else _ELSEWHERE)


class BlockReferences(NamedTuple):
    """A block or local value by the words that name it, its place and what it refers to."""

    name: ReferenceName
    at: Location
    counted: bool
    found: tuple[WrittenReference, ...]
    needed: tuple[ReferenceName, ...]
    """What its `depends_on` names."""


class DirectoryReferences(NamedTuple):
    """The blocks of a directory that were read, and an instance of the module that it is."""

    module: ModuleInstance
    blocks: Sequence[BlockReferences]


def _read_in(declarations: Declarations) -> Iterator[BlockReferences]:
    """Yield what each block and local value of a directory refers to that was read."""
    for block in declarations.read_of("locals"):
        for name, each in () if _is_passed_over(block) else block.body.arguments.items():
            found = _in_expressions([each.expression])
            yield BlockReferences(("local", name), each.at, counted=False, found=found, needed=())
    for kind in _KINDS:
        for block in declarations.read_blocks(kind):
            if not _is_passed_over(block):
                yield _in_block(block, kind)


def _is_passed_over(block: tree.Block) -> bool:
    return bool(block.body.unread) or block.body.shown or block.at.source.endswith(".json")


def _in_block(block: tree.Block, kind: str) -> BlockReferences:
    bodies = list(_bodies(block.body))
    expressions = [
        each.expression
        for body in bodies
        for name, each in body.arguments.items()
        if name not in _NOT_VALUES and not (name == "type" and kind == "output")
    ]
    hidden = {name for body in bodies for inner in body.blocks for name in _iterator(inner)}
    name = block.labels if kind == "resource" else (kind, *block.labels)
    counted = not block.body.arguments.keys().isdisjoint({"count", "for_each"})
    found = _in_expressions(expressions, hidden)
    return BlockReferences(name, block.at, counted, found, tuple(depended_on(block.body)))


def _bodies(body: tree.Body) -> Iterator[tree.Body]:
    pending = [body]
    while pending:
        one = pending.pop()
        yield one
        pending.extend(inner.body for inner in one.blocks if inner.kind not in _APART)


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
    others = {*hidden, *_BUILT_IN}
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
            left -= len(block.found)
            if left < 0:
                return [*found, DirectoryReferences(module, blocks)]
            blocks.append(block)
        found.append(DirectoryReferences(module, blocks))
    return found


def note_references(found: Iterable[DirectoryReferences]) -> None:
    """Note what is undeclared and what refers to itself."""
    for module, blocks in found:
        for block in () if module.declarations.unreadable else blocks:
            for reference in block.found:
                _note_undeclared(reference, module)
            _note_itself(block, module)


def _note_undeclared(reference: WrittenReference, module: ModuleInstance) -> None:
    words, declared = reference.words, module.declarations
    if not reference.whole:
        module.invalid(words, reference.at)
        return
    match words:
        case ("var", name):
            known = declared.has("variable", name)
        case ("local", name):
            known = declared.may_have_local(name)
        case ("module", name):
            known = declared.has("module", name)
        case ("data", type_, name):
            known = declared.has("data", type_, name)
        case (type_, name):
            known = declared.has("resource", type_, name)
        case _:
            return
    if not known:
        module.missing(".".join(words), reference.at)


def _note_itself(block: BlockReferences, module: ModuleInstance) -> None:
    """Note that a resource or data source refers to itself, which no plan takes.

    Of several instances one might refer to another, and there may be none.
    """
    refusals = module.project.refusals
    if block.counted or block.name[0] in {"local", "module", "output"}:
        return
    own = next((each for each in block.found if each.words == block.name), None)
    address = module.prefixed(".".join(block.name))
    if own is not None and not refusals.has_cycle(address):
        why = f"Configuration for `{address}` refers to itself"
        refusals.note(RefusedError("Self-referential block", why, own.at), address)
