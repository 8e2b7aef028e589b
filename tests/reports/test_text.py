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
from checker.model import Queue, Role, Unread
from checker.policy import NO_DEPLOYER, Policy, Waiver, judge
from checker.reports import text as people
from checker.reports.report import Severity
from checker.rules.fix import Fix

TODAY = date(2026, 11, 23)
NAME = "aws_lambda_event_source_mapping"
FUNCTION = "arn:aws:lambda:eu-west-1:{account}:function:worker"


def render(*rules, severity="error", waivers=(), show=None, **changes):
    inventory = an_inventory(**changes)
    policy = Policy("test", severities={r.name: Severity(severity) for r in rules}, waivers=waivers)
    results = check(inventory, rules, policy.settings)
    return people.render(judge(inventory, results, policy, TODAY), **(show or {}))


def test_a_blocked_mapping():
    assert render(saying("role-cannot-read-queue", a_problem()), saying("quiet")) == (
        f"""\
blocked    aws_lambda_event_source_mapping.orders  main.tf:40
           queue     aws_sqs_queue.orders        arn:aws:sqs:eu-west-1:{{account}}:orders
           function  aws_lambda_function.worker  {FUNCTION}
           role      aws_iam_role.worker         arn:aws:iam::{{account}}:role/worker
  error    role-cannot-read-queue                  iam.tf:18
           role `worker` is not allowed to `sqs:DeleteMessage`
           - `aws_iam_role_policy.worker` allows only two actions  iam.tf:20
           fix: add `sqs:DeleteMessage` to the statement

assumed    no service control policy denies the actions
           {NO_DEPLOYER}

1 mapping: 1 blocked; 1 error; policy test
"""
    )


def test_a_ready_mapping_is_short():
    assert render(saying("one"), saying("two")).split("\n\n")[0] == (
        """\
ready      aws_lambda_event_source_mapping.orders  main.tf:40
           queue     aws_sqs_queue.orders        arn:aws:sqs:eu-west-1:{account}:orders
           function  aws_lambda_function.worker  arn:aws:lambda:eu-west-1:{account}:function:worker
           role      aws_iam_role.worker         arn:aws:iam::{account}:role/worker
           checked   2 rules found nothing"""
    )


def test_unknowns_with_one_reason_are_reported_together():
    page = render(
        saying("bad", unset()),
        saying("worse", unset()),
        saying("other", unset("it is so")),
    )
    assert page.split("\n\n")[0].split("\n", 4)[4] == (
        """\
  unknown  variable `queue_arn` has no value  variables.tf:3
           so not ruled out: bad, worse (error)
           to settle: set it with `--var queue_arn=...`
  unknown  it is so  variables.tf:3
           so not ruled out: other (error)
           to settle: set it with `--var queue_arn=...`"""
    )


def test_there_is_one_blank_line_between_mappings_and_none_within():
    page = render(saying("bad", a_problem()), mappings=(a_mapping("one"), a_mapping("two")))
    assert "\n\n\n" not in page
    assert [block.split()[0] for block in page.split("\n\n")] == [
        "blocked",
        "blocked",
        "assumed",
        "2",
    ]


def test_the_places_of_mappings_stand_in_one_column():
    mappings = (a_mapping("a", line=1), a_mapping("much_longer", line=2))
    lines = render(mappings=mappings).splitlines()
    heads = [line for line in lines if NAME in line]
    assert len({line.index("main.tf") for line in heads}) == 1


def test_a_finding_about_two_mappings_is_reported_in_full_once():
    shared = a_problem(subject="aws_iam_role.worker")
    page = render(saying("bad", shared), mappings=(a_mapping("one"), a_mapping("two", line=41)))
    assert page.count("- `aws_iam_role_policy.worker`") == 1
    assert f"as for `{NAME}.one` above" in page


def test_a_fix_of_several_lines_can_be_pasted():
    fix = """
        resource "aws_iam_role_policy" "worker" {
          role = aws_iam_role.worker.id
        }
    """
    page = render(saying("bad", replace(a_problem(), fix=Fix(fix))))
    assert (
        '           fix:\n             resource "aws_iam_role_policy" "worker" {\n'
        "               role = aws_iam_role.worker.id\n             }\n"
    ) in page


def test_a_waived_finding_says_why():
    waiver = Waiver(
        "bad", "*", "moved soon", date(2027, 1, 31), unknown=False, at=place(9, "p.yaml")
    )
    page = render(saying("bad", a_problem()), waivers=(waiver,))
    assert "waived until 2027-01-31: moved soon  p.yaml:9" in page
    assert page.startswith("ready")
    assert page.endswith("1 mapping: 1 ready; 1 waived; policy test\n")


def test_what_is_not_known_of_a_mapping_is_said():
    page = render(saying("bad", on=Role), mappings=(a_mapping(source=unset(), function=unset()),))
    assert "queue     not known" in page
    assert "role      not known" in page


def test_a_mapping_of_unsure_number_says_why_at_its_place_only():
    unsure = a_mapping("each[*]", unsure=unset("`count` is not known"))
    page = render(saying("bad", on=Queue), mappings=(unsure,))
    assert page.startswith("undecided")
    assert page.count("`count` is not known") == 1


def test_what_was_not_read_is_listed():
    page = render(unread=(Unread("module.api", "not installed", place(7)),))
    assert "not read   module.api: not installed  main.tf:7\n" in page


def test_no_mapping_says_what_was_not_read():
    unread = (Unread("module.api", "not installed: run terraform init", place(7)),)
    assert render(mappings=(), unread=unread, assumptions=()) == (
        "no mapping in what could be read; not read: `module.api` at main.tf:7:"
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
    assert page == "1 mapping: 1 ready; 1 note; policy test\n"


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
    assert "\x1b[1;31mblocked" in coloured
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
