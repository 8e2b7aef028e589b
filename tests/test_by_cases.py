"""What an unknown variable leaves open is decided by cases: each value, and all others."""

import json
from dataclasses import replace

import pytest

from checker.cases import MOST_CASES
from checker.cli import main
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

ROOT = """
provider "aws" {{
  region = "eu-west-1"
}}
variable "env" {{
  type = string
  {validation}
}}
variable "large" {{
  type = bool
}}
variable "loose" {{}}
data "external" "e" {{
  program = ["true"]
}}
locals {{
  on = data.external.e.result.on == "yes"
}}
resource "aws_sqs_queue" "q" {{
  name                       = "orders-${{var.env}}"
  visibility_timeout_seconds = {timeout}
  redrive_policy = jsonencode({{
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = {receives}
  }})
}}
resource "aws_sqs_queue" "dead" {{
  name                      = "dead-${{var.env}}"
  message_retention_seconds = 1209600
}}
resource "aws_lambda_function" "f" {{
  function_name = "work-${{var.env}}"
  role          = aws_iam_role.r.arn
  timeout       = 30
  handler       = "work.handle"
  runtime       = "python3.12"
  filename      = "work.zip"
}}
resource "aws_iam_role" "r" {{
  name = "work-${{var.env}}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "lambda.amazonaws.com" }}
    }}]
  }})
}}
resource "aws_iam_role_policy_attachment" "a" {{
  {attached}
  role       = aws_iam_role.r.name
  policy_arn = {policy}
}}
resource "aws_lambda_event_source_mapping" "m" {{
  {made}
  event_source_arn        = aws_sqs_queue.q.arn
  function_name           = aws_lambda_function.f.arn
  function_response_types = ["ReportBatchItemFailures"]
  depends_on              = [aws_iam_role_policy_attachment.a]
}}
"""
HIDDEN = "visibility-timeout-below-function-timeout"
POLLS = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
SOUND = {
    "timeout": "180",
    "receives": "5",
    "policy": f'"{POLLS}"',
    "attached": "",
    "made": "",
    "validation": "",
}
DEV_OR_PROD = """
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "dev or prod."
  }
"""
NESTED = 'var.env == "prod" ? 180 : var.env == "dev" ? 200 : 10'


@pytest.fixture
def checked(tmp_path, capsys, monkeypatch):
    """Return what a configuration that is laid over the sound one comes to: verdict and report."""

    def run(words=(), more="", **parts):
        text = ROOT.format(**SOUND | parts)
        (tmp_path / "main.tf").write_text(text + more)
        monkeypatch.chdir(tmp_path)
        main(["plan", ".", "--format", "json", *words])
        report = json.loads(capsys.readouterr().out)
        return report["mappings"][0]["verdict"], report

    return run


