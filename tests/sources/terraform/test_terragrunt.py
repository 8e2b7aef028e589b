"""Units of Terragrunt: rendered ones are read, others are unread with their remedy."""

import json

import pytest

from checker.cli import main

MODULE = """
variable "timeout" {
  type = number
}
variable "actions" {
  type    = list(string)
  default = []
}
variable "name" {
  type    = string
  default = "q"
}
resource "aws_sqs_queue" "q" {
  name                       = var.name
  visibility_timeout_seconds = var.timeout
}
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
                   Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Resource = aws_sqs_queue.q.arn, Action = var.actions }]
  })
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  timeout       = 30
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""
READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'

VARIABLE = """
variable "region" {
  type = string
}
provider "aws" {
  region = var.region
}
"""


def unit(**words):
    """A unit as Terragrunt renders it, with all that it writes."""
    return {
        "dependencies": None,
        "download_dir": "",
        "generate": {},
        "iam_role": "",
        "inputs": {"timeout": 180, "actions": READ},
        "locals": None,
        "skip": False,
        "terraform": {"source": "../modules//queue", "extra_arguments": {}},
        "terraform_binary": "",
        "terraform_version_constraint": "",
        "terragrunt_version_constraint": "",
        **words,
    }


@pytest.fixture
def run(tmp_path, capsys):
    (tmp_path / ".git").mkdir()
    (tmp_path / "modules/queue").mkdir(parents=True)
    (tmp_path / "modules/queue/main.tf").write_text(MODULE)
    (tmp_path / "live").mkdir()

    def run(rendered, *words, files=None):
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text)
        path = tmp_path / "live/terragrunt.rendered.json"
        path.write_text(rendered if isinstance(rendered, str) else json.dumps(rendered))
        code = main(("plan", str(path), *words, "--format", "json"))
        out = capsys.readouterr()
        return " ".join(out.err.split()) if code == 2 else json.loads(out.out)

    return run


def row(report):
    (found,) = report["mappings"]
    return found


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"timeout": 180, "actions": READ}, "at-risk"),
        ({"timeout": "180", "actions": READ, "not_declared": {"a": [1, None, True]}}, "at-risk"),
        ({"timeout": 180, "actions": READ[:2]}, "blocked"),
        ({"timeout": 10, "actions": READ}, "blocked"),
        ({"actions": READ}, "undecided"),
        ({"timeout": 180.5, "actions": READ}, "blocked"),
    ],
)
def test_a_rendered_unit_is_its_module_with_its_inputs(inputs, expected, run):
    assert row(run(unit(inputs=inputs)))["verdict"] == expected


@pytest.mark.parametrize(
    "source",
    ["../modules//queue", "../modules/queue", "../modules//queue?ref=v1", "./../modules//queue/"],
)
def test_a_source_in_the_repository_is_found(source, run):
    assert row(run(unit(terraform={"source": source})))["verdict"] == "at-risk"


@pytest.mark.parametrize(
    "source",
    [
        "git::https://example.com/modules.git//queue?ref=v1",
        "tfr:///terraform-aws-modules/sqs/aws?version=4.0.0",
        "github.com/acme/modules//queue",
        "git@github.com:acme/modules.git//queue",
        "https://example.com/module.zip",
    ],
)
def test_a_source_elsewhere_is_not_downloaded_and_the_remedy_is_said(source, run):
    said = run(unit(terraform={"source": source}))
    assert "nothing is downloaded" in said
    assert "--json-out-dir" in said


@pytest.mark.parametrize("source", ["../../elsewhere", "/etc", "../modules//none"])
def test_a_source_outside_or_nowhere_is_said(source, run):
    assert "nothing was checked" in run(unit(terraform={"source": source}))


def test_a_unit_without_a_source_is_its_own_directory(run):
    report = run(unit(terraform=None), files={"live/main.tf": MODULE})
    assert row(report)["verdict"] == "at-risk"


def generated(path="provider.tf", contents=PROVIDER, **words):
    return {"provider": {"path": path, "contents": contents, "if_exists": "overwrite", **words}}


def test_generated_files_are_read(run):
    report = run(unit(generate=generated()))
    assert ":eu-west-1:" in row(report)["queue"]["arn"]


@pytest.mark.parametrize(
    ("if_exists", "region"), [("skip", "us-east-1"), ("overwrite", "eu-west-1")]
)
def test_a_generated_file_replaces_one_that_is_there_unless_it_is_skipped(if_exists, region, run):
    there = PROVIDER.replace("eu-west-1", "us-east-1")
    report = run(
        unit(generate=generated(if_exists=if_exists)), files={"modules/queue/provider.tf": there}
    )
    assert f":{region}:" in row(report)["queue"]["arn"]


def test_a_generated_file_that_is_disabled_is_not_there(run):
    report = run(unit(generate=generated(disable=True)))
    assert ":eu-west-1:" not in row(report)["queue"]["arn"]


@pytest.mark.parametrize(
    "path", ["../../provider.tf", "/etc/provider.tf", "a/b.tf", "", "..", "a\0.tf"]
)
def test_a_generated_file_elsewhere_is_refused(path, run):
    assert "is not in its module" in run(unit(generate=generated(path)))


def test_files_of_variables_that_a_unit_adds_are_read(run):
    extra = {
        "commands": ["plan", "apply"],
        "required_var_files": ["own.tfvars"],
        "optional_var_files": ["none.tfvars"],
        "arguments": ["-lock-timeout=1m"],
    }
    report = run(
        unit(terraform={"source": "../modules//queue", "extra_arguments": {"a": extra}}),
        files={"modules/queue/own.tfvars": "timeout = 10\n"},
    )
    assert row(report)["verdict"] == "blocked"


def test_variables_set_by_arguments_end_the_run(run):
    extra = {"a": {"commands": ["plan"], "arguments": ["-var", "timeout=10"]}}
    said = run(unit(terraform={"source": "../modules//queue", "extra_arguments": extra}))
    assert "sets variables by `extra_arguments`" in said


def test_outputs_of_other_units_are_an_assumption(run):
    report = run(unit(dependency={"vpc": {"config_path": "../vpc"}}))
    assert any("be they mocks" in each for each in report["assumptions"])


def test_the_binary_says_which_files_are_read(run):
    files = {"modules/queue/extra.tofu": 'provider "aws" {\n  region = "eu-central-1"\n}\n'}
    report = run(unit(terraform_binary="/usr/bin/tofu"), files=files)
    assert ":eu-central-1:" in row(report)["queue"]["arn"]


def test_a_secret_input_is_not_printed(run):
    inputs = {"timeout": 180, "actions": READ, "name": "glpat-aaaabbbbccccdddd1111"}
    assert "glpat" not in json.dumps(run(unit(inputs=inputs)))


@pytest.mark.parametrize(
    "broken",
    [
        unit(inputs=[1]),
        unit(inputs={"timeout": {"metadata": {}, "value": 1}}),
        unit(terraform={"source": [1]}),
    ],
)
def test_a_unit_that_terragrunt_would_not_write_is_refused(broken, run):
    assert "no rendered unit of Terragrunt that can be read" in run(broken)


@pytest.mark.parametrize(
    "odd",
    [
        unit(generate=[1], dependency=[1]),
        unit(generate={"a": 1, "b": {"path": 1, "contents": 2}}),
        unit(terraform={"source": "../modules//queue", "extra_arguments": [1]}),
        unit(terraform={"source": "../modules//queue", "extra_arguments": {"a": {"arguments": 1}}}),
        unit(terraform_binary=["tofu"]),
        unit(inputs={"timeout": 180, "actions": READ, "deep": json.loads("[" * 80 + "]" * 80)}),
    ],
)
def test_odd_parts_of_a_unit_are_passed_over(odd, run):
    assert row(run(odd))["verdict"] == "at-risk"


@pytest.mark.parametrize(
    "files",
    [
        {"live/own.tf": PROVIDER},
        {"live/more.auto.tfvars": 'region = "eu-west-1"\n', "modules/queue/p.tf": VARIABLE},
        {"live/provider.tf": PROVIDER, "modules/queue/provider.tf": "provider\n"},
    ],
)
def test_files_beside_the_unit_are_copied_into_its_module(files, run):
    assert ":eu-west-1:" in row(run(unit(), files=files))["queue"]["arn"]


def test_a_file_that_cannot_be_read_is_named(run):
    said = run(unit(generate=generated(contents="provider {")))
    assert "modules/queue/provider.tf" in said


# What is not rendered.


@pytest.mark.parametrize("name", ["terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl"])
def test_a_unit_alone_is_unread_with_its_remedy(name, tmp_path, capsys):
    (tmp_path / name).write_text("inputs = {}\n")
    assert main(("plan", str(tmp_path))) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "Terragrunt" in said
    assert "terragrunt render --json" in said
    assert "nothing was checked" in said


@pytest.mark.parametrize("name", ["a.tfcomponent.hcl", "a.tfdeploy.hcl"])
def test_a_stack_is_unread_with_its_remedy(name, tmp_path, capsys):
    (tmp_path / name).write_text("")
    assert main(("plan", str(tmp_path))) == 2
    assert "a component's module" in " ".join(capsys.readouterr().err.split())


def test_terraform_finds_nothing_in_files_of_opentofu(tmp_path, capsys):
    (tmp_path / "main.tofu").write_text("")
    assert main(("plan", str(tmp_path), "--engine", "terraform")) == 2
    assert "--engine" in capsys.readouterr().err
