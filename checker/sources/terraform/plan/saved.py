"""A saved plan file (`terraform plan -out=FILE`), read without starting Terraform.

It is a zip of the plan (`tfplan`), the refreshed prior state (`tfstate`) and every module's
configuration (`tfconfig/`). Its format is Terraform's own; where the plan cannot be read or is of
another format version, the configuration still is, and every variable is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, BinaryIO

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.plan import Action, Change, Mode, ModuleSource, Plan, Sides, holes
from checker.sources.terraform.plan.archive import read_archive
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.messages import parse, parse_plan
from checker.sources.terraform.plan.model import Deferred, by_address, unknown
from checker.sources.terraform.plan.model import Path as Steps
from checker.sources.terraform.plan.packed import MOST_BYTES, DecodingBudget, decode
from checker.sources.terraform.plan.shown import read_json
from checker.sources.terraform.plan.state import read_providers, read_state
from checker.sources.terraform.values.terraform_values import TerraformValue

VERSION = 3
_CONFIGURATION, _MANIFEST = "tfconfig/", "tfconfig/modules.json"
_MOST_MODULES = 200_000

_ACTIONS = {
    0: Action.NO_OP,
    1: Action.CREATE,
    2: Action.READ,
    3: Action.UPDATE,
    5: Action.DELETE,
    6: Action.DELETE_THEN_CREATE,
    7: Action.CREATE_THEN_DELETE,
    8: Action.FORGET,
    9: Action.CREATE_THEN_FORGET,
}
_MODES = {0: Mode.NORMAL, 1: Mode.DESTROY, 2: Mode.REFRESH_ONLY}


def parse_saved_plan(file: BinaryIO, name: str) -> Plan:
    """Read a saved plan from an open file; `name` is what messages and locations call it.

    SourceError if the file is not a saved plan, or one that nobody's Terraform would write.
    """
    members = _members(file, name)
    at = Location(name, 1, 1)
    files = _files(members)
    modules = _modules(members.pop(_MANIFEST, b""))
    try:
        plan = parse_plan(members.pop("tfplan"))
        _check_version(plan)
    except Undecodable as error:
        why = f"the plan in `{name}` cannot be read: {error}"
        return Plan(at, why_unknown=why, files=files, modules=modules)
    state = members.pop("tfstate", b"")
    budget = DecodingBudget(file.seek(0, 2))
    try:
        variables = _variables(plan, at, budget)
    except Undecodable as error:
        why = f"the variables in `{name}` cannot be read: {error}"
        return Plan(at, why_unknown=why, files=files, modules=modules)
    changes, deposed = _changes(plan, at, budget)
    return Plan(
        at,
        terraform_version=plan.terraform_version,
        mode=_MODES.get(plan.ui_mode),
        workspace=plan.backend.workspace or None,
        complete=plan.complete and not plan.deferred_changes,
        errored=plan.errored,
        variables=variables,
        set_later=frozenset(plan.set_later),
        changes=changes,
        deposed=deposed,
        prior=Deferred(partial(read_state, state, at)),
        prior_providers=Deferred(partial(read_providers, state)),
        modules=modules,
        files=files,
        size=budget.size,
    )


def _members(file: BinaryIO, name: str) -> dict[str, bytes]:
    found = dict(read_archive(file, _is_wanted, name))
    if "tfplan" not in found:
        hint = "save a plan with `terraform plan -out=FILE`"
        raise SourceError(
            Reason("the zip is not a saved plan: it holds no `tfplan`", name), hint=hint
        )
    return found


def _is_wanted(member: str) -> bool:
    return member in {"tfplan", "tfstate"} or member.startswith(_CONFIGURATION)


def _check_version(plan: Any) -> None:  # noqa: ANN401 - a `Plan` message
    if plan.version != VERSION:
        raise Undecodable(
            f"its format version is {plan.version}, and only version {VERSION} is known"
        )


def _files(members: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Take out the configuration: `tfconfig/m-KEY/NAME`."""
    found: dict[str, dict[str, bytes]] = {}
    for member in [one for one in members if one.startswith(f"{_CONFIGURATION}m-")]:
        folder, _, name = member.removeprefix(f"{_CONFIGURATION}m-").partition("/")
        if name and "/" not in name:
            found.setdefault(folder, {})[name] = members.pop(member)
    return found


