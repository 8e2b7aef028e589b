"""Make a repository of Terraform to measure with: `generate.py FOLDER --mappings 1000`.

Every mapping has a queue, a dead-letter queue, a role, its policy in one of four styles and a
function; the rest are resources that have nothing to do with it. The same seed makes the same
files.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

STYLES = ("jsonencode", "document", "heredoc", "managed")
ACTIONS = '"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"'
MAIN = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "stage" {
  description = "Where this runs."
  type        = string
  default     = "test"
}

locals {
  prefix = "shop-${var.stage}"
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
"""
MAPPING = """
resource "aws_sqs_queue" "dead_N" {
  name                      = "${local.prefix}-N-dead"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "work_N" {
  name                       = "${local.prefix}-N"
  visibility_timeout_seconds = TIMEOUT

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_N.arn
    maxReceiveCount     = 5
  })

  tags = {
    team  = "team-TEAM"
    stage = var.stage
  }
}

resource "aws_iam_role" "worker_N" {
  name               = "${local.prefix}-worker-N"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}
POLICY
resource "aws_lambda_function" "worker_N" {
  function_name = "${local.prefix}-worker-N"
  role          = aws_iam_role.worker_N.arn
  runtime       = "python3.12"
  handler       = "worker.handle"
  filename      = "worker.zip"
  timeout       = 30

  environment {
    variables = {
      STAGE = var.stage
    }
  }
}

resource "aws_lambda_event_source_mapping" "work_N" {
  event_source_arn = aws_sqs_queue.work_N.arn
  function_name    = aws_lambda_function.worker_N.arn
  batch_size       = 10
}
"""
POLICIES = {
    "jsonencode": """
resource "aws_iam_role_policy" "read_N" {
  name = "read"
  role = aws_iam_role.worker_N.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = [ACTIONS]
        Resource = aws_sqs_queue.work_N.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "*"
      },
    ]
  })
}
""",
    "document": """
data "aws_iam_policy_document" "read_N" {
  statement {
    actions   = [ACTIONS]
    resources = [aws_sqs_queue.work_N.arn]
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "read_N" {
  name   = "read"
  role   = aws_iam_role.worker_N.id
  policy = data.aws_iam_policy_document.read_N.json
}
""",
    "heredoc": """
resource "aws_iam_role_policy" "read_N" {
  name = "read"
  role = aws_iam_role.worker_N.id

  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [ACTIONS],
      "Resource": "${aws_sqs_queue.work_N.arn}"
    }
  ]
}
EOF
}
""",
    "managed": """
resource "aws_iam_role_policy_attachment" "read_N" {
  role       = aws_iam_role.worker_N.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
}
""",
}
OTHERS = (
    """
resource "aws_s3_bucket" "other_N" {
  bucket = "${local.prefix}-N"

  tags = {
    Name = "bucket N"
    Team = "team-TEAM"
  }
}
""",
    """
resource "aws_security_group" "other_N" {
  name        = "${local.prefix}-N"
  description = "Lets the team in."

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
""",
    """
resource "aws_cloudwatch_metric_alarm" "other_N" {
  alarm_name          = "${local.prefix}-N"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "Errors"
  namespace           = "Shop"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
}
""",
)


def blocks(mappings: int, styles: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """Yield the blocks of each mapping."""
    for n in range(mappings):
        text = MAPPING.replace("POLICY", POLICIES[styles[n % len(styles)]])
        text = text.replace("TIMEOUT", str(chance.choice((30, 180, 360))))
        yield text.replace("TEAM", str(n % 17)).replace("ACTIONS", ACTIONS).replace("N", str(n))


def others(count: int) -> Iterator[str]:
    """Yield resources that have nothing to do with a mapping."""
    for n in range(count):
        yield (
            OTHERS[n % len(OTHERS)]
            .replace("TEAM", str(n % 17))
            .replace("_N", f"_{n}")
            .replace("-N", f"-{n}")
        )


def write(folder: Path, name: str, parts: Iterator[str], files: int, count: int) -> None:
    """Spread blocks over so many files."""
    each = max(1, -(-count // max(1, files)))
    held: list[str] = []
    number = 0
    for part in parts:
        held.append(part)
        if len(held) == each:
            (folder / f"{name}_{number}.tf").write_text("".join(held), encoding="utf-8")
            held, number = [], number + 1
    if held:
        (folder / f"{name}_{number}.tf").write_text("".join(held), encoding="utf-8")


def generate(
    folder: Path, mappings: int, irrelevant: int, files: int, style: str, seed: int
) -> None:
    """Write a root module; `style` is one of `STYLES`, or `mixed`."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    styles = STYLES if style == "mixed" else (style,)
    write(folder, "mappings", blocks(mappings, styles, chance), files, mappings)
    write(folder, "others", others(irrelevant), max(files, irrelevant // 200), irrelevant)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mappings", type=int, default=1000)
    parser.add_argument("--irrelevant", type=int, default=0)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--style", choices=(*STYLES, "mixed"), default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(given.folder, given.mappings, given.irrelevant, given.files, given.style, given.seed)


if __name__ == "__main__":
    main()
