from dataclasses import replace
from datetime import date

import pytest
from samples import (
    a_function,
    a_mapping,
    a_problem,
    an_inventory,
    place,
    saying,
    unset,
)

from checker.check import check
from checker.knowledge.partial import Location
from checker.model import Queue, Role, Unread
from checker.policy import NO_DEPLOYER, Policy, Waiver, judge
from checker.policy.grouping import grouped
from checker.reports import text as people
from checker.reports.report import Severity, SourceLine
from checker.reports.snippets import Places
from checker.rules.fix import Fix

TODAY = date(2026, 11, 23)
NAME = "aws_lambda_event_source_mapping"
FUNCTION = "arn:aws:lambda:eu-west-1:{account}:function:worker"


def render(*rules, severity="error", waivers=(), show=None, lines=(), **changes):
    inventory = an_inventory(**changes)
    policy = Policy("test", severities={r.name: Severity(severity) for r in rules}, waivers=waivers)
    results = check(inventory, rules, policy.settings)
    report = replace(grouped(judge(inventory, results, policy, TODAY)), lines=lines)
    return people.render(report, **(show or {}))


def test_a_blocked_mapping():
    lines = (SourceLine("iam.tf", 18, "  policy = jsonencode({})"),)
    page = render(saying("role-cannot-read-queue", a_problem()), saying("quiet"), lines=lines)
    assert page == (
        f"""\
assumptions:
  no service control policy denies the actions
  {NO_DEPLOYER}

blocked    {NAME}.orders: aws_sqs_queue.orders -> aws_lambda_function.worker

error[role-cannot-read-queue]: role `worker` is not allowed to `sqs:DeleteMessage`
  --> iam.tf:18:3
   |
18 |   policy = jsonencode({{}})
   |   ^^^^^^^^^^^^^^^^^^^^^^^
  --> iam.tf:20:5
   | `aws_iam_role_policy.worker` allows only two actions
   = help: add `sqs:DeleteMessage` to the statement
   = affects: {NAME}.orders

1 mapping: 1 blocked; 1 error; policy test
error    role-cannot-read-queue  1  iam.tf:18:3
"""
    )


def test_a_ready_mapping_is_one_line():
    assert render(saying("one"), saying("two")).split("\n\n")[1] == (
        f"ready      {NAME}.orders: aws_sqs_queue.orders -> aws_lambda_function.worker"
    )


def test_more_than_twenty_ready_mappings_are_a_count():
    mappings = tuple(a_mapping(f"m{n}") for n in range(21))
    assert "ready      21 mappings\n" in render(saying("one"), mappings=mappings)
    page = render(saying("one"), mappings=mappings, show={"verbose": True})
    assert sum(line.startswith("ready ") for line in page.splitlines()) == 21


def test_unknowns_with_one_reason_are_one():
    page = render(
        saying("bad", unset()), saying("worse", unset()), saying("other", unset("it is so"))
    )
    assert page.count("variable `queue_arn` has no value") == 1
    assert "unknown[bad, worse]: variable `queue_arn` has no value\n" in page
    assert "   = help: set it with `--var queue_arn=...`" not in page
    assert "  = help: set it with `--var queue_arn=...`" in page
    assert "unknown[other]: it is so\n" in page


def test_the_worst_stands_last():
    rules = (saying("bad", a_problem()), saying("open", unset()))
    blocks = render(*rules).split("\n\n")
    first = [block.split("[")[0].split()[0] for block in blocks]
    assert first == ["assumptions:", "blocked", "unknown", "error", "1"]


def test_a_finding_of_many_mappings_names_three():
    shared = a_problem(subject="aws_iam_role.worker")
    mappings = tuple(a_mapping(f"m{n}", line=n) for n in range(1, 8))
    page = render(saying("bad", shared), mappings=mappings)
    assert page.count("error[bad]") == 1
    assert f"   = affects: {NAME}.m1, {NAME}.m2, {NAME}.m3 and 4 more\n" in page


def test_more_than_five_warnings_of_a_rule_are_one_block():
    said = [
        a_problem(f"number {n} is wrong", mappings=(f"{NAME}.m{n}",), subject=f"q{n}")
        for n in range(1, 8)
    ]
    said = [replace(each, at=place(n)) for n, each in enumerate(said, 1)]
    mappings = tuple(a_mapping(f"m{n}", line=n) for n in range(1, 8))
    page = render(saying("bad", *said), severity="warning", mappings=mappings)
    assert page.count("warning[bad]") == 1
    assert "warning[bad]: 7 findings, the first 5:\n" in page
    assert page.count("is wrong") == 5
    every = render(saying("bad", *said), severity="warning", mappings=mappings, show={"verbose": 1})
    assert every.count("warning[bad]") == 7


def test_notes_are_a_count_of_each_rule():
    said = [replace(a_problem(f"{n} is so", subject=f"q{n}"), at=place(n)) for n in (1, 2)]
    page = render(saying("bad", *said), severity="note")
    assert "note[bad]: 1 is so at main.tf:1:1 (and 1 more)\n" in page
    assert "= help" not in page


def test_text_is_wrapped_with_a_hanging_indent():
    long = "the queue " + "and the function " * 20 + "are far apart"
    page = render(saying("bad", a_problem(long)), show={"width": 40})
    lines = page.splitlines()
    assert max(map(len, lines)) <= 60  # names of mappings are longer than the terminal
    start = lines.index(next(line for line in lines if line.startswith("error[bad]")))
    assert lines[start + 1].startswith("  ")
    assert not lines[start + 1].startswith("   ")


