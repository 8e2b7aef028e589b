"""Deployments as templates: those of fixtures/scenarios, and what only templates can say.

`expected.yaml` names the scenario that a template stands for; verdicts and rules are equal to the
scenario's, or `why` says why they differ.
"""

import json
from pathlib import Path

import pytest
import yaml
from scenarios import expectation, scenario
from sources.cloudformation.judged import found, judged, report_of, verdicts

from checker.cli import main
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.sam.plain import plain

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_template_is_judged_as_expected(name):
    expected = EXPECTED[name]
    text = (HERE / "templates" / f"{name}.yaml").read_text()
    report = report_of(text, StackInput(**expected.get("given", {})))
    assert verdicts(report) == expected["mappings"]
    assert found(report, "problem", "error", "warning") == expected["rules"]
    assert set(expected.get("unknown", [])) <= set(found(report, "unknown", "error", "warning"))
    assert [gap.id for gap in report.unread] == expected.get("unread", [])


def of_scenarios():
    return {name: each for name, each in EXPECTED.items() if "scenario" in each}


@pytest.mark.parametrize("name", of_scenarios())
def test_a_template_of_a_scenario_gives_its_answers_or_says_why_not(name):
    expected = EXPECTED[name]
    whole = expectation(scenario(expected["scenario"]))
    rules = {
        each["rule"]
        for each in whole["findings"]
        if each["kind"] == "problem" and each["severity"] != "note"
    }
    equal = set(expected["rules"]) == rules and set(expected["mappings"].values()) == set(
        whole["mappings"].values()
    )
    assert equal or expected["why"]


def test_enough_scenarios_are_written_as_templates():
    assert len(of_scenarios()) >= 60


def test_every_template_is_expected_to_be_something():
    assert {each.stem for each in (HERE / "templates").iterdir()} == set(EXPECTED)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_template_in_json_with_long_forms_gives_the_same_answers(name):
    text = (HERE / "templates" / f"{name}.yaml").read_text()
    sections = parse(text, "template.yaml").sections
    given = StackInput(**EXPECTED[name].get("given", {}))
    as_json = json.dumps({section: plain(node) for section, node in sections.items()}, indent=1)
    assert judged(as_json, given) == judged(text, given)


NOTHING = {
    "a nested stack": "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}",
    "a queue": "{Type: AWS::SQS::Queue}",
}


@pytest.mark.parametrize(("name", "code"), [("a nested stack", 2), ("a queue", 0)])
def test_a_template_without_a_mapping_that_is_read(name, code, tmp_path, capsys):
    path = tmp_path / "template.yaml"
    path.write_text(f"Resources: {{A: {NOTHING[name]}}}")
    assert main(["plan", str(path), "--root", str(tmp_path)]) == code
    assert "ready" not in capsys.readouterr().out
