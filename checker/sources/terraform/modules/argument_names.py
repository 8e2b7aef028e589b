"""Which arguments and nested blocks the AWS provider takes, and what Terraform says of others.

From policies/aws-arguments.jsonl, which tools/record_arguments.py rebuilds: a name is refused only
if no known version of the provider takes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeAlias

from checker.knowledge.partial import Location
from checker.shipped import folder
from checker.sources.terraform.language import tree

FILE = "aws-arguments.jsonl"
Note: TypeAlias = Callable[[str, str, Location], None]
"""Takes the heading of what Terraform says, its text and the place."""

_META = frozenset(("count", "for_each", "provider", "depends_on", "//"))
_META_BLOCKS = frozenset(("lifecycle", "connection", "provisioner"))
_LONGEST = 100


@cache
def newest() -> int:
    """Return the major version of the provider up to which all names are known."""
    with (folder() / FILE).open(encoding="utf-8") as file:
        return int(json.loads(next(file))["newest"])


@cache
def names_of(type_: str) -> Mapping[str, Any] | None:
    """Return the names that a resource type takes; None for a type that is not recorded."""
    start = f'"type":"{type_}"'
    with (folder() / FILE).open(encoding="utf-8") as file:
        line = next((line for line in file if start in line), None)
    return None if line is None else json.loads(line)


def required(type_: str) -> Iterable[str]:
    """Return the names of the arguments that a resource of a type cannot be without."""
    known = names_of(type_)
    return () if known is None else known.get("required", ())


def note_misfits(block: tree.Block, note: Note, overridden: tree.Block | None = None) -> None:
    """Note what Terraform refuses of a resource's block whatever its values are.

    Where an override file speaks of it, the block that is `overridden` needs all that is required.
    """
    known = names_of(block.labels[0])
    if known is None:
        return
    _body(block.body, block.at, known, note, outermost=True)
    if overridden is not None:
        _lacking(overridden.body, overridden.at, known, note)


def _body(
    body: tree.Body, at: Location, known: Mapping[str, Any], note: Note, *, outermost: bool = False
) -> None:
    if body.unread or body.shown:
        return
    blocks: Mapping[str, Any] = known.get("blocks", {})
    both = _set(known, "both", "added")
    taken = _set(known, "optional", "required") | both
    meta = _META | _META_BLOCKS if outermost else frozenset(("//",))
    for name, argument in body.arguments.items():
        if name in taken or name in meta or (_in_json(argument.at) and name in blocks):
            continue
        if name in known.get("computed", ()):
            why = f"Can't configure a value for `{name}`: its value will be decided automatically"
            note(
                _COMPUTED, f"{why} based on the result of applying this configuration", argument.at
            )
            continue
        note("Unsupported argument", _unsupported(name, taken, blocks), argument.at)
    _lacking(body, at, known, note)
    _nested(body, blocks, both, taken, _META_BLOCKS if outermost else (), note)


def _in_json(at: Location) -> bool:
    """Tell whether members are arguments and blocks alike; an override may be of another syntax."""
    return at.source.endswith(".json")


def _lacking(body: tree.Body, at: Location, known: Mapping[str, Any], note: Note) -> None:
    for name in known.get("required", ()):
        if name not in body.arguments and not body.unread:
            why = f"The argument `{name}` is required, but no definition was found"
            note("Missing required argument", why, at)


_COMPUTED = "Value for unconfigurable attribute"
_DECIDED = (
    "its value will be decided automatically based on the result of applying this configuration"
)


def _set(known: Mapping[str, Any], *kinds: str) -> frozenset[str]:
    return frozenset(name for kind in kinds for name in known.get(kind, ()))


def _nested(
    body: tree.Body,
    blocks: Mapping[str, Any],
    both: frozenset[str],
    taken: frozenset[str],
    meta: Iterable[str],
    note: Note,
) -> None:
    counts: dict[str, int] = {}
    for inner, kind in _written(body):
        if kind in blocks:
            counts[kind] = counts.get(kind, 0) + (inner.kind != "dynamic")
            most = blocks[kind].get("most")
            if most and counts[kind] == most + 1:
                why = f"No more than {most} `{kind}` blocks are allowed"
                note(f"Too many {kind} blocks", why, inner.at)
            if inner.kind == "dynamic" and not _in_json(inner.at):
                _dynamic(inner, note)
            for one in _contents(inner):
                _body(one.body, one.at, blocks[kind], note)
        elif not (kind in both or kind in meta or (_in_json(inner.at) and inner.kind != "dynamic")):
            note("Unsupported block type", _unexpected(kind, taken, blocks), inner.at)


def _dynamic(block: tree.Block, note: Note) -> None:
    """Note what a `dynamic` block lacks, or has besides: no block of a resource has labels."""
    for name, argument in block.body.arguments.items():
        if name not in {"for_each", "iterator"}:
            why = f"An argument named `{name}` is not expected here"
            note("Unsupported argument", why, argument.at)
    if "for_each" not in block.body.arguments:
        why = "The argument `for_each` is required, but no definition was found"
        note("Missing required argument", why, block.at)
    contents = block.body.blocks_of("content")
    if not contents:
        why = "A dynamic block must have a nested block of type `content` to describe the body of"
        note("Missing dynamic content block", f"{why} each generated block", block.at)
    for one in contents[1:]:
        why = "Only one nested content block is allowed for each dynamic block"
        note("Extraneous dynamic content block", why, one.at)


def _contents(block: tree.Block) -> tuple[tree.Block, ...]:
    """Return the bodies that a nested block surely has: a `dynamic` one may have none."""
    if block.kind != "dynamic":
        return (block,)
    each = block.body.arguments.get("for_each")
    some = each is not None and isinstance(each.expression, tree.Tuple) and each.expression.items
    return block.body.blocks_of("content") if some else ()


def _written(body: tree.Body) -> Iterator[tuple[tree.Block, str]]:
    """Yield the nested blocks with their types; a `dynamic` one has its label's."""
    for inner in body.blocks:
        if inner.kind != "dynamic":
            yield inner, inner.kind
        elif inner.labels:
            yield inner, inner.labels[0]


def _unsupported(name: str, taken: Iterable[str], blocks: Mapping[str, Any]) -> str:
    why = f"An argument named `{name}` is not expected here"
    if name in blocks:
        return f"{why}. Did you mean to define a block of type `{name}`?"
    return why + _nearest(name, taken)


def _unexpected(kind: str, taken: Iterable[str], blocks: Iterable[str]) -> str:
    why = f"Blocks of type `{kind}` are not expected here"
    if kind in taken:
        return f"{why}. Did you mean to define argument `{kind}`?"
    return why + _nearest(kind, blocks)


def _nearest(name: str, names: Iterable[str]) -> str:
    found = get_close_matches(name[:_LONGEST], sorted(names), n=1, cutoff=0.85)
    return f". Did you mean `{found[0]}`?" if found else ""
