import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema_rs import ValidationError
from samples import (
    a_mapping,
    a_problem,
    an_inventory,
    saying,
    unset,
)

from checker.check import check
from checker.knowledge.partial import Location
from checker.model import Deployer, Unread
from checker.policy import NO_DEPLOYER, Policy, Waiver, judge
from checker.reports import json as json_report
from checker.reports.report import Severity

TODAY = date(2026, 11, 23)


def render(*rules, waivers=(), **changes):
    inventory = an_inventory(**changes)
    policy = Policy("test", severities={r.name: Severity.ERROR for r in rules}, waivers=waivers)
    results = check(inventory, rules, policy.settings)
    return json.loads(json_report.render(judge(inventory, results, policy, TODAY)))


def test_the_report_is_the_contract():
    assert render(saying("bad", a_problem())) == {
        "schema": "tfcheck.report/1",
        "tool": {"name": "tfcheck", "version": "0.1.0"},
        "source": {"kind": "terraform", "target": "."},
        "policy": "test",
        "assumptions": [
            "no service control policy denies the actions",
            NO_DEPLOYER,
        ],
        "unread": [],
        "mappings": [
            {
                "id": "aws_lambda_event_source_mapping.orders",
                "verdict": "blocked",
                "queue": {
                    "id": "aws_sqs_queue.orders",
                    "arn": "arn:aws:sqs:eu-west-1:{account}:orders",
                },
                "source": {
                    "type": "queue",
                    "id": "aws_sqs_queue.orders",
                    "arn": "arn:aws:sqs:eu-west-1:{account}:orders",
                },
                "function": {
                    "id": "aws_lambda_function.worker",
                    "arn": "arn:aws:lambda:eu-west-1:{account}:function:worker",
                },
                "role": {
                    "id": "aws_iam_role.worker",
                    "arn": "arn:aws:iam::{account}:role/worker",
                },
                "deployer": None,
                "location": {"file": "main.tf", "line": 40, "column": 1},
            }
        ],
        "findings": [
            {
                "rule": "bad",
                "kind": "problem",
                "severity": "error",
                "mappings": ["aws_lambda_event_source_mapping.orders"],
                "subject": "aws_lambda_event_source_mapping.orders",
                "message": "role `worker` is not allowed to `sqs:DeleteMessage`",
                "location": {"file": "iam.tf", "line": 18, "column": 3},
                "because": [
                    {
                        "text": "`aws_iam_role_policy.worker` allows only two actions",
                        "location": {"file": "iam.tf", "line": 20, "column": 5},
                    }
                ],
                "fix": "add `sqs:DeleteMessage` to the statement",
                "waived": None,
            }
        ],
        "summary": {
            "mappings": 1,
            "ready": 0,
            "at-risk": 0,
            "blocked": 1,
            "undecided": 0,
            "other-sources": 0,
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "unknown": 0,
            "waived": 0,
        },
    }


def test_what_rests_on_one_unknown_stays_one_finding_a_rule():
    report = render(saying("bad", unset()), saying("worse", unset()))
    assert [each["rule"] for each in report["findings"]] == ["bad", "worse"]
    assert report["summary"]["unknown"] == 2


def test_a_thing_that_is_not_known_is_null():
    (mapping,) = render(mappings=(a_mapping(source=unset(), function=unset()),))["mappings"]
    assert (mapping["queue"], mapping["function"], mapping["role"]) == (None, None, None)


def test_a_live_thing_is_located_by_its_arn():
    live = Location("arn:aws:sqs:eu-west-1:111122223333:orders")
    report = render(saying("bad", replace(a_problem(), at=live)))
    assert report["findings"][0]["location"] == {"arn": live.source}


def test_unread_waived_and_deployer():
    waiver = Waiver("bad", "*", "later", None, unknown=False, at=Location("p.yaml", 3, 1))
    report = render(
        saying("bad", a_problem()),
        waivers=(waiver,),
        unread=(Unread("module.api", "not installed: run terraform init"),),
        deployer=Deployer("aws_iam_role.ci", unset()),
    )
    assert report["findings"][0]["waived"] == {
        "reason": "later",
        "until": None,
        "location": {"file": "p.yaml", "line": 3, "column": 1},
    }
    assert report["unread"][0]["location"] is None
    assert report["mappings"][0]["deployer"]["id"] == "aws_iam_role.ci"


def test_names_from_strangers_survive_as_ascii():
    mapping = a_mapping('x["\x1b\u202e\ud800é"]')
    inventory = an_inventory(mappings=(mapping,))
    text = json_report.render(judge(inventory, (), Policy("test"), TODAY))
    assert text.isascii()
    assert json.loads(text)["mappings"][0]["id"] == mapping.id


def test_the_schema_is_strict(report_schema):
    report = render(saying("bad", a_problem()))
    report["findings"][0]["extra"] = 1
    with pytest.raises(ValidationError, match="extra"):
        report_schema.validate(report)
