"""Make a repository of Terraform to measure with: `generate.py FOLDER --mappings 1000`.

Every mapping has a queue, a dead-letter queue, a role, its policy in one of four styles and a
function; the rest are resources that have nothing to do with it. The same seed makes the same
files.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path

_NUMBER = re.compile(r"(?<![A-Za-z])N(?![A-Za-z])")
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
PLAIN = (
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
# Lets the team in, and nobody else.
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
"""Resources of other services, as plainly written as can be."""
VARIED = (
    *PLAIN,
    """
variable "size_N" {
  description = "How large machine N is: \\"size\\" for short."
  type        = string
  default     = "t3.micro"

  validation {
    condition     = can(regex("^t3[.]", var.size_N))
    error_message = "Machine N must be a t3."
  }
}

resource "aws_instance" "other_N" {
  ami           = "ami-0123456789abcdef0"
  instance_type = var.size_N

  user_data = <<-EOT
    #!/bin/bash
    echo "machine N of ${var.stage}" > /etc/motd
    for each in a b c; do echo "$each {"; done
  EOT

  tags = {
    Name = "${local.prefix}-${var.stage == "live" ? "live" : "test"}-N"
  }
}

output "machine_N" {
  value = aws_instance.other_N.private_ip
}
""",
    """
/* The table of team TEAM.
   It is paid by request. */
resource "aws_dynamodb_table" "other_N" {
  name         = "${local.prefix}-N"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  lifecycle {
    prevent_destroy = true
  }
}
""",
    """
locals {
  zones_N = { for zone in ["a", "b", "c"] : zone => "eu-west-1${zone}" }
}

resource "aws_subnet" "other_N" {
  for_each          = local.zones_N
  vpc_id            = "vpc-0123456789abcdef0"
  availability_zone = each.value
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, index(keys(local.zones_N), each.key))
}
""",
    """
data "aws_vpc" "other_N" {
  id = "vpc-0123456789abcdef0"
}

resource "aws_cloudwatch_event_rule" "other_N" {
  name = "${local.prefix}-N"

  event_pattern = jsonencode({
    source = ["aws.ec2"]
    detail = { state = ["stopped"], vpc = [data.aws_vpc.other_N.id] }
  })
}
""",
)
"""The same among what else a repository holds: variables, locals, outputs, comments, heredocs."""


def blocks(mappings: int, styles: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """Yield the blocks of each mapping."""
    for n in range(mappings):
        text = MAPPING.replace("POLICY", POLICIES[styles[n % len(styles)]])
        text = text.replace("TIMEOUT", str(chance.choice((30, 180, 360))))
        yield text.replace("TEAM", str(n % 17)).replace("ACTIONS", ACTIONS).replace("N", str(n))


def others(count: int, kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield resources that have nothing to do with a mapping."""
    for n in range(count):
        text = kinds[n % len(kinds)].replace("TEAM", str(n % 17))
        yield _NUMBER.sub(str(n), text)


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
    folder: Path,
    mappings: int,
    irrelevant: int = 0,
    *,
    files: int = 20,
    style: str = "mixed",
    varied: bool = False,
    seed: int = 1,
) -> None:
    """Write a root module; `style` is one of `STYLES`, or `mixed`.

    The irrelevant resources are plainly written, or `varied`.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    styles = STYLES if style == "mixed" else (style,)
    write(folder, "mappings", blocks(mappings, styles, chance), files, mappings)
    kinds = VARIED if varied else PLAIN
    write(folder, "others", others(irrelevant, kinds), max(files, irrelevant // 200), irrelevant)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mappings", type=int, default=1000)
    parser.add_argument("--irrelevant", type=int, default=0)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--style", choices=(*STYLES, "mixed"), default="mixed")
    parser.add_argument("--varied", action="store_true", help="not only plainly written resources")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(**vars(given))


if __name__ == "__main__":
    main()
