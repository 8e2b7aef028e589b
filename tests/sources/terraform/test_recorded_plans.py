"""Plans that a real Terraform made, kept as fixtures: no value of ours differs from one of theirs.

`tools/record_plans.py` records them, and what the configurations were once applied.
"""

import json
from pathlib import Path

import pytest
from comparison import ATTRIBUTES, verdict, walked

from checker.sources.terraform.plan import Action
from checker.sources.terraform.plan.printed import read_plan_json

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
RECORDED = sorted(
    path.parent
    for path in FIXTURES.glob("*/*/plan.json")
    if path.parent.parent.name != "saved-plans"
)
READ_BACK = {"function_name"}
"""Attributes that the provider reads back in another form than it was given."""


def after_of(change):
    return change.after if isinstance(change.after, dict) else {}


def applied_in(folder):
    path = folder / "applied.json"
    if not path.exists():
        return {}
    pending, found = [json.loads(path.read_text("utf-8"))["root_module"]], {}
    while pending:
        module = pending.pop()
        found |= {each["address"]: each["values"] for each in module.get("resources", [])}
        pending += module.get("child_modules", [])
    return found


@pytest.mark.parametrize("folder", RECORDED, ids=lambda folder: folder.name)
def test_no_value_differs_from_what_terraform_planned(folder):
    plan = read_plan_json(folder / "plan.json")
    applied = applied_in(folder)
    sure, unsure = walked(folder)
    seen = 0
    for address, change in plan.changes.items():
        type_ = address.rpartition(".")[0].rpartition(".")[2].partition("[")[0]
        if change.action is Action.DELETE or type_ not in ATTRIBUTES:
            continue
        instance = sure.get(address)
        if instance is None:
            assert any(each.type == type_ for each in unsure), f"{address} is not found"
            continue
        for name in ATTRIBUTES[type_]:
            ours = instance.attribute(name, instance.at)
            after = applied.get(address, {}).get(name) if name not in READ_BACK else None
            found = verdict(ours, after_of(change).get(name), after)
            assert found not in {"differs", "weaker"}, (
                f"{address}.{name} is {found}: {ours!r}, planned {after_of(change).get(name)!r},"
                f" applied {after!r}"
            )
            seen += found in {"same", "more"}
    assert seen


def test_enough_is_recorded():
    assert len(RECORDED) >= 40
    assert sum((folder / "applied.json").exists() for folder in RECORDED) >= 10
