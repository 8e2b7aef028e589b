"""Two providers are one account only where nothing says that one of them works elsewhere."""

from __future__ import annotations

import json

import pytest

from checker.cli import main

MAIN = """
variable "wanted" {
  type    = list(string)
  DEFAULT
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "other"
  region = "eu-west-1"

  BLOCK
}

resource "aws_sqs_queue" "orders" {
  provider                   = aws.other
  name                       = "orders"
  visibility_timeout_seconds = 60
}

resource "aws_iam_role" "worker" {
  name                = "worker"
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"]

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  timeout       = 10
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""
DYNAMIC = """dynamic "KIND" {
    for_each = var.wanted
    content {
      role_arn = KIND.value
    }
  }"""
ELSEWHERE = "arn:aws:iam::210987654321:role/deploy"


@pytest.fixture
def verdict(tmp_path, capsys):
    def verdict(block, wanted=None):
        default = "" if wanted is None else f"default = {json.dumps(wanted)}"
        text = MAIN.replace("BLOCK", block).replace("DEFAULT", default)
        (tmp_path / "main.tf").write_text(text)
        assert main(["plan", str(tmp_path), "--format", "json"]) in (0, 1)
        return json.loads(capsys.readouterr().out)["mappings"][0]["verdict"]

    return verdict


@pytest.mark.parametrize("kind", ["assume_role", "assume_role_with_web_identity"])
class TestAssumedRoles:
    def test_a_role_that_is_not_assumed_changes_nothing(self, verdict, kind):
        assert verdict("") == "at-risk"
        assert verdict(DYNAMIC.replace("KIND", kind), []) == "at-risk"
        assert verdict(f'{kind} {{\n    role_arn = ""\n  }}') == "at-risk"
        assert verdict(f"{kind} {{\n    role_arn = null\n  }}") == "at-risk"

    def test_one_that_may_be_assumed_is_unknown(self, verdict, kind):
        assert verdict(DYNAMIC.replace("KIND", kind)) == "undecided"

    def test_one_that_is_assumed_is_another_account(self, verdict, kind):
        plain = f'{kind} {{\n    role_arn = "{ELSEWHERE}"\n  }}'
        # The other account is not named, and may still be this one.
        assert verdict(plain) == "undecided"
        assert verdict(DYNAMIC.replace("KIND", kind), [ELSEWHERE]) == "undecided"
