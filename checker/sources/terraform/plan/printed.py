"""Plan JSON (`terraform show -json FILE`): values, configuration and references, but no positions.

See https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.plan import Action, Change, Plan, Sides
from checker.sources.terraform.plan.configuration import Configuration
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.model import Deferred, by_address
from checker.sources.terraform.plan.shape import check_configuration
from checker.sources.terraform.plan.shown import marked, value_of
from checker.sources.terraform.plan.state import show_state
from checker.sources.terraform.values.terraform_values import TerraformValue

MOST_VALUES = 5_000_000

HINT = "write it with `terraform show -json PLANFILE`"


def plan_of(shown: object, name: str, size: int = 0) -> Plan:
    """Return the plan that parsed JSON holds.

    SourceError if it is not plan JSON of a version that is known.
    """
    try:
        found = _checked(shown, name)
        check_configuration(found.get("configuration"))
    except Undecodable as error:
        raise _unreadable(error, name) from None
    at = Location(name, 1, 1)
    changes, deposed = _changes(found["resource_changes"], at)
    complete = found.get("complete") is True and not found.get("deferred_changes")
    return Plan(
        at,
        terraform_version=_text(found.get("terraform_version")),
        complete=complete,
        errored=found.get("errored") is True,
        variables=_variables(found.get("variables"), at),
        lists_defaults=True,
        changes=changes,
        deposed=deposed,
        prior=_prior(found.get("prior_state"), at),
        configuration=Configuration(_object(found.get("configuration")), at),
        size=size,
    )


def _unreadable(error: Undecodable, name: str) -> SourceError:
    return SourceError(Reason(f"no plan JSON that can be read: {error}", name), hint=HINT)


def _checked(shown: object, name: str) -> dict[str, Any]:
    found = _object(shown)
    version = found.get("format_version")
    if not isinstance(version, str) or "planned_values" not in found:
        raise SourceError(Reason("the JSON is not a plan", name), hint=HINT)
    if version.partition(".")[0] != "1":
        why = f"the plan JSON is of format version `{version}`, and only versions 1.* are known"
        raise SourceError(Reason(why, name))
    # A plan that changes nothing has no list of changes.
    if not isinstance(found.setdefault("resource_changes", []), list):
        raise SourceError(Reason("the JSON is not a plan", name), hint=HINT)
    return found


def _text(shown: object) -> str:
    return shown if isinstance(shown, str) else ""


def _object(shown: object) -> dict[str, Any]:
    return shown if isinstance(shown, dict) else {}


def _variables(shown: object, at: Location) -> Mapping[str, TerraformValue]:
    given = {
        name: partial(value_of, one.get("value"), f"var.{name}", at)
        for name, one in _object(shown).items()
        if isinstance(one, dict)
    }
    return Deferred(lambda: given)


def _prior(shown: object, at: Location) -> Mapping[str, TerraformValue]:
    return Deferred(partial(show_state, _object(shown).get("values"), at))


def _changes(shown: list[Any], at: Location) -> tuple[dict[str, Change], tuple[Change, ...]]:
    """Return the changes by address, and those of objects that were left behind."""
    changes = (
        Change(
            address,
            partial(_sides, _object(one.get("change")), address, at),
            provider=_text(one.get("provider_name")),
            deposed=_text(one.get("deposed")),
        )
        for one in map(_object, shown)
        if (address := _text(one.get("address")))
    )
    return by_address(changes, at)


def _sides(change: dict[str, Any], address: str, at: Location) -> Sides:
    actions = change.get("actions")
    known = [one for one in actions if isinstance(one, str)] if isinstance(actions, list) else []
    try:
        action = Action(", ".join(known))
    except ValueError:
        action = Action.UNKNOWN
    before, after = change.get("before"), change.get("after")
    return Sides(
        action,
        value_of(before, address, at),
        value_of(after, address, at, change.get("after_unknown")),
        marked(change.get("before_sensitive")),
        marked(change.get("after_sensitive")),
    )
