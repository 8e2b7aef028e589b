"""Root modules that call modules of a registry, with what `terraform init` leaves of them."""

from __future__ import annotations

import json

from mutating.change import Configuration

MANIFEST = ".terraform/modules/modules.json"
_HOST = "registry.terraform.io"
_QUEUE = {
    "variables.tf": """variable "name" {
  type = string
}

variable "visibility_timeout_seconds" {
  type    = number
  default = null
}

variable "create_dlq" {
  type    = bool
  default = false
}

variable "redrive_policy" {
  type    = any
  default = {}
}
""",
    "main.tf": """resource "aws_sqs_queue" "this" {
  count = 1

  name                       = var.name
  visibility_timeout_seconds = var.visibility_timeout_seconds
}

resource "aws_sqs_queue" "dlq" {
  count = var.create_dlq ? 1 : 0

  name                      = "${var.name}-dlq"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue_redrive_policy" "this" {
  count = var.create_dlq ? 1 : 0

  queue_url = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode(merge(
    { deadLetterTargetArn = aws_sqs_queue.dlq[0].arn, maxReceiveCount = 5 },
    var.redrive_policy,
  ))
}
""",
    "outputs.tf": """output "queue_arn" {
  value = try(aws_sqs_queue.this[0].arn, null)
}
""",
}
_WORKER = {
    "variables.tf": """variable "function_name" {
  type = string
}

variable "timeout" {
  type    = number
  default = 3
}

variable "attach_policy_statements" {
  type    = bool
  default = false
}

variable "policy_statements" {
  type    = any
  default = {}
}

variable "event_source_mapping" {
  type    = any
  default = {}
}
""",
    "iam.tf": """data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "lambda" {
  count = 1

  name               = var.function_name
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "additional" {
  count = var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid       = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect    = try(statement.value.effect, "Allow")
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "additional" {
  count = var.attach_policy_statements ? 1 : 0

  name   = var.function_name
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional[0].json
}
""",
    "main.tf": """resource "aws_lambda_function" "this" {
  count = 1

  function_name = var.function_name
  role          = aws_iam_role.lambda[0].arn
  runtime       = "python3.12"
  handler       = "index.handler"
  filename      = "function.zip"
  timeout       = var.timeout
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = var.event_source_mapping

  event_source_arn        = each.value.event_source_arn
  function_name           = aws_lambda_function.this[0].arn
  batch_size              = try(each.value.batch_size, 10)
  function_response_types = ["ReportBatchItemFailures"]

  depends_on = [aws_iam_role_policy.additional]
}
""",
}
_PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
_COMPLETE = """module "queue" {
  source  = "acme/queue/aws"
  version = "~> 2.1"

  name                       = "jobs"
  visibility_timeout_seconds = 180
  create_dlq                 = true

  redrive_policy = {
    maxReceiveCount = 5
  }
}

module "worker" {
  source  = "acme/worker/aws"
  version = "~> 2.1"

  function_name            = "jobs"
  timeout                  = 30
  attach_policy_statements = true

  policy_statements = {
    queue = {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [module.queue.queue_arn]
    }
  }

  event_source_mapping = {
    jobs = {
      event_source_arn = module.queue.queue_arn
      batch_size       = 10
    }
  }
}
"""


def installed() -> tuple[Configuration, ...]:
    """Return the roots: one that works, one that has known faults."""
    modules = {"queue": _QUEUE, "worker": _WORKER}
    given = [{"Key": "", "Source": "", "Dir": "."}]
    given += [
        {
            "Key": name,
            "Source": f"{_HOST}/acme/{name}/aws",
            "Version": "2.1.4",
            "Dir": f".terraform/modules/{name}",
        }
        for name in modules
    ]
    found = {MANIFEST: json.dumps({"Modules": given})}
    for name, files in modules.items():
        found |= {f".terraform/modules/{name}/{file}": text for file, text in files.items()}
    root = {"providers.tf": _PROVIDER, ".gitignore": ".terraform/\n"}
    faulty = _COMPLETE.replace('"sqs:DeleteMessage", ', "").replace("= 180", "= 30")
    return (
        Configuration("registry-complete", {**root, "main.tf": _COMPLETE}, found),
        Configuration("registry-with-faults", {**root, "main.tf": faulty}, found),
    )
