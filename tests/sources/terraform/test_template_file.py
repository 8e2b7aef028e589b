"""Documents that the template provider renders, as older configurations write them."""

from __future__ import annotations

import json

import pytest

from checker.cli import main

MAIN = """
provider "aws" {
  region = "eu-west-1"
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
}

data "template_file" "trust" {
  template = file("trust.json")
}

data "template_file" "read" {
  ARGUMENTS
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = data.template_file.trust.rendered
}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.worker.id
  policy = data.template_file.read.rendered
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
  depends_on       = [aws_iam_role_policy.read]
}

variable "untold" {
  type = string
}

variable "untold_map" {
  type = map(string)
}
"""
TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""
READ = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"LAST],
    "Resource": "${queue}"
  }]
}
"""
DELETE = ', "sqs:DeleteMessage"'
VARS = "vars = { queue = aws_sqs_queue.orders.arn }"
HEREDOC = 'template = <<-EOT\n{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
HEREDOC += '"Action": "sqs:*", "Resource": "$${queue}"}]}\n  EOT\n  ' + VARS


@pytest.fixture
def judged(tmp_path, capsys):
    def judged(arguments, last=DELETE):
        (tmp_path / "main.tf").write_text(MAIN.replace("ARGUMENTS", arguments))
        (tmp_path / "trust.json").write_text(TRUST)
        (tmp_path / "read.json").write_text(READ.replace("LAST", last))
        assert main(["plan", str(tmp_path), "--format", "json"]) in (0, 1)
        report = json.loads(capsys.readouterr().out)
        (row,) = report["mappings"]
        errors = [
            (each["rule"], each["location"]["file"], each["location"]["line"])
            for each in report["findings"]
            if each["severity"] == "error" and each["kind"] == "problem"
        ]
        return row["verdict"], errors, report

    return judged


@pytest.mark.parametrize(
    "arguments",
    [
        'template = file("read.json")\n  ' + VARS,
        'template = file("${path.module}/read.json")\n  ' + VARS,
        HEREDOC,
    ],
)
def test_a_template_is_rendered(judged, arguments):
    assert judged(arguments)[:2] == ("at-risk", [])


def test_what_it_lacks_is_found_in_the_file(judged):
    verdict, errors, report = judged('template = file("read.json")\n  ' + VARS, last="")
    assert (verdict, errors[0][0]) == ("blocked", "role-cannot-read-queue")
    (finding,) = [e for e in report["findings"] if e["rule"] == "role-cannot-read-queue"]
    assert any("read.json" in json.dumps(each) for each in finding["because"])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ('template = file("read.json")', "do not hold `queue`"),
        ('template = file("read.json")\n  vars = var.untold_map', "variable `untold_map`"),
        ('template = file("read.json")\n  vars = var.untold', "are no map"),
        ("template = var.untold", "variable `untold`"),
        ('filename = "read.json"', "is read by its provider"),
        ('template = "${var.untold}{}"', "variable `untold`"),
        ('template = "$${templatefile(\\"read.json\\", {})}"', "cannot call `templatefile`"),
        ('template = "$${"', "cannot be rendered"),
    ],
)
def test_what_cannot_be_rendered_is_unknown_and_said(judged, arguments, why):
    verdict, errors, report = judged(arguments)
    assert (verdict, errors) == ("undecided", [])
    assert why in json.dumps(report["findings"])


def test_an_unknown_variable_is_a_hole_in_the_text(judged):
    arguments = 'template = file("read.json")\n  vars = { queue = var.untold }'
    assert judged(arguments)[0] == "undecided"
    wide = 'template = "{\\"Version\\":\\"2012-10-17\\",\\"Id\\":\\"$${id}\\",\\"Statement\\":'
    wide += '[{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"sqs:*\\",\\"Resource\\":\\"*\\"}]}"'
    assert judged(wide + "\n  vars = { id = var.untold }")[1] == []
