"""Deployments as templates of SAM, expanded by AWS's translator."""

from pathlib import Path

import pytest
import yaml
from sources.cloudformation.judged import found, report_of, verdicts

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "expected_sam.yaml").read_text())

pytest.importorskip("samtranslator")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_serverless_template_is_judged_as_expected(name, capfd):
    expected = EXPECTED[name]
    report = report_of((HERE / "sam" / f"{name}.yaml").read_text())
    assert verdicts(report) == expected["mappings"]
    assert found(report, "problem", "error", "warning") == expected["rules"]
    assert set(expected.get("unknown", [])) <= set(found(report, "unknown", "error", "warning"))
    assert [gap.id for gap in report.unread] == expected.get("unread", [])
    assert capfd.readouterr() == ("", ""), "the translator says what it measures"


@pytest.mark.parametrize("name", EXPECTED)
def test_findings_of_serverless_templates_have_lines_that_are_written(name):
    text = (HERE / "sam" / f"{name}.yaml").read_text()
    report = report_of(text)
    lines = text.splitlines()
    for each in report.findings:
        assert each.at is None or (each.at.line > 1 and lines[each.at.line - 1].strip()), each


def test_every_template_is_expected_to_be_something():
    assert {each.stem for each in (HERE / "sam").iterdir()} == set(EXPECTED)


LOOPED = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Fn::ForEach::Workers:
    - Name
    - COLLECTION
    - Worker${Name}:
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: !Ref Name
          Runtime: python3.12
          Handler: a.b
          InlineCode: x
          Timeout: 90
          Events: {Read: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}
"""


def test_functions_that_a_loop_makes_are_expanded():
    report = report_of(LOOPED.replace("COLLECTION", "[First, Second]"))
    assert {each.id for each in report.mappings} == {"WorkerFirstRead", "WorkerSecondRead"}
    found = {each.rule for each in report.findings if each.severity.value == "error"}
    assert "visibility-timeout-below-function-timeout" in found


def test_functions_of_a_loop_over_what_is_unknown_are_not_read():
    report = report_of(LOOPED.replace("COLLECTION", "!Ref Names"))
    assert report.mappings == ()
    assert [each.id for each in report.unread] == ["Fn::ForEach::Workers"]
