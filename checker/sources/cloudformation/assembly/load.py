"""A cloud assembly to inventories: one for stacks that import from one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, absolute
from checker.knowledge.partial import Location, Unknown
from checker.model import EventSourceMapping, Inventory, Unread
from checker.sources.cloudformation.assembly.imported import explained
from checker.sources.cloudformation.assembly.origins import (
    ConstructOrigins,
    ConstructTrails,
    construct_origins,
    origins_of_stacks,
)
from checker.sources.cloudformation.assembly.stacks import (
    AssemblyStack,
    AssemblyStacks,
    read_stacks,
)
from checker.sources.cloudformation.connected import connected
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.inputs import load_roots
from checker.sources.cloudformation.nested_files import NestedFiles
from checker.sources.cloudformation.values.stack import RootStack

SYNTHESIZED = "the program synthesizes today what `{}` holds: `cdk synth` writes it anew"


def load_assembly(
    manifest: Path, repository: Repository, options: TemplateOptions, shown: str, prefix: str = ""
) -> list[Inventory]:
    """Read every stack that a manifest names; ids begin with `prefix`, and the stack's name.

    A stack that cannot be read is unread, with its reasons. Raises SourceError if none can be,
    UsageError for an option that no stack takes.
    """
    try:
        path = repository.resolve(absolute(manifest))
    except FileError as error:
        raise SourceError(Reason(error.why, shown)) from None
    found = read_stacks(path, repository, options)
    folder = repository.name(path.parent)
    return inventories(found, folder, shown, repository, prefix)


def inventories(
    assembly: AssemblyStacks, folder: str, shown: str, repository: Repository, prefix: str = ""
) -> list[Inventory]:
    """Return what the stacks of an assembly come to. Raises SourceError if none can be read."""
    found: list[Inventory] = []
    failed = list(assembly.failed)
    stacks = {f"{prefix}{each.name}:": each for each in assembly.stacks}
    roots = [RootStack(each.template, each.given, name) for name, each in stacks.items()]
    for group in connected(roots):
        try:
            own = {each.prefix: stacks[each.prefix] for each in group}
            found.append(_inventory(group, own, folder, shown, repository))
        except SourceError as error:
            failed.append(error)
    unread = [
        Unread(prefix + (reason.place or folder), reason.message, mappings=True)
        for error in failed
        for reason in error.reasons
    ]
    if not found:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        raise SourceError(*reasons, hint=next((each.hint for each in failed if each.hint), ""))
    rest = Inventory(kind="cloudformation", target=shown, unread=tuple(unread))
    return [*found, rest] if unread else found


def _inventory(
    roots: Sequence[RootStack],
    stacks: Mapping[str, AssemblyStack],
    folder: str,
    shown: str,
    repository: Repository,
) -> Inventory:
    """Return what stacks come to that import from one another, by what their ids begin with."""
    files = NestedFiles(repository, roots[0].given.region)
    found = explained(load_roots(roots, shown, files))
    origins = origins_of_stacks(
        ((each.template, each.records) for each in stacks.values()), files.templates
    )
    found = replace(
        found,
        assumptions=(*found.assumptions, *_assumptions(stacks.values(), found, folder)),
        trails=ConstructTrails(origins),
        constructs=dict(_paths(found, stacks, origins)),
    )
    changing = {name: why for name, each in stacks.items() if (why := each.unsure) is not None}
    # The template may become another, with other mappings.
    more = (Unread(n.removesuffix(":"), w.why, w.at, mappings=True) for n, w in changing.items())
    return replace(
        found,
        mappings=tuple(_unsure(each, changing) for each in found.mappings),
        unread=(*found.unread, *more),
    )


def _paths(
    found: Inventory, stacks: Mapping[str, AssemblyStack], origins: ConstructOrigins
) -> Iterator[tuple[str, str]]:
    """Yield the ids of what is made, with the paths of the constructs that make it."""
    for name, stack in stacks.items():
        for id_, each in construct_origins(stack.template, stack.records).by_id.items():
            yield name + id_, each.path
    things: list[tuple[str, Location]] = [(each.id, each.at) for each in found.mappings]
    things += [(each.id, each.at) for each in found.sources]
    things += [(each.id, each.at) for each in found.functions]
    things += [(each.id, each.at) for each in found.roles]
    things += [(each.id, each.at) for each in found.keys]
    for id_, at in things:
        made = origins.made_by(at)
        if made is not None:
            yield id_, made.path


def _unsure(mapping: EventSourceMapping, open_ones: Mapping[str, Unknown]) -> EventSourceMapping:
    """Return a mapping of which it is unknown whether it is there, if its stack may change."""
    why = next((why for name, why in open_ones.items() if mapping.id.startswith(name)), None)
    return mapping if why is None or mapping.unsure is not None else replace(mapping, unsure=why)


def _assumptions(stacks: Iterable[AssemblyStack], found: Inventory, folder: str) -> Iterator[str]:
    yield SYNTHESIZED.format(folder)
    roles = dict.fromkeys(each.given.execution_role for each in stacks)
    for role in roles if found.mappings and found.deployer is None else ():
        if role is not None:
            yield (
                f"role `{role}`, with which CloudFormation deploys, has the permissions that it"
                " needs"
            )