def test_a_fix_of_several_lines_can_be_pasted():
    fix = """
        resource "aws_iam_role_policy" "worker" {
          role = aws_iam_role.worker.id
        }
    """
    page = render(saying("bad", replace(a_problem(), fix=Fix(fix))))
    assert (
        '   = help:\n       resource "aws_iam_role_policy" "worker" {\n'
        "         role = aws_iam_role.worker.id\n       }\n"
    ) in page


def test_a_waived_finding_says_why():
    waiver = Waiver(
        "bad", "*", "moved soon", date(2027, 1, 31), unknown=False, at=place(9, "p.yaml")
    )
    page = render(saying("bad", a_problem()), waivers=(waiver,))
    assert "waived:\n  bad at iam.tf:18:3 until 2027-01-31: moved soon (role `worker`" in page
    assert "error[" not in page
    assert page.endswith("1 mapping: 1 ready; 1 waived; policy test\n")


def test_what_is_not_known_of_a_mapping_is_said():
    mappings = (a_mapping(source=unset(), function=unset()),)
    page = render(saying("bad", on=Role), mappings=mappings, show={"verbose": True})
    assert f"{NAME}.orders: unknown -> unknown" in page
    assert "role      unknown" in page


def test_a_mapping_of_unsure_number_says_why_at_its_place_only():
    unsure = a_mapping("each[*]", unsure=unset("`count` is not known"))
    page = render(saying("bad", on=Queue), mappings=(unsure,))
    assert "\nundecided  " in page
    assert page.count("`count` is not known") == 1


def test_what_was_not_read_is_listed():
    page = render(unread=(Unread("module.api", "not installed", place(7)),))
    assert "not read:\n  main.tf:7:1: `module.api`: not installed\n" in page


def test_no_mapping_says_what_was_not_read():
    unread = (Unread("module.api", "not installed: run terraform init", place(7)),)
    assert render(mappings=(), unread=unread, assumptions=()) == (
        "no mapping in what could be read; not read: `module.api` (main.tf:7):"
        " not installed: run terraform init\n"
    )


def test_no_mapping_at_all_says_so():
    assert render(mappings=(), assumptions=(), other_sources=2) == (
        "no mapping from an SQS queue to a Lambda function in `.`"
        " (2 mappings of other sources not checked)\n"
    )


def test_quiet_leaves_out_what_asks_for_nothing():
    rules = (saying("bad", a_problem()),)
    page = render(*rules, severity="note", show={"quiet": True})
    assert page == ("1 mapping: 1 ready; 1 note; policy test\nnote     bad  1  iam.tf:18:3\n")


def test_verbose_names_the_rules_that_found_nothing():
    page = render(saying("bad", a_problem()), saying("fine"), show={"verbose": True})
    assert "checked   1 rule found nothing: fine" in page


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\r", "\n::error::", "\u202e", "\x07", "\ud800"])
def test_a_name_from_a_stranger_cannot_steer_the_terminal(hostile):
    mapping = a_mapping(f'x["{hostile}"]', unsure=unset(hostile))
    function = replace(a_function(), id=f"f{hostile}")
    page = render(
        saying("bad", a_problem(hostile), unset(hostile)),
        mappings=(mapping,),
        functions=(function,),
        unread=(Unread(hostile, hostile),),
        assumptions=(hostile,),
    )
    assert hostile not in page
    assert all(character.isprintable() or character == "\n" for character in page)
    assert not any(line.lstrip().startswith("::") for line in page.splitlines())


def test_without_colour_there_is_no_escape_and_with_it_the_words_are_the_same():
    rules = (saying("bad", a_problem()), saying("worse", unset()))
    plain, coloured = render(*rules), render(*rules, show={"color": True})
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[bad]" in coloured
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\r", "\n::error::", "\u202e", "##[error]"])
def test_many_alike_cannot_steer_the_terminal_either(hostile):
    said = [
        replace(a_problem(f"{hostile} {n} is wrong", subject=f"q{n}"), at=place(n))
        for n in range(1, 9)
    ]
    for severity in ("warning", "note"):
        for width in (None, 40):
            rule = saying("bad", *said)
            page = render(rule, severity=severity, show={"width": width})
            assert hostile not in page
            assert all(character.isprintable() or character == "\n" for character in page)
            assert not any(line.lstrip().startswith("::") for line in page.splitlines())


def test_links_stay_whole_where_many_are_alike():
    said = [
        replace(a_problem(f"number {n} is wrong", subject=f"q{n}"), at=place(n))
        for n in range(1, 9)
    ]
    places = Places(base="file:///home/me/repository")
    show = {"width": 60, "places": places}
    page = render(saying("bad", *said), severity="warning", show=show)
    assert "\x1b]8;;file:///home/me/repository/main.tf\x1b\\main.tf:1:1\x1b]8;;\x1b\\" in page
    assert "\\x1b" not in page


@pytest.mark.parametrize("width", [40, 60])
def test_a_table_that_is_wider_than_the_terminal_has_places_on_lines_of_their_own(width):
    at = Location("environments/production/queues.tf", 3, 1)
    rule = saying("a-rule-with-a-rather-long-name", replace(a_problem(), at=at))
    lines = render(rule, show={"width": width}).splitlines()
    n = next(n for n, line in enumerate(lines) if line.startswith("error    a-rule-with"))
    assert lines[n] == "error    a-rule-with-a-rather-long-name"
    assert lines[n + 1] == "         1  environments/production/queues.tf:3:1"
    whole = render(rule, show={"width": 100}).splitlines()
    assert whole[-1].endswith(
        "a-rule-with-a-rather-long-name  1  environments/production/queues.tf:3:1"
    )
