"""One cause is one finding in every format, with all that it affects."""

import json
from datetime import date

import pytest
from samples import a_mapping, a_problem, an_inventory, place, saying, unset
from scenarios import RECORDED, SCENARIOS

from checker.check import check
from checker.knowledge.partial import Unknown
from checker.model import Unread
from checker.policy import Policy, judge
from checker.policy.grouping import grouped
from checker.reports import github, gitlab, html, markdown, sarif
from checker.reports import json as data
from checker.reports import text as people
from checker.reports.fingerprint import nameless
from checker.reports.report import Severity

TODAY = date(2026, 11, 23)
MAPPINGS = tuple(a_mapping(f"m{n}", line=40 + n) for n in range(14))


def judged(*rules, **changes):
    inventory = an_inventory(**({"mappings": MAPPINGS} | changes))
    policy = Policy("test", severities={each.name: Severity.ERROR for each in rules})
    report = judge(inventory, check(inventory, rules, policy.settings), policy, TODAY)
    return grouped(report)


def derived(*points, cause=None):
    cause = cause or unset()
    return [saying(f"rule-{n}", cause.leaves(point)) for n, point in enumerate(points)]


POINTS = [f"whether point {n} holds is unknown" for n in range(12)]


def test_a_cause_of_many_mappings_and_rules_is_reported_once():
    page = people.render(judged(*derived(*POINTS)))
    assert page.count("variable `queue_arn` has no value") == 1
    assert page.count("set it with") == 1
    assert "unknown[rule-0, rule-1, " in page
    assert "and 11 more" in page


def test_in_every_format_a_cause_is_one_finding_with_all_its_mappings():
    report = judged(*derived(*POINTS))
    (result,) = json.loads(sarif.render(report))["runs"][0]["results"]
    assert sorted(result["properties"]["mappings"]) == sorted(each.id for each in MAPPINGS)
    assert "rule-0, rule-1" in result["message"]["text"]
    (issue,) = json.loads(gitlab.render(report))
    assert issue["severity"] == "minor"
    assert len(github.render(report).splitlines()) == 1
    page = html.render(report)
    assert page.count('<details class="finding') == 1
    assert page.count("<a href=#f0>12 rules not decided</a>") == 14
    assert "and 4 more" in page


def test_the_report_grows_by_no_line_for_each_rule():
    few, many = (people.render(judged(*derived(*POINTS[:n]))) for n in (2, 12))
    assert many.count("\n") - few.count("\n") == 10  # a line each in the table at the end


def test_a_cause_of_one_mapping_stands_in_it():
    page = people.render(judged(*derived(*POINTS), mappings=MAPPINGS[:1]))
    assert page.count("variable `queue_arn` has no value") == 1


def test_one_open_point_is_reported_in_its_own_words():
    page = people.render(judged(*derived(POINTS[0]), mappings=MAPPINGS[:1]))
    assert "whether point 0 holds is unknown: variable `queue_arn` has no value" in page


def test_several_causes_are_several():
    rules = (
        *derived(*POINTS[:2]),
        saying("other", unset("variable `role` has no value", line=9)),
    )
    page = people.render(judged(*rules))
    assert page.count("unknown[") == 2
    assert page.count("and 11 more") == 2


def of_instance(name):
    why = f'module `module.queues["{name}"]` is not installed: run `terraform init`'
    return Unknown(why, place(3, "modules.tf"), "run `terraform init`")


def test_causes_that_differ_in_names_only_are_one():
    rules = [saying(f"rule-{name}", of_instance(name)) for name in "abc"]
    page = people.render(judged(*rules))
    assert page.count("is not installed") == 1
    assert "(and 2 alike)" in page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (unset("`a` is unknown", line=3), unset("`b` is unknown", line=4)),
        (unset("`a` is unknown"), unset("`a` is not set")),
        (
            Unknown("`a` is unknown", place(3), "set it"),
            Unknown("`a` is unknown", place(3), "run with `--live`"),
        ),
    ],
    ids=["place", "sentence", "remedy"],
)
def test_other_causes_are_not_one(one, other):
    report = judged(saying("one", one), saying("other", other))
    assert len(report.findings) == 2


def test_names_in_backticks_and_module_paths_are_names():
    one, other = ('`a.b` and module.x["k"].module.y are', "`c` and module.z are")
    assert nameless(one) == nameless(other)


def test_a_problem_that_differs_in_names_only_is_reported_in_full_once():
    said = (
        a_problem(
            f"queue `{each.id}` has no dead-letter queue", mappings=(each.id,), subject=each.id
        )
        for each in MAPPINGS
    )
    page = people.render(judged(saying("bad", *said)))
    assert page.count("has no dead-letter queue") == 1
    assert "(and 13 alike)" in page


def test_parts_that_were_not_read_for_one_reason_are_one_line():
    why = "is not installed: run `terraform init`"
    unread = tuple(Unread(f"module.m{n}", why, place(n)) for n in range(1, 30))
    page = people.render(judged(saying("quiet"), unread=unread))
    assert page.count("is not installed") == 1
    assert "(and 28 more)" in page
    every = people.render(judged(saying("quiet"), unread=unread), verbose=True)
    assert every.count("is not installed") == 29


def test_the_comment_tells_a_cause_once():
    comment = markdown.render(judged(*derived(*POINTS)))
    assert comment.count("<details open>") == 1
    assert "and 11 more" in comment
    assert "rule-0, rule-1" in comment


def test_annotations_tell_a_cause_once():
    assert github.render(judged(*derived(*POINTS))).count("::warning") == 1


def test_json_names_the_cause_of_an_unknown():
    report = json.loads(data.render(judged(*derived(*POINTS[:1]), mappings=MAPPINGS[:1])))
    (finding,) = report["findings"]
    assert finding["cause"] == {
        "text": "variable `queue_arn` has no value",
        "location": {"file": "variables.tf", "line": 3, "column": 1},
    }
    (plain,) = json.loads(data.render(judged(saying("plain", unset()), mappings=MAPPINGS[:1])))[
        "findings"
    ]
    assert "cause" not in plain


def test_an_unknown_knows_its_root():
    first = unset()
    assert first.root == first
    assert first.leaves("one").leaves("two").root == first
    assert first.leaves("one").why == f"one: {first.why}"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_several_refused_actions_are_one_text_of_aws(folder):
    report = json.loads((folder / RECORDED / "report.json").read_text("utf-8"))
    for finding in report["findings"]:
        quoted = [e["text"] for e in finding["because"] if e["text"].startswith("AWS refuses the")]
        assert len(quoted) <= 1, quoted
