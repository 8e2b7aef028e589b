"""How permissions were decided is shown as far as it is known, and ends no run."""

from checker.cli import main

MAIN = """
provider "aws" {
  region = yamlencode({ a = "x" })
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = "{}"
}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = "alias/aws/sqs"
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""


def test_a_managed_key_of_a_region_that_is_none_leaves_its_decision_out(tmp_path, capsys):
    (tmp_path / "main.tf").write_text(MAIN)
    assert main(["plan", str(tmp_path), "--verbose"]) == 1
    given = capsys.readouterr().out
    assert "sqs:ReceiveMessage on" in given
    assert "kms:Decrypt on" not in given
