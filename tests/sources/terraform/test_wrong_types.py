"""What is of the wrong type is not known, and says so: Terraform would refuse it, too."""

from __future__ import annotations

import json

import pytest

from checker.cli import main

MAIN = """
provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
}

resource "aws_iam_role" "worker" {
  name = "worker"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  name = "queue"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.orders.arn }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  timeout       = 10

  depends_on = [aws_iam_role_policy.worker]
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""


def verdict(folder, capsys, text):
    (folder / "main.tf").write_text(text)
    assert main(["plan", str(folder), "--format", "json"]) in (0, 1)
    (mapping,) = json.loads(capsys.readouterr().out)["mappings"]
    return mapping["verdict"]


def test_the_deployment_is_right_before_anything_is_wrong(tmp_path, capsys):
    assert verdict(tmp_path, capsys, MAIN) == "at-risk"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('  name = "queue"', "  name = []"),
        ("role = aws_iam_role.worker.id", "role = toset([])"),
        ("  role          = aws_iam_role.worker.arn", "  role = [aws_iam_role.worker]"),
        ("= aws_sqs_queue.orders.arn\n  function", "= aws_sqs_queue.orders\n  function"),
        ('name                       = "orders"', "name = { a = 1 }"),
        ('  name = "worker"', "  name = [1]"),
        ('  function_name = "worker"', "  function_name = {}"),
    ],
)
def test_what_is_no_text_is_refused_where_one_is_wanted(tmp_path, capsys, right, wrong):
    assert right in MAIN
    assert verdict(tmp_path, capsys, MAIN.replace(right, wrong, 1)) == "blocked"


def test_a_mapping_without_a_function_is_unknown(tmp_path, capsys):
    right = "function_name    = aws_lambda_function.worker.arn"
    assert right in MAIN
    text = MAIN.replace(right, 'function_name = ""', 1)
    assert verdict(tmp_path, capsys, text) == "undecided"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('alias  = "other"', 'alias  = ["other"][7]'),
        ('region = "eu-west-1"\n}\n\nprovider', "region = []\n}\n\nprovider"),
        ('  region = "eu-west-1"\n}\n\nresource', "  allowed_account_ids = [[1]]\n}\n\nresource"),
    ],
)
def test_what_decides_nothing_may_be_of_any_type(tmp_path, capsys, right, wrong):
    assert right in MAIN
    assert verdict(tmp_path, capsys, MAIN.replace(right, wrong, 1)) == "at-risk"
