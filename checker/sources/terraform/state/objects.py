"""The objects in a state, as a state file has them and as `terraform show -json` prints them.

See https://developer.hashicorp.com/terraform/language/state and
https://developer.hashicorp.com/terraform/internals/json-format#state-representation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import partial
from typing import Any, TypeGuard

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.shown import value_of
from checker.sources.terraform.plan.state import recorded, shown
from checker.sources.terraform.values.instance_keys import suffix
from checker.sources.terraform.values.terraform_values import TerraformValue

VERSION = 4
MOST_BYTES = 200 * 1024 * 1024
MOST_VALUES = 5_000_000
MOST_MODULES = 50
"""How deep modules may be nested."""

_HINT = "name `terraform.tfstate`, or what `terraform state pull` or `terraform show -json` prints"
_NAME = r"[^\W\d][\w-]*"
_STEP = re.compile(rf'module\.({_NAME})(\[(?:[0-9]{{1,18}}|"(?:[^"\\]|\\.)*")\])?(?:\.|\Z)')
_PROVIDER = re.compile(r'((?:module\..*\.)?)provider\["[^"]*/([^"/]+)"\]((?:\.[\w-]+)?)')


@dataclass(frozen=True, slots=True)
class StateObject:
    """One object that exists, at the address that Terraform prints.

    `modules` are the steps to its module instance (`channel["mail"]`), `provider` is its provider
    configuration (`aws.west`, `module.a.aws`), empty where it is unknown. A `tainted` object may be
    damaged or made in part; one with a `deposed` key is what a replacement left behind: Terraform
    replaces the one, and destroys the other, at the next apply.
    """

    address: str
    modules: tuple[str, ...]
    mode: str
    type: str
    name: str
    decode: Callable[[], TerraformValue] = field(repr=False, compare=False)
    provider: str = ""
    tainted: bool = False
    deposed: str = ""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What a state records; `secrets` are the values of outputs that are not to be shown."""

    at: Location
    objects: tuple[StateObject, ...]
    secrets: tuple[Callable[[], TerraformValue], ...] = ()
    size: int = 0


