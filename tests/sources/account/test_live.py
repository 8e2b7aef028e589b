"""A plan beside the account that it goes out to."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from deployment import READ, allow, document

from checker.cli import main

ROOT = Path(__file__).parents[3]
REFERS = """
provider "aws" {
  region = "eu-west-1"
}

data "aws_sqs_queue" "orders" {
  name = "orders"
}

data "aws_iam_role" "orders" {
  name = "orders"
}

resource "aws_lambda_function" "new" {
  function_name = "new"
  role          = data.aws_iam_role.orders.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  timeout       = TIMEOUT
}

resource "aws_lambda_event_source_mapping" "new" {
  event_source_arn        = data.aws_sqs_queue.orders.arn
  function_name           = aws_lambda_function.new.arn
  function_response_types = ["ReportBatchItemFailures"]
}
"""


@pytest.fixture
def account(aws, monkeypatch, tmp_path):
    """A queue and a role that the configuration in the current directory refers to."""
    monkeypatch.chdir(tmp_path)
    key = aws.user("ci", allow("lambda:*", "*"))
    dead = aws.queue("orders-dead", MessageRetentionPeriod="1209600")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 5})
    queue = aws.queue("orders", VisibilityTimeout="60", RedrivePolicy=redrive)
    aws.role("orders", allow(READ, queue))
    Path("main.tf").write_text(REFERS.replace("TIMEOUT", "10"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    return aws


def plan(capsys, *words):
    code = main(["plan", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def found(report, severity="error"):
    return sorted({e["rule"] for e in report["findings"] if e["severity"] == severity})


def test_what_it_refers_to_settles_what_was_not_told(account, capsys):
    assert plan(capsys)[1]["mappings"][0]["verdict"] == "undecided"
    code, report = plan(capsys, "--live")
    assert (code, report["mappings"][0]["verdict"], found(report)) == (0, "ready", [])
    assert report["mappings"][0]["queue"]["arn"] == "arn:aws:sqs:eu-west-1:123456789012:orders"


def test_a_problem_between_both_is_found(account, capsys):
    Path("main.tf").write_text(REFERS.replace("TIMEOUT", "100"))
    code, report = plan(capsys, "--live")
    assert (code, found(report)) == (1, ["visibility-timeout-below-function-timeout"])


def test_what_the_input_attaches_counts_beside_what_is_there(account, capsys):
    account.client("iam").delete_role_policy(RoleName="orders", PolicyName="own")
    assert found(plan(capsys, "--live")[1]) == ["role-cannot-read-queue"]
    text = Path("main.tf").read_text()
    Path("main.tf").write_text(
        text
        + """
resource "aws_iam_role_policy" "read" {
  role   = data.aws_iam_role.orders.name
  policy = DOCUMENT
}
""".replace("DOCUMENT", f"jsonencode({document(allow(READ, '*'))})")
    )
    assert found(plan(capsys, "--live")[1]) == []


def test_the_deployer_is_the_caller(account, capsys):
    account.client("iam").delete_user_policy(UserName="ci", PolicyName="own")
    code, report = plan(capsys, "--live")
    assert code == 1
    assert found(report) == ["deployer-cannot-create-mapping"]


def test_credentials_without_live_are_refused(account, capsys):
    assert main(["plan", "--profile", "x"]) == 2
    assert "--live" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["--env"], ["--recursive"], ["--deployer", "arn:aws:iam::1:role/x"]]
)
def test_a_plan_without_live_opens_no_socket(monkeypatch, capsys, words):
    def refused(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    code = main(["plan", str(ROOT / "fixtures/scenarios/queue-of-another-team"), *words])
    assert code in (0, 1)
    assert "socket" not in capsys.readouterr().err
