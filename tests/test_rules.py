"""Every rule on its fixtures: what it finds, and on which line.

A fixture is a root module in one file, or what differs from a base (`rule_fixtures.py`);
`# expect: problem` or `# expect: unknown` stands on the line where the finding is.
`# deployer: ADDRESS` and `# policy: NAME` stand in the first lines.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from rule_fixtures import whole

from checker.check import check
from checker.model import Spent
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
FILES = sorted(FIXTURES.glob("*/*.tf"))
BY_NAME = {rule.name: rule for rule in RULES}


def expectations(text):
    found = set()
    for number, line in enumerate(text.splitlines(), 1):
        found |= {(number, kind) for kind in re.findall(r"# expect: (\w+)", line)}
    return found


def option(text, name, default=None):
    match = re.search(rf"^# {name}: (\S+)$", text, re.MULTILINE)
    return match.group(1) if match else default


def findings(file, root):
    text = file.read_text()
    (root / "main.tf").write_text(whole(file), encoding="utf-8")
    inventory = load(root, root, Given(deployer=option(text, "deployer")))
    policy = load_policy(option(text, "policy", "current"), list(BY_NAME))
    if BY_NAME[file.parent.name].on is Spent:
        return judged(file.parent.name, inventory, policy)
    found = set()
    for result in check(inventory, [BY_NAME[file.parent.name]], policy.settings):
        found |= {(problem.at.line, "problem") for problem in result.problems}
        found |= {(unknown.at.line, "unknown") for unknown in result.unknowns}
    return found


def judged(rule, inventory, policy):
    """Return what is found once everything else is: what became of waivers."""
    results = check(inventory, policy.select(RULES), policy.settings)
    report = judge(inventory, results, policy, date(2026, 11, 23))
    return {(each.at.line, each.kind) for each in report.findings if each.rule == rule}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_rule_finds_what_its_fixture_expects_and_where(file, tmp_path):
    assert findings(file, tmp_path) == expectations(file.read_text())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_fixture_keeps_the_promise_of_its_name(file):
    kinds = {kind for _, kind in expectations(file.read_text())}
    assert (
        kinds
        == {"fails": {"problem"}, "passes": set(), "unknown": {"unknown"}}[file.stem.split("_")[0]]
    )
