"""How long `tfcheck plan` on one small module takes, against importing its two libraries.

Run with the Python that tfcheck is installed for. Both are whole processes, run in turn, so that a
busy machine slows both; the medians and their ratio are printed. The target is at most 2.5.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import in_turn

RUNS = 15
TARGET = 2.5
MODULE = """\
provider "aws" {
  region = "eu-west-1"
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = aws_sqs_queue.orders.arn
    }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
  timeout       = 10
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text(MODULE, encoding="utf-8")
        commands = {
            "plan": (sys.executable, "-m", "checker", "plan", folder),
            "libraries": (sys.executable, "-c", "import hcl2, typer"),
        }
        taken = in_turn(commands, RUNS)
    ours, theirs = taken["plan"].seconds, taken["libraries"].seconds
    print(f"tfcheck plan        {ours * 1000:6.0f} ms")
    print(f"import hcl2, typer  {theirs * 1000:6.0f} ms")
    print(f"ratio               {ours / theirs:6.2f}  (target: at most {TARGET})")


if __name__ == "__main__":
    main()
