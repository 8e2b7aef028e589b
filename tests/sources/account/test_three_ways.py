"""One deployment told three ways gives the same verdicts and findings.

Source, saved plan, and what an account answered once it was applied (`tools/record_account.py`
records that); rules that do not work on all three are left out.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from answered import audited

from checker.check import check
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rule import EVERYWHERE
from checker.rules import RULES
from checker.sources.terraform.load import Given, load

ROOT = Path(__file__).parents[3]
RECORDED = sorted(p.parent for p in (ROOT / "fixtures/scenarios").glob("*/account.jsonl"))
COMMON = [
    rule for rule in RULES if rule.works == EVERYWHERE and not rule.name.startswith("deployer-")
]
"""Who deploys is not part of what is applied."""


def region_of(folder):
    first = (folder / "account.jsonl").read_text().splitlines()
    listed = next(line for line in first if "ListEventSourceMappings" in line)
    return json.loads(json.loads(listed)[0])[1]


def told(inventory, policy):
    """Verdicts and findings by what the account calls the mapping, whatever the place."""
    rules = [rule for rule in COMMON if rule.name in policy.severities]
    results = check(inventory, rules, policy.settings)
    report = judge([inventory], results, policy, date(2026, 11, 23), inline=False)
    names = {row.id: pair(row) for row in report.mappings}
    found = sorted(
        (finding.rule, finding.kind, tuple(sorted(names[each] for each in finding.mappings)))
        for finding in report.findings
    )
    return {names[row.id]: row.verdict for row in report.mappings}, found


def pair(row):
    """The names of queue and function; moto forgets aliases, only the account knows its id."""
    return row.queue.arn.rpartition(":")[2], row.function.arn.split(":")[6]


@pytest.mark.parametrize("folder", RECORDED, ids=lambda folder: folder.name)
def test_source_saved_plan_and_account_tell_the_same(folder):
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    policy = load_policy(expected.get("policy", "current"), [rule.name for rule in RULES])
    options = expected.get("options") or {}
    given = Given(variables=options.get("var", []))
    source = told(load(folder, ROOT, given), policy)
    planned = told(load(folder / "plan.tfplan", ROOT, Given()), policy)
    account = told(audited(folder / "account.jsonl", region_of(folder)), policy)
    assert planned == source
    assert account == source


def test_enough_was_applied():
    assert len(RECORDED) >= 40
