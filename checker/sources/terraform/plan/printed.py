"""Plan JSON (`terraform show -json FILE`): values, configuration and references, but no positions.

See https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from checker.errors import Reason, SourceError
from checker.files import FileError, contents
from checker.knowledge.partial import Location
from checker.sources.terraform.plan import Action, Change, Plan, Sides
from checker.sources.terraform.plan.configuration import Configuration
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.model import Deferred, unknown
from checker.sources.terraform.plan.opened import opened_plan
from checker.sources.terraform.plan.shape import check_configuration
from checker.sources.terraform.plan.shown import marked, read_json, value_of
from checker.sources.terraform.plan.state import show_state
from checker.sources.terraform.values.terraform_values import TerraformValue

MOST_BYTES = 200 * 1024 * 1024
MOST_VALUES = 5_000_000

HINT = "write it with `terraform show -json PLANFILE`"


def read_plan_json(path: Path, name: str | None = None) -> Plan:
    """Read plan JSON by its path; `name` is what messages and locations call it.

    SourceError if the file is no plan JSON of a version that is known.
    """
    name = path.as_posix() if name is None else name
    with opened_plan(path, name) as file:
        return parse_shown(file, name)


def parse_shown(file: BinaryIO, name: str) -> Plan:
    """Read plan JSON from an open file; else as `read_plan_json`."""
    try:
        data = contents(file, MOST_BYTES)
    except FileError as error:
        raise SourceError(Reason(f"the file {error.why}", name)) from None
    return parse_plan_json(data, name)


def parse_plan_json(data: bytes, name: str) -> Plan:
    """Read plan JSON from bytes, such as standard input's; else as `read_plan_json`."""
    if len(data) > MOST_BYTES:
        raise SourceError(Reason(f"the plan JSON is larger than {MOST_BYTES} bytes", name))
    try:
        shown = read_json(data, MOST_VALUES)
    except Undecodable as error:
        raise _unreadable(error, name) from None
    return plan_of(shown, name, len(data))


def plan_of(shown: Any, name: str, size: int = 0) -> Plan:  # noqa: ANN401 - whatever JSON holds
    """Return the plan that parsed JSON holds; raises as `read_plan_json`."""
    try:
        _check(shown, name)
        check_configuration(shown.get("configuration"))
    except Undecodable as error:
        raise _unreadable(error, name) from None
    at = Location(name, 1, 1)
    changes, deposed = _changes(shown["resource_changes"], at)
    complete = shown.get("complete") is True and not shown.get("deferred_changes")
    return Plan(
        at,
        terraform_version=_text(shown.get("terraform_version")),
        complete=complete,
        errored=shown.get("errored") is True,
        variables=_variables(shown.get("variables"), at),
        lists_defaults=True,
        changes=changes,
        deposed=deposed,
        prior=_prior(shown.get("prior_state"), at),
        configuration=Configuration(_object(shown.get("configuration")), at),
        size=size,
    )


def _unreadable(error: Undecodable, name: str) -> SourceError:
    return SourceError(Reason(f"no plan JSON that can be read: {error}", name), hint=HINT)


def _check(shown: Any, name: str) -> None:  # noqa: ANN401 - whatever JSON holds
    version = shown.get("format_version") if isinstance(shown, dict) else None
    if not isinstance(version, str) or "planned_values" not in shown:
        raise SourceError(Reason("the JSON is not a plan", name), hint=HINT)
    if version.partition(".")[0] != "1":
        why = f"the plan JSON is of format version `{version}`, and only versions 1.* are known"
        raise SourceError(Reason(why, name))
    # A plan that changes nothing has no list of changes.
    if not isinstance(shown.setdefault("resource_changes", []), list):
        raise SourceError(Reason("the JSON is not a plan", name), hint=HINT)


def _text(shown: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return shown if isinstance(shown, str) else ""


def _object(shown: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    return shown if isinstance(shown, dict) else {}


def _variables(shown: Any, at: Location) -> Mapping[str, TerraformValue]:  # noqa: ANN401 - whatever JSON holds
    given = {
        name: partial(value_of, one.get("value"), f"var.{name}", at)
        for name, one in _object(shown).items()
        if isinstance(one, dict)
    }
    return Deferred(lambda: given)


def _prior(shown: Any, at: Location) -> Mapping[str, TerraformValue]:  # noqa: ANN401 - whatever JSON holds
    return Deferred(partial(show_state, _object(shown).get("values"), at))


def _changes(shown: list[Any], at: Location) -> tuple[dict[str, Change], tuple[Change, ...]]:
    """Return the changes by address, and those of objects that were left behind."""
    current: dict[str, Change] = {}
    deposed: list[Change] = []
    for one in shown:
        address = _text(_object(one).get("address"))
        if not address:
            continue
        change = Change(
            address,
            partial(_sides, _object(one.get("change")), address, at),
            provider=_text(one.get("provider_name")),
            deposed=_text(one.get("deposed")),
        )
        if change.deposed:
            deposed.append(change)
        elif address in current:
            current[address] = Change(address, partial(unknown, address, "it is there twice", at))
        else:
            current[address] = change
    return current, tuple(deposed)


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
