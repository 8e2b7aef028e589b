"""A key with imported material expires on a day that the configuration names."""

from dataclasses import replace
from datetime import date

import pytest

from checker.check import check
from checker.rules.key_unusable import key_unusable
from checker.rules.settings import Settings
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

MAPPED = """
provider "aws" {
  region = "eu-west-1"
}

resource "aws_kms_external_key" "orders" {
  key_material_base64 = "aGVsbG9oZWxsb2hlbGxvaGVsbG9oZWxsb2hlbGxvYWI="
  valid_to            = "2026-11-01T00:00:00Z"
}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = aws_kms_external_key.orders.arn
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = "worker"
}
"""


@pytest.mark.parametrize(
    ("today", "found"),
    [(None, 0), (date(2026, 10, 31), 0), (date(2026, 11, 1), 0), (date(2026, 11, 2), 1)],
)
def test_a_key_is_unusable_from_the_day_after_its_material_expires(tmp_path, today, found):
    (tmp_path / "main.tf").write_text(MAPPED, encoding="utf-8")
    inventory = replace(load(tmp_path, tmp_path, Given()), today=today)
    (result,) = check(inventory, [key_unusable], Settings())
    assert [len(result.problems), len(result.unknowns)] == [found, 0]
