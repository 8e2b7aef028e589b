"""Plans that a real Terraform made, kept as fixtures: no value of ours differs from one of theirs.

`tools/record_plans.py` records them, and what the configurations were once applied.
"""

import json
from pathlib import Path

import pytest
from comparison import differences, options
from scenarios import RECORDED, SCENARIOS

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
KINDS = ("configurations", "plans")
PLANS = {path.parent: path for kind in KINDS for path in FIXTURES.glob(f"{kind}/*/plan.json")}
PLANS |= {each: each / RECORDED / "plan.json" for each in SCENARIOS}
PLANNED = sorted(folder for folder, plan in PLANS.items() if plan.exists())


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


@pytest.mark.sampled(3)
@pytest.mark.parametrize("folder", PLANNED, ids=lambda folder: folder.name)
def test_no_value_differs_from_what_terraform_planned(folder):
    variables = (options(folder).get("options") or {}).get("var", [])
    shown = PLANS[folder].read_bytes()
    seen, found = differences(folder, shown, applied_in(folder), variables)
    assert not found
    assert seen


def test_enough_is_recorded():
    assert len(PLANNED) >= 40
    assert sum((folder / "applied.json").exists() for folder in PLANNED) >= 10
