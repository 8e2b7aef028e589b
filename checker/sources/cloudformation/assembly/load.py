"""A cloud assembly to inventories: one a stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, absolute
from checker.masking import Masker
from checker.model import Inventory, Unread
from checker.sources.cloudformation.assembly.imported import explained
from checker.sources.cloudformation.assembly.origins import ConstructTrails
from checker.sources.cloudformation.assembly.stacks import (
    AssemblyStack,
    AssemblyStacks,
    read_stacks,
)
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.load import read
from checker.sources.cloudformation.prefixes import prefixed
from checker.sources.cloudformation.values.parameters import StackParameters

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
    return inventories(found, folder, shown, prefix)


def inventories(
    assembly: AssemblyStacks, folder: str, shown: str, prefix: str = ""
) -> list[Inventory]:
    """Return what the stacks of an assembly come to. Raises SourceError if none can be read."""
    found: list[Inventory] = []
    failed = list(assembly.failed)
    for stack in assembly.stacks:
        try:
            found.append(_inventory(stack, folder, shown, prefix))
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


def _inventory(stack: AssemblyStack, folder: str, shown: str, prefix: str) -> Inventory:
    try:
        found = read(stack.template, shown, stack.given)
    except SourceError as error:
        secrets = StackParameters(stack.template, stack.given).secrets
        raise SourceError(*Masker(secrets).whole(error.reasons), hint=error.hint) from None
    name = f"{prefix}{stack.name}:"
    made = stack.origins.by_id.items()
    found = replace(
        prefixed(explained(found), name),
        assumptions=(*found.assumptions, *_assumptions(stack, found, folder)),
        trails=ConstructTrails(stack.origins),
        # Rules name what a policy is attached by without the stack.
        constructs={word + id_: each.path for id_, each in made for word in ("", name)},
    )
    if stack.unsure is None:
        return found
    # The template may become another, with other mappings.
    more = Unread(name.removesuffix(":"), stack.unsure.why, stack.unsure.at, mappings=True)
    return replace(
        found,
        mappings=tuple(
            replace(each, unsure=each.unsure or stack.unsure) for each in found.mappings
        ),
        unread=(*found.unread, more),
    )


def _assumptions(stack: AssemblyStack, found: Inventory, folder: str) -> Iterator[str]:
    yield SYNTHESIZED.format(folder)
    role = stack.given.execution_role
    if role is not None and found.mappings and found.deployer is None:
        yield f"role `{role}`, with which CloudFormation deploys, has the permissions that it needs"
