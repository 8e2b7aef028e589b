"""The outputs of a module instance, as its caller sees them."""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.partial import Location
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue


class Outputs(Lazy):
    """An instance of a module as its caller sees it."""

    def __init__(self, module: ModuleInstance) -> None:
        self.module = module

    def __str__(self) -> str:
        return self.module.address

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return an output."""
        return self.module.output(name, at)

    def whole(self) -> dict[str, TerraformValue]:
        """Return every output."""
        return self.chosen(self.module.declarations.names("output"))

    def chosen(self, names: Iterable[str]) -> dict[str, TerraformValue]:
        """Return the outputs of some names that are declared."""
        blocks = {name: self.module.declarations.block("output", name) for name in names}
        return {n: self.module.output(n, block.at) for n, block in blocks.items() if block}
