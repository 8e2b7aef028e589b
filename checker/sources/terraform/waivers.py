"""The comments that waive rules, with the blocks and addresses that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.model import InlineWaiver
from checker.partial import Location
from checker.sources.terraform.modules import Module
from checker.sources.terraform.scan import RawBlock


def waivers(modules: Iterable[Module]) -> tuple[InlineWaiver, ...]:
    """Return every waiver of a configuration once, with the addresses that it is about."""
    found: dict[Location, InlineWaiver] = {}
    for module in modules:
        declared = module.declarations
        if not declared.comments:
            continue
        blocks = {(raw.at.source, raw.at.line): raw for raw in _waivable(declared.blocks.values())}
        for comment in declared.comments:
            waiver = comment.waiver
            raw = blocks.get((waiver.at.source, comment.line))
            if raw is not None:
                last = raw.file.text.count("\n", 0, raw.end) + 1
                before = found.get(waiver.at, waiver)
                ids = before.ids | {module.prefixed(_address(raw))}
                waiver = replace(waiver, ids=ids, start=raw.at.line, end=last)
            found[waiver.at] = waiver
    return tuple(found.values())


def _waivable(blocks: Iterable[object]) -> Iterator[RawBlock]:
    for raw in blocks:
        if isinstance(raw, RawBlock) and raw.kind in {"resource", "data", "module"}:
            yield raw


def _address(raw: RawBlock) -> str:
    kind = "" if raw.kind == "resource" else f"{raw.kind}."
    return kind + ".".join(raw.labels)
