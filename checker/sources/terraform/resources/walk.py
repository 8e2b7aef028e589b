"""Every instance of a resource type in all modules, found when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.partial import Hole
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.modules import Module
from checker.sources.terraform.project import LiveData
from checker.sources.terraform.several import Untold, instances_of


@dataclass(frozen=True, slots=True)
class Found:
    """An instance; `unsure` says why it is not told how many of it there are, if so."""

    instance: Instance
    unsure: Hole | None


class Walk:
    """The instances of a configuration, by type; each module instance is visited once."""

    def __init__(self, root: Module) -> None:
        self._modules = list(_modules(root, None))
        self._found: dict[tuple[str, str], tuple[Found, ...]] = {}
        self._untold: dict[str, list[tuple[Untold, Hole | None]]] = {}

    @property
    def modules(self) -> tuple[Module, ...]:
        """Every module instance, the root first."""
        return tuple(module for module, _ in self._modules)

    @property
    def live(self) -> LiveData | None:
        """The account that tells what the configuration only refers to."""
        return self._modules[0][0].project.live

    def of(self, type_: str, mode: str = "resource") -> tuple[Found, ...]:
        """Return every instance of a type, in the order of the files."""
        key = (mode, type_)
        if key not in self._found:
            self._found[key] = tuple(self._search(mode, type_))
        return self._found[key]

    def named(self, type_: str) -> tuple[Found, ...]:
        """Return every instance of a resource type that a reference may name.

        Where the number of a block's instances is unknown, those that were referred to by a known
        key so far are told from the one that stands for all, if they have ARNs of their own. One
        that is referred to exists.
        """
        more = [
            Found(one, unsure)
            for block, unsure in self._blocks(type_)
            for one in block.indexed.values()
            if isinstance(one, Instance) and one.text("arn") != block.sample.text("arn")
        ]
        return (*self.of(type_), *more)

    def indexed(self, type_: str) -> tuple[Found, ...]:
        """Return the instances that were referred to by a key where their number is unknown."""
        return tuple(
            Found(one, unsure)
            for block, unsure in self._blocks(type_)
            for one in block.indexed.values()
        )

    def count_indexed(self, type_: str) -> int:
        """Return how many instances `indexed` returns."""
        return sum(len(block.indexed) for block, _ in self._blocks(type_))

    def counted(self, type_: str) -> bool:
        """Tell whether the number of instances of every block of a type is known."""
        return not self._blocks(type_)

    def _blocks(self, type_: str) -> list[tuple[Untold, Hole | None]]:
        self.of(type_)
        return self._untold.get(type_, [])

    def _search(self, mode: str, type_: str) -> Iterator[Found]:
        for module, unsure in self._modules:
            for name in module.declarations.names(mode, type_):
                at = module.declarations.blocks[mode, type_, name].at
                found = module.resource(mode, type_, name, at)
                if isinstance(found, Untold) and mode == "resource":
                    self._untold.setdefault(type_, []).append((found, unsure))
                if isinstance(found, Hole):
                    module.project.leave_out(module.prefixed(f"{type_}.{name}"), found.why, at)
                for instance, why in instances_of(found):
                    if isinstance(instance, Instance) and _lives(instance, unsure or why):
                        yield Found(instance, unsure or why)

    def at_address(self, address: str, types: tuple[str, ...]) -> Instance | None:
        """Return the instance at an address."""
        for type_ in types:
            for found in self.of(type_):
                if found.instance.address == address:
                    return found.instance
        return None


def _modules(module: Module, unsure: Hole | None) -> Iterator[tuple[Module, Hole | None]]:
    yield module, unsure
    for child, why in module.children():
        yield from _modules(child, unsure or why)


def _lives(instance: Instance, unsure: Hole | None) -> bool:
    """Tell whether a plan lets a managed resource be: one that it destroys grants nothing."""
    if instance.mode != "resource" or unsure is not None:
        return True
    return instance.module.project.plan.lives(instance.address)
