"""The attributes of every object in a state, by address.

Terraform's own state (version 4 JSON) and the state that `terraform show -json` prints. Objects
that a replacement left behind (deposed) are not those at the address and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from checker.knowledge.partial import Location
from checker.sources.terraform.language.json_syntax import JsonValue
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.model import Path
from checker.sources.terraform.plan.shown import marked, read_json, value_of
from checker.sources.terraform.plan.types import type_from
from checker.sources.terraform.values.instance_keys import suffix
from checker.sources.terraform.values.marks import marked_at
from checker.sources.terraform.values.terraform_values import TerraformValue, Type

VERSION = 4
MOST_VALUES = 2_500_000

Decoders = Mapping[str, Callable[[], TerraformValue]]


def read_state(data: bytes, at: Location) -> Decoders:
    """Return a decoder for each object in a state file; none if the state cannot be read.

    A plan only ever adds to what the configuration tells, so a state that is left out is sound.
    """
    try:
        state = read_json(data, MOST_VALUES)
    except Undecodable:
        return {}
    if not isinstance(state, dict) or state.get("version") != VERSION:
        return {}
    found: dict[str, Callable[[], TerraformValue]] = {}
    for resource in _objects(state.get("resources")):
        base = _address(resource)
        for instance in _objects(resource.get("instances")):
            key = instance.get("index_key")
            attributes = instance.get("attributes")
            if base is None or "deposed" in instance or not isinstance(attributes, dict):
                continue
            if key is None or (isinstance(key, (str, int)) and not isinstance(key, bool)):
                address = base + suffix(key)
                found[address] = recorded(resource, instance, attributes, address, at)
    return found


def read_providers(data: bytes) -> Decoders:
    """Return for each object in a state file the address of its provider configuration."""
    try:
        state = read_json(data, MOST_VALUES)
    except Undecodable:
        return {}
    found: dict[str, Callable[[], TerraformValue]] = {}
    for resource in _objects(state.get("resources")) if isinstance(state, dict) else ():
        base, provider = _address(resource), resource.get("provider")
        if base is not None and isinstance(provider, str):
            found[base] = partial(str, provider)
    return found


def show_state(values: object, at: Location) -> Decoders:
    """Return a decoder for each object in the `values` of a state in plan JSON."""
    found: dict[str, Callable[[], TerraformValue]] = {}
    pending = list(_objects([values.get("root_module")] if isinstance(values, dict) else []))
    while pending:
        module = pending.pop()
        pending.extend(_objects(module.get("child_modules")))
        for resource in _objects(module.get("resources")):
            address, attributes = resource.get("address"), resource.get("values")
            if isinstance(address, str) and "deposed_key" not in resource:
                found[address] = shown(attributes, resource.get("sensitive_values"), address, at)
    return found


def recorded(
    resource: Mapping[str, Any],
    instance: Mapping[str, Any],
    attributes: dict[str, Any],
    address: str,
    at: Location,
) -> Callable[[], TerraformValue]:
    """Return a decoder of an instance's attributes in a state file, with the marks it has."""
    typed = resource.get("provider") == _BUILT_IN
    paths = _paths(instance.get("sensitive_attributes"))
    return partial(_attributes, attributes, paths, address, at, typed=typed)


def shown(
    values: JsonValue, marks: object, address: str, at: Location
) -> Callable[[], TerraformValue]:
    """Return a decoder of an object's values as `terraform show -json` prints them."""
    return partial(_shown, values, marks, address, at)


def _objects(shown: object) -> Iterator[dict[str, Any]]:
    if isinstance(shown, list):
        yield from (one for one in shown if isinstance(one, dict))


_BUILT_IN = 'provider["terraform.io/builtin/terraform"]'


def _address(resource: Mapping[str, Any]) -> str | None:
    kind, name = resource.get("type"), resource.get("name")
    if not isinstance(kind, str) or not isinstance(name, str):
        return None
    address = f"data.{kind}.{name}" if resource.get("mode") == "data" else f"{kind}.{name}"
    module = resource.get("module")
    return f"{module}.{address}" if isinstance(module, str) else address


def _shown(shown: JsonValue, marks: object, address: str, at: Location) -> TerraformValue:
    return marked_at(value_of(shown, address, at), marked(marks))


def _paths(shown: object) -> tuple[Path, ...]:
    """Return the paths of a state's secrets; of one that cannot be read, so much as can be."""
    listed = shown if isinstance(shown, list) else [] if shown is None else [None]
    return tuple(tuple(_steps(path)) for path in listed)


def _steps(path: object) -> Iterator[str | int]:
    for step in path if isinstance(path, list) else ():
        value = step.get("value") if isinstance(step, dict) else None
        key = value.get("value") if isinstance(value, dict) else value
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            return
        yield key


def _attributes(
    shown: dict[str, Any], paths: tuple[Path, ...], address: str, at: Location, *, typed: bool
) -> TerraformValue:
    untyped = {name: _without_type(one, simple=typed) for name, one in shown.items()}
    return marked_at(value_of(untyped, address, at), paths)


def _without_type(shown: JsonValue, *, simple: bool) -> JsonValue:
    """Return an attribute's value; one of a type of its own is an object of `value` and `type`.

    An object that only looks so is known by its type: a `simple` one, such as `string`, is a type
    only where attributes are known to have types of their own.
    """
    if not isinstance(shown, dict) or shown.keys() != {"value", "type"}:
        return shown
    if isinstance(shown["type"], str) and not simple:
        return shown
    try:
        kind = type_from(shown["type"])
    except Undecodable:
        return shown
    return shown["value"] if _fits(shown["value"], kind) else shown


def _fits(shown: object, kind: Type) -> bool:
    """Tell whether a value could be of a type, by its outside."""
    if kind.name in {"object", "map"}:
        names = {name for name, _ in kind.attributes}
        return shown is None or (
            isinstance(shown, dict) and (kind.name == "map" or shown.keys() == names)
        )
    if kind.name in {"list", "set", "tuple"}:
        return shown is None or isinstance(shown, list)
    return not isinstance(shown, (dict, list))
