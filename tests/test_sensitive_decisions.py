"""A sensitive value decides as the value that it is: no verdict of any scenario changes."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from random import Random

import pytest
from rule_fixtures import whole
from scenarios import expectation

from checker.check import check
from checker.policy import judge, load
from checker.rules import RULES
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load as read

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SCENARIOS = sorted({file.parent for file in (FIXTURES / "scenarios").glob("*/*/*.tf")})
RULE_FILES = sorted((FIXTURES / "rules").glob("*/*.tf"))
NOT_MARKED = "source|alias|key|sensitive|type"
_LITERAL = re.compile(rf'(?m)^( +)(?!{NOT_MARKED})(\w+)( += )("[^"$%\\]+"|\d+)$')
_NESTED = re.compile(r'(?<=[\[ ])("(?:sqs|kms|lambda|arn|sts|orders)[^"$%\\]*")(?=[\],])')


def marked(text, random):
    """Return a configuration in which some of the literals are sensitive."""

    def line(match):
        indent, name, equals, value = match.groups()
        if random.random() < 0.3:
            return match[0]
        return f"{indent}{name}{equals}sensitive({value})"

    def one(match):
        return match[0] if random.random() < 0.5 else f"sensitive({match[1]})"

    blocks = re.split(r"(?m)^(?=\w)", text)
    return "".join(
        _NESTED.sub(one, _LITERAL.sub(line, block))
        if block.startswith(("resource", "data", "locals")) and "<<" not in block
        else block
        for block in blocks
    )


def decided(folder, given, policy):
    """Return what is decided of a deployment: verdicts, and what is found where."""
    inventory = read(folder, folder, given)
    results = check(inventory, policy.select(RULES), policy.settings)
    report = judge(inventory, results, policy, date(2026, 1, 1))
    rows = sorted((row.verdict.value, row.passed) for row in report.mappings)
    found = [(one.rule, one.kind, str(one.at), len(one.mappings)) for one in report.findings]
    return {"rows": rows, "found": sorted(found)}


def compare(folder, tmp_path, given, policy):
    copied = tmp_path / "marked"
    shutil.copytree(folder, copied)
    random = Random(folder.name)  # noqa: S311 - no secret
    for file in copied.rglob("*.tf"):
        file.write_text(marked(file.read_text(), random))
    found = decided(copied, given, policy)
    plain = decided(folder, given, policy)
    if refused(found) and not refused(plain):  # Terraform takes nothing sensitive as `for_each`
        assert {verdict for verdict, _ in found["rows"]} <= {"blocked"}
        return
    assert found == plain


def refused(found):
    return any(each[:2] == ("configuration-invalid", "problem") for each in found["found"])


IN_PART = {"queues-and-more-of-a-list"}
"""A list or map that is known in part, and has something sensitive in it, is unknown as a whole."""


@pytest.mark.parametrize("name", sorted(IN_PART))
def test_what_is_known_in_part_and_sensitive_is_at_most_undecided(name, tmp_path):
    (folder,) = (each for each in SCENARIOS if each.name == name)
    file = tmp_path / "main.tf"
    file.write_text(marked((folder / "main.tf").read_text(), Random(name)))  # noqa: S311
    policy = load("current", [rule.name for rule in RULES])
    found = decided(tmp_path, Given(), policy)
    assert [verdict for verdict, _ in found["rows"]] == ["undecided"]
    assert {kind for _, kind, _, _ in found["found"]} == {"unknown"}


WHOLE = [each for each in SCENARIOS if each.name not in IN_PART]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("folder", WHOLE, ids=[each.name for each in WHOLE])
def test_marking_changes_no_decision_of_a_scenario(folder, tmp_path):
    expected = expectation(folder)
    policy = load(expected.get("policy", "current"), [rule.name for rule in RULES])
    compare(folder, tmp_path, Given(deployer=expected.get("deployer")), policy)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("file", RULE_FILES, ids=[f"{f.parent.name}-{f.stem}" for f in RULE_FILES])
def test_marking_changes_no_decision_of_a_rule(file, tmp_path):
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/main.tf").write_text(whole(file), encoding="utf-8")
    compare(tmp_path / "plain", tmp_path, Given(), load("strict", [rule.name for rule in RULES]))
