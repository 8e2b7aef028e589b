"""Rules on their examples that are templates: what each finds, and on which line.

`NAME.before.yaml` is the template that the stack has before an update.
"""

import re
from pathlib import Path

import pytest

from checker.check import check
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.load import read_together
from checker.sources.cloudformation.values.stack import RootStack

FIXTURES = Path(__file__).parents[3] / "fixtures" / "rules"
FILES = sorted(each for each in FIXTURES.glob("*/*.yaml") if ".before" not in each.suffixes)
BY_NAME = {rule.name: rule for rule in RULES}
POLICY = load_policy("current", list(BY_NAME)).of("cloudformation")


def findings(file):
    before = file.with_suffix(".before.yaml")
    earlier = parse(before.read_text(), before.name) if before.exists() else None
    root = RootStack(parse(file.read_text(), file.name), StackInput(), before=earlier)
    inventory = read_together([root], file.name)
    found = set()
    for result in check(inventory, [BY_NAME[file.parent.name]], POLICY.settings):
        found |= {(problem.at.line, "problem") for problem in result.problems}
        found |= {(unknown.at.line, "unknown") for unknown in result.unknowns}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_rule_finds_what_its_template_says(file):
    expected = {
        (number, kind)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        for kind in re.findall(r"# expect: (\w+)", line)
    }
    assert findings(file) == expected
