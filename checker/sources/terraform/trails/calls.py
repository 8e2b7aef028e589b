"""The module instances of a configuration, and the call that makes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from checker.records import dataclass
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.expansion import InstanceVariables, expand
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.outputs import Outputs
from checker.sources.terraform.modules.repetition import UncountedBlock
from checker.sources.terraform.trails.frames import ANY, ElementKey, Frame, Steps, anyone
from checker.sources.terraform.values.instance_keys import InstanceKey
from checker.sources.terraform.values.partial_values import PartialMap
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue


@dataclass(frozen=True, slots=True, eq=False)
class CallOfModule:
    """The call that makes a module instance: its name, its block, and the frame that it is in."""

    name: str
    block: tree.Block
    frame: Frame


class Calls:
    """Every module instance below root modules, found when first asked for."""

    def __init__(self) -> None:
        self._modules: dict[int, Module] = {}
        self._calls: dict[int, CallOfModule] = {}
        self._by_directory: dict[Path, dict[str, list[Module]]] = {}

    def add(self, root: Module) -> None:
        """Add a root module and all that it calls."""
        pending = [] if id(root) in self._modules else [root]
        while pending:
            module = pending.pop()
            self._modules[id(module)] = module
            beside = self._by_directory.setdefault(module.declarations.directory, {})
            beside.setdefault(module.address, []).append(module)
            for inner, call in _called(module):
                if id(inner) not in self._modules:
                    self._calls[id(inner)] = call
                    pending.append(inner)

    @property
    def modules(self) -> tuple[Module, ...]:
        """Every module instance."""
        return tuple(self._modules.values())

    def of(self, module: Module) -> CallOfModule | None:
        """Return the call that makes a module instance; None for a root module."""
        return self._calls.get(id(module))

    def instances(self, directory: Path, about: Iterable[str]) -> list[Module]:
        """Return the instances of the module in a directory, the innermost that hold the ids.

        Every one is returned if none does.
        """
        found = self._by_directory.get(directory, {})
        holding = {part for each in about for part in _above(each) if part in found}
        if holding:
            deepest = max(map(len, holding))
            return [m for part in holding if len(part) == deepest for m in found[part]]
        return [module for same in found.values() for module in same]


def _above(id: str) -> Iterator[str]:
    """Yield what may be the address of a module instance that holds a thing, by the thing's id."""
    yield ""
    at = id.find(".")
    while at >= 0:
        yield id[:at]
        at = id.find(".", at + 1)


def _called(module: Module) -> Iterator[tuple[Module, CallOfModule]]:
    for name in module.declarations.names("module"):
        block = module.declarations.block("module", name)
        if block is None:
            continue
        made = list(keyed(module.named("module", name, block.at)))
        address = module.prefixed(f"module.{name}")
        variables = {} if not made or made[0][0] is None else _variables(block, module, address)
        for key, outputs in made:
            if not isinstance(outputs, Outputs) or not isinstance(outputs.module, Module):
                continue
            own = variables.get(key)
            scope = module.scope
            if key is not None:
                scope = anyone(module) if own is None else scope.inner(own, str(key))
            yield outputs.module, CallOfModule(name, block, Frame(module, scope, block.body))


def _variables(
    block: tree.Block, module: Module, address: str
) -> Mapping[InstanceKey, InstanceVariables]:
    """Return what `each` and `count` are in the instances of a call."""
    return expand(block.body, module.scope, address).keys


def keyed(value: TerraformValue) -> Iterator[tuple[InstanceKey, TerraformValue]]:
    """Yield the instances of a block with their keys; None is the key of one without a key."""
    if isinstance(value, UncountedBlock):
        yield ANY, value.sample
        yield from value.met.items()
    elif isinstance(value, PartialMap):
        yield from ((ANY, element) for _, element in value.entries)
    elif isinstance(value, tuple):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, Lazy):
        yield None, value


def chosen(value: TerraformValue, steps: Steps) -> tuple[TerraformValue, bool, Steps]:
    """Return the instance that steps take, whether it stands for any, and the steps left.

    It is None where there is no instance.
    """
    key: ElementKey = steps[0] if steps else ANY
    if isinstance(value, dict) and key in value:
        return value[key], False, steps[1:]
    if isinstance(value, tuple) and isinstance(key, int) and 0 <= key < len(value):
        return value[key], False, steps[1:]
    if isinstance(value, UncountedBlock) and key in value.met:
        return value.met[key], False, steps[1:]
    first, instance = next(keyed(value), (ANY, None))
    if first is None:
        return instance, False, steps if isinstance(key, str) else steps[1:]
    alone = isinstance(value, (dict, tuple)) and len(value) == 1
    return instance, not alone, steps[1:]
