"""Whole deployments: each folder of fixtures/scenarios says what must be found in it.

`expected.yaml` is written by hand from AWS's documentation; `report.json` is a snapshot of the
report (TFCHECK_UPDATE=1 writes it anew).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

from checker.cli import main

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted(p.parent for p in (ROOT / "fixtures" / "scenarios").glob("*/expected.yaml"))


def run(folder, capsys, monkeypatch):
    """Return the exit code and the report of `tfcheck plan` on a scenario."""
    monkeypatch.chdir(ROOT)
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    options = expected.get("options") or {}
    words = ["plan", folder.relative_to(ROOT).as_posix(), "--format", "json", "--root", "."]
    words += ["--policy", expected.get("policy", "current")]
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{name}", each]
    code = main(words)
    return expected, code, json.loads(capsys.readouterr().out)


def matches(finding, wanted):
    """Tell whether a finding is the one that is wanted, in everything that is said of it."""
    place = finding["location"] or {}
    told = {
        "rule": finding["rule"],
        "kind": finding["kind"],
        "severity": finding["severity"],
        "subject": finding["subject"],
        "file": Path(place.get("file", "")).name,
        "line": place.get("line"),
    }
    return all(told[key] == value for key, value in wanted.items())


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_scenario_is_judged_as_the_documentation_says(folder, capsys, monkeypatch):
    expected, code, report = run(folder, capsys, monkeypatch)
    assert {m["id"]: m["verdict"] for m in report["mappings"]} == expected["mappings"]
    assert [gap["id"] for gap in report["unread"]] == expected.get("unread", [])
    left = [finding for finding in report["findings"] if finding["severity"] != "note"]
    for wanted in expected["findings"]:
        found = [finding for finding in left if matches(finding, wanted)]
        assert found, f"not found: {wanted} among {[f['rule'] for f in left]}"
        left.remove(found[0])
    assert not left, f"not expected: {[(f['rule'], f['message']) for f in left]}"
    assert code == expected["exit"]


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_the_report_of_a_scenario_is_its_snapshot(folder, capsys, monkeypatch):
    _, _, report = run(folder, capsys, monkeypatch)
    report["tool"]["version"] = "*"
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    snapshot = folder / "report.json"
    if os.environ.get("TFCHECK_UPDATE"):
        snapshot.write_text(text, encoding="utf-8")
    assert text == snapshot.read_text(encoding="utf-8")


def expectations():
    return [yaml.safe_load((folder / "expected.yaml").read_text()) for folder in SCENARIOS]


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
