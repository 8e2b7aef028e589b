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
