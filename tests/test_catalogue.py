from dataclasses import replace

from samples import saying

from checker.model import Queue
from checker.reports.catalogue import catalogue, listing, page
from checker.reports.report import Severity

PAGE = """The thing is bad.

## Why

Since it is.

## Fix

Fix it.
"""


def test_a_page_is_the_rules_name_and_its_docstring():
    assert page(replace(saying("very-bad", page=PAGE), aws="refuses it")) == (
        "# very-bad\n\nThe thing is bad.\n\n## Why\n\nSince it is.\n\n## Fix\n\nFix it.\n\n"
        "AWS refuses it. Works on: source, plan, account, template.\n"
    )


def test_a_listing_is_aligned_and_says_off():
    rules = (saying("bad", page=PAGE), saying("much-worse", page=PAGE))
    assert listing(rules, {"much-worse": Severity.WARNING}) == (
        "bad         off      The thing is bad.\nmuch-worse  warning  The thing is bad.\n"
    )


def test_the_catalogue_has_a_column_a_policy_and_a_section_a_rule():
    bad = replace(saying("bad", page=PAGE, on=Queue), aws="refuses it", works=("plan",))
    rules = (bad, saying("worse", page=PAGE))
    text = catalogue(rules, {"one": {"bad": Severity.ERROR}, "two": {}})
    assert "| rule | `one` | `two` | AWS | source | plan | account | template |\n" in text
    assert "| [bad](#bad) | error | off | refuses it |  | yes |  |  |\n" in text
    assert "\n## bad\n\nThe thing is bad.\n\n### Why\n" in text
    assert [line for line in text.splitlines() if line.startswith("# ")] == ["# Rules"]
    assert "## What AWS says" in text
