"""Where no mapping was found and what was not read may hold some, every format says so."""

from __future__ import annotations

import html as entities
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from hostile import NAMES
from lxml import etree

from checker.cli import main
from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports import github, gitlab, html, junit, markdown, sarif, text
from checker.reports import json as json_report
from checker.reports.report import Report, UnreadRow
from checker.reports.unchecked import not_checked, unchecked

SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = {
    "text": text,
    "json": json_report,
    "sarif": sarif,
    "junit": junit,
    "gitlab": gitlab,
    "github": github,
    "markdown": markdown,
    "html": html,
}
WHY = "is not installed: run `terraform get` or `terraform init`"


def a_report(*gaps):
    at = Location("main.tf", 1, 1, 3, 2)
    rows = tuple(UnreadRow(name, why, at, mappings) for name, why, mappings in gaps)
    return Report("0.1.0", "terraform", ".", "current", (), rows, (), (), summarize((), (), 0))


MISSING = a_report(("module.api", WHY, True))


def plain(said):
    return entities.unescape(said).replace("\\u0060", "`")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_that_nothing_was_checked_and_what_to_run(name):
    said = plain(FORMATS[name].render(MISSING))
    assert "no mapping" not in said
    assert "module.api" in said
    assert "terraform init" in said
    assert re.search("not checked|nothing was checked|unchecked", said)


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_says_so_where_the_input_holds_none(name):
    said = plain(FORMATS[name].render(a_report(("module.a.aws_iam_role.b", "has no name", False))))
    assert "not checked" not in said
    assert "unchecked" not in said
    assert "nothing was checked" not in said


def test_the_text_names_each_module_and_its_place():
    report = a_report(
        ("module.a", WHY, True), ("module.b", "holds no Terraform files: `./b`", True)
    )
    assert text.render(report).splitlines() == [
        f"not checked: `module.a` {WHY} (main.tf:1)",
        "not checked: `module.b` holds no Terraform files: `./b` (main.tf:1)",
    ]


def test_a_reason_that_is_no_predicate_stands_after_a_colon():
    (gap,) = unchecked(a_report(("units/x", "units before it have too many mappings", True)))
    assert not_checked(gap) == "not checked: `units/x`: units before it have too many mappings"


def test_sarif_is_a_run_that_did_not_succeed_at_the_call():
    (run,) = json.loads(sarif.render(MISSING))["runs"]
    (invocation,) = run["invocations"]
    (note,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert note["message"]["text"] == f"not checked: `module.api` {WHY}"
    (place,) = note["locations"]
    assert place["physicalLocation"]["region"]["startLine"] == 1


def test_junit_has_a_test_case_in_error():
    root = ET.fromstring(junit.render(MISSING))  # noqa: S314 - of our own making
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    error = root.find(".//testcase[@name='module.api']/error")
    assert error.get("message") == f"not checked: `module.api` {WHY}"


def test_annotations_and_code_quality_stand_at_the_call():
    (line,) = github.render(MISSING).splitlines()
    assert line.startswith("::error file=main.tf,line=1,title=tfcheck::not checked: `module.api`")
    (issue,) = json.loads(gitlab.render(MISSING))
    assert issue["location"] == {"path": "main.tf", "lines": {"begin": 1}}
    assert issue["severity"] == "critical"


def test_json_says_it_beside_what_is_unread():
    told = json.loads(json_report.render(MISSING))
    assert told["unchecked"] is True
    assert [each["id"] for each in told["unread"]] == ["module.api"]
    assert "unchecked" not in json.loads(json_report.render(a_report()))


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_names_of_strangers_fit_every_schema(name):
    report = a_report((name, f"is not installed: {name}", True))
    told = json.dumps(json.loads(sarif.render(report)), ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    jsonschema_rs.validator_for(schema).validate(json.loads(told))
    etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd")).assertValid(
        etree.fromstring(junit.render(report).encode())
    )
    assert len(github.render(report).splitlines()) == 1
    assert not any(line.startswith("::") for line in text.render(report).splitlines())


@pytest.mark.parametrize("name", FORMATS)
def test_the_program_says_so_of_a_root_with_modules_that_are_not_installed(
    name, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text('module "api" {\n  source = "acme/api/aws"\n}\n')
    assert main(["plan", "--format", name]) == 2
    told = capsys.readouterr()
    assert told.err == "nothing was checked\n"
    assert "no mapping" not in plain(told.out)
    assert "terraform init" in plain(told.out)
