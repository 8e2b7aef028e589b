"""What a person sees of 200 mappings: a shared fault once, and no more than two screens of text."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from checker.cli import main

COUNT = 200
SHARED = """
provider "aws" {
  region = "eu-central-1"
}
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = [ACTIONS], Resource = "*" }]
  })
}
"""
MAPPING = """
resource "aws_sqs_queue" "q{n}" {{
  name = "q{n}"
}}
resource "aws_lambda_function" "f{n}" {{
  function_name = "f{n}"
  role          = aws_iam_role.r.arn
  handler       = "a.b"
  runtime       = "python3.12"
  filename      = "x.zip"
  timeout       = 20
}}
resource "aws_lambda_event_source_mapping" "m{n}" {{
  event_source_arn = aws_sqs_queue.q{n}.arn
  function_name    = aws_lambda_function.f{n}.arn
}}
"""
READ = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:DeleteMessage"]
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "markdown", "html")


def laid(folder, actions):
    text = SHARED.replace("ACTIONS", ", ".join(json.dumps(each) for each in actions))
    (folder / "main.tf").write_text(text + "".join(MAPPING.format(n=n) for n in range(COUNT)))


@pytest.fixture
def reports(tmp_path, monkeypatch, capsys):
    """Return the reports in every format on mappings that share a fault."""
    laid(tmp_path, READ[:2])
    monkeypatch.chdir(tmp_path)
    words = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    assert main(["plan", "--root", ".", *words]) == 1
    capsys.readouterr()
    return {name: Path(f"out.{name}").read_text("utf-8") for name in FORMATS}


def test_a_shared_fault_is_one_error_in_every_format(reports):
    report = json.loads(reports["json"])
    errors = [each for each in report["findings"] if each["severity"] == "error"]
    (error,) = errors
    assert len(error["mappings"]) == len(error["affected"]) == COUNT
    assert report["summary"]["errors"] == 1
    assert reports["text"].count("error[") == 1
    (run,) = json.loads(reports["sarif"])["runs"]
    assert [each["level"] for each in run["results"]].count("error") == 1
    issues = json.loads(reports["gitlab"])
    assert [each["severity"] for each in issues].count("critical") == 1
    assert reports["github"].count("::error") == 1
    assert reports["markdown"].count("<summary><b>error</b>") == 1
    assert reports["html"].count("role-cannot-read-queue</b>") == 1


def test_junit_names_a_shared_fault_at_every_mapping(reports):
    suites = ET.fromstring(reports["junit"])  # noqa: S314 - our own
    assert len(suites.findall("testsuite/testcase/failure")) == COUNT


def test_the_text_of_mappings_without_an_error_is_short(tmp_path, monkeypatch, capsys):
    laid(tmp_path, READ)
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "--root", "."]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= 60
