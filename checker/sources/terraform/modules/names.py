"""The names that references begin with, such as `var` and `aws_sqs_queue`, to choose from.

See https://developer.hashicorp.com/terraform/language/expressions/references.
"""

from __future__ import annotations

from typing import Protocol

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError
from checker.sources.terraform.modules.repetition import keys_withheld
from checker.sources.terraform.values.terraform_values import TerraformValue, ThingsByName


class NamedThings(Protocol):
    """What gives the things of each name: a module instance."""

    def named(self, kind: str, name: str, at: Location) -> TerraformValue:
        """Return the value of `var.name`, `local.name` or `module.name`."""

    def resource(self, mode: str, type_: str, name: str, at: Location) -> TerraformValue:
        """Return what `type.name` or `data.type.name` stands for."""

    def ephemeral(self, type_: str, name: str, at: Location) -> TerraformValue:
        """Return what `ephemeral.type.name` stands for."""

    def invalid(self, words: tuple[str, ...], at: Location) -> Hole:
        """Note that a reference ends before it names a thing, and return the unknown it is."""


_TYPED = frozenset(("data", "ephemeral", "resource"))
"""The words that a type and a name follow."""


class Names(ThingsByName):
    """`var`, `local`, `module`, `data`, `data.TYPE` or a resource type: names to choose from."""

    def __init__(self, module: NamedThings, kind: str, type_: str = "") -> None:
        self._module, self._kind, self._type = module, kind, type_

    def __str__(self) -> str:
        return self._type or self._kind

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return the thing of that name."""
        if self._kind in _TYPED and not self._type:
            return Names(self._module, self._kind, name)
        if self._kind == "ephemeral":
            return self._module.ephemeral(self._type, name, at)
        if self._kind in {"data", "resource"}:
            return keys_withheld(self._module.resource(self._kind, self._type, name, at))
        return keys_withheld(self._module.named(self._kind, name, at))

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return `var["name"]`."""
        return self.attribute(key.spelled if isinstance(key, Text) else str(key), at)

    def unfinished(self, at: Location) -> Hole:
        """Note that a reference ends with it, which Terraform refuses, and return an unknown."""
        own = self._kind == "resource" and self._type  # a type needs no word before it
        words = (self._kind, self._type) if self._kind in _TYPED and not own else (str(self),)
        return self._module.invalid(words, at)


def unfinished(words: tuple[str, ...]) -> str:
    """Return what Terraform says of a reference that ends before it names a thing."""
    match words[0]:
        case "data":
            why = "The `data` object must be followed by two attribute names: the data source type"
            return f"{why} and the resource name"
        case "ephemeral":
            why = "The `ephemeral` object must be followed by two attribute names: the ephemeral"
            return f"{why} resource type and the resource name"
        case "resource":
            why = "The `resource` object must be followed by two attribute names: the resource type"
            return f"{why} and the resource name"
        case "var" | "local" | "module" | "path" | "terraform" | "tofu" | "each" | "count" as kind:
            why = f"The `{kind}` object cannot be accessed directly. Instead, access one of its"
            return f"{why} attributes"
        case _:
            why = "A reference to a resource type must be followed by at least one attribute access"
            return f"{why}, specifying the resource name"


def without_block(name: str, at: Location) -> EvaluationError:
    """Return the error of a name that only some blocks know."""
    said = _ONLY_IN.get(name)
    if said is None:
        return EvaluationError(f"`{name}` has no meaning here")
    return RefusedError(*said, at)


_ONLY_IN = {
    "each": (
        'Reference to "each" in context without for_each',
        "The `each` object can be used only in `module` or `resource` blocks",
    ),
    "count": (
        'Reference to "count" in non-counted context',
        "The `count` object can only be used in `module`, `resource`, and `data` blocks",
    ),
}
