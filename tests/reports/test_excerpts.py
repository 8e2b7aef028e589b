"""The lines of the input that the text shows: what decides, and nothing that is a secret."""

from __future__ import annotations

import pytest

from checker.cli import main

MAIN = """
variable "window" {
  sensitive = true
  default   = WINDOW
}
variable "pem" {
  sensitive = true
  default   = <<-EOT
    first-secret-line
    second-secret-line
  EOT
}
locals {
  plain = 8
}
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = VALUE
  kms_master_key_id          = var.pem
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/r"
  timeout       = 30
  environment {
    variables = { PASSWORD = "hunter2-in-the-clear" }
  }
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
  batch_size       = sensitive(20003)
}
"""


@pytest.fixture
def page(tmp_path, monkeypatch, capsys):
    def shown(value, window="7", files=(), *words):
        text = MAIN.replace("VALUE", value).replace("WINDOW", window)
        (tmp_path / "main.tf").write_text(text)
        for name, content in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        monkeypatch.chdir(tmp_path)
        main(["plan", "--root", ".", "--verbose", *words])
        return capsys.readouterr().out

    return shown


def test_the_line_that_decides_is_shown_and_where_its_value_comes_from(page):
    out = page("local.plain")
    assert "|   visibility_timeout_seconds = local.plain\n" in out
    assert "|   plain = 8\n" in out


@pytest.mark.parametrize("window", ["7", '"7"', "16"])
def test_a_line_of_a_sensitive_value_is_not(page, window):
    out = page("var.window", window)
    assert "|   visibility_timeout_seconds = var.window\n" in out
    assert "default   =" not in out
    assert "secret-line" not in out


def test_neither_is_an_argument_of_a_sensitive_variable_or_its_file(page):
    module = 'variable "w" {\n  sensitive = true\n}\noutput "w" {\n  value     = var.w\n}\n'
    call = 'module "m" {\n  source = "./m"\n  w      = 9\n}\n'
    out = page("module.m.w", "7", [("m/main.tf", module), ("call.tf", call)])
    assert "w      = 9" not in out
    out = page("var.window", "7", [("x.tfvars", "window = 11\n")], "--var-file", "x.tfvars")
    assert "window = 11" not in out


def test_neither_is_a_literal_that_the_input_marks(page):
    assert "20003" not in page("local.plain")


def test_of_a_block_only_the_first_line_is_shown(page):
    out = page("local.plain")
    assert 'resource "aws_sqs_queue" "q" {' in out
    assert "hunter2" not in out


def test_a_line_of_a_secret_of_several_lines_is_masked(page):
    out = page('substr("first-secret-line", 0, 0) == "" ? 8 : 9')
    assert "first-secret-line" not in out


@pytest.mark.parametrize("shown", ["text", "html"])
def test_a_line_with_what_looks_like_a_secret_is_not_shown(page, shown):
    token = f"ghp_{'a1B2' * 9}"
    out = page(f"8 # {token}", "7", (), "--format", shown)
    assert "visibility-timeout" in out
    assert token not in out
