"""The comments that waive rules, with the blocks and addresses that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.knowledge.partial import Location
from checker.model import InlineWaiver
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language.scan import RawBlock
from checker.sources.terraform.modules.project import ModuleInstance

MOST_IDS = 200_000
"""How many addresses all waivers may be about; past it a waiver is about its lines alone."""


def waivers(modules: Iterable[ModuleInstance]) -> tuple[InlineWaiver, ...]:
    """Return every waiver of a configuration once, with the addresses that it is about."""
    found: dict[Location, InlineWaiver] = {}
    ids: dict[Location, set[str]] = {}
    left = MOST_IDS
    placed: dict[int, list[InlineWaiver]] = {}
    for module in modules:
        declared = module.declarations
        directory = module.project.files.name(declared.directory) if declared.comments else ""
        if id(declared) not in placed:
            placed[id(declared)] = list(standing(declared, directory))
        for waiver in placed[id(declared)]:
            found[waiver.at] = waiver
            if waiver.address and left > 0:
                left -= 1
                ids.setdefault(waiver.at, set()).add(module.prefixed(waiver.address))
    return tuple(replace(w, ids=frozenset(ids.get(at, ()))) for at, w in found.items())


def standing(declared: Declarations, directory: str) -> Iterator[InlineWaiver]:
    """Yield the waivers of one directory with the block that each stands at, if it does at one."""
    if not declared.comments:
        return
    blocks = {(raw.at.source, raw.at.line): raw for raw in _waivable(declared.blocks.values())}
    last: dict[int, int] = {}
    for comment in declared.comments:
        waiver = replace(comment.waiver, module=directory)
        raw = blocks.get((waiver.at.source, comment.line))
        if raw is not None:
            if id(raw) not in last:
                last[id(raw)] = raw.file.text.count("\n", 0, raw.end) + 1
            start, end = raw.at.line, last[id(raw)]
            waiver = replace(waiver, address=_address(raw), start=start, end=end)
        yield waiver


def _waivable(blocks: Iterable[object]) -> Iterator[RawBlock]:
    for raw in blocks:
        if isinstance(raw, RawBlock) and raw.kind in {"resource", "data", "module"}:
            yield raw


def _address(raw: RawBlock) -> str:
    kind = "" if raw.kind == "resource" else f"{raw.kind}."
    return kind + ".".join(raw.labels)