def is_state(found: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether JSON is a state rather than a plan; one in another version counts too."""
    if not isinstance(found, dict) or "planned_values" in found or "resource_changes" in found:
        return False
    return _is_file(found) or ("format_version" in found and _prints_state(found))


def _is_file(found: Mapping[str, Any]) -> bool:
    return "version" in found and not found.keys().isdisjoint({"lineage", "serial", "resources"})


def _prints_state(found: Mapping[str, Any]) -> bool:
    # An empty state is printed without values.
    return "values" in found or found.keys() <= {"format_version", "terraform_version"}


def state_of(found: Mapping[str, Any], name: str, data: bytes = b"") -> State:
    """Return the state in JSON that `is_state`; SourceError if it is not as Terraform writes it.

    `data` is the text of it, which tells the lines of its objects.
    """
    at, size = Location(name, 1, 1), len(data)
    try:
        return _of_file(found, at, data) if _is_file(found) else _of_shown(found, at, size)
    except Undecodable as error:
        raise _unreadable(error, name) from None


def _unreadable(error: Undecodable, name: str) -> SourceError:
    return SourceError(Reason(f"no state that can be read: {error}", name), hint=_HINT)


# The state file.


def _of_file(found: Mapping[str, Any], at: Location, data: bytes) -> State:
    version = found["version"]
    if version != VERSION:
        raise Undecodable(f"its format version is {version!s:.20}, and only {VERSION} is known")
    objects: dict[tuple[str, str], StateObject] = {}
    resources = _list(found.get("resources"), "resources")
    lines = _lines(data, len(resources))
    for n, (resource, line) in enumerate(zip(resources, lines, strict=True)):
        place = Location(at.source, line, 1)
        for one in _of_resource(_object(resource, f"resources[{n}]"), f"resources[{n}]", place):
            _add(objects, one)
    outputs = _object(found.get("outputs") or {}, "outputs")
    return State(at, tuple(objects.values()), tuple(_secret_outputs(outputs, at)), len(data))


_RESOURCE = re.compile(rb'\n    \{\n      "(?:module|mode)": ')
"""How a resource begins in a state file that Terraform wrote."""


def _lines(data: bytes, count: int) -> list[int]:
    """Return the line on which each resource begins; 1 for all of a file that is written oddly."""
    found: list[int] = []
    line = 1
    end = 0
    for match in _RESOURCE.finditer(data):
        line += data.count(b"\n", end, match.start() + 1)
        end = match.start() + 1
        found.append(line)
    return found if len(found) == count else [1] * count


def _of_resource(resource: dict[str, Any], path: str, at: Location) -> Iterator[StateObject]:
    type_, name = (_text(resource, word, path) for word in ("type", "name"))
    mode, module = _text(resource, "mode", path), _text(resource, "module", path, optional=True)
    modules = _steps(module, f"{path}.module")
    base = f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"
    base = f"{module}.{base}" if module else base
    provider = _provider(_text(resource, "provider", path, optional=True))
    for n, each in enumerate(_list(resource.get("instances"), f"{path}.instances")):
        own = f"{path}.instances[{n}]"
        instance = _object(each, own)
        if "attributes_flat" in instance:
            raise Undecodable(f"`{own}` is written by a Terraform before 0.12")
        deposed = _text(instance, "deposed", own, optional=True)
        key = _key(instance.get("index_key"), own)
        address = f"{base}{key}" + (f" (deposed object {deposed})" if deposed else "")
        attributes = _object(instance.get("attributes") or {}, f"{own}.attributes")
        yield StateObject(
            address,
            modules,
            "data" if mode == "data" else "resource",
            type_,
            address.removeprefix(f"{module}." if module else "").removeprefix("data.")[
                len(type_) + 1 :
            ],
            recorded(resource, instance, attributes, address, at),
            provider,
            instance.get("status") == "tainted",
            deposed,
            at,
        )


def _secret_outputs(
    outputs: Mapping[str, Any], at: Location
) -> Iterator[Callable[[], TerraformValue]]:
    for name, each in outputs.items():
        if isinstance(each, dict) and each.get("sensitive") is True:
            yield partial(value_of, each.get("value"), f"output.{name}", at)


# What `terraform show -json` prints.


def _of_shown(found: Mapping[str, Any], at: Location, size: int) -> State:
    version = found.get("format_version")
    if not isinstance(version, str) or version.partition(".")[0] not in {"0", "1"}:
        raise Undecodable(f"its format version is `{version!s:.20}`, and only 1.* are known")
    values = _object(found.get("values") or {}, "values")
    objects: dict[tuple[str, str], StateObject] = {}
    pending = [(_object(values.get("root_module") or {}, "values.root_module"), 0)]
    while pending:
        module, depth = pending.pop()
        if depth > MOST_MODULES:
            raise Undecodable("its modules are nested too deeply")
        children = _list(module.get("child_modules"), "child_modules")
        pending += [(_object(each, "child_modules"), depth + 1) for each in children]
        own = _text(module, "address", "module", optional=True)
        for each in _list(module.get("resources"), f"{own or 'root_module'}.resources"):
            _add(objects, _of_shown_resource(_object(each, f"{own}.resources"), own, at))
    outputs = _object(values.get("outputs") or {}, "values.outputs")
    return State(at, tuple(objects.values()), tuple(_secret_outputs(outputs, at)), size)


def _of_shown_resource(found: dict[str, Any], module: str, at: Location) -> StateObject:
    address = _text(found, "address", f"{module}.resources")
    type_, mode = _text(found, "type", address), _text(found, "mode", address)
    own = address.removeprefix(f"{module}." if module else "")
    start = f"data.{type_}." if mode == "data" else f"{type_}."
    if not own.startswith(start):
        raise Undecodable(f"`{address}` is not an address of a `{type_}`")
    deposed = _text(found, "deposed_key", address, optional=True)
    left = f" (deposed object {deposed})" if deposed else ""
    decode = shown(found.get("values"), found.get("sensitive_values"), address + left, at)
    return StateObject(
        address + left,
        _steps(module, module),
        "data" if mode == "data" else "resource",
        type_,
        own.removeprefix(start) + left,
        decode,
        "",
        found.get("tainted") is True,
        deposed,
    )


# Shapes.


def _add(objects: dict[tuple[str, str], StateObject], one: StateObject) -> None:
    if (one.mode, one.address) in objects:
        raise Undecodable(f"`{one.address}` is there twice")
    objects[one.mode, one.address] = one


def _steps(module: str, path: str) -> tuple[str, ...]:
    """Return the calls that lead to a module instance, each with its key."""
    found: list[str] = []
    at = 0
    while at < len(module):
        match = _STEP.match(module, at)
        if match is None or len(found) >= MOST_MODULES:
            raise Undecodable(f"`{path}` is not an address of a module")
        found.append(match[1] + (match[2] or ""))
        at = match.end()
    return tuple(found)


def _provider(written: str) -> str:
    """Return `module.a.aws.west` of `module.a.provider["registry…/aws"].west`."""
    match = _PROVIDER.fullmatch(written)
    return "" if match is None else f"{match[1]}{match[2]}{match[3]}"


def _key(key: object, path: str) -> str:
    if key is not None and (isinstance(key, bool) or not isinstance(key, (int, str))):
        raise Undecodable(f"`{path}.index_key` is not a string or whole number")
    return suffix(key)


def _object(found: object, path: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Undecodable(f"`{path}` is not an object")
    return found


def _list(found: object, path: str) -> list[Any]:
    if found is not None and not isinstance(found, list):
        raise Undecodable(f"`{path}` is not a list")
    return found or []


def _text(found: Mapping[str, Any], name: str, path: str, *, optional: bool = False) -> str:
    text = found.get(name)
    if text is None and optional:
        return ""
    if not isinstance(text, str) or (not text and not optional):
        raise Undecodable(f"`{path}.{name}` is not a string")
    return text
