"""Undeclared references and references to itself, in all blocks that were read.

Terraform resolves all references before it works anything out, so that one of these ends the run
whatever needs its value.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.block_references import (
    BUILT_IN,
    CONDITIONS,
    BlockReferences,
    DirectoryReferences,
    Part,
    WrittenReference,
)
from checker.sources.terraform.modules.names import without_block
from checker.sources.terraform.modules.project import ModuleInstance


def note_references(found: Iterable[DirectoryReferences]) -> None:
    """Note what is undeclared and what refers to itself."""
    for module, blocks in found:
        for block in () if module.declarations.unreadable else blocks:
            for part in block.parts:
                for reference in part.found:
                    if reference.words[0] in BUILT_IN:
                        _note_built_in(reference, part, block, module)
                    else:
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


def _note_built_in(
    reference: WrittenReference, part: Part, block: BlockReferences, module: ModuleInstance
) -> None:
    """Note what is wrong with a reference to a name that no block declares."""
    refusals, first = module.project.refusals, reference.words[0]
    address = module.prefixed(".".join(block.name))
    if first == "self":
        if part.kind not in _HAVE_SELF:
            refusals.add_once('Invalid "self" reference', _NO_SELF, reference.at, address)
    elif first in _NEEDS and (
        block.name[0] in _NEVER_REPEATED or (block.repeated and block.repeated != _NEEDS[first])
    ):
        refused = without_block(first, reference.at)
        if isinstance(refused, RefusedError):
            refusals.add_once(refused.summary, str(refused), reference.at, address)
    elif not reference.whole:
        module.invalid(reference.words, reference.at)
    elif first in _ATTRIBUTES and reference.words[1] not in _ATTRIBUTES[first]:
        why = f"The `{first}` object does not have an attribute named `{reference.words[1]}`"
        summary = f'Invalid "{first}" attribute'
        refusals.add_once(summary, why, reference.at, module.prefixed(".".join(reference.words)))


_HAVE_SELF = frozenset(("postcondition", "provisioner"))
_NO_SELF = (
    "The `self` object is not available in this context. This object can be used only in resource"
    " provisioner, connection, and postcondition blocks"
)
_NEVER_REPEATED = frozenset(("local", "output"))
_NEEDS = {"each": "for_each", "count": "count"}
_ATTRIBUTES = {
    "each": frozenset(("key", "value")),
    "count": frozenset(("index",)),
    "path": frozenset(("cwd", "module", "root")),
    "terraform": frozenset(("workspace", "applying")),
}
"""Those of `tofu` are not here: OpenTofu may get more of them."""


def _note_itself(block: BlockReferences, module: ModuleInstance) -> None:
    """Note that a resource or data source refers to itself, which no plan takes.

    Of several instances one might refer to another, and there may be none.
    """
    refusals = module.project.refusals
    if block.name[0] in {"local", "module", "output"}:
        return
    address = module.prefixed(".".join(block.name))
    for part in block.parts:
        own = next((each for each in part.found if each.words == block.name), None)
        if own is None or refusals.has_cycle(address):
            continue
        if part.kind in CONDITIONS:
            why = f"Configuration for `{address}` refers to itself"
            refusals.add(f"Invalid reference in {part.kind}", why, own.at, address)
        elif not part.kind and not block.repeated:
            why = f"Configuration for `{address}` refers to itself"
            refusals.note(RefusedError("Self-referential block", why, own.at), address)
            return