def _modules(manifest: bytes) -> dict[str, ModuleSource]:
    """Read where the modules came from, which serves to name them; none if it cannot be read."""
    try:
        listed = read_json(manifest, _MOST_MODULES)
    except Undecodable:
        return {}
    found: dict[str, ModuleSource] = {}
    for one in listed if isinstance(listed, list) else ():
        given = one if isinstance(one, dict) else {}
        key, source, directory = (given.get(word, "") for word in ("Key", "Source", "Dir"))
        if isinstance(key, str) and isinstance(source, str) and isinstance(directory, str):
            found[key] = ModuleSource(key, source, directory)
    return found


def _variables(plan: Any, at: Location, budget: DecodingBudget) -> Mapping[str, TerraformValue]:  # noqa: ANN401 - a `Plan` message
    """Return the variables, each decoded when it is asked for; Undecodable if one has no name."""
    packed: dict[str, bytes] = {}
    for entry in plan.variables:
        variable = parse("Variable", entry)
        packed[variable.name] = variable.value
    return Deferred(
        lambda: {
            name: partial(_variable, data, f"var.{name}", at, budget)
            for name, data in packed.items()
        }
    )


def _variable(data: bytes, name: str, at: Location, budget: DecodingBudget) -> TerraformValue:
    try:
        return decode(parse("DynamicValue", data).msgpack, name, at, budget)
    except Undecodable as error:
        return holes.unreadable(name, error, at)


def _changes(
    plan: Any,  # noqa: ANN401 - a `Plan` message
    at: Location,
    budget: DecodingBudget,
) -> tuple[dict[str, Change], tuple[Change, ...]]:
    """Return the changes by address, and those of objects that were left behind."""
    changes = (
        Change(
            one.addr,
            partial(_sides, one.change, one.addr, at, budget),
            provider=_source(one.provider),
            provider_config=one.provider,
            deposed=one.deposed_key,
        )
        for one in plan.resource_changes
    )
    return by_address(changes, at)


def _source(provider: str) -> str:
    """Return `registry.terraform.io/hashicorp/aws` of `module.a.provider["…"].west`."""
    _, _, rest = provider.partition('provider["')
    return rest.partition('"]')[0]


_MOST_CHANGE_BYTES = 3 * MOST_BYTES


def _sides(data: bytes, address: str, at: Location, budget: DecodingBudget) -> Sides:
    if len(data) > _MOST_CHANGE_BYTES:
        return unknown(address, f"it is larger than {_MOST_CHANGE_BYTES} bytes", at)
    try:
        change = parse("Change", data)
        action = _ACTIONS.get(change.action, Action.UNKNOWN)
        values = [
            decode(parse("DynamicValue", value).msgpack, address, at, budget)
            for value in change.values[:3]
        ]
        before, after = _before_and_after(action, values)
    except Undecodable as error:
        return unknown(address, str(error), at)
    return Sides(
        action,
        before,
        after,
        _paths(change.before_sensitive_paths),
        _paths(change.after_sensitive_paths),
    )


_AFTER = {Action.CREATE, Action.READ}
_BEFORE = {Action.DELETE, Action.FORGET}


def _before_and_after(
    action: Action, values: list[TerraformValue]
) -> tuple[TerraformValue, TerraformValue]:
    """Tell which value is which: a change of nothing, or of one side only, has one."""
    match values:
        case [one] if action is Action.NO_OP:
            return one, one
        case [one] if action in _AFTER:
            return None, one
        case [one] if action in _BEFORE:
            return one, None
        case [before, after] if action not in {Action.UNKNOWN, Action.NO_OP, *_BEFORE}:
            return before, after
        case _:
            raise Undecodable("it is a change of a kind that is not known")


def _paths(given: Any) -> frozenset[Steps]:  # noqa: ANN401 - repeated bytes
    """Return paths of secrets; of one that cannot be read, so much as can be."""
    if len(given) > _MOST_PATHS:
        return frozenset([()])
    return frozenset(_path(one) for one in given)


_MOST_PATHS, _MOST_PATH_BYTES = 10_000, 64 * 1024


def _path(data: bytes) -> Steps:
    found: list[str | int] = []
    if len(data) > _MOST_PATH_BYTES:
        return ()
    try:
        for one in parse("Path", data).steps:
            step = parse("Step", one)
            key: TerraformValue = step.attribute_name
            if not key:
                key = decode(step.element_key.msgpack, "key", Location(""), DecodingBudget())
            if isinstance(key, bool) or not isinstance(key, (str, int)):
                break
            found.append(key)
    except Undecodable:
        pass
    return tuple(found)
