"""One instance of a resource or data source: what was written, and what the provider computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Protocol, TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import opened
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.modules.providers import Provider, as_region
from checker.sources.terraform.modules.state_filling import filled
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.joining import joined
from checker.sources.terraform.values.marks import lifted, sealed
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue


class ProviderConfigurations(Protocol):
    """The provider configurations that the resources of a module can use."""

    def of(self, body: tree.Body, scope: Scope) -> Provider:
        """Return the configuration of a resource, in the scope of its instance."""


class ResourceModule(ModuleInstance, Protocol):
    """A module instance that holds resources."""

    @property
    def providers(self) -> ProviderConfigurations:
        """The provider configurations that its resources can use."""


ComputeAttribute: TypeAlias = Callable[["Instance", str], TerraformValue]
"""Returns what the provider makes of an attribute; None if it is what was written."""


IDENTIFIERS = {
    "aws_sqs_queue": ("arn", "id", "name", "url"),
    "aws_lambda_function": (
        "arn",
        "id",
        "function_name",
        "qualified_arn",
        "invoke_arn",
        "qualified_invoke_arn",
    ),
    "aws_iam_role": ("arn", "id", "name"),
    "aws_iam_user": ("arn", "id", "name"),
    "aws_iam_policy": ("arn", "id", "name"),
    "aws_kms_alias": ("arn", "id", "name"),
}
"""The attributes that name a resource, of types whose names may be taken twice."""
_META = {"provider", "count", "for_each", "depends_on"}


class Instance(Lazy):
    """A resource (`mode` is `resource`) or data source at its address.

    `compute` says what the provider makes of an attribute.
    """

    def __init__(
        self,
        module: ResourceModule,
        block: tree.Block,
        mode: str,
        address: str,
        scope: Scope,
        compute: ComputeAttribute,
    ) -> None:
        self.module = module
        self._compute = compute
        self.mode = mode
        self.type, self.name = block.labels[0], block.labels[1]
        self.address = address
        self.at = block.at
        self._planned = module.project.plan.attributes(address)
        self.written = Written(
            block.body,
            scope,
            block.at,
            address,
            self._planned,
            read=mode == "data",
            type_=f"data.{self.type}" if mode == "data" else self.type,
        )
        self._memo: dict[str, TerraformValue] = {}

    def __str__(self) -> str:
        return self.address

    @property
    def provider(self) -> Provider:
        """The provider configuration that it uses, with its own `region` if it names one."""
        provider = self.module.providers.of(self.written.body, self.written.scope)
        region = self.written.text("region") if self.type.startswith("aws_") else None
        return provider if region is None else provider.within(as_region(region))

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return an attribute by its name; a resource without instances takes no other key."""
        if isinstance(key, int) and not self.address.endswith("]"):
            why = f'Because `{self.address}` does not have "count" or "for_each" set, references to'
            why = f"{why} it must not include an index key"
            raise RefusedError("Unexpected resource instance key", why, at)
        value: TerraformValue = super().index(key, at)
        return value

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return an attribute: what the provider computes, what was written, or an unknown.

        What comes of marked arguments is marked.
        """
        if name not in self._memo:

            def work() -> TerraformValue:
                value = self._attribute(name, at)
                if name in self._planned:
                    value = joined(value, self._planned[name])
                value = self._taken_of(name, filled(self, name, value))
                return lifted(value) if self.module.marked else value

            own = f"{self.address}.{name}"
            project = self.module.project
            made: TerraformValue = project.in_progress.work_out(own, at, work)
            if own in project.in_progress:
                return made  # it asks for itself, and is still being worked out
            self._memo[name] = made
        return self._memo[name]

    def _taken_of(self, name: str, value: TerraformValue) -> TerraformValue:
        """Return what names the resource as a text that remembers which of that name it is."""
        if self.mode != "resource" or not isinstance(value, (str, Text)):
            return value
        if name not in IDENTIFIERS.get(self.type, ()):
            return value
        return Text.of(value).taken_of(self.address)

    def text(self, name: str) -> Text:
        """Return an attribute as a text; what is no string is a hole."""
        value = sealed(self.attribute(name, self.at))
        text = to_text(value, f"{self.address}.{name}", self.at)
        return Text.of(self.hole(name)) if text is None else text

    def chosen(self, names: Iterable[str]) -> dict[str, TerraformValue]:
        """Return attributes: which of them its type has only the provider knows."""
        return {name: self.attribute(name, self.at) for name in names}

    def computed(self, name: str) -> TerraformValue:
        """Return what the provider makes of an attribute; None if it is what was written."""
        return self._compute(self, name)

    def _attribute(self, name: str, at: Location) -> TerraformValue:
        if self.mode == "data" and name in self._live:
            return Text.of(self._live[name])
        if name.endswith("_wo"):
            return None  # a write-only argument is null to whoever reads it
        value = self.computed(name)
        if value is not None:
            return value
        if self.written.has(name):
            value = self.written.marked(name)
            if value is not None:
                return value
        elif self.written.body.blocks_of(name):
            return self._blocks(name)
        return self.hole(name, at=at)

    @cached_property
    def _live(self) -> Mapping[str, str]:
        """What the account tells of a data source whose arguments are known."""
        live = self.module.project.live
        if live is None or not self.type.startswith("aws_"):
            return {}
        region = opened(self.provider.region.literal)
        if region is None or self.provider.account.literal != live.account:
            return {}  # its provider works in another account, or nobody knows in which
        names = [name for name in self.written.body.arguments if name not in _META]
        given = {name: self.written.text(name) for name in names}
        texts = {name: text.literal for name, text in given.items() if text is not None}
        if None in texts.values():
            return {}  # what is asked for is not known as a whole
        return live.data(self.type, {n: opened(t) for n, t in texts.items() if t}, region)

    def _blocks(self, kind: str) -> TerraformValue:
        """Return nested blocks as the list of objects that references see."""
        found: list[TerraformValue] = []
        for inner in self.written.nested(kind):
            if isinstance(inner, Hole):
                return inner
            found.append({name: inner.marked(name) for name in inner.body.arguments})
        return tuple(found)

    def hole(
        self, name: str, kind: Kind = Kind.ANY, at: Location | None = None, why: str = ""
    ) -> Hole:
        """Return the unknown value of an attribute that only the provider can tell."""
        if why:
            return Hole(f"{self.address}.{name}", kind, why, at or self.at)
        verb = "read" if self.mode == "data" else "known"
        why = f"`{self.address}.{name}` is {verb} only when the plan is applied"
        if self.mode == "data":
            where = "from the account" if self.type.startswith("aws_") else "by its provider"
            why = f"`{self.address}.{name}` is read {where}"
        return Hole(f"{self.address}.{name}", kind, why, at or self.at)
