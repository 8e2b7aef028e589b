"""What a root module does not declare, where Terragrunt may add files to its directory.

Terragrunt generates files in a unit's module and copies those beside the unit into it, see
https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate and
https://terragrunt.gruntwork.io/docs/features/units/.
"""

import json

import pytest

from checker.cli import main

MODULE = """
resource "aws_sqs_queue" "q" {
  name                       = "orders-${var.region}"
  visibility_timeout_seconds = 180
}
resource "aws_iam_role" "r" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
                   Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
}
resource "aws_lambda_function" "f" {
  function_name = "worker"
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
GENERATES = (
    'generate "variables" {\n  path     = "variables.tf"\n  contents = file("variables.tf")\n}\n'
)
CHOSEN = '${get_env("STAGE") == "prod" ? "git::https://example.com/x//aws/queue?ref=1" : "'
UNIT = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'


def source(where):
    return f'terraform {{\n  source = "{where}"\n}}\n'


def kinds(tmp_path, capsys, files):
    """Write a repository whose module lies in `aws/queue`; return what is said of its validity."""
    for name, text in {"aws/queue/main.tf": MODULE, ".git/HEAD": "", **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    main(["plan", str(tmp_path / "aws/queue"), "--root", str(tmp_path), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    said = {f["kind"] for f in report["findings"] if f["rule"] == "configuration-invalid"}
    return said, report["mappings"][0]["verdict"]


@pytest.mark.parametrize(
    "files",
    [
        {
            "env/root.hcl": GENERATES,
            "env/dev/queue/terragrunt.hcl": UNIT + source("../../../aws//queue"),
        },
        {"env/root.hcl": GENERATES, "env/queue/terragrunt.hcl": UNIT + source("../..//aws/queue")},
        {"env/terragrunt.hcl": GENERATES + source("${get_repo_root()}//aws/queue")},
        {"env/terragrunt.hcl": GENERATES + source("${local.base}/aws/queue?ref=1")},
        {"env/terragrunt.hcl": GENERATES + 'terraform { source = "../aws/queue" }\n'},
        {
            "env/terragrunt.hcl": GENERATES
            + 'terraform {\n  source = local.x ? "../aws/queue" : "../aws/topic"\n}\n'
        },
        {
            "env/terragrunt.hcl": GENERATES
            + 'locals {\n  base_source = "../aws/queue"\n}\n'
            + "terraform {\n  source = local.base_source\n}\n"
        },
        {
            "env/queue/terragrunt.hcl": GENERATES
            + source("../../aws//${basename(get_terragrunt_dir())}")
        },
        {"aws/queue/terragrunt.hcl": GENERATES},
        {"aws/root.hcl": GENERATES, "aws/queue/terragrunt.hcl": UNIT},
        {"env/queue/terragrunt.hcl": source("../../aws/queue"), "env/queue/extra.tf": "# more"},
        {"env/queue/terragrunt.hcl": GENERATES + source(CHOSEN + '../../aws//queue"}')},
    ],
    ids=[
        "parts",
        "nearer",
        "root of the repository",
        "local",
        "one line",
        "chosen without a text",
        "a local value",
        "named as the unit",
        "in place",
        "included",
        "beside",
        "chosen",
    ],
)
def test_what_terragrunt_may_declare_is_unknown(tmp_path, capsys, files):
    assert kinds(tmp_path, capsys, files) == ({"unknown"}, "undecided")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"env/root.hcl": GENERATES},
        {"env/root.hcl": GENERATES, "env/topic/terragrunt.hcl": UNIT + source("../../aws//topic")},
        {"env/root.hcl": GENERATES, "env/terragrunt.hcl": UNIT + source("github.com/x/aws//queue")},
        {"env/root.hcl": GENERATES, "env/terragrunt.hcl": UNIT + source("${local.base}/other")},
        {"env/queue/terragrunt.hcl": source("../../aws//queue")},
        {"env/queue/terragrunt.hcl": GENERATES + source(CHOSEN + '../../aws//other"}')},
        {".cache/terragrunt.hcl": GENERATES + source("../aws//queue")},
        {"env/.terraform.lock.hcl": GENERATES + source("../aws//queue")},
    ],
    ids=[
        "none",
        "no unit",
        "another",
        "remote",
        "other end",
        "adds nothing",
        "chosen",
        "hidden",
        "lock",
    ],
)
def test_without_such_a_unit_terraform_refuses_it(tmp_path, capsys, files):
    assert kinds(tmp_path, capsys, files) == ({"problem"}, "blocked")


def test_what_a_called_module_lacks_no_unit_adds(tmp_path, capsys):
    files = {
        "aws/queue/main.tf": 'module "m" {\n  source = "../inner"\n}\n',
        "aws/inner/main.tf": MODULE,
        "env/terragrunt.hcl": GENERATES + source("../aws//queue"),
    }
    assert kinds(tmp_path, capsys, files) == ({"problem"}, "blocked")


def test_a_long_line_takes_no_longer_than_its_length(tmp_path, capsys):
    files = {"env/terragrunt.hcl": "source" * 60_000 + "\n" + GENERATES + source("../aws//queue")}
    assert kinds(tmp_path, capsys, files)[0] == {"unknown"}


def test_a_source_in_a_comment_is_none(tmp_path, capsys):
    files = {"env/terragrunt.hcl": GENERATES + '# source = "../aws//queue"\n'}
    assert kinds(tmp_path, capsys, files)[0] == {"problem"}


def test_a_provider_configuration_may_be_generated(tmp_path, capsys):
    other = 'resource "aws_sqs_queue" "other" {\n  name     = "a"\n  provider = aws.west\n}\n'
    declared = {"aws/queue/other.tf": other, "aws/queue/region.tf": 'variable "region" {}\n'}
    assert kinds(tmp_path, capsys, declared) == ({"problem"}, "blocked")
    unit = {"env/terragrunt.hcl": GENERATES + source("${get_repo_root()}//aws/queue")}
    assert kinds(tmp_path, capsys, unit) == ({"unknown"}, "undecided")
