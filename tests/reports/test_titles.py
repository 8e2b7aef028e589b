"""What a mapping of an account is called, and how its rows are sorted."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hostile import a_report

from checker.knowledge.partial import Location
from checker.policy.rows import in_order
from checker.reports import html, junit, markdown, text
from checker.reports import json as json_report
from checker.reports.report import ReportedThing, Row, Verdict
from checker.reports.titles import title

ACCOUNT = "123456789012"
UUIDS = ("e38c45be", "0b7d5427", "9158cb56", "5606d2b3")


def arn(service, name, region="eu-west-1", account=ACCOUNT):
    return f"arn:aws:{service}:{region}:{account}:{name}"


def thing(written):
    return ReportedThing(written, written)


def a_row(uuid, source, function, verdict=Verdict.READY):
    own = arn("lambda", f"event-source-mapping:{uuid}")
    things = (
        None if source is None else thing(source),
        None if function is None else thing(function),
    )
    return Row(own, verdict, "queue", *things, None, None, Location(own))


ORDERS, WORKER = arn("sqs", "orders"), arn("lambda", "function:worker")


@pytest.mark.parametrize(
    ("source", "function", "said"),
    [
        (ORDERS, WORKER, "orders -> worker in eu-west-1"),
        (ORDERS, f"{WORKER}:live", "orders -> worker:live in eu-west-1"),
        (arn("sqs", "orders.fifo"), WORKER, "orders.fifo -> worker in eu-west-1"),
        (
            arn("sqs", "orders", account="111122223333"),
            WORKER,
            "111122223333:orders -> worker in eu-west-1",
        ),
        (ORDERS, None, None),
        (None, WORKER, None),
        (ORDERS, "arn:aws:lambda", None),
        ("{queue}", WORKER, None),
    ],
)
def test_a_mapping_of_an_account_is_called_by_what_it_joins(source, function, said):
    row = a_row(UUIDS[0], source, function)
    assert title(row) == (said or row.id)


def test_a_mapping_of_a_configuration_is_called_by_its_address():
    row = replace(a_row(UUIDS[0], ORDERS, WORKER), id="module.a.aws_lambda_event_source_mapping.b")
    assert title(row) == row.id


def rows():
    joined = [("orders", "worker"), ("images", "thumbs"), ("orders", "archive"), ("audit", "log")]
    verdicts = [Verdict.READY, Verdict.READY, Verdict.READY, Verdict.BLOCKED]
    return in_order(
        a_row(uuid, arn("sqs", queue), arn("lambda", f"function:{function}"), verdict)
        for uuid, (queue, function), verdict in zip(UUIDS, joined, verdicts, strict=True)
    )


def test_rows_of_an_account_are_sorted_by_queue_and_function_and_not_by_uuid():
    assert [title(row).partition(" in ")[0] for row in rows()] == [
        "audit -> log",
        "images -> thumbs",
        "orders -> archive",
        "orders -> worker",
    ]


def an_audit():
    found = rows()
    report = a_report()
    findings = tuple(replace(each, mappings=(found[0].id,)) for each in report.findings)
    return replace(report, kind="account", mappings=found, findings=findings)


def test_every_format_for_people_says_the_title_and_json_keeps_the_id():
    report = an_audit()
    said = "images -> thumbs in eu-west-1"
    assert said in text.render(report)
    assert said in markdown.render(report).replace("&#45;&gt;", "->").replace("-&gt;", "->")
    assert said in html.render(report).replace("-&gt;", "->")
    suites = ET.fromstring(junit.render(report))  # noqa: S314 - of our own making
    assert said in [suite.get("name") for suite in suites]
    ids = [each["id"] for each in json.loads(json_report.render(report))["mappings"]]
    assert ids == [row.id for row in report.mappings]


def test_the_page_has_the_uuid_in_the_details_of_a_mapping():
    page = html.render(an_audit()).partition('id="data">')[2].partition("</script>")[0]
    assert all(each in page for each in UUIDS)


def test_the_uuid_stands_beside_the_title_in_the_text():
    lines = text.render(an_audit(), verbose=True).splitlines()
    (number,) = [n for n, each in enumerate(lines) if "images -> thumbs" in each]
    assert UUIDS[1] in lines[number + 1]
