"""Every format: what it says, that its schema takes it, and that no name gets out of its place."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from hostile import NAMES, a_report
from lxml import etree
from markdown_it import MarkdownIt

from checker import HOMEPAGE
from checker.characters import is_hidden, is_plain
from checker.reports import github, gitlab, html, junit, markdown, sarif, summary, text
from checker.reports import json as json_report
from checker.reports.report import Severity
from checker.rules import RULES
from examples import some

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
FORMATS = {
    "sarif": sarif,
    "junit": junit,
    "gitlab": gitlab,
    "github": github,
    "markdown": markdown,
    "summary": summary,
    "html": html,
    "json": json_report,
    "text": text,
}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_its_snapshot(name, snapshot):
    snapshot(HERE / "snapshots" / f"{name}.txt", FORMATS[name].render(a_report()))


def hostile(test):
    return pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))(test)


def fits(given, schema):
    """Validate JSON; the validator does not take halves of surrogate pairs."""
    whole = json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
    jsonschema_rs.validator_for(schema).validate(json.loads(whole))


@hostile
def test_sarif_fits_its_schema(name):
    given = json.loads(sarif.render(a_report(name), waived=True))
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    fits(given, schema)
    (run,) = given["runs"]
    for result in run["results"]:
        (place,) = result["locations"]
        artifact = place["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] == "%SRCROOT%"
        assert re.fullmatch(r"[A-Za-z0-9/_.~%-]+", artifact["uri"])
        assert result["partialFingerprints"]["tfcheck/v1"]


def test_sarif_keeps_waived_findings_only_if_it_is_asked_to():
    def results(**words):
        return json.loads(sarif.render(a_report(), **words))["runs"][0]["results"]

    assert not any("suppressions" in result for result in results())
    assert sum("suppressions" in result for result in results(waived=True)) == 1
    assert len(results(waived=True)) == len(results()) + 1


def test_sarif_says_of_an_unknown_that_it_is_open_and_explains_its_rules():
    (run,) = json.loads(sarif.render(a_report()))["runs"]
    kinds = {result["ruleId"]: (result["kind"], result["level"]) for result in run["results"]}
    assert kinds["role-cannot-decrypt"] == ("open", "none")
    assert kinds["role-cannot-read-queue"] == ("fail", "error")
    for rule in run["tool"]["driver"]["rules"]:
        assert "## Why" in rule["help"]["markdown"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_fingerprint_survives_moved_lines_and_not_another_message():
    def prints(report):
        (run,) = json.loads(sarif.render(report))["runs"]
        return [result["partialFingerprints"] for result in run["results"]]

    report = a_report()
    moved = [replace(each, at=each.at and replace(each.at, line=99)) for each in report.findings]
    assert prints(replace(report, findings=tuple(moved))) == prints(report)
    other = [replace(each, message="another") for each in report.findings]
    assert set(map(str, prints(replace(report, findings=tuple(other))))).isdisjoint(
        map(str, prints(report))
    )


@hostile
def test_junit_fits_its_schema_and_has_a_case_a_rule_and_mapping(name):
    said = junit.render(a_report(name))
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))
    schema.assertValid(etree.fromstring(said.encode()))
    root = ET.fromstring(said)  # noqa: S314 - of our own making
    assert len(root) == 5
    assert root.get("failures") == "3"
    assert len(root.findall(".//failure")) == 3
    passed = [case for case in root.iter("testcase") if len(case) == 0]
    assert len(passed) == 4
    assert len(root.findall(".//system-out")) == 3


def cases(report):
    """Return for each test case of a rule what it holds, passes left out."""
    root = ET.fromstring(junit.render(report))  # noqa: S314 - of our own making
    named = {rule.name for rule in RULES}
    found = [case for case in root.iter("testcase") if case.get("name") in named and len(case)]
    return {case.get("name"): [each.tag for each in case] for case in found}


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        (Severity.ERROR, {"role-cannot-read-queue"}),
        (Severity.WARNING, {"role-cannot-read-queue", "receive-count-too-low"}),
        (
            Severity.NOTE,
            {
                "role-cannot-read-queue",
                "receive-count-too-low",
                "whole-batch-retried",
                "waiver-unused",
            },
        ),
    ],
)
def test_a_test_case_fails_from_fail_on_up_and_less_is_its_output(fail_on, failing):
    found = cases(replace(a_report(), fail_on=fail_on))
    assert {name for name, tags in found.items() if "failure" in tags} == failing
    assert found.pop("role-cannot-decrypt") == ["skipped"]
    assert found.pop("dead-letter-queue-missing") == ["skipped"]
    assert {name for name, tags in found.items() if tags == ["system-out"]} == set(found) - failing


def test_a_test_case_with_an_unknown_beside_a_note_never_passes():
    report = a_report()
    note = replace(report.findings[3], rule="role-cannot-decrypt")
    found = cases(replace(report, findings=(note, *report.findings)))
    assert found["role-cannot-decrypt"] == ["skipped", "system-out"]


def test_the_output_of_a_test_case_says_what_was_found_and_its_fix():
    root = ET.fromstring(junit.render(a_report()))  # noqa: S314 - of our own making
    said = root.find(".//testcase[@name='whole-batch-retried']/system-out").text
    assert said.startswith("note: new: role `aws_sqs_queue.orders`")
    assert "\nfix: add" in said


def test_sarif_links_to_the_page_of_each_rule():
    (run,) = json.loads(sarif.render(a_report()))["runs"]
    driver = run["tool"]["driver"]
    assert driver["informationUri"] == HOMEPAGE
    pages = (Path(__file__).parents[2] / "policies/README.md").read_text()
    headings = set(re.findall(r"^## (.+)$", pages, re.MULTILINE))
    for rule in driver["rules"]:
        page, _, anchor = rule["helpUri"].partition("#")
        assert page == f"{HOMEPAGE}/blob/main/policies/README.md"
        assert anchor == rule["id"]
        assert anchor in headings


@hostile
def test_code_quality_fits_its_schema(name):
    given = json.loads(gitlab.render(a_report(name)))
    schema = json.loads((SCHEMAS / "code-quality.json").read_text())
    fits(given, schema)
    assert len({issue["fingerprint"] for issue in given}) == len(given) == 6


COMMAND = re.compile(
    r"::(error|warning|notice) (?:[a-z]+=(?:[^\s:,%]|%25|%3A|%2C| )*,?)*::(?:[^%\r\n]|%25|%0A)*"
)


@hostile
def test_workflow_commands_are_ours_alone(name):
    lines = github.render(a_report(name)).splitlines()
    assert len(lines) == 6
    for line in lines:
        assert COMMAND.fullmatch(line), line
        assert not CONTROLS.search(line)
    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::warning",
        "::warning",
        "::notice",
        "::notice",
    ]


def test_at_most_ten_annotations_of_a_level():
    report = a_report()
    many = tuple(replace(report.findings[0], subject=str(n)) for n in range(25))
    lines = github.render(replace(report, findings=many)).splitlines()
    assert len(lines) == 10
    assert lines[-1].endswith("::17 more: see the report")


@hostile
@pytest.mark.parametrize("name_of_format", FORMATS)
def test_no_log_takes_a_line_for_a_command(name_of_format, name):
    said = FORMATS[name_of_format].render(a_report(name))
    assert not re.search(r"##\w*\[", said)
    if name_of_format != "github":
        assert not any(line.lstrip().startswith("::") for line in re.split("[\r\n]", said))


class Elements(HTMLParser):
    """Collects what a browser would see in a text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


