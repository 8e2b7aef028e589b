"""A saved plan file, read without starting a process.

`terraform show` would run the provider binaries that a pull request can supply. The file is a zip
with the configuration (`tfconfig/`), the state before (`tfstate`) and the plan (`tfplan`: protobuf,
values in msgpack); the format carries a version and is Terraform's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from checker.errors import Reason, SourceError
from checker.partial import Hole, Location
from checker.sources.terraform.expansion import suffix
from checker.sources.terraform.plans.archive import PLAN, members
from checker.sources.terraform.plans.owners import State, accounts, regions
from checker.sources.terraform.plans.plan import Action, Change, Plan
from checker.sources.terraform.plans.values import BrokenError, unknown, unpack, value_of
from checker.sources.terraform.values import Value

VERSION = 3
_ACTIONS = {
    0: Action.NOTHING,
    1: Action.CREATE,
    2: Action.READ,
    3: Action.UPDATE,
    5: Action.DELETE,
    6: Action.REPLACE,
    7: Action.REPLACE,
    8: Action.FORGET,
    9: Action.REPLACE,
}
_PROVIDER = re.compile(r'((?:module\..*\.)?)provider\["[^"]*/aws"\]((?:\.[\w-]+)?)')
_CONFIGURATION = "tfconfig/"


def read_saved(path: Path, name: str) -> tuple[Plan, dict[str, bytes]]:
    """Return what a plan file knows, and the configuration in it by path from the root module.

    SourceError if it is no plan file. Where only the plan in it cannot be read (another format
    version), its variables are unknown.
    """
    found = members(path, name)
    if PLAN not in found or not any(member.startswith(_CONFIGURATION) for member in found):
        reason = Reason("the file is a zip, but no plan file of Terraform", name)
        raise SourceError(reason, hint="make one with `terraform plan -out=FILE`")
    at = Location(name)
    try:
        plan = _plan(found, at)
    except BrokenError as error:
        why = f"the plan in `{name}` cannot be read: {error}"
        hole = Hole("plan", why=why, at=at, remedy="plan with a Terraform that tfcheck knows")
        plan = Plan(name, unknown=hole)
    return plan, _configuration(found, name)


def provider_key(written: str) -> str:
    """Return a provider configuration as configurations name it: `aws`, `module.a.aws.west`."""
    match = _PROVIDER.fullmatch(written)
    return "" if match is None else f"{match[1]}aws{match[2]}"


# The configuration.


def _configuration(found: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """Lay the modules in the zip where their sources look for them."""
    files: dict[str, bytes] = {}
    for key, directory in _directories(found, name):
        start = f"{_CONFIGURATION}m-{key}/"
        for member, data in found.items():
            rest = member.removeprefix(start)
            if member != rest and "/" not in rest:
                files[(PurePosixPath(directory) / rest).as_posix()] = data
    manifest = found.get(f"{_CONFIGURATION}modules.json", b'{"Modules":[]}')
    files[".terraform/modules/modules.json"] = b'{"Modules":%s}' % manifest
    return files


def _directories(found: Mapping[str, bytes], name: str) -> Iterator[tuple[str, str]]:
    try:
        for entry in json.loads(found[f"{_CONFIGURATION}modules.json"]):
            yield str(entry["Key"]), str(entry["Dir"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        reason = Reason("the list of modules in the plan file cannot be read", name)
        raise SourceError(reason) from error


# The plan.


def _plan(found: Mapping[str, bytes], at: Location) -> Plan:
    from google.protobuf.message import DecodeError

    from checker.sources.terraform.plans.messages import plan_message

    try:
        message = plan_message().FromString(found[PLAN])
    except DecodeError as error:
        raise BrokenError("it is no plan") from error
    if message.version != VERSION:
        raise BrokenError(f"its format has version {message.version}, and only {VERSION} is known")
    changes = {change.address: change for change in _changes(message, at)}
    states = list(_states(found.get("tfstate", b"{}"), at))
    variables = {each.key: _dynamic(each.value.msgpack, each.key, at) for each in message.variables}
    variables |= {each: unknown(f"var.{each}", at) for each in message.apply_time_variables}
    return Plan(
        at.source,
        complete=True,
        variables=variables,
        changes=changes,
        read={address: values for address, _, mode, values in states if mode == "data"},
        accounts=accounts(changes, states),
        regions=regions(states),
    )


def _dynamic(data: bytes, name: str, at: Location) -> Value:
    """Read the value of a variable: a pair of the JSON of its type and itself."""
    pair = unpack(data)
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
        raise BrokenError(f"variable `{name}` has no type")
    return value_of(pair[1], f"var.{name}", at)


def _changes(message: Any, at: Location) -> Iterator[Change]:  # noqa: ANN401 - the library's
    for each in message.resource_changes:
        action = _ACTIONS.get(each.change.action)
        if action is None:
            raise BrokenError(f"`{each.address}` has an unknown action {each.change.action}")
        gone = action in (Action.DELETE, Action.FORGET)
        after: dict[str, Value] = {}
        if not gone and each.change.values:
            raw = unpack(each.change.values[-1].msgpack)
            if not isinstance(raw, dict):
                raise BrokenError(f"`{each.address}` is no object")
            after = {k: value_of(v, f"{each.address}.{k}", at) for k, v in raw.items()}
        sensitive = frozenset(p.steps[0].attribute for p in each.change.after_sensitive if p.steps)
        yield Change(each.address, action, after, provider_key(each.provider), sensitive)


def _states(data: bytes, at: Location) -> Iterator[State]:
    """Yield the instances of a state file (version 4)."""
    try:
        state = json.loads(data)
        for resource in state.get("resources", []):
            data_source = "data." if resource["mode"] == "data" else ""
            module = f"{resource['module']}." if resource.get("module") else ""
            block = f"{module}{data_source}{resource['type']}.{resource['name']}"
            for instance in resource["instances"]:
                address = block + suffix(instance.get("index_key"))
                attributes = {
                    name: value_of(raw, f"{address}.{name}", at)
                    for name, raw in instance["attributes"].items()
                }
                yield address, provider_key(resource["provider"]), resource["mode"], attributes
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise BrokenError(f"the state in it is broken: {error}") from error
