"""A value that is not set leaves an ARN without its account id, Region or name.

AWS refuses such a principal; such a resource, condition or argument is unknown, and no rule calls
the mapping blocked for it.
"""

import pytest
from deployments import TRUST, allowing_and, judged, said, statement, verdict, written

from checker.iam.placeholders import completed, placeholder, principal_placeholder
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text

UNSET = 'variable "account" {\n  default = ""\n}\n'
RESOURCES = [
    '"arn:aws:sqs:eu-west-1::orders"',
    '"arn:aws:sqs:eu-west-1:${var.account}:orders"',
    '"arn:aws:sqs:${var.account}:111122223333:orders"',
    '"arn:aws:sqs:eu-west-1:ACCOUNT_ID:orders"',
    '"arn:aws:sqs:eu-west-1:<account>:orders"',
    '"arn:aws:sqs:eu-west-1:12345:orders"',
    '["arn:aws:sns:eu-west-1:111122223333:topic", "arn:aws:sqs:eu-west-1::orders"]',
]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_with_a_placeholder_is_unknown(tmp_path, resource):
    report = judged(written(tmp_path, policy=statement(resource=resource), more=UNSET))
    assert (verdict(report), said(report)) == ("undecided", [])
    (finding,) = [each for each in report.findings if each.rule == "role-cannot-read-queue"]
    assert "has no " in finding.message or "is not an account id" in finding.message
    assert finding.fix == "replace it with the actual value"


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_placeholder_is_named_where_the_account_is_unknown_too(tmp_path, resource):
    folder = written(tmp_path, policy=statement(resource=resource), more=UNSET)
    text = (folder / "main.tf").read_text().replace('allowed_account_ids = ["111122223333"]', "")
    (folder / "main.tf").write_text(text)
    report = judged(folder)
    assert verdict(report) == "undecided"
    (finding,) = [each for each in report.findings if each.rule == "role-cannot-read-queue"]
    assert "has no " in finding.message or "is not an account id" in finding.message


SOUND = [
    '"arn:aws:sqs:eu-west-1:111122223333:orders"',
    '"arn:aws:sqs:*:*:orders"',
    '"arn:aws:sqs:eu-west-1:*:orders"',
    '"arn:aws:sqs:eu-west-1:1111????3333:orders"',
    '["arn:aws:sqs:eu-west-1::orders", aws_sqs_queue.orders.arn]',
    '"*"',
]


@pytest.mark.parametrize("resource", SOUND)
def test_a_whole_resource_beside_it_decides(tmp_path, resource):
    report = judged(written(tmp_path, policy=statement(resource=resource)))
    assert verdict(report) == "ready"


BROKEN = [
    '"arn:aws:sqs:eu-west-1::another"',
    '"arn:aws:sns:eu-west-1::orders"',
    '"arn:aws:sqs:us-east-1::orders"',
    '"arn:aws:s3:::orders"',
    '"arn:aws:sqs:eu-west-1:444455556666:orders"',
    '"arn:aws:sqs:::${aws_sqs_queue.orders.name}"',
]


@pytest.mark.parametrize("resource", BROKEN)
def test_a_placeholder_in_the_arn_of_another_thing_settles_nothing(tmp_path, resource):
    report = judged(written(tmp_path, policy=statement(resource=resource)))
    assert (verdict(report), said(report)) == ("blocked", ["role-cannot-read-queue"])


def test_a_deny_with_a_placeholder_may_deny(tmp_path):
    deny = '{ Effect = "Deny", Action = "sqs:*", Resource = "arn:aws:sqs:eu-west-1::orders" }'
    report = judged(written(tmp_path, policy=allowing_and(deny)))
    assert (verdict(report), said(report)) == ("undecided", [])


def test_a_not_resource_with_a_placeholder_is_unknown(tmp_path):
    deny = '{ Effect = "Deny", Action = "sqs:*", NotResource = "arn:aws:sqs:eu-west-1::orders" }'
    report = judged(written(tmp_path, policy=allowing_and(deny)))
    assert (verdict(report), said(report)) == ("undecided", [])


