"""A small deployment as Terraform text, of which a test writes the parts that it is about."""

from datetime import date

from checker.check import check
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

TODAY = date(2026, 11, 23)
READ = '["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]'
TRUST = """jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
    }]
  })"""
BASE = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
  %(provider)s
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
  %(queue)s
}

resource "aws_sqs_queue" "dead" {
  name                      = "orders-dead"
  message_retention_seconds = 1209600
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = %(trust)s
  %(role)s
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = %(function_role)s
  handler       = "main.handler"
  runtime       = "python3.12"
  filename      = "worker.zip"
  timeout       = 10
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn        = %(source)s
  function_name           = aws_lambda_function.worker.arn
  function_response_types = ["ReportBatchItemFailures"]
  depends_on              = [aws_iam_role_policy.read]
  %(mapping)s
}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.worker.id
  policy = %(policy)s
}

%(more)s
"""  # noqa: E501 - Terraform's own line
DEFAULTS = {
    "provider": "",
    "queue": "",
    "trust": TRUST,
    "role": "",
    "function_role": "aws_iam_role.worker.arn",
    "source": "aws_sqs_queue.orders.arn",
    "mapping": "",
    "more": "",
}


def statement(condition="", resource="aws_sqs_queue.orders.arn", effect="Allow", action=READ):
    """Return an identity policy of one statement, as Terraform text."""
    said = f", Condition = {condition}" if condition else ""
    return (
        'jsonencode({ Version = "2012-10-17", Statement = [{'
        f' Effect = "{effect}", Action = {action}, Resource = {resource}{said} }}] }})'
    )


def allowing_and(denying):
    """Return an identity policy that lets the role read the queue, and a statement that denies."""
    return (
        'jsonencode({ Version = "2012-10-17", Statement = ['
        f'{{ Effect = "Allow", Action = {READ}, Resource = aws_sqs_queue.orders.arn }},'
        f" {denying}] }})"
    )


def written(folder, **parts):
    """Write a deployment with some parts of its own, and return its folder."""
    (folder / "main.tf").write_text(BASE % (DEFAULTS | {"policy": statement()} | parts))
    return folder


def judged(folder, variables=(), deployer=None, policy="current", **given):
    """Return the report on a deployment."""
    inventory = load(folder, folder, Given(variables=list(variables), deployer=deployer, **given))
    object.__setattr__(inventory, "today", TODAY)
    rules = load_policy(policy, [rule.name for rule in RULES])
    results = check(inventory, rules.select(RULES), rules.settings)
    return judge(inventory, results, rules, TODAY)


def verdict(report):
    """Return the verdict on the only mapping."""
    (row,) = report.mappings
    return row.verdict.value


def said(report, kind="problem", severity="error"):
    """Return the rules that say something, in order and once each."""
    found = (
        each.rule
        for each in report.findings
        if each.kind == kind and each.severity.value == severity
    )
    return list(dict.fromkeys(found))
