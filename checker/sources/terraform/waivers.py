"""The comments that waive rules, with the blocks and addresses that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.model import InlineWaiver
from checker.partial import Location
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.modules import Module
from checker.sources.terraform.scan import RawBlock


def waivers(modules: Iterable[Module]) -> tuple[InlineWaiver, ...]:
    """Return every waiver of a configuration once, with the addresses that it is about."""
    found: dict[Location, InlineWaiver] = {}
    for module in modules:
        declared = module.declarations
        if not declared.comments:
            continue
        directory = module.project.files.name(declared.directory)
        for waiver in standing(declared, directory):
            before = found.get(waiver.at, waiver)
            if not waiver.address:
                found[waiver.at] = before
                continue
            ids = before.ids | {module.prefixed(waiver.address)}
            found[waiver.at] = replace(waiver, ids=ids)
    return tuple(found.values())


def standing(declared: Declarations, directory: str) -> Iterator[InlineWaiver]:
    """Yield the waivers of one directory with the block that each stands at, if it does at one."""
    if not declared.comments:
        return
    blocks = {(raw.at.source, raw.at.line): raw for raw in _waivable(declared.blocks.values())}
    for comment in declared.comments:
        waiver = replace(comment.waiver, module=directory)
        raw = blocks.get((waiver.at.source, comment.line))
        if raw is not None:
            last = raw.file.text.count("\n", 0, raw.end) + 1
            waiver = replace(waiver, address=_address(raw), start=raw.at.line, end=last)
        yield waiver


def _waivable(blocks: Iterable[object]) -> Iterator[RawBlock]:
    for raw in blocks:
        if isinstance(raw, RawBlock) and raw.kind in {"resource", "data", "module"}:
            yield raw


def _address(raw: RawBlock) -> str:
    kind = "" if raw.kind == "resource" else f"{raw.kind}."
    return kind + ".".join(raw.labels)
