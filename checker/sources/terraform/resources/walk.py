"""Every instance of a resource type in all modules, found when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.configuration.installed import NOT_INSTALLED, REMEDY
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.outputs import Outputs
from checker.sources.terraform.modules.project import LiveData, ModuleInstance
from checker.sources.terraform.modules.repetition import UncountedBlock, instances_of

MAPPING = "aws_lambda_event_source_mapping"


@dataclass(frozen=True, slots=True)
class FoundInstance:
    """An instance; `own` says why the number of its block's is unknown, `module` its module's."""

    instance: Instance
    own: Hole | None = None
    module: Hole | None = None

    @property
    def unsure(self) -> Hole | None:
        """Why it is unknown how many of it there are, if so."""
        return self.module or self.own

    def unsure_beside(self, home: str) -> Hole | None:
        """Why it is unknown whether it exists where the module instance of an address does."""
        address = self.instance.module.address
        shared = not address or home == address or home.startswith(f"{address}.")
        return self.own if shared else self.unsure


Met: TypeAlias = tuple[ModuleInstance, Hole | None]
"""A module instance, and why it is unknown how many of it there are, if so."""
MOST_MET = 1_000
"""So many module instances are distinguished where their number is unknown."""
_IN_MODULES = -1


class Walk:
    """The instances of a configuration, by type; each module instance is visited once.

    Where the number of a block's instances is unknown, one stands for all of them. Those that a
    reference names by a known key are distinguished from it as they are met.
    """

    def __init__(self, root: ModuleInstance) -> None:
        self._modules = list(_modules(root, None))
        self._own = tuple(module for module, _ in self._modules)
        self._calls = _uncounted(self._modules)
        self._found: dict[tuple[str, str], tuple[FoundInstance, ...]] = {}
        self._met: list[Met] = []
        self._seen = [0] * len(self._calls)
        self._taken: dict[tuple[str, int], int] = {}
        self._blocks: dict[str, list[tuple[UncountedBlock, Hole | None]]] = {}

    @property
    def modules(self) -> tuple[ModuleInstance, ...]:
        """Every module instance of the root module, which comes first."""
        return self._own

    def join(self, others: Iterable[ModuleInstance]) -> None:
        """Add the instances of other root modules, but for their mappings."""
        for root in others:
            more = list(_modules(root, None))
            self._modules += more
            calls = _uncounted(more)
            self._calls += calls
            self._seen += [0] * len(calls)
        self._found = {key: found for key, found in self._found.items() if key[1] == MAPPING}
        self._blocks = {type_: each for type_, each in self._blocks.items() if type_ == MAPPING}

    @property
    def live(self) -> LiveData | None:
        """The account that tells what the configuration only refers to."""
        return self._modules[0][0].project.live

    @property
    def elsewhere(self) -> Callable[[Text, Text], bool]:
        """What tells whether a text names what an absent module makes, and not a certain thing."""
        return self._own[0].project.shared.absent.elsewhere

    def handed_on(self, role: Instance) -> Unknown | None:
        """Say that a module which is not here is given a role, so that it may attach policies."""
        project = self._own[0].project
        name, arn = role.text("name"), role.text("arn")
        module = project.shared.absent.given(role.address, name, arn)
        if module is None:
            return None
        unread = project.unread.get(module)
        said, at = (NOT_INSTALLED, None) if unread is None else (unread.why, unread.at)
        why = f"`{module}`, which might attach policies to `{role.address}`, {said}"
        return Unknown(why, at or role.at, REMEDY)

    def of(self, type_: str, mode: str = "resource") -> tuple[FoundInstance, ...]:
        """Return every instance of a type, in the order of the files."""
        key = (mode, type_)
        if key not in self._found:
            self._found[key] = tuple(self._search(mode, type_, self._modules))
        return self._found[key]

    def beside(self, type_: str) -> tuple[FoundInstance, ...]:
        """Return every instance of a type whose resources belong to others: policies and the like.

        Those of module instances that were met by a known key are among them.
        """
        return (*self.of(type_), *self._search("resource", type_, self._in_met()))

    def named(self, type_: str) -> tuple[FoundInstance, ...]:
        """Return every instance of a type that a reference may name by its ARN."""
        found = self.of(type_)
        if not self.uncounted(type_):
            return found
        known = {each.instance.text("arn") for each in found}
        more = (each for each in self.met(type_) if each.instance.text("arn") not in known)
        return (*found, *more)

    def met(self, type_: str) -> tuple[FoundInstance, ...]:
        """Return the instances of a type that were met by a key where their number is unknown."""
        self.of(type_)
        here = (
            FoundInstance(one, module=unsure)
            for block, unsure in self._blocks.get(type_, ())
            for one in block.met.values()
            if isinstance(one, Instance)
        )
        return (*here, *self._search("resource", type_, self._in_met()))

    def newly_met(self, type_: str) -> Iterator[FoundInstance]:
        """Yield those of `met` that were met since this was asked last."""
        self.of(type_)
        for n, (block, unsure) in enumerate(self._blocks.get(type_, ())):
            seen = self._taken.get((type_, n), 0)
            if len(block.met) > seen:
                self._taken[type_, n] = len(block.met)
                yield from [
                    FoundInstance(each, module=unsure)
                    for each in [*block.met.values()][seen:]
                    if isinstance(each, Instance)
                ]
        modules = self._in_met()
        seen = self._taken.get((type_, _IN_MODULES), 0)
        self._taken[type_, _IN_MODULES] = len(modules)
        yield from self._search("resource", type_, modules[seen:])

    def uncounted(self, type_: str) -> bool:
        """Tell whether instances of a type may be met by a key."""
        self.of(type_)
        return bool(self._calls or self._blocks.get(type_))

    def _in_met(self) -> list[Met]:
        """Return the module instances that were met by a key, with all modules in them."""
        for n, (call, unsure) in enumerate(self._calls):
            seen, self._seen[n] = self._seen[n], len(call.met)
            for one in [*call.met.values()][seen:] if len(call.met) > seen else ():
                if isinstance(one, Outputs) and len(self._met) < MOST_MET:
                    self._met.extend(_modules(one.module, unsure or call.why))
        return self._met

    def _search(self, mode: str, type_: str, modules: list[Met]) -> Iterator[FoundInstance]:
        for module, unsure in modules:
            for name in module.declarations.names(mode, type_):
                at = module.declarations.blocks[mode, type_, name].at
                found = module.resource(mode, type_, name, at)
                if (
                    isinstance(found, UncountedBlock)
                    and mode == "resource"
                    and modules is self._modules
                ):
                    self._blocks.setdefault(type_, []).append((found, unsure))
                if isinstance(found, Hole):
                    module.project.leave_out(module.prefixed(f"{type_}.{name}"), found.why, at)
                for instance, why in instances_of(found):
                    if isinstance(instance, Instance) and _lives(instance, unsure or why):
                        why_unsure = module.project.plan.unsure(instance.address)
                        yield FoundInstance(instance, why or why_unsure, unsure)


def _modules(
    module: ModuleInstance, unsure: Hole | None
) -> Iterator[tuple[ModuleInstance, Hole | None]]:
    yield module, unsure
    for child, why in module.children():
        yield from _modules(child, unsure or why)


def _uncounted(
    modules: Iterable[tuple[ModuleInstance, Hole | None]],
) -> list[tuple[UncountedBlock, Hole | None]]:
    return [(call, unsure) for module, unsure in modules for call in module.uncounted_calls()]


def _lives(instance: Instance, unsure: Hole | None) -> bool:
    """Tell whether a plan lets a managed resource be: one that it destroys grants nothing."""
    if instance.mode != "resource" or unsure is not None:
        return True
    return instance.module.project.plan.lives(instance.address)
