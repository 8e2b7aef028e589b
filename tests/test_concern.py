"""Rules on documents speak of a mapping only where a statement concerns its source, key, deployer.

What does not is a note of the root module.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "sources" / "terraform"))
from deployments import TRUST, judged, statement, verdict, written

pytestmark = pytest.mark.sampled(3)

ORDERS = "aws_sqs_queue.orders.arn"
DEAD = "aws_sqs_queue.dead.arn"


def policy(action, resource, role="worker", sid=""):
    named = f'Sid = "{sid}", ' if sid else ""
    return (
        f'resource "aws_iam_role_policy" "more" {{\n  role = aws_iam_role.{role}.id\n'
        '  policy = jsonencode({ Version = "2012-10-17", Statement = [{'
        f' {named}Effect = "Allow", Action = {action}, Resource = {resource} }}] }})\n}}\n'
    )


def of(report, rule):
    return [each for each in report.findings if each.rule == rule]


NOT_OURS = {
    "a table": ('"dynamodb:Foo"', '"*"'),
    "logs": ('"logs:CreateLogGrup"', '"*"'),
    "another queue": ('"sqs:SendMesage"', DEAD),
    "a key where the queue has none": ('"kms:Decrpt"', '"*"'),
    "a deployer's action of the role": ('"lambda:CreateEventSourceMaping"', '"*"'),
    "a topic": ('"sns:Publsh"', '"arn:aws:sns:eu-west-1:111122223333:topic"'),
}
OURS = {
    "the queue": ('"sqs:ReceiveMesage"', ORDERS),
    "every queue": ('"sqs:ReceiveMesage"', '"*"'),
    "a pattern of the queue": ('"sqs:DeleteMessageBatch"', '"arn:aws:sqs:*:*:ord*"'),
    "among others": ('["dynamodb:Foo", "sqs:ReceiveMessage"]', ORDERS),
    "an action that may be of any service": ('["dynamodb:Foo", "*"]', '"*"'),
}


@pytest.mark.parametrize(("action", "resource"), NOT_OURS.values(), ids=NOT_OURS.keys())
def test_what_does_not_concern_the_mapping_is_a_note_of_the_root(tmp_path, action, resource):
    report = judged(written(tmp_path, more=policy(action, resource)))
    (finding,) = of(report, "action-does-not-exist")
    assert (finding.kind, finding.severity.value, finding.mappings) == ("problem", "note", ())
    assert verdict(report) == "ready"


@pytest.mark.parametrize(("action", "resource"), OURS.values(), ids=OURS.keys())
def test_what_may_concern_the_mapping_is_said_of_it(tmp_path, action, resource):
    report = judged(written(tmp_path, more=policy(action, resource)))
    (finding,) = of(report, "action-does-not-exist")
    assert finding.severity.value == "warning"
    assert len(finding.mappings) == 1
    assert verdict(report) == "at-risk"


def test_an_action_on_the_key_of_the_queue_concerns_the_mapping(tmp_path):
    more = 'resource "aws_kms_key" "k" {}\n' + policy('"kms:Decrpt"', "aws_kms_key.k.arn")
    queue = "kms_master_key_id = aws_kms_key.k.arn"
    report = judged(written(tmp_path, queue=queue, more=more))
    (finding,) = of(report, "action-does-not-exist")
    assert finding.mappings


def test_aws_refuses_a_document_as_a_whole(tmp_path):
    """A wrong `Sid` anywhere takes the statement on the queue with it."""
    good = statement().replace("Statement = [{", 'Statement = [{ Sid = "a b",', 1)
    report = judged(written(tmp_path, policy=good))
    assert verdict(report) == "blocked"
    assert [each.rule for each in report.findings if each.mappings][:1] == ["document-invalid"]


def test_a_refused_document_on_other_things_is_a_note(tmp_path):
    report = judged(written(tmp_path, more=policy('"dynamodb:GetItem"', '"*"', sid="a b")))
    (finding,) = of(report, "document-invalid")
    assert (finding.severity.value, finding.mappings) == ("note", ())
    assert verdict(report) == "ready"


def test_a_text_that_is_no_document_concerns_the_mapping(tmp_path):
    more = (
        'resource "aws_iam_role_policy" "more" {\n  role = aws_iam_role.worker.id\n'
        '  policy = "no document"\n}'
    )
    report = judged(written(tmp_path, more=more))
    assert verdict(report) == "blocked"


EVERYTHING = statement(resource='"*"', action='"lambda:*"')
DEPLOYER = (
    f'resource "aws_iam_role" "ci" {{\n  name = "ci"\n  assume_role_policy = {TRUST}\n}}\n'
    'resource "aws_iam_role_policy" "ci" {\n  role = aws_iam_role.ci.id\n'
    f"  policy = {EVERYTHING}\n}}\n"
)


def test_the_deployers_own_actions_concern_the_mapping(tmp_path):
    more = DEPLOYER + policy('"lambda:CreateEventSourceMaping"', '"*"', role="ci")
    report = judged(written(tmp_path, more=more), deployer="aws_iam_role.ci")
    (finding,) = of(report, "action-does-not-exist")
    assert finding.mappings


def test_other_actions_of_the_deployer_do_not(tmp_path):
    more = DEPLOYER + policy('"s3:GetObjekt"', '"*"', role="ci")
    report = judged(written(tmp_path, more=more), deployer="aws_iam_role.ci")
    (finding,) = of(report, "action-does-not-exist")
    assert (finding.severity.value, finding.mappings) == ("note", ())


def test_what_is_wrong_with_roles_that_no_mapping_uses_is_a_note_and_nothing_is_unknown(tmp_path):
    more = (
        'resource "aws_iam_role" "other" {\n  name = "other"\n'
        f"  assume_role_policy = {TRUST}\n}}\n"
        + policy('"sqs:ReceiveMesage"', '"*"', role="other", sid="a b")
        + 'variable "x" {}\nresource "aws_iam_role_policy" "unknown" {\n'
        "  role = aws_iam_role.other.id\n  policy = var.x\n}\n"
    )
    report = judged(written(tmp_path, more=more))
    found = {(each.rule, each.kind, each.severity.value) for each in report.findings}
    rules = ("document-invalid", "action-does-not-exist")
    assert found == {(rule, "problem", "note") for rule in rules}
    assert not any(each.mappings for each in report.findings)
    assert verdict(report) == "ready"


ELSEWHERE = {
    "a bucket": ('"sqs:SendMessage"', '"arn:aws:s3:::bucket"'),
    "objects and a topic": (
        '["s3:GetObject", "sqs:SendMessage"]',
        '["arn:aws:s3:::bucket/*", "arn:aws:sns:eu-west-1:111122223333:topic"]',
    ),
    "a pattern of actions": ('"sqs:*"', '"arn:aws:s3:::bucket"'),
    "a key": ('"sqs:SendMessage"', '"arn:aws:kms:eu-west-1:111122223333:key/a"'),
    "a queue for a key": ('"kms:Decrypt"', ORDERS),
}
FITTING = {
    "a bucket and a queue": ('"sqs:SendMessage"', f'["arn:aws:s3:::bucket", {DEAD}]'),
    "everything": ('"sqs:SendMessage"', '"*"'),
    "any service": ('"sqs:SendMessage"', '"arn:aws:*:eu-west-1:111122223333:x"'),
    "its own service in other letters": ('"SQS:SendMessage"', DEAD),
    "an action of the bucket": ('"s3:GetObject"', '"arn:aws:s3:::bucket"'),
    "all actions": ('"*"', '"arn:aws:s3:::bucket"'),
}


@pytest.mark.parametrize(("action", "resource"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_an_action_on_another_services_arn_grants_nothing(tmp_path, action, resource):
    report = judged(written(tmp_path, more=policy(action, resource)))
    (finding,) = of(report, "statement-grants-nothing")
    assert (finding.kind, finding.severity.value) == ("problem", "note")
    assert verdict(report) == "ready"


@pytest.mark.parametrize(("action", "resource"), FITTING.values(), ids=FITTING.keys())
def test_an_action_that_may_find_its_resource_grants_something(tmp_path, action, resource):
    report = judged(written(tmp_path, more=policy(action, resource)))
    assert of(report, "statement-grants-nothing") == []


def test_a_document_that_may_be_another_roles_is_no_matter_of_these_rules(tmp_path):
    more = (
        'variable "x" {}\nresource "aws_iam_role_policy" "unknown" {\n'
        "  role = var.x\n  policy = var.x\n}\n"
    )
    report = judged(written(tmp_path, more=more))
    rules = {each.rule for each in report.findings}
    assert "role-cannot-read-queue" in rules
    assert not rules & {"document-invalid", "action-does-not-exist", "statement-grants-nothing"}


def test_a_document_outside_the_input_is_no_matter_of_these_rules(tmp_path):
    more = (
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.worker.name\n'
        '  policy_arn = "arn:aws:iam::111122223333:policy/shared"\n}\n'
    )
    report = judged(written(tmp_path, more=more))
    rules = {each.rule for each in report.findings}
    assert "role-cannot-read-queue" in rules
    assert not rules & {"document-invalid", "action-does-not-exist", "statement-grants-nothing"}


def test_one_role_of_two_mappings_is_reported_of_those_that_it_concerns(tmp_path):
    """The note is unknown beside the finding that says the same of another mapping."""
    more = policy('"sqs:ReceiveMesage"', ORDERS) + (
        'resource "aws_lambda_event_source_mapping" "dead" {\n'
        "  event_source_arn = aws_sqs_queue.dead.arn\n"
        "  function_name    = aws_lambda_function.worker.arn\n}\n"
    )
    report = judged(written(tmp_path, more=more))
    (finding,) = of(report, "action-does-not-exist")
    assert finding.mappings == ("aws_lambda_event_source_mapping.orders",)