CONDITIONS = [
    '{ ArnNotEquals = { "aws:PrincipalArn" = "arn:aws:iam:::role/worker" } }',
    '{ StringNotEquals = { "aws:PrincipalAccount" = "" } }',
    '{ StringNotEquals = { "aws:ResourceAccount" = var.account } }',
    '{ StringNotEquals = { "aws:PrincipalAccount" = "ACCOUNT_ID" } }',
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_with_a_placeholder_is_unknown(tmp_path, condition):
    deny = f'{{ Effect = "Deny", Action = "sqs:*", Resource = "*", Condition = {condition} }}'
    report = judged(written(tmp_path, policy=allowing_and(deny), more=UNSET))
    assert (verdict(report), said(report)) == ("undecided", [])


PRINCIPALS = [
    '"arn:aws:iam:::root"',
    '"arn:aws:iam::${var.account}:root"',
    '"arn:aws:iam:::role/worker"',
    '"arn:aws:iam::ACCOUNT_ID:role/worker"',
    "var.account",
    '"12345"',
    '"ACCOUNT_ID"',
]


def queue_policy(principal):
    return f"""resource "aws_sqs_queue_policy" "orders" {{
  queue_url = aws_sqs_queue.orders.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect = "Allow", Action = "sqs:*", Resource = "*", Principal = {{ AWS = {principal} }}
    }}]
  }})
}}
"""


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_aws_refuses_a_document_with_such_a_principal(tmp_path, principal):
    report = judged(written(tmp_path, more=UNSET + queue_policy(principal)))
    assert (verdict(report), said(report)) == ("blocked", ["document-invalid"])
    (finding,) = [each for each in report.findings if each.rule == "document-invalid"]
    assert finding.fix == "replace it with the actual value"


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_no_other_rule_blocks_for_such_a_trust_policy(tmp_path, principal):
    trust = TRUST.replace(
        'Service = "lambda.amazonaws.com"', f'Service = "lambda.amazonaws.com", AWS = {principal}'
    )
    report = judged(written(tmp_path, trust=trust, more=UNSET))
    assert (verdict(report), said(report)) == ("blocked", ["document-invalid"])


@pytest.mark.parametrize(
    "principal",
    [
        '"arn:aws:iam::111122223333:root"',
        '"111122223333"',
        '"*"',
        '"AROAEXAMPLEEXAMPLEXX"',
        "aws_iam_role.worker.arn",
        '"arn:aws:iam::111122223333:role/a-*"',
    ],
)
def test_a_whole_principal_is_not_refused(tmp_path, principal):
    report = judged(written(tmp_path, more=queue_policy(principal)))
    assert said(report) == []


ARGUMENTS = {
    "source": {"source": '"arn:aws:sqs:eu-west-1:${var.account}:orders"'},
    "role": {"function_role": '"arn:aws:iam::${var.account}:role/worker"'},
    "key": {"queue": 'kms_master_key_id = "arn:aws:kms:eu-west-1:${var.account}:key/x"'},
}


@pytest.mark.parametrize("parts", ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_an_argument_with_a_placeholder_is_unknown(tmp_path, parts):
    report = judged(written(tmp_path, more=UNSET, **parts))
    assert (verdict(report), said(report)) == ("undecided", [])
    assert any("has no account id" in each.message for each in report.findings)


def test_sqs_refuses_a_dead_letter_queue_without_account(tmp_path):
    folder = written(tmp_path, more=UNSET)
    text = (folder / "main.tf").read_text()
    arn = '"arn:aws:sqs:eu-west-1:${var.account}:orders-dead"'
    (folder / "main.tf").write_text(text.replace("aws_sqs_queue.dead.arn", arn, 1))
    assert said(judged(folder)) == ["redrive-policy-invalid"]


def test_a_value_that_is_set_makes_it_whole(tmp_path):
    policy = statement(resource='"arn:aws:sqs:eu-west-1:${var.account}:orders"')
    folder = written(tmp_path, policy=policy, more=UNSET)
    assert verdict(judged(folder)) == "undecided"
    assert verdict(judged(folder, variables=["account=111122223333"])) == "ready"
    assert verdict(judged(folder, variables=["account=444455556666"])) == "blocked"


ACCOUNT = Hole("account", Kind.ACCOUNT)


@pytest.mark.parametrize(
    "whole",
    [
        Text.of("arn:aws:sqs:eu-west-1:", ACCOUNT, ":orders"),
        Text.of("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        Text.of("arn:aws:s3:::bucket"),
        Text.of("arn:aws:sqs:eu-west-1:", Hole("x"), ":orders"),
        Text.of("arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:orders"),
        Text.of("arn:aws:sqs:*"),
        Text.of(Hole("whole")),
        Text.of("no ARN"),
        Text.of(""),
    ],
    ids=str,
)
def test_what_is_whole_or_unknown_is_no_placeholder(whole):
    assert placeholder(whole) is None
    assert completed(whole) == whole


def test_an_unknown_principal_is_no_placeholder():
    assert principal_placeholder(Text.of(Hole("principal"))) is None
    assert principal_placeholder(Text.of("arn:aws:iam::", ACCOUNT, ":root")) is None


@pytest.mark.parametrize("argument", ["role", "function_name"])
def test_an_empty_arn_names_no_role_and_no_function(tmp_path, argument):
    place = written(tmp_path, policy=statement(resource='"*"'), more='locals {\n  none = ""\n}\n')
    file = place / "main.tf"
    lines = file.read_text().split("\n")
    of_mapping = max(n for n, line in enumerate(lines) if f"  {argument} " in line)
    of_function = min(n for n, line in enumerate(lines) if f"  {argument} " in line)
    chosen = of_mapping if argument == "function_name" else of_function
    lines[chosen] = f"  {argument} = local.none"
    file.write_text("\n".join(lines))
    report = judged(place)
    assert all(each.subject for each in report.findings)
    assert verdict(report) == "undecided"