@hostile
def test_markdown_makes_no_link_image_mention_or_element_of_a_name(name):
    said = markdown.render(a_report(name))
    assert said.startswith("<!-- tfcheck -->\n")
    assert said.count("<!-- tfcheck -->") == 1 or name == "<!-- tfcheck -->"
    assert not CONTROLS.search(said.replace("\n", ""))
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(said)
    seen = Elements()
    seen.feed(rendered)
    clean = Elements()
    clean.feed(
        MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown.render(a_report()))
    )
    assert set(seen.tags) <= set(clean.tags)
    assert set(seen.attributes) <= {"open", "class", "style"}
    if "left out" not in said:
        assert seen.tags.count("details") == clean.tags.count("details")
    prose = re.sub(r"<(code|pre)>.*?</\1>", "", rendered, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d|https?://|www\.", prose)


@pytest.mark.sampled(4)
@hostile
def test_the_page_holds_no_element_attribute_or_script_of_a_name(name):
    seen, clean = Elements(), Elements()
    seen.feed(html.render(a_report(name)))
    clean.feed(html.render(a_report()))
    assert sorted(set(seen.tags)) == sorted(set(clean.tags))
    assert set(seen.attributes) <= set(clean.attributes)
    assert seen.tags.count("script") == 2
    assert "http" not in "".join(
        value or "" for value in re.findall(r'(?:src|href)="([^"]*)"', html.render(a_report(name)))
    )


@hostile
def test_text_and_json_hold_no_control_character(name):
    said = text.render(a_report(name), color=False)
    assert not CONTROLS.search(said.replace("\n", ""))
    json.loads(json_report.render(a_report(name)))


def test_a_page_of_a_thousand_mappings_is_made_in_linear_time():
    report = a_report()
    rows = tuple(replace(report.mappings[0], id=f"m{n}") for n in range(1000))
    found = tuple(replace(report.findings[0], mappings=(f"m{n}",)) for n in range(1000))
    said = html.render(replace(report, mappings=rows, findings=found))
    assert said.count("<tr id=") == 1000


@cache
def _hidden_names():
    """Every hidden character that is assigned, and a sample of the others, some at a time."""
    assigned = [c for c in map(chr, range(0x110000)) if is_hidden(c)]
    rare = {"Cn", "Co"}
    wanted = [c for c in assigned if unicodedata.category(c) not in rare]
    wanted += [c for c in assigned if unicodedata.category(c) in rare][::911]
    return ["".join(wanted[n : n + 150]) for n in range(0, len(wanted), 150)]


OURS = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}"
"""An icon that GitHub draws in colour only so."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name_of_format", FORMATS)
def test_no_character_is_hidden_in_any_format(name_of_format):
    for name in some(_hidden_names(), 10):
        words = {"waived": True} if name_of_format == "sarif" else {}
        said = FORMATS[name_of_format].render(a_report(name), **words)
        left = said.replace(OURS, "").replace("\n", "")
        assert is_plain(left), sorted({hex(ord(c)) for c in left if is_hidden(c)})


@pytest.mark.parametrize("name", ["a\u202eb", "\u3164", "\U000e0041", "\x7f", "\ud800"])
def test_data_are_exact_where_a_program_reads_them(name):
    given = json.loads(json_report.render(a_report(name)))
    assert given["findings"][0]["subject"] == name
    (run,) = json.loads(sarif.render(a_report(name)))["runs"]
    assert run["results"][0]["properties"]["mappings"] == [f"blocked {name}"]
    shown_as = name.encode("unicode_escape").decode()
    assert shown_as in run["results"][0]["message"]["text"]
    assert shown_as in json.loads(gitlab.render(a_report(name)))[0]["description"]


def test_sarif_has_no_more_results_than_github_takes(monkeypatch):
    assert sarif.MOST == 25_000
    monkeypatch.setattr(sarif, "MOST", 30)
    report = a_report()
    many = tuple(replace(report.findings[0], subject=str(n)) for n in range(37))
    (run,) = json.loads(sarif.render(replace(report, findings=many)))["runs"]
    assert len(run["results"]) == 30
    assert run["properties"]["leftOut"] == 7
