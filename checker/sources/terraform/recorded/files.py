"""Files that Terraform, OpenTofu or Terragrunt write: of which kind one is, and what it holds."""

from __future__ import annotations

from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, contents
from checker.sources.terraform.plan.archive import begins_as_zip
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.opened import MOST_BYTES, opened_plan
from checker.sources.terraform.plan.printed import HINT, MOST_VALUES, plan_of
from checker.sources.terraform.plan.saved import parse_saved_plan
from checker.sources.terraform.plan.shown import read_json
from checker.sources.terraform.state.objects import State, is_state, state_of
from checker.sources.terraform.terragrunt.units import Unit, is_unit, unit_of

RecordedInput = Plan | State | Unit


def read_recorded(path: Path, name: str, repository: Repository | None = None) -> RecordedInput:
    """Read a saved plan, or JSON: a plan, a state, or a rendered unit of Terragrunt.

    It may lie anywhere, but must not lead out of the `repository` if it is written as one inside.
    SourceError if it is none of these, or encrypted.
    """
    with opened_plan(path, name, repository) as file:
        if begins_as_zip(file):
            return parse_saved_plan(file, name)
        try:
            data = contents(file, MOST_BYTES)
        except FileError as error:
            raise SourceError(Reason(f"the file {error.why}", name)) from None
    return parse_recorded(data, name)


def parse_recorded(data: bytes, name: str) -> RecordedInput:
    """Read JSON from bytes, such as standard input's; else as `read_recorded`."""
    if len(data) > MOST_BYTES:
        raise SourceError(Reason(f"the JSON is larger than {MOST_BYTES} bytes", name))
    try:
        found = read_json(data, MOST_VALUES)
    except Undecodable as error:
        why = f"no plan JSON or state that can be read: {error}"
        raise SourceError(Reason(why, name), hint=HINT) from None
    _refuse_encrypted(found, name)
    if is_state(found):
        return state_of(found, name, data)
    if is_unit(found):
        return unit_of(found, name)
    return plan_of(found, name, len(data))


def read_plan(path: Path, name: str, repository: Repository | None = None) -> Plan:
    """Read a plan of either kind; SourceError for anything else."""
    found = read_recorded(path, name, repository)
    if isinstance(found, State):
        why, hint = "the file is not a plan but a state", "name it with `--state`"
        raise SourceError(Reason(why, name), hint=hint)
    if isinstance(found, Unit):
        raise SourceError(Reason("the file is not a plan but a rendered unit of Terragrunt", name))
    return found


def read_state(path: Path, name: str, repository: Repository | None = None) -> State:
    """Read a state file, or what `terraform show -json` prints of one; SourceError for others."""
    found = read_recorded(path, name, repository)
    if isinstance(found, Plan):
        why, hint = "the file is not a state but a plan", "name it with `--plan`"
        raise SourceError(Reason(why, name), hint=hint)
    if isinstance(found, Unit):
        raise SourceError(Reason("the file is not a state but a rendered unit of Terragrunt", name))
    return found


def _refuse_encrypted(found: object, name: str) -> None:
    """Refuse what OpenTofu encrypted; see https://opentofu.org/docs/language/state/encryption/."""
    if not isinstance(found, dict) or not {"encrypted_data", "encryption_version"} <= found.keys():
        return
    state = "lineage" in found or "serial" in found
    what = "state" if state else "plan"
    ways = "`tofu state pull`" if state else "`tofu show -json PLANFILE`"
    raise SourceError(
        Reason(f"the {what} is encrypted by OpenTofu, and tfcheck takes no key", name),
        hint=f"name what {ways} prints where the key is at hand",
    )
