"""The configuration part of plan JSON: which expressions are constant and what the others name.

It holds no expression's text: `policy = jsonencode({… aws_sqs_queue.q.arn …})` is shown as its
references only. See https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.plan.shown import value_of
from checker.sources.terraform.values.terraform_values import TerraformValue


@dataclass(frozen=True, slots=True)
class Constant:
    """An expression that is a constant."""

    value: TerraformValue


@dataclass(frozen=True, slots=True)
class References:
    """An expression of which only the names in it are named; none where it calls functions alone.

    A name comes with those that it starts with: `aws_sqs_queue.q.arn` and `aws_sqs_queue.q`.
    """

    names: tuple[str, ...]


ConfiguredBody: TypeAlias = "Mapping[str, Constant | References | tuple[ConfiguredBody, ...]]"
"""A block's body: expressions, and nested blocks by their type."""


@dataclass(frozen=True)
class ConfigurationEntry:
    """A resource, data source, module call or provider configuration.

    `address` is without instance keys (`module.a.aws_sqs_queue.q`); names in its expressions are
    those of `module`. `provider` is the key of its provider configuration. `source` and `version`
    are a module call's. `repeated` is `count` or `for_each`, None without one.
    """

    address: str
    module: str
    at: Location
    raw: Mapping[str, Any]

    @property
    def provider(self) -> str:
        """The key of the provider configuration, empty where it is unknown."""
        return _text(self.raw.get("provider_config_key"))

    @property
    def source(self) -> str:
        """Where a called module comes from."""
        return _text(self.raw.get("source"))

    @property
    def alias(self) -> str:
        """The alias of a provider configuration."""
        return _text(self.raw.get("alias"))

    @cached_property
    def expressions(self) -> ConfiguredBody:
        """The arguments and nested blocks that are written."""
        return _body(self.raw.get("expressions"), self.address, self.at, 0)

    @property
    def repeated(self) -> Constant | References | None:
        """The expression of `count` or `for_each`."""
        for argument in ("count_expression", "for_each_expression"):
            found = _expression(self.raw.get(argument), f"{self.address}[*]", self.at)
            if found is not None:
                return found
        return None


@dataclass(frozen=True)
class Configuration:
    """The configuration part of plan JSON."""

    raw: Mapping[str, Any]
    at: Location

    @cached_property
    def providers(self) -> Mapping[str, ConfigurationEntry]:
        """The provider configurations by their key (`aws`, `aws.west`, `module.a:aws`)."""
        return {
            key: ConfigurationEntry(key, _text(one.get("module_address")), self.at, one)
            for key, one in _members(self.raw.get("provider_config"))
        }

    @cached_property
    def resources(self) -> Mapping[str, ConfigurationEntry]:
        """The resources and data sources of every module by address."""
        found: dict[str, ConfigurationEntry] = {}
        for address, module in self._modules:
            listed = module.get("resources")
            for one in listed if isinstance(listed, list) else ():
                if isinstance(one, dict) and isinstance(one.get("address"), str):
                    own = _inside(address, one["address"])
                    found[own] = ConfigurationEntry(own, address, self.at, one)
        return found

    @cached_property
    def calls(self) -> Mapping[str, ConfigurationEntry]:
        """The module calls by address (`module.a.module.b`)."""
        found: dict[str, ConfigurationEntry] = {}
        for address, module in self._modules:
            for name, one in _members(module.get("module_calls")):
                own = _inside(address, f"module.{name}")
                found[own] = ConfigurationEntry(own, address, self.at, one)
        return found

    @cached_property
    def outputs(self) -> Mapping[str, Constant | References]:
        """The outputs of every module by address (`module.a.arn`, `arn` of the root)."""
        found: dict[str, Constant | References] = {}
        for address, module in self._modules:
            for name, one in _members(module.get("outputs")):
                own = _inside(address, name)
                given = _expression(one.get("expression"), own, self.at)
                if given is not None:
                    found[own] = given
        return found

    @cached_property
    def _modules(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        found: list[tuple[str, Mapping[str, Any]]] = []
        root = self.raw.get("root_module")
        pending = [("", root)] if isinstance(root, dict) else []
        while pending:
            address, module = pending.pop()
            found.append((address, module))
            for name, call in _members(module.get("module_calls")):
                if isinstance(call.get("module"), dict):
                    pending.append((_inside(address, f"module.{name}"), call["module"]))
        return tuple(found)


def _inside(module: str, address: str) -> str:
    return f"{module}.{address}" if module else address


def _text(shown: object) -> str:
    return shown if isinstance(shown, str) else ""


def _members(shown: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(shown, dict):
        yield from ((key, one) for key, one in shown.items() if isinstance(one, dict))


_MOST_DEPTH = 50


def _body(shown: object, name: str, at: Location, depth: int) -> ConfiguredBody:
    if not isinstance(shown, dict) or depth > _MOST_DEPTH:
        return {}
    found: dict[str, Constant | References | tuple[ConfiguredBody, ...]] = {}
    for key, one in shown.items():
        path = f"{name}.{key}"
        given = _expression(one, path, at)
        if given is not None:
            found[key] = given
        elif isinstance(one, dict):  # a nested block of which there is one at most
            found[key] = (_body(one, path, at, depth + 1),)
        elif isinstance(one, list):
            found[key] = tuple(
                _body(inner, f"{path}[{n}]", at, depth + 1) for n, inner in enumerate(one)
            )
    return found


def _expression(shown: object, name: str, at: Location) -> Constant | References | None:
    """Return an expression; None for anything else, such as a nested block."""
    if not isinstance(shown, dict):
        return None
    if shown.keys() == {"constant_value"}:
        return Constant(value_of(shown["constant_value"], name, at))
    names = shown.get("references", [])
    # In Terraform's JSON syntax a text that refers to something is named, too.
    if shown.keys() <= {"references", "constant_value"} and isinstance(names, list):
        return References(tuple(one for one in names if isinstance(one, str)))
    return None
