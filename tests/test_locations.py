"""Every place that a report of a scenario names begins and ends in its file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from samples import a_problem, an_inventory, saying
from scenarios import RECORDED, SCENARIOS

from checker.check import check
from checker.knowledge.partial import Location
from checker.policy import Policy, judge
from checker.reports import json as json_report
from checker.reports import sarif
from checker.reports.fingerprint import fingerprint
from checker.reports.report import Severity

ROOT = Path(__file__).parent.parent
REPORTS = [each / RECORDED / "report.json" for each in SCENARIOS]
OPENING = {"{": "}", "[": "]", '"': '"', "(": ")"}


def places(given):
    """Yield the places in files that a report names."""
    if isinstance(given, dict):
        if "file" in given and "line" in given:
            yield given
        for each in given.values():
            yield from places(each)
    elif isinstance(given, list):
        for each in given:
            yield from places(each)


def between(place):
    """Return the text from the beginning of a place to its end."""
    lines = (ROOT / place["file"]).read_text("utf-8").split("\n")
    first, last = place["line"] - 1, place["end-line"] - 1
    assert place["end-column"] - 1 <= len(lines[last]), place
    if first == last:
        return lines[first][place["column"] - 1 : place["end-column"] - 1]
    head, tail = lines[first][place["column"] - 1 :], lines[last][: place["end-column"] - 1]
    return "\n".join([head, *lines[first + 1 : last], tail])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.parents[1].name)
def test_a_place_has_an_end_in_its_file(report):
    for place in places(json.loads(report.read_text("utf-8"))):
        begin, end = (place["line"], place["column"]), (place["end-line"], place["end-column"])
        assert begin < end, place
        text = between(place).strip()
        assert text, place
        if text[0] in OPENING and (ROOT / place["file"]).suffix == ".tf":
            assert text.endswith(OPENING[text[0]]), (place, text)
        assert not text.endswith("="), place


def a_report_with_an_end():
    """Return a report of one problem whose place has an end."""
    at = Location("main.tf", 3, 5, 4, 6)
    inventory, rule = an_inventory(), saying("bad", replace(a_problem(), at=at))
    policy = Policy("test", severities={rule.name: Severity.ERROR})
    results = check(inventory, [rule], policy.settings)
    return judge(inventory, results, policy, date(2026, 11, 23))


def test_json_and_sarif_name_the_end(report_schema):
    report = a_report_with_an_end()
    given = json.loads(json_report.render(report))
    report_schema.validate(given)
    place = {"file": "main.tf", "line": 3, "column": 5, "end-line": 4, "end-column": 6}
    assert given["findings"][0]["location"] == place
    (run,) = json.loads(sarif.render(report))["runs"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 6}


def test_the_end_of_a_place_does_not_make_another_finding():
    report = a_report_with_an_end()
    (finding,) = report.findings
    shorter = replace(finding, at=Location("main.tf", 3, 5))
    assert fingerprint(finding) == fingerprint(shorter)
    assert finding == shorter
