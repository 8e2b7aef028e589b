"""The comments that waive rules, with the blocks and addresses that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.model import InlineWaiver
from checker.partial import Location
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.modules import Module
from checker.sources.terraform.scan import RawBlock

MOST_IDS = 200_000
"""How many addresses all waivers may be about; past it a waiver is about its lines alone."""


def waivers(modules: Iterable[Module]) -> tuple[InlineWaiver, ...]:
    """Return every waiver of a configuration once, with the addresses that it is about."""
    found: dict[Location, InlineWaiver] = {}
    ids: dict[Location, set[str]] = {}
    left = MOST_IDS
    placed: dict[int, list[tuple[InlineWaiver, RawBlock | None]]] = {}
    for module in modules:
        declared = module.declarations
        if id(declared) not in placed:
            placed[id(declared)] = list(_placed(declared))
        for waiver, raw in placed[id(declared)]:
            found[waiver.at] = waiver
            if raw is not None and left > 0:
                left -= 1
                ids.setdefault(waiver.at, set()).add(module.prefixed(_address(raw)))
    return tuple(replace(w, ids=frozenset(ids.get(at, ()))) for at, w in found.items())


def _placed(declared: Declarations) -> Iterator[tuple[InlineWaiver, RawBlock | None]]:
    """Yield the waivers of a module's files, each with the block that it stands at."""
    if not declared.comments:
        return
    blocks = {(raw.at.source, raw.at.line): raw for raw in _waivable(declared.blocks.values())}
    last: dict[int, int] = {}
    for comment in declared.comments:
        waiver = comment.waiver
        raw = blocks.get((waiver.at.source, comment.line))
        if raw is not None:
            if id(raw) not in last:
                last[id(raw)] = raw.file.text.count("\n", 0, raw.end) + 1
            waiver = replace(waiver, start=raw.at.line, end=last[id(raw)])
        yield waiver, raw


def _waivable(blocks: Iterable[object]) -> Iterator[RawBlock]:
    for raw in blocks:
        if isinstance(raw, RawBlock) and raw.kind in {"resource", "data", "module"}:
            yield raw


def _address(raw: RawBlock) -> str:
    kind = "" if raw.kind == "resource" else f"{raw.kind}."
    return kind + ".".join(raw.labels)
