"""A mapping is left out only where it surely reads something other than a queue."""

from __future__ import annotations

import json

import pytest

from checker.cli import main

MAPPING = """
variable "source" {
  type = string
}

variable "untold" {
  type = any
}

variable "unwanted" {
  type    = any
  default = null
}

resource "aws_kinesis_stream" "clicks" {
  name = "clicks"
}

resource "aws_lambda_event_source_mapping" "one" {
  function_name = "worker"
  ARGUMENTS
}
"""
DYNAMIC = """
  event_source_arn = var.source
  dynamic "self_managed_event_source" {
    for_each = EACH
    content {
      endpoints = {}
    }
  }
"""


@pytest.fixture
def counted(tmp_path, capsys):
    def counted(arguments):
        text = MAPPING.replace("ARGUMENTS", "\n  ".join(arguments.split("; ")))
        (tmp_path / "main.tf").write_text(text)
        assert main(["plan", str(tmp_path), "--format", "json"]) in (0, 1)
        report = json.loads(capsys.readouterr().out)
        return len(report["mappings"]), report["summary"]["other-sources"]

    return counted


@pytest.mark.parametrize(
    "arguments",
    [
        "event_source_arn = aws_kinesis_stream.clicks.arn",
        'event_source_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/s"',
        'event_source_arn = "arn:aws:kafka:${var.source}"',
        'event_source_arn = var.source; starting_position = "LATEST"',
        'event_source_arn = var.source; topics = ["clicks"]',
        "event_source_arn = var.source; self_managed_event_source {; endpoints = {}; }",
        'starting_position = "LATEST"; self_managed_event_source {; endpoints = {}; }',
        DYNAMIC.replace("EACH", "[1]"),
    ],
)
def test_what_surely_reads_something_else_is_counted_only(counted, arguments):
    assert counted(arguments) == (0, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        "event_source_arn = var.source",
        "event_source_arn = var.source; starting_position = var.unwanted",
        "event_source_arn = var.source; starting_position = var.untold",
        "event_source_arn = var.source; topics = []; bisect_batch_on_function_error = false",
        "event_source_arn = var.source; tumbling_window_in_seconds = 0",
        DYNAMIC.replace("EACH", "[]"),
        DYNAMIC.replace("EACH", "var.untold"),
        'event_source_arn = "arn:aws:${var.source}"',
        'event_source_arn = "${var.source}:orders"',
        'event_source_arn = "${var.source}:a:kinesis:b"',
        'event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q"; starting_position = "LATEST"',
    ],
)
def test_what_may_read_a_queue_is_judged(counted, arguments):
    assert counted(arguments) == (1, 0)


def test_an_empty_arn_is_an_unknown_source_and_names_no_thing(tmp_path, capsys):
    (tmp_path / "main.tf").write_text(MAPPING.replace("ARGUMENTS", 'event_source_arn = ""'))
    assert main(["plan", str(tmp_path), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["mappings"][0]["verdict"] == "undecided"
    assert all(finding["subject"] for finding in report["findings"])
    assert any("`event_source_arn` is empty" in each["message"] for each in report["findings"])
