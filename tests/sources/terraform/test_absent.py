"""Outputs of modules that are not here: no role or queue of ours, unless ours flows into them."""

import json
from pathlib import Path

import pytest

from checker.cli import main

ROOT = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}
variable "unset" {
}
locals {
  worker = "worker"
}
resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 180
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}
resource "aws_sqs_queue" "dead" {
  name                      = "orders-dead"
  message_retention_seconds = 1209600
}
resource "aws_iam_role" "worker" {
  name               = local.worker
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [RESOURCE]
  }
}
resource "aws_iam_role_policy" "read" {
  role   = ROLE
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  timeout       = 30
  filename      = "worker.zip"
  handler       = "worker.handle"
  runtime       = "python3.13"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn        = aws_sqs_queue.orders.arn
  function_name           = aws_lambda_function.worker.arn
  function_response_types = ["ReportBatchItemFailures"]
  depends_on              = [aws_iam_role_policy.read]
}
module "other" {
  source = "acme/other/aws"
  GIVEN
}
module "between" {
  source = "acme/between/aws"
  BETWEEN
}
"""
DENY = """
data "aws_iam_policy_document" "closed" {
  statement {
    effect    = "Deny"
    actions   = ["sqs:ReceiveMessage"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_sqs_queue_policy" "closed" {
  queue_url = module.other.queue_url
  policy    = data.aws_iam_policy_document.closed.json
}
"""
DENY_ROLE = """
resource "aws_iam_role_policy" "closed" {
  role   = module.other.role_name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "sqs:*", Resource = "*" }]
  })
}
"""
OURS = {"RESOURCE": "aws_sqs_queue.orders.arn", "ROLE": "aws_iam_role.worker.id"}
THEIR_QUEUE = OURS | {"RESOURCE": "module.other.queue_arn"}
THEIR_ROLE = OURS | {"ROLE": "module.other.role_name"}
OTHERS = {
    "nothing": "",
    "text": 'name = "something-else"',
    "another queue": "queue_arn = aws_sqs_queue.dead.arn",
    "an unset variable": "name = var.unset",
    "a list": 'names = ["a", { b = ["c"] }]',
}
QUEUE = {
    "its ARN": "queue_arn = aws_sqs_queue.orders.arn",
    "its URL": "queue_url = aws_sqs_queue.orders.url",
    "its name": "queue = aws_sqs_queue.orders.name",
    "its name as text": 'queue = "orders"',
    "in a list": "queues = [{ arn = aws_sqs_queue.orders.arn }]",
    "in a policy": "policy = data.aws_iam_policy_document.ours.json",
    "the whole queue": "queue = aws_sqs_queue.orders",
    "by another module": "queue = module.between.queue",
}
ROLE = {
    "its ARN": "role = aws_iam_role.worker.arn",
    "its name": "role = aws_iam_role.worker.name",
    "its name as text": "role = local.worker",
    "the whole role": "role = aws_iam_role.worker",
}
OURS_IN_A_POLICY = """
data "aws_iam_policy_document" "ours" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]
  }
}
"""


def verdict(capsys, tmp_path, words, given="", more="", between=""):
    text = ROOT + more
    for word, value in ({"GIVEN": given, "BETWEEN": between} | words).items():
        text = text.replace(f" {word}\n", f" {value}\n").replace(f"[{word}]", f"[{value}]")
    (Path(tmp_path) / "main.tf").write_text(text)
    main(["plan", str(tmp_path), "--root", str(tmp_path), "--format", "json"])
    (mapping,) = json.loads(capsys.readouterr().out)["mappings"]
    return mapping["verdict"]


@pytest.mark.parametrize("given", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(
    ("words", "more", "expected"),
    [
        (OURS, DENY, "ready"),
        (OURS, DENY_ROLE, "ready"),
        (THEIR_QUEUE, "", "blocked"),
        (THEIR_ROLE, "", "blocked"),
    ],
    ids=["policy of their queue", "policy of their role", "their queue", "their role"],
)
def test_what_a_missing_module_makes_is_not_ours(given, words, more, expected, capsys, tmp_path):
    assert verdict(capsys, tmp_path, words, given, more) == expected


@pytest.mark.parametrize("given", QUEUE.values(), ids=QUEUE)
@pytest.mark.parametrize(
    ("words", "more"), [(OURS, DENY), (THEIR_QUEUE, "")], ids=["a policy", "a queue"]
)
def test_a_queue_that_flows_into_a_missing_module_may_come_out(
    given, words, more, capsys, tmp_path
):
    more += OURS_IN_A_POLICY
    between = "queue = aws_sqs_queue.orders.arn"
    assert verdict(capsys, tmp_path, words, given, more, between) == "undecided"


@pytest.mark.parametrize("given", ROLE.values(), ids=ROLE)
@pytest.mark.parametrize(
    ("words", "more"), [(OURS, DENY_ROLE), (THEIR_ROLE, "")], ids=["a policy", "a role"]
)
def test_a_role_that_flows_into_a_missing_module_may_come_out(given, words, more, capsys, tmp_path):
    assert verdict(capsys, tmp_path, words, given, more) == "undecided"


def test_a_name_that_a_missing_module_makes_may_be_any(capsys, tmp_path):
    """A module of labels: its output is a part of a name, not a thing."""
    words = OURS | {"RESOURCE": '"arn:aws:sqs:eu-west-1:123456789012:${module.other.id}"'}
    assert verdict(capsys, tmp_path, words) == "undecided"


NO_POLICY = OURS | {"ROLE": '"another"'}
NO_ROLE = {
    "nothing": "",
    "its queue": "queue_arn = aws_sqs_queue.orders.arn",
    "another thing of its name": 'name = "worker"',
    "another role": 'role = "worker-two"',
    "another role's ARN": 'role_arn = "${aws_iam_role.worker.arn}-two"',
}


@pytest.mark.parametrize(
    "given", [*ROLE.values(), 'attach = [{ role_name = "worker" }]'], ids=[*ROLE, "in a list"]
)
def test_a_missing_module_may_attach_policies_to_a_role_it_is_given(given, capsys, tmp_path):
    assert verdict(capsys, tmp_path, NO_POLICY, given) == "undecided"


@pytest.mark.parametrize("given", ROLE.values(), ids=ROLE)
def test_a_missing_module_takes_no_permission_from_a_role_it_is_given(given, capsys, tmp_path):
    assert verdict(capsys, tmp_path, OURS, given) == "ready"


@pytest.mark.parametrize("given", NO_ROLE.values(), ids=NO_ROLE)
def test_a_missing_module_attaches_nothing_to_a_role_it_is_not_given(given, capsys, tmp_path):
    assert verdict(capsys, tmp_path, NO_POLICY, given) == "blocked"
