"""Whole deployments: each folder of fixtures/scenarios says what must be found in it.

`expected.yaml` is written by hand from AWS's documentation; `report.json` is a snapshot of the
report (`pytest --update` writes it anew). A deployment in three forms gives the same verdicts and
findings: as source, as a saved plan, and as what an account answered once it was applied
(`account.jsonl`, recorded by `tools/record_account.py`); rules that do not work on all three are
left out there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from answered import audited
from scenarios import RECORDED, SCENARIOS, expectation

from checker.check import check
from checker.cli import main
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.rules.rule import EVERYWHERE
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

ROOT = Path(__file__).parent.parent
OF_ACCOUNTS = [folder for folder in SCENARIOS if (folder / RECORDED / "account.jsonl").exists()]
COMMON = [
    rule for rule in RULES if rule.works == EVERYWHERE and not rule.name.startswith("deployer-")
]
"""Who deploys is not part of what is applied."""


def run(folder, capsys, monkeypatch):
    """Return the exit code and the report of `tfcheck plan` on a scenario."""
    monkeypatch.chdir(ROOT)
    expected = expectation(folder)
    options = expected.get("options") or {}
    words = ["plan", folder.relative_to(ROOT).as_posix(), "--format", "json", "--root", "."]
    words += ["--policy", expected.get("policy", "current")]
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{name}"] if each is True else [f"--{name}", each]
    code = main(words)
    return expected, code, json.loads(capsys.readouterr().out)


def matches(finding, wanted):
    """Tell whether a finding is the one that is wanted, in everything that is said of it."""
    place = finding["location"] or {}
    known = {
        "rule": finding["rule"],
        "kind": finding["kind"],
        "severity": finding["severity"],
        "subject": finding["subject"],
        "file": Path(place.get("file", "")).name,
        "line": place.get("line"),
    }
    return all(known[key] == value for key, value in wanted.items())


def parts(finding):
    """Return what each rule says of each thing that one cause affects, as findings."""
    return [finding | each for each in finding.get("affected", [finding])]


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_scenario_is_judged_as_the_documentation_says(folder, capsys, monkeypatch, snapshot):
    """The report is its snapshot too, compared last: a wrong answer says what it is."""
    expected, code, report = run(folder, capsys, monkeypatch)
    assert {m["id"]: m["verdict"] for m in report["mappings"]} == expected["mappings"]
    assert [gap["id"] for gap in report["unread"]] == expected.get("unread", [])
    left = [part for finding in report["findings"] for part in parts(finding)]
    for wanted in expected["findings"]:
        found = [finding for finding in left if matches(finding, wanted)]
        assert found, f"not found: {wanted} among {[f['rule'] for f in left]}"
        left.remove(found[0])
    # notes need not be expected
    left = [finding for finding in left if finding["severity"] != "note"]
    assert not left, f"not expected: {[(f['rule'], f['message']) for f in left]}"
    assert code == expected["exit"]
    report["tool"]["version"] = "*"
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    snapshot(folder / RECORDED / "report.json", text)


def index():
    """Return the page that lists the scenarios by topic, with why each is as it is."""
    lines = ["# Scenarios", "", "Whole deployments, by topic; written by `pytest --update`."]
    topic = ""
    for folder in SCENARIOS:
        if folder.parent.name != topic:
            topic = folder.parent.name
            lines += ["", f"## {topic}", ""]
        why = " ".join(expectation(folder)["why"].split())
        lines.append(f"* [{folder.name}]({topic}/{folder.name}): {why}")
    return "\n".join(lines) + "\n"


def test_the_index_lists_every_scenario(snapshot):
    snapshot(ROOT / "fixtures/scenarios/README.md", index())


def test_a_scenario_has_one_name_over_all_topics():
    names = [folder.name for folder in SCENARIOS]
    assert len(names) == len(set(names))
    assert not list((ROOT / "fixtures/scenarios").glob("*/expected.yaml")), "no topic"


def region_of(folder):
    first = (folder / RECORDED / "account.jsonl").read_text().splitlines()
    listed = next(line for line in first if "ListEventSourceMappings" in line)
    return json.loads(json.loads(listed)[0])[1]


def judged_by(inventory, policy):
    """Verdicts and findings by what the account calls the mapping, whatever the place."""
    rules = [rule for rule in COMMON if rule.name in policy.severities]
    results = check(inventory, rules, policy.settings)
    report = judge(inventory, results, policy, date(2026, 11, 23), inline=False)
    names = {row.id: pair(row) for row in report.mappings}
    found = sorted(
        (finding.rule, finding.kind, tuple(sorted(names[each] for each in finding.mappings)))
        for finding in report.findings
        if finding.mappings  # an account is asked for no role that no mapping uses
    )
    return {names[row.id]: row.verdict for row in report.mappings}, found


def pair(row):
    """The names of queue and function; moto forgets aliases, only the account knows its id."""
    return row.source.arn.rpartition(":")[2], row.function.arn.split(":")[6]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("folder", OF_ACCOUNTS, ids=lambda folder: folder.name)
def test_source_saved_plan_and_account_tell_the_same(folder):
    expected = expectation(folder)
    policy = load_policy(expected.get("policy", "current"), [rule.name for rule in RULES])
    options = expected.get("options") or {}
    given = Given(variables=options.get("var", []))
    source = judged_by(load(folder, ROOT, given), policy)
    plan = folder / RECORDED / "plan.tfplan"
    beside = judged_by(load(folder, ROOT, Given(plan=plan)), policy)
    account = judged_by(audited(folder / RECORDED / "account.jsonl", region_of(folder)), policy)
    assert beside == source
    assert account == source
    if "plan-tells-less" not in expected:
        assert judged_by(load(plan, ROOT, Given()), policy) == source


PLANNED = [folder for folder in SCENARIOS if (folder / RECORDED / "plan.json").exists()]


@pytest.mark.sampled(2)
@pytest.mark.sampled(4)
@pytest.mark.parametrize("folder", PLANNED, ids=lambda folder: folder.name)
def test_plan_json_alone_is_silent_on_no_problem(folder):
    """What source or saved plan find wrong, the JSON of the plan finds too or calls unknown."""
    expected = expectation(folder)
    policy = load_policy(expected.get("policy", "current"), [rule.name for rule in RULES])
    options = expected.get("options") or {}
    given = Given(deployer=options.get("deployer"))
    rules = policy.select(RULES)

    def said(inventory, *kinds):
        results = check(inventory, rules, policy.settings)
        report = judge(inventory, results, policy, date(2026, 11, 23), inline=False)
        return {each.rule for each in report.findings if each.kind in kinds}

    source = load(folder, ROOT, replace(given, variables=options.get("var", [])))
    saved, shown = (
        load(folder / RECORDED / each, ROOT, given) for each in ("plan.tfplan", "plan.json")
    )
    wrong = said(source, "problem") | said(saved, "problem")
    assert wrong <= said(shown, "problem", "unknown")


def test_enough_was_applied():
    assert len(OF_ACCOUNTS) >= 40


def expectations():
    return [expectation(folder) for folder in SCENARIOS]


def rules_of(expected):
    return {finding["rule"] for finding in expected["findings"]}


def test_there_are_thirty_correct_deployments():
    """Every mapping is ready, or at risk for the reason that the scenario is about."""
    correct = [
        each
        for each in expectations()
        if each["mappings"]
        and set(each["mappings"].values()) <= {"ready", "at-risk"}
        and all(finding["kind"] == "problem" for finding in each["findings"])
        and ("ready" in each["mappings"].values() or len(each["findings"]) <= 1)
    ]
    assert len([each for each in correct if not each["findings"]]) >= 30


def test_there_are_seventy_with_one_fault_that_one_rule_finds():
    faulty = [
        each
        for each in expectations()
        if len(rules_of(each)) == 1 and all(f["kind"] == "problem" for f in each["findings"])
    ]
    assert len(faulty) >= 70
    assert len({rule for each in faulty for rule in rules_of(each)}) >= 35
