"""Findings as they are compared, and the addresses that things had before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.knowledge.partial import Location
from checker.policy import fails, load
from checker.policy.comparison import compare, facts
from checker.policy.renames import Renames, sound
from checker.policy.summary import summarize
from checker.reports.report import Finding, Report, Row, Severity, UnreadRow, Verdict, Waived
from checker.rules import RULES

CURRENT = load("current", [rule.name for rule in RULES])
STRICT = replace(CURRENT, undecided_fails=True)


def finding(message="lacks `a:b`", kind="problem", mappings=("m",), rule="r", **words):
    at = Location(words.pop("file", "main.tf"), 3, 1)
    return Finding(rule, kind, words.pop("severity", Severity.ERROR), mappings,
                   words.pop("subject", "q"), message, at, **words)  # fmt: skip


def report(*findings, unread=(), **verdicts):
    rows = tuple(
        Row(name, Verdict(verdict.replace("_", "-")), "queue", None, None, None, None, None)
        for name, verdict in (verdicts or {"m": "blocked"}).items()
    )
    unknowns = tuple(UnreadRow(each, "not installed", None) for each in unread)
    summary = summarize(rows, findings, 0)
    return Report("0", "terraform", ".", "current", (), unknowns, rows, findings, summary)


def left(now, then, renamed=str):
    return [each.message for each in compare(now, then, "c", renamed).applied(now).findings]


SAME = [
    ("30 s (queue.tf:3) of 60 s", "30 s (default, modules/a/queue.tf:9:4) of 60 s"),
    ("30 s (default, queue.tf:3)", "30 s (default)"),
    ("`local.a` is unknown", "`local.b` is unknown"),
    ("variable `var.a`", "variable `var.b`"),
    ("`{uuid:main.tf:3:5}`", "`{uuid:other.tf:7:1}`"),
    ("at x.tofu.json:3.", "at y.tofu.json:4."),
    ("document `aws_iam_role_policy.a[0]`", "document `aws_iam_role_policy.a`"),
    ("`module.a.aws_sqs_queue.q`", "`module.a[0].aws_sqs_queue.q[0]`"),
]


def test_a_file_may_have_a_name_with_blanks():
    one, other = (finding(f"30 s ({file}:3)", file=file) for file in ("a b.tf", "c, (d).tf"))
    assert left(report(one), report(other)) == []


OTHER = [
    ("30 s (queue.tf:3)", "20 s (queue.tf:3)"),
    ("lacks `a:b`", "lacks `a:b` or `c:d`"),
    ("`arn:aws:lambda:eu-west-1:1:function:f:1`", "`arn:aws:lambda:eu-west-1:1:function:f:2`"),
    ("queue `a`", "queue `b`"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_places_and_names_of_values_are_no_facts(one, other):
    assert facts(one) == facts(other)
    assert left(report(finding(one)), report(finding(other))) == []


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_everything_else_is_one(one, other):
    assert left(report(finding(one)), report(finding(other))) == [one]


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "s"},
        {"subject": "p"},
        {"mappings": ("m", "n")},
        {"severity": Severity.WARNING},
        {"kind": "unknown"},
    ],
)
def test_what_a_finding_is_makes_it_new(changed):
    now = finding()
    assert left(report(now), report(finding(**changed))) == (
        [] if changed.get("mappings") else [now.message]
    )
    assert left(report(finding(**changed)), report(now)) == (
        [] if {"kind", "severity"} & changed.keys() else [now.message]
    )


def test_a_finding_is_known_as_often_as_it_was():
    twice = report(finding(file="a.tf"), finding(file="b.tf"))
    assert left(twice, report(finding())) == [finding().message]
    assert left(twice, twice) == []
    more = report(finding("x", "unknown"), finding("y", "unknown"))
    assert len(left(more, report(finding("z", "unknown")))) == 1


def test_what_was_waived_is_new_where_it_stands():
    waived = finding(waived=Waived("why", "", None))
    assert left(report(finding()), report(waived)) == [finding().message]
    assert left(report(waived), report(waived)) == []
    assert left(report(waived), report(finding())) == [finding().message]


HIDES = "visibility-timeout-below-function-timeout"
READS = "role-cannot-read-queue"
SMALLER = [
    (HIDES, "hides for 30 s, runs 60 s", "hides for 20 s, runs 60 s"),
    (HIDES, "hides for 30 s, runs 60 s", "hides for 30 s, runs 90 s"),
    (HIDES, "hides for 30 s of `q2`", "hides for 20 s of `q2`"),
    (READS, "is not allowed to `a`", "is not allowed to `a`, `b` or `c`"),
    (READS, "is not allowed to `a` or `c` on `q`", "is not allowed to `a`, `b` or `c` on `q`"),
    ("batch-size-out-of-range", "is 20000", "is 30000"),
    ("receive-count-too-low", "after 2 receives", "after 1 receives"),
]
NOT_SMALLER = [
    (HIDES, "hides for 20 s, runs 60 s", "hides for 30 s, runs 60 s"),
    (HIDES, "hides for 40 s, runs 90 s", "hides for 30 s, runs 60 s"),
    (HIDES, "hides for 40 s of `q2`", "hides for 30 s of `q1`"),
    (READS, "is not allowed to `a`, `b` or `c`", "is not allowed to `a`"),
    (READS, "is not allowed to `d`", "is not allowed to `a`, `b` or `c`"),
    (READS, "is not allowed to `a` on `q`", "is not allowed to `a` or `b` on `p`"),
    ("another-rule", "is 3 of `a`", "is 4 of `a` or `b`"),
]


@pytest.mark.parametrize(("rule", "now", "then"), SMALLER)
def test_a_fault_that_got_smaller_is_known(rule, now, then):
    assert left(report(finding(now, rule=rule)), report(finding(then, rule=rule))) == []
    waived = finding(then, rule=rule, waived=Waived("why", "", None))
    assert left(report(finding(now, rule=rule)), report(waived)) == [now]


@pytest.mark.parametrize(("rule", "now", "then"), NOT_SMALLER)
def test_a_fault_that_got_no_smaller_is_new(rule, now, then):
    assert left(report(finding(now, rule=rule)), report(finding(then, rule=rule))) == [now]


def test_a_smaller_fault_is_known_once():
    now = report(
        finding("is not allowed to `a`", rule=READS), finding("is not allowed to `b`", rule=READS)
    )
    then = report(finding("is not allowed to `a` or `b`", rule=READS))
    assert len(left(now, then)) == 1


def test_the_warning_that_an_error_became_is_known():
    now = report(finding("less", rule="visibility-timeout-too-short", severity=Severity.WARNING))
    assert left(now, report(finding("more", rule=HIDES))) == []
    assert left(now, report(finding("more", rule=READS))) == ["less"]


VERDICTS = [each.value for each in Verdict]


@pytest.mark.parametrize("before", VERDICTS)
@pytest.mark.parametrize("after", VERDICTS)
def test_a_verdict_that_got_worse_never_ends_with_0(before, after):
    now, then = report(m=after), report(m=before)
    found = compare(now, then, "c").applied(now)
    worse = VERDICTS.index(after) < VERDICTS.index(before)
    assert found.mappings[0].was == (Verdict(before) if worse else None)
    assert fails(found, CURRENT) is worse


def test_what_is_read_no_more_fails_where_the_undecided_does():
    now = report(unread=["module.x"], m="ready")
    for then, fail in ((report(m="ready"), True), (now, False)):
        found = compare(now, then, "c").applied(now)
        assert fails(found, STRICT) is fail
        assert not fails(found, CURRENT)


def test_the_number_of_instances_may_get_unknown():
    now = report(**{"x[*]": "undecided"})
    assert compare(now, report(**{'x["a"]': "ready", 'x["b"]': "at_risk"}), "c").was == {
        "x[*]": Verdict.AT_RISK
    }
    assert compare(now, report(**{"y[0]": "ready"}), "c").was == {}


MOVES = [("a.b", "a.c"), ("module.m", "module.n"), ("a.old", "module.n.a.old"), ("x.y", "x.y[0]"),
         ("c.one", "c.two"), ("c.two", "c.three"), ('e.f["k"]', "e.g")]  # fmt: skip
RENAMED = [
    ("`a.b` and `a.bb`", "`a.c` and `a.bb`"),
    ("module.m.a.b[0]", "module.n.a.b[0]"),
    ('module.m["x"].q.r', 'module.n["x"].q.r'),
    ("a.old.arn", "module.n.a.old.arn"),
    ("x.y", "x.y[0]"),
    ("x.y[0]", "x.y[0]"),
    ("c.one", "c.three"),
    ('e.f["k"] e.f["l"]', 'e.g e.f["l"]'),
    ("data.a.b", "data.a.b"),
    ("other:a.b", "other:a.b"),
    ("arn:aws:a.b", "arn:aws:a.c"),
    ("old:q.r in old", "new:q.r in old"),
]


@pytest.mark.parametrize(("text", "wanted"), RENAMED)
def test_addresses_are_those_of_today(text, wanted):
    assert Renames(MOVES, {"old:": "new:"})(text) == wanted


def test_moves_that_turn_in_a_circle_end():
    assert Renames([("a.b", "a.c"), ("a.c", "a.b")])("a.b") in {"a.b", "a.c"}


def test_a_thing_is_moved_only_where_terraform_moves_it():
    then, now = report(**{"a.b": "blocked", "a.c": "ready"}), report(**{"a.c": "blocked"})
    assert sound([("a.b", "a.c")], now, then, {}) == ()
    assert sound([("a.b", "a.d")], report(**{"a.d": "ready"}), then, {}) == (("a.b", "a.d"),)
    assert sound([("a.b", "a.d")], report(**{"a.b": "ready"}), then, {}) == ()
    counted = report(**{"a.b[0]": "blocked", "a.c": "ready"})
    assert sound([], counted, then, {}) == (("a.b", "a.b[0]"),)
    assert sound([], then, counted, {}) == (("a.b[0]", "a.b"),)
