"""An unknown that a refusal explains is not reported beside it; one that rests elsewhere is."""

import json

import pytest

from checker.cli import main

TEXT = """
provider "aws" {{
  region = "eu-west-1"
}}
variable "flag" {{
  type = bool
}}
resource "aws_sqs_queue" "q" {{
  name                       = "q"
  visibility_timeout_seconds = {hidden}
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = {role}
  timeout       = 30
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}}
{waiver}resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}}
"""
SOUND = {"hidden": "180", "role": '"arn:aws:iam::111122223333:role/r"', "waiver": ""}


@pytest.fixture
def found(tmp_path, monkeypatch, capsys):
    def run(*words, **parts):
        (tmp_path / "main.tf").write_text(TEXT.format(**SOUND | parts))
        monkeypatch.chdir(tmp_path)
        main(["plan", ".", "--format", "json", *words])
        report = json.loads(capsys.readouterr().out)
        rules = {
            (part["rule"], each["kind"])
            for each in report["findings"]
            for part in each.get("affected", [each])
        }
        return rules, report["mappings"][0]["verdict"]

    return run


def test_an_unknown_of_a_refused_value_is_not_reported(found):
    rules, verdict = found(role="local.nope")
    assert ("configuration-invalid", "problem") in rules
    assert ("role-cannot-read-queue", "unknown") not in rules
    assert verdict == "blocked"


def test_an_unknown_that_rests_elsewhere_is_reported(found):
    rules, _ = found(role="local.nope", hidden='jsondecode(file(var.flag ? "a" : "b"))')
    assert ("role-cannot-read-queue", "unknown") not in rules
    assert ("visibility-timeout-below-function-timeout", "unknown") in rules


@pytest.mark.parametrize("severity", ["off", "note", "warning"])
def test_where_the_refusal_weighs_less_the_unknown_stands(found, tmp_path, severity):
    rules = f"extends: current\nrules:\n  configuration-invalid: {severity}\n"
    (tmp_path / "p.yaml").write_text(rules)
    rules, verdict = found("--policy", "p.yaml", role="local.nope")
    assert ("role-cannot-read-queue", "unknown") in rules
    assert verdict == "undecided"


def test_with_the_refusal_waived_the_unknown_stands(found):
    waiver = "# tfcheck: ignore[configuration-invalid] known\n"
    rules, verdict = found(role="local.nope", waiver=waiver)
    assert ("role-cannot-read-queue", "unknown") in rules
    assert verdict == "undecided"
