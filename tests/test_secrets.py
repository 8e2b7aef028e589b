"""What the command line and the environment hand in as a secret leaves by no message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.cli import main

SECRET = "hunter2-and-more"  # noqa: S105 - that is what is tested
MAIN = """
variable "s" {{
  type = {type}
}}
provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}}
resource "aws_sqs_queue" "q" {{
  name                       = {name}
  visibility_timeout_seconds = 5
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/worker"
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

OBJECTS = """
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "r" {
  role   = aws_iam_role.r.name
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [for n in range(1000) : "arn:aws:s3:::${var.s}-${n + 1000}"]
    }]
  })
}
resource "aws_lambda_function" "g" {
  function_name = "g"
  role          = aws_iam_role.r.arn
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}
resource "aws_lambda_event_source_mapping" "g" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.g.arn
}
"""

DEAD_LETTERS = """
resource "aws_sqs_queue" "dead" {{
  name                      = "dead"
  message_retention_seconds = {retention}
}}
resource "aws_sqs_queue_redrive_policy" "q" {{
  queue_url      = aws_sqs_queue.q.id
  redrive_policy = jsonencode({{
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  }})
}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def run(*words, name="var.s", type="string", more=""):
        Path("main.tf").write_text(MAIN.format(name=name, type=type) + more)
        code = main(["plan", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("expression", "pieces"),
    [
        ("var.s", ["hunter2"]),
        ("keys({ (var.s) = 1 })[0]", ["hunter2"]),
        ('join("-", split("", var.s))', ["h-u-n"]),
        ('join("~", [for c in split("", var.s) : "<${c}>"])', ["<h>", "<u>"]),
        ("substr(var.s, 0, 2)", [":hu"]),
        ('regex("^(.)(.)", var.s)[1]', [":u"]),
        ("tonumber(var.s)", ["hunter2"]),
        ("{ a = 1 }[var.s]", ["hunter2"]),
        ('file("${var.s}.json")', ["hunter2"]),
        ('regex("(${var.s}", "a")', ["hunter2"]),
        ("jsondecode(var.s)", ["hunter2"]),
        ("base64encode(var.s)", ["aHVudGVy"]),
        ("length(var.s) * 1000", ["16000"]),
        # what is chosen is not shown; the line itself, with both, is
        ('length(var.s) == 16 ? join("", ["six", "teen"]) : "other"', ["sixteen"]),
        ("substr(aws_sqs_queue.none.arn, length(var.s) * 1000 + 3, 3)", ["16003"]),
        ('format("%s-%s", aws_sqs_queue.none.arn, var.s)', ["hunter2"]),
    ],
)
def test_nothing_that_is_made_of_a_secret_is_shown(run, expression, pieces):
    for each in (
        "text",
        "json",
        "sarif",
        "junit",
        "gitlab",
        "github",
        "markdown",
        "summary",
        "html",
    ):
        words = ("--verbose", "--format", each, "--var", f"s={SECRET}", "--sensitive-var", "s")
        code, out, err = run(*words, name=expression)
        assert code in (0, 1)
        assert "visibility" in out.lower()
        assert [piece for piece in pieces if piece in out + err] == []


def test_the_size_of_a_document_does_not_tell_how_long_a_secret_is(run):
    given = ["--sensitive-var", "s", "--format", "json"]
    said = []
    for secret in ("hunter2", "hunter2-and-more"):
        _, out, _ = run(*given, "--var", f"s={secret}", name='"q"', more=OBJECTS)
        said.append([e for e in json.loads(out)["findings"] if e["rule"] == "policy-too-large"])
    assert len(said[0]) == 1
    assert said[0] == said[1]


def test_a_sensitive_name_is_masked_and_the_rest_of_its_arn_is_not(run):
    _, out, _ = run("--format", "json", "--var", f"s={SECRET}", "--sensitive-var", "s")
    arn = json.loads(out)["mappings"][0]["queue"]["arn"]
    assert arn == "arn:aws:sqs:eu-west-1:123456789012:(sensitive)"


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("call", ["file(var.s)", "templatefile(var.s, {})"])
def test_no_trail_names_a_file_whose_path_is_a_secret(run, call, there):
    if there:
        Path(SECRET).write_text("60")
    given = ["--var", f"s={SECRET}", "--sensitive-var", "s", "--format", "json"]
    more = DEAD_LETTERS.format(retention=call)
    code, out, err = run(*given, name='"q"', more=more)
    assert code in (0, 1)
    found = [
        e for e in json.loads(out)["findings"] if e["rule"] == "dead-letter-retention-too-short"
    ]
    assert len(found) == 1
    assert "hunter2" not in out + err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--var", SECRET), "a `--var` has no `=`"),
        ((f"--var={SECRET}",), "a `--var` has no `=`"),
        (("--var", f"t={SECRET}"), "declares no variable `t`"),
        (("--var", "aHVudGVyMg=="), "of the name before `=`"),
        (("--var", f"{SECRET} x=y"), "of the name before `=`"),
        (("--var", "AKIAIOSFODNN7EXAMPLE=x"), "of the name before `=`"),
        (("--var", "s=", SECRET), "is not a path"),
        (("--var", "s=my", SECRET, "phrase"), "is not a path"),
        (("--recursive", "--var", f"t={SECRET}"), "no root module declares no variable `t`"),
        (("--sensitive-var", "t"), "`--sensitive-var t`: no variable `t` is declared"),
        (("--recursive", "--sensitive-var", "t"), "no variable `t` is declared by any root module"),
    ],
)
def test_an_error_does_not_echo_what_may_be_a_secret(run, words, said):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "hunter2" not in err
    assert "aHVud" not in err
    assert "AKIA" not in err


@pytest.mark.parametrize(
    "value", [SECRET, f"[{SECRET}", f'{{a = "{SECRET}}}', f'tonumber("{SECRET}")', f"[1] {SECRET}"]
)
def test_a_value_that_is_no_expression_is_not_echoed(run, monkeypatch, value):
    monkeypatch.setenv("TF_VAR_s", value)
    code, _, err = run(type="list(string)")
    assert code == 2
    assert "environment variable TF_VAR_s is not a valid expression" in err
    assert "hunter2" not in err
    monkeypatch.delenv("TF_VAR_s")
    code, _, err = run("--var", f"s={value}", type="list(string)")
    assert (code, "hunter2" in err) == (2, False)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.tfvars", f's = "{SECRET}\n'),
        ("x.tfvars", f"s = {SECRET} {SECRET}\n"),
        ("x.tfvars", f"s = {SECRET}\n"),
        ("x.tfvars", f's = tonumber("{SECRET}")\n'),
        ("x.tfvars", f's "{SECRET}" {{\n'),
        ("x.tfvars", f"{SECRET}"),
        ("x.tfvars.json", f'{{"s": "{SECRET}'),
        ("x.tfvars.json", f"{SECRET}"),
        ("x.tfvars.json", f'{{"s": {SECRET}}}'),
    ],
)
def test_a_variable_file_is_not_echoed(run, file, text):
    Path(file).write_text(text)
    code, out, err = run("--var-file", file)
    assert (code, out) == (2, "")
    assert f"{file}:" in err
    assert "hunter2" not in err


def test_a_secret_of_the_environment_is_masked_whatever_the_configuration_says(run, monkeypatch):
    monkeypatch.setenv("TF_VAR_s", "AKIAIOSFODNN7EXAMPLE")
    code, out, err = run("--verbose", name="nonsensitive(var.s)")
    assert code in (0, 1)
    assert "AKIA" not in out + err
    monkeypatch.setenv("TF_VAR_s", "orders")
    _, out, _ = run("--verbose", "--format", "json")
    assert ":orders" in out


def test_nonsensitive_shows_what_the_configuration_itself_marks(run):
    name = 'nonsensitive(substr(sensitive("hunter2-and-more"), 0, 9))'
    _, out, _ = run("--format", "json", "--var", "s=x", name=name)
    assert json.loads(out)["mappings"][0]["queue"]["arn"].endswith(":hunter2-a")


def test_for_each_over_a_sensitive_value_is_unknown_as_terraform_refuses_it(run):
    Path("more.tf").write_text(
        'resource "aws_sqs_queue" "each" {\n  for_each = toset([sensitive("hunter2")])\n}\n'
        'resource "aws_lambda_event_source_mapping" "each" {\n  for_each = aws_sqs_queue.each\n'
        "  event_source_arn = each.value.arn\n  function_name = aws_lambda_function.f.arn\n}\n"
    )
    _, out, _ = run("--format", "json", "--var", "s=x")
    assert "hunter2" not in out
    assert "cannot be used as for_each arguments" in out
    assert 'each[*]"' in out


def test_for_each_over_what_only_the_user_withholds_keeps_its_instances(run):
    Path("more.tf").write_text(
        'resource "aws_lambda_event_source_mapping" "each" {\n'
        '  for_each = { (var.s) = aws_sqs_queue.q.arn, "${var.s}2" = aws_sqs_queue.q.arn }\n'
        "  event_source_arn = each.value\n  function_name = aws_lambda_function.f.arn\n}\n"
    )
    with Path("more.tf").open("a") as file:
        file.write(
            'resource "aws_sqs_queue" "each" {\n  for_each = toset([var.s])\n  name = each.key\n}\n'
            'resource "aws_lambda_event_source_mapping" "keys" {\n'
            '  event_source_arn = "arn:${join("-", keys(aws_sqs_queue.each))}"\n'
            "  function_name = aws_sqs_queue.each[var.s].arn\n}\n"
        )
    _, out, _ = run("--format", "json", "--var", f"s={SECRET}", "--sensitive-var", "s")
    ids = [each["id"] for each in json.loads(out)["mappings"]]
    each = "aws_lambda_event_source_mapping.each"
    assert {f'{each}["(sensitive {n})"]' for n in (1, 2)} < set(ids)
    assert "hunter2" not in out


def test_an_unforeseen_error_quotes_nothing_where_something_is_sensitive(run, monkeypatch):
    def broken(*_, **__):
        raise KeyError(SECRET)

    monkeypatch.setattr("checker.policy.judge", broken)
    code, _, err = run("--var", f"s={SECRET}", "--sensitive-var", "s")
    assert (code, "this is a bug" in err, "hunter2" in err) == (2, True, False)