@pytest.mark.parametrize(
    "parts",
    [
        {"timeout": 'var.env == "prod" ? 360 : 180'},
        {"timeout": '"prod" != var.env ? 180 : 360'},
        {"timeout": 'terraform.workspace == "prod" ? 360 : 180'},
        {"timeout": "var.large ? 360 : 180"},
        {"timeout": "!var.large ? 360 : 180"},
        {"timeout": 'var.large && var.env == "prod" ? 360 : 180'},
        {"timeout": "var.loose ? 360 : 180"},
        # Terraform takes null for no condition.
        {"timeout": "var.large == null ? 20 : 180", "receives": "var.large ? 5 : 6"},
        {"timeout": "var.loose == null ? 20 : 180", "receives": "var.loose ? 5 : 6"},
        {"timeout": "var.env == null ? 200 : 180"},
        {"timeout": 'var.large ? (var.env == "a" ? 360 : 300) : 180'},
        {"timeout": "{ dev = 180, prod = 360 }[var.env]"},
        {"timeout": "lookup({ dev = 200, prod = 360 }, var.env, 180)"},
        {"timeout": 'contains(["prod", "live"], var.env) ? 360 : 180'},
        {"timeout": '6 * (var.env == "prod" ? 60 : 30)'},
        {"timeout": NESTED, "validation": DEV_OR_PROD},
        {"receives": 'var.env == "prod" ? 10 : 5'},
        {"policy": f'var.large ? "{POLLS}" : "arn:aws:iam::aws:policy/AmazonSQSFullAccess"'},
        {"attached": 'count = var.env == "prod" ? 1 : 2'},
        {"timeout": 'startswith(var.env, "p") ? 360 : 180'},
        {"timeout": "local.on ? 360 : 180"},
        {"attached": "count = local.on ? 1 : 2"},
        {"policy": f'local.on ? "{POLLS}" : "arn:aws:iam::aws:policy/AmazonSQSFullAccess"'},
        {"timeout": 'length(split("-", var.env)) > 1 ? 360 : 180'},
    ],
    ids=str,
)
def test_what_is_sound_in_each_case_is_ready(checked, parts):
    verdict, report = checked(**parts)
    assert verdict == "ready", [each["message"] for each in report["findings"]]


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"timeout": 'var.env == "prod" ? 20 : 10'}, HIDDEN),
        ({"timeout": "var.large ? 20 : 10"}, HIDDEN),
        (
            {"timeout": "{ dev = 10, prod = 20 }[var.env]"},
            HIDDEN,
        ),
        ({"timeout": "local.on ? 20 : 10"}, HIDDEN),
        ({"policy": f'var.large ? "{LOGS}" : "arn:aws:iam::aws:policy/ReadOnlyAccess"'}, ""),
    ],
    ids=str,
)
def test_what_is_broken_in_each_case_is_blocked(checked, parts, rule):
    verdict, report = checked(**parts)
    assert verdict == "blocked"
    errors = [each for each in report["findings"] if each["severity"] == "error"]
    assert {each["kind"] for each in errors} == {"problem"}
    assert rule in {"", *(each["rule"] for each in errors)}
    said = [ground["text"] for each in errors for ground in each["because"]]
    assert any(text.startswith("it is so whatever ") for text in said)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"timeout": 'var.env == "prod" ? 20 : 180'},
            'with `var.env = "prod"`, the visibility timeout',
        ),
        ({"timeout": NESTED}, "with another `var.env`, the visibility timeout"),
        ({"timeout": "var.large ? 180 : 20"}, "with `var.large = false`, the visibility timeout"),
        (
            {"timeout": "lookup({ dev = 20 }, var.env, 180)"},
            'with `var.env = "dev"`, the visibility timeout',
        ),
        ({"attached": "count = var.large ? 1 : 0"}, "with `var.large = false`, role"),
        # A variable without `nullable = false` may be null, and one without a type a text.
        ({"timeout": "var.large == true ? 360 : var.large == false ? 180 : 20"}, "has no value"),
        ({"timeout": "var.large == null ? 20 : 180"}, "with `var.large = null`"),
        ({"timeout": "var.env == null ? 20 : 180"}, "with `var.env = null`"),
        (
            {
                "timeout": "var.loose == true ? 360 : var.loose == false ? 180 : 20",
                "receives": "var.loose ? 5 : 6",
            },
            'with `var.loose = "',
        ),
        # What is made of a value that is none of some may be one of them.
        (
            {"timeout": 'lower(var.env) == "prod" ? 20 : var.env == "prod" ? 360 : 180'},
            "has no value",
        ),
        # Not sound in a case of which nothing is known.
        ({"timeout": 'var.env == "prod" ? 180 : var.loose'}, "has no value"),
        (
            {"timeout": 'startswith(var.env, "p") ? 20 : 180'},
            'with `startswith(var.env, "p") = true`, the visibility timeout of queue',
        ),
        (
            {"timeout": "local.on ? 20 : 180"},
            "with the condition at main.tf:17 being true, the",
        ),
        ({"attached": "count = local.on ? 1 : 0"}, "with the condition at main.tf:17 being false"),
    ],
    ids=str,
)
def test_what_differs_between_cases_is_undecided_and_says_in_which(checked, parts, said):
    verdict, report = checked(**parts)
    assert verdict == "undecided"
    assert any(said in each["message"] for each in report["findings"])


def test_a_validation_that_accepts_all_leaves_the_other_case(checked):
    verdict, _ = checked(timeout=NESTED, validation=DEV_OR_PROD.replace('"prod"]', '"prod", "x"]'))
    assert verdict == "undecided"


def test_a_condition_inside_of_a_module_is_decided_by_cases(checked, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text('variable "env" {}\noutput "n" { value = var.env }\n')
    more = 'module "m" {\n  source = "./m"\n  env    = data.aws_ssm_parameter.p.value\n}\n'
    more += 'data "aws_ssm_parameter" "p" {\n  name = "p"\n}\n'
    verdict, _ = checked(timeout='module.m.n == "prod" ? 180 : 200', more=more)
    assert verdict == "ready"
    verdict, report = checked(timeout='module.m.n == "prod" ? 180 : 20', more=more)
    assert verdict == "undecided"
    said = "with the condition at main.tf:"
    assert any(said in each["message"] for each in report["findings"])


def test_instances_of_an_unknown_number_stay_undecided(checked):
    verdict, report = checked(timeout="var.large ? 360 : 180", made="count = var.large ? 1 : 0")
    assert verdict == "undecided"
    assert not [each for each in report["findings"] if each["severity"] != "note"]


def test_too_many_cases_are_not_tried(checked):
    many = " : ".join(f'var.env == "e{n}" ? 180' for n in range(MOST_CASES)) + " : 180"
    assert checked(timeout=many)[0] == "ready"  # every branch is the same
    many = " : ".join(f'var.env == "e{n}" ? 18{n}' for n in range(MOST_CASES)) + " : 180"
    assert checked(timeout=many)[0] == "undecided"


def test_below_a_directory_cases_are_decided_too(checked):
    verdict, _ = checked(["--recursive"], timeout='var.env == "prod" ? 360 : 180')
    assert verdict == "ready"


def test_a_condition_that_ignores_case_is_open_for_what_a_value_is_not():
    """`other_than` says nothing of a text whose letters are made small."""
    hole = replace(Hole("var.env"), other_than=frozenset({("var.env", "prod")}))
    text, prod = Text.of(hole), Text.of("prod")
    assert text.equals(prod) is Truth.NO
    assert text.lower().equals(prod) is Truth.MAYBE
    assert Text.of(replace(hole, name="lower")).equals(prod) is Truth.MAYBE
