"""What the answer rests on that a configuration does not tell is listed."""

import pytest

from checker.sources.terraform.load import load
from checker.sources.terraform.resources.reading import WELL_FORMED

QUEUE = """
variable "one" {{}}
variable "many" {{
  type = list(string)
}}
resource "aws_iam_role" "r" {{
  assume_role_policy = "{{}}"
}}
resource "aws_sqs_queue" "q" {{
  name   = "q"
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sqs:*", Resource = "*", {principal} }}]
  }})
}}
resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = "f"
}}
"""


@pytest.mark.parametrize(
    ("principal", "assumed"),
    [
        ("Principal = { AWS = var.one }", True),
        ("Principal = { AWS = var.many }", True),
        ('Principal = { AWS = ["123456789012", var.one] }', True),
        ("NotPrincipal = { AWS = var.many }", True),
        ("Principal = { Service = var.one }", True),
        ("Principal = { AWS = aws_iam_role.r.arn }", False),
        ('Principal = "*"', False),
        ('Principal = { AWS = "arn:aws:iam::${var.one}:root" }', False),
    ],
)
def test_an_unknown_principal_is_assumed_to_be_one(tmp_path, principal, assumed):
    (tmp_path / "main.tf").write_text(QUEUE.format(principal=principal))
    assert (WELL_FORMED in load(tmp_path, tmp_path).assumptions) is assumed
