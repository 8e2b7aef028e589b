"""Statements of a `dynamic` block whose number is unknown decide what they can decide.

https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

import json

import pytest

from checker.cli import main

READ = '["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]'
CONFIGURATION = """
provider "aws" {{
  region = "eu-west-1"
}}
variable "on" {{
  type = bool
}}
variable "names" {{
  type = list(string)
}}
resource "aws_sqs_queue" "q" {{
  name                       = "orders"
  visibility_timeout_seconds = 180
}}
resource "aws_iam_role" "r" {{
  name = "worker"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole",
                    Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
data "aws_iam_policy_document" "p" {{
  {document}
}}
{beside}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.{name}.json
}}
resource "aws_lambda_function" "f" {{
  function_name = "worker"
  role          = aws_iam_role.r.arn
  timeout       = 30
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}}
resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}}
"""
SURE = f"""
  statement {{
    sid       = "Read"
    actions   = {READ}
    resources = [aws_sqs_queue.q.arn]
  }}
"""


def guarded(content, each="var.on ? [1] : []"):
    return f"""
  dynamic "statement" {{
    for_each = {each}
    content {{
      {content}
    }}
  }}
"""


def said(tmp_path, capsys, document, beside="", name="p", variables=()):
    """Return what is said of reading the queue, of the document and of the configuration."""
    text = CONFIGURATION.format(document=document, beside=beside, name=name)
    (tmp_path / "main.tf").write_text(text)
    options = [word for each in variables for word in ("--var", each)]
    main(["plan", str(tmp_path), "--root", str(tmp_path), "--format", "json", *options])
    findings = json.loads(capsys.readouterr().out)["findings"]
    rules = ("role-cannot-read-queue", "document-invalid", "configuration-invalid")
    return {f["rule"]: f["kind"] for f in findings if f["rule"] in rules}


STORE = 'actions = ["s3:PutObject"]\n resources = ["arn:aws:s3:::b/*"]'
DECIDED = {
    "another service": SURE + guarded(STORE),
    "another service, whatever the bucket": SURE
    + guarded(STORE.replace(":::b/", ":::${statement.value}/"), "var.names"),
    "before the sure one": guarded(STORE) + SURE,
    "a deny of another service": SURE + guarded(f'effect = "Deny"\n {STORE}'),
    "a deny of another queue": SURE
    + guarded('effect = "Deny"\n actions = ["sqs:*"]\n resources = ["arn:aws:sqs:*:*:other"]'),
    "one more allow": SURE + guarded(f"actions = {READ}\n resources = [aws_sqs_queue.q.arn]"),
    "a condition of its own": SURE
    + guarded(
        STORE + '\n condition {\n test = "Bool"\n variable = "aws:SecureTransport"\n'
        ' values = ["true"]\n }'
    ),
}
OPEN = {
    "the only allow": (
        guarded(f"actions = {READ}\n resources = [aws_sqs_queue.q.arn]"),
        {"role-cannot-read-queue": "unknown"},
    ),
    "a deny of the queue": (
        SURE + guarded('effect = "Deny"\n actions = ["sqs:*"]\n resources = ["*"]'),
        {"role-cannot-read-queue": "unknown"},
    ),
    "a deny of unknown actions": (
        SURE
        + guarded('effect = "Deny"\n actions = statement.value\n resources = ["*"]', "var.names"),
        {"role-cannot-read-queue": "unknown"},
    ),
    "a statement that AWS refuses": (
        SURE + guarded('actions = ["s3:PutObject"]\n resources = ["bucket"]'),
        {"document-invalid": "unknown"},
    ),
    "an argument that Terraform refuses": (
        SURE + guarded('actions = ["s3:PutObject"]\n resources = ["arn:aws:s3:::${[1][2]}"]'),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDED)
def test_a_statement_that_may_not_be_there_hides_nothing_it_does_not_name(name, tmp_path, capsys):
    assert said(tmp_path, capsys, DECIDED[name]) == {}


@pytest.mark.parametrize("name", OPEN)
def test_what_hangs_on_a_statement_that_may_not_be_there_is_unknown(name, tmp_path, capsys):
    document, expected = OPEN[name]
    assert said(tmp_path, capsys, document) == expected


def test_what_no_statement_allows_is_a_problem_whether_it_is_there_or_not(tmp_path, capsys):
    document = SURE.replace(READ, '["sqs:ReceiveMessage"]') + guarded(STORE)
    assert said(tmp_path, capsys, document) == {"role-cannot-read-queue": "problem"}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("on", ["true", "false"])
@pytest.mark.parametrize("name", [*DECIDED, *OPEN])
def test_what_is_settled_stays_so_when_the_variable_is_known(name, on, tmp_path, capsys):
    document = DECIDED.get(name) or OPEN[name][0]
    before = said(tmp_path, capsys, document)
    after = said(tmp_path, capsys, document, variables=(f"on={on}", 'names=["a"]'))
    if before == {} and name != "an argument that Terraform refuses":
        assert after == {}


OVERRIDE = """
data "aws_iam_policy_document" "q" {
  source_policy_documents   = [data.aws_iam_policy_document.p.json]
  override_policy_documents = [data.aws_iam_policy_document.o.json]
}
data "aws_iam_policy_document" "o" {
  %s
}
"""


def test_a_statement_that_may_take_the_place_of_another_leaves_both_unknown(tmp_path, capsys):
    other = guarded(f'sid = "Read"\n {STORE}')
    found = said(tmp_path, capsys, SURE, OVERRIDE % other, "q")
    assert found == {"role-cannot-read-queue": "unknown"}


def test_a_statement_that_takes_the_place_of_one_that_may_be_there_counts(tmp_path, capsys):
    document = guarded(f'sid = "Read"\n {STORE}')
    assert said(tmp_path, capsys, document, OVERRIDE % SURE, "q") == {}
