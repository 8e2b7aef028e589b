"""Cycles among blocks and local values, also through arguments that nothing asks for.

Only names are followed, and no block is parsed for it: a cycle is found among the blocks of which
something was asked for. One through a called module is found where it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.knowledge.partial import Location
from checker.sources.terraform.evaluation.references import ReferenceName
from checker.sources.terraform.evaluation.refusals import CYCLE
from checker.sources.terraform.modules.block_references import DirectoryReferences
from checker.sources.terraform.modules.project import ModuleInstance


def note_cycles(found: Iterable[DirectoryReferences]) -> None:
    """Note the cycles of blocks and local values of which no member is noted yet."""
    for module, blocks in found:
        after: dict[ReferenceName, list[ReferenceName]] = {}
        places: dict[ReferenceName, Location] = {}
        for block in blocks:
            after[block.name] = [*(each.words for each in block.found), *block.needed]
            places[block.name] = block.at
        for cycle in _cycles(_among(after)):
            _note(cycle, places, module)


def _note(
    cycle: list[ReferenceName], places: Mapping[ReferenceName, Location], module: ModuleInstance
) -> None:
    refusals = module.project.refusals
    names = [module.prefixed(".".join(name)) for name in (*cycle, cycle[0])]
    if any(map(refusals.has_cycle, names)):
        return
    why = f"`{names[0]}` refers to itself: {' → '.join(f'`{name}`' for name in names)}"
    refusals.add(CYCLE, why, places[cycle[-1]], names[0])


def _among(
    after: Mapping[ReferenceName, Iterable[ReferenceName]],
) -> dict[ReferenceName, list[ReferenceName]]:
    """Return what each name refers to of the others; of blocks, not what it says of itself."""
    return {
        name: [
            each
            for each in dict.fromkeys(names)
            if each in after and (each != name or name[0] == "local")
        ]
        for name, names in after.items()
        if name[0] not in {"module", "output"}
    }


def _cycles(
    after: Mapping[ReferenceName, Iterable[ReferenceName]],
) -> Iterator[list[ReferenceName]]:
    """Yield a cycle of each knot of names; in linear time."""
    done: set[ReferenceName] = set()
    for start, names in after.items():
        path: dict[ReferenceName, Iterator[ReferenceName]] = (
            {} if start in done else {start: iter(names)}
        )
        while path:
            name = next(reversed(path))
            following = next(path[name], None)
            if following is None:
                path.popitem()
                done.add(name)
            elif following in path:
                members = list(path)
                yield members[members.index(following) :]
                done.update(path)
                break
            elif following not in done:
                path[following] = iter(after.get(following, ()))
