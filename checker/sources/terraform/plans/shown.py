"""Plan JSON: what `terraform show -json` prints of a plan.

See https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.errors import Reason, SourceError
from checker.partial import Location
from checker.sources.terraform.plans.owners import accounts, regions
from checker.sources.terraform.plans.plan import INSTANCE, Action, Change, Plan
from checker.sources.terraform.plans.values import BrokenError, unknown, value_of
from checker.sources.terraform.values import PlacedDict, PlacedTuple, Value

_ACTIONS = {
    ("no-op",): Action.NOTHING,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("create", "forget"): Action.REPLACE,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan, and the configuration that its JSON holds: expressions as their references."""

    plan: Plan
    configuration: Mapping[str, Any]


def read_shown(data: bytes, name: str) -> Shown:
    """Return what plan JSON tells; SourceError if it is none."""
    at = Location(name)
    try:
        found = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        reason = Reason(f"neither a saved plan nor plan JSON: {error}", name)
        raise SourceError(reason, hint=_HINT) from error
    if not isinstance(found, dict) or not isinstance(found.get("resource_changes", []), list):
        raise SourceError(Reason("the JSON is no plan of Terraform", name), hint=_HINT)
    if "planned_values" not in found or not str(found.get("format_version", "")).startswith("1."):
        reason = Reason("the JSON is no plan of Terraform with format version 1", name)
        raise SourceError(reason, hint=_HINT)
    try:
        return Shown(_plan(found, at), found.get("configuration") or {})
    except (BrokenError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(Reason(f"the plan JSON is broken: {error}", name)) from error


_HINT = "make one with `terraform plan -out=FILE`, and its JSON with `terraform show -json FILE`"


def _plan(found: Mapping[str, Any], at: Location) -> Plan:
    configuration = found.get("configuration") or {}
    providers = dict(_providers(configuration.get("root_module") or {}, ""))
    variables = {
        name: value_of(each.get("value"), f"var.{name}", at)
        for name, each in (found.get("variables") or {}).items()
    }
    changes = {change.address: change for change in _changes(found, providers, at)}
    prior = ((found.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    states = [
        (each["address"], providers.get(block_of(each["address"]), ""), "data", values)
        for each in _resources(prior)
        if each["mode"] == "data"
        for values in (_attributes(each["values"], {}, each["address"], at),)
    ]
    configured = configuration.get("provider_config") or {}
    return Plan(
        at.source,
        complete=True,
        variables=variables,
        changes=changes,
        read={address: values for address, _, _, values in states},
        accounts=accounts(changes, states),
        regions=regions(states) | dict(_regions(configured, variables)),
    )


def block_of(address: str) -> str:
    """Return the address of a block: that of its instance without instance keys."""
    return INSTANCE.sub("", address)


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and those below."""
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _providers(module: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield the provider configuration of every block, as configurations name it."""
    for each in module.get("resources", ()):
        key = each.get("provider_config_key", "")
        yield f"{path}{each['address']}", key.replace(":", ".")
    for name, call in (module.get("module_calls") or {}).items():
        yield from _providers(call.get("module") or {}, f"{path}module.{name}.")


def _regions(
    configured: Mapping[str, Any], variables: Mapping[str, Value]
) -> Iterator[tuple[str, str]]:
    """Yield the Region of provider configurations that name it, or a variable that does."""
    for key, each in configured.items():
        region = (each.get("expressions") or {}).get("region") or {}
        value = region.get("constant_value")
        references = region.get("references") or []
        if len(references) == 1 and str(references[0]).startswith("var.") and ":" not in key:
            value = variables.get(references[0].removeprefix("var."))
        if isinstance(value, str):
            yield key.replace(":", "."), value


def _changes(
    found: Mapping[str, Any], providers: Mapping[str, str], at: Location
) -> Iterator[Change]:
    for each in found.get("resource_changes", ()):
        change, address = each["change"], each["address"]
        action = _ACTIONS.get(tuple(change["actions"]))
        if action is None:
            raise BrokenError(f"`{address}` has unknown actions {change['actions']}")
        after = _attributes(change.get("after"), change.get("after_unknown"), address, at)
        marks = change.get("after_sensitive")
        sensitive = [k for k, v in marks.items() if _marked(v)] if isinstance(marks, dict) else ()
        provider = providers.get(block_of(address), "")
        yield Change(address, action, after, provider, frozenset(sensitive))


def _marked(marks: Any) -> bool:  # noqa: ANN401 - `true`, or a collection with one in it
    if isinstance(marks, (dict, list)):
        return any(map(_marked, marks.values() if isinstance(marks, dict) else marks))
    return marks is True


def _attributes(after: Any, unknowns: Any, address: str, at: Location) -> dict[str, Value]:  # noqa: ANN401
    """Return the attributes of an instance, with an unknown for each that the plan calls so."""
    value = _merged(value_of(after or {}, address, at), unknowns or {}, address, at)
    return dict(value) if isinstance(value, dict) else {}


def _merged(value: Value, unknowns: Any, name: str, at: Location) -> Value:  # noqa: ANN401
    """Lay what is unknown over a value: `after_unknown` holds `true` where it is."""
    if unknowns is True:
        return unknown(name, at)
    if isinstance(unknowns, dict):
        given = value if isinstance(value, dict) else {}
        keys = [*given, *(key for key in unknowns if key not in given and unknowns[key])]
        return PlacedDict(
            {key: _merged(given.get(key), unknowns.get(key), f"{name}.{key}", at) for key in keys},
            at=at,
        )
    if isinstance(unknowns, list) and isinstance(value, tuple) and len(unknowns) == len(value):
        return PlacedTuple(
            _merged(one, unknowns[n], f"{name}[{n}]", at) for n, one in enumerate(value)
        )
    return value
