"""A cloud assembly to inventories: one for the stacks that import from one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, absolute
from checker.model import Inventory, Unread
from checker.sources.cloudformation.assembly.imported import explained
from checker.sources.cloudformation.assembly.origins import (
    ConstructOrigins,
    ConstructRecords,
    ConstructTrails,
    constructs_of,
)
from checker.sources.cloudformation.assembly.stacks import (
    AssemblyStack,
    AssemblyStacks,
    read_stacks,
)
from checker.sources.cloudformation.connected import connected
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.inputs import load_together
from checker.sources.cloudformation.nested_files import NestedFiles
from checker.sources.cloudformation.values.stack import RootStack

SYNTHESIZED = "the program synthesizes today what `{}` holds: `cdk synth` writes it anew"


def load_assembly(
    manifest: Path, repository: Repository, options: TemplateOptions, shown: str
) -> list[Inventory]:
    """Read every stack that a manifest names; ids begin with the stack's name.

    A stack that cannot be read is unread, with its reasons. Raises SourceError if none can be,
    UsageError for an option that no stack takes.
    """
    try:
        path = repository.resolve(absolute(manifest))
    except FileError as error:
        raise SourceError(Reason(error.why, shown)) from None
    found = read_stacks(path, repository, options)
    return inventories(found, repository.name(path.parent), shown, repository)


def inventories(
    assembly: AssemblyStacks, folder: str, shown: str, repository: Repository
) -> list[Inventory]:
    """Return what the stacks of an assembly come to. Raises SourceError if none can be read."""
    found: list[Inventory] = []
    failed = list(assembly.failed)
    stacks = {each.root.prefix: each for each in assembly.stacks}
    for group in connected([each.root for each in assembly.stacks]):
        of_group = [stacks[each.prefix] for each in group]
        try:
            found.append(_together(group, of_group, folder, shown, repository))
        except SourceError as error:
            failed.append(error)
    unread = [
        Unread(reason.place or folder, reason.message, mappings=True)
        for error in failed
        for reason in error.reasons
    ]
    if not found and failed:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        raise SourceError(*reasons, hint=next((each.hint for each in failed if each.hint), ""))
    rest = Inventory(kind="cloudformation", target=shown, unread=tuple(unread))
    return [*found, rest] if unread or not found else found


def _together(
    group: Sequence[RootStack],
    stacks: Sequence[AssemblyStack],
    folder: str,
    shown: str,
    repository: Repository,
) -> Inventory:
    nested = NestedFiles(repository, group[0].given.region)
    found = load_together(group, shown, repository, nested)
    origins = ConstructOrigins()
    of_nested = ConstructRecords.of_nested(each.records for each in stacks)
    for template in nested.written:
        origins.add(template, of_nested, None)
    for each in stacks:
        origins.add(each.root.template, each.records, each.root.prefix)
    unsure = [(each.root.prefix, each.unsure) for each in stacks if each.unsure is not None]
    more = (
        Unread(prefix.removesuffix(":"), why.why, why.at, mappings=True) for prefix, why in unsure
    )
    perhaps = unsure[0][1] if unsure else None
    return replace(
        explained(found),
        assumptions=(*found.assumptions, *_assumptions(stacks, found, folder)),
        trails=ConstructTrails(origins),
        constructs=constructs_of(found, origins),
        # The template may become another, with other mappings.
        mappings=tuple(replace(each, unsure=each.unsure or perhaps) for each in found.mappings),
        unread=(*found.unread, *more),
    )


def _assumptions(stacks: Sequence[AssemblyStack], found: Inventory, folder: str) -> Iterator[str]:
    yield SYNTHESIZED.format(folder)
    roles = dict.fromkeys(each.root.given.execution_role for each in stacks)
    for role in roles if found.mappings and found.deployer is None else ():
        if role is not None:
            yield (
                f"role `{role}`, with which CloudFormation deploys, has the permissions that it"
                " needs"
            )
