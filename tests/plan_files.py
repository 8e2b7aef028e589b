"""Plans by their files or bytes, as a run reads what the user names."""

from checker.sources.terraform.plan.opened import opened_plan
from checker.sources.terraform.plan.saved import parse_saved_plan
from checker.sources.terraform.recorded.files import parse_recorded as parse_plan_json
from checker.sources.terraform.recorded.files import read_plan

__all__ = ["parse_plan_json", "read_plan_json", "read_saved_plan"]


def read_saved_plan(path, name=None):
    name = path.as_posix() if name is None else name
    with opened_plan(path, name) as file:
        return parse_saved_plan(file, name)


def read_plan_json(path, name=None):
    return read_plan(path, path.as_posix() if name is None else name)
