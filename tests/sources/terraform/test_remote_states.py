"""Outputs of other root modules of the same repository, read from their states."""

import json
from pathlib import Path

import pytest

from checker.cli import main

PROVIDER = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}
"""
QUEUE = (
    PROVIDER
    + """
resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 180
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}
resource "aws_sqs_queue" "dead" {
  name                      = "orders-dead"
  message_retention_seconds = 1209600
}
output "queue" {
  value = aws_sqs_queue.orders.arn
}
"""
)
WORKER = (
    PROVIDER
    + """
resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = data.terraform_remote_state.queues.outputs.queue
    }]
  })
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  timeout       = 30
  filename      = "worker.zip"
  handler       = "worker.handle"
  runtime       = "python3.13"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn        = data.terraform_remote_state.queues.outputs.queue
  function_name           = aws_lambda_function.worker.arn
  function_response_types = ["ReportBatchItemFailures"]
  depends_on              = [aws_iam_role_policy.read]
}
"""
)


def backend(kind, **arguments):
    return f'terraform {{\n  backend "{kind}" {{\n{lines(arguments)}  }}\n}}\n'


def lines(arguments):
    return "".join(f"    {name} = {json.dumps(value)}\n" for name, value in arguments.items())


def state(kind, more="", name="queues", **config):
    return (
        f'data "terraform_remote_state" "{name}" {{\n  backend = "{kind}"\n'
        f"  config = {{\n{lines(config)}  }}\n{more}}}\n"
    )


S3 = {"bucket": "states", "key": "queues.tfstate"}
GCS = {"bucket": "states", "prefix": "queues"}
AZURE = {"storage_account_name": "a", "container_name": "c", "key": "queues"}
REMOTE = 'terraform {\n  backend "remote" {\n    organization = "acme"\n    workspaces {\n      '
CLOUD = REMOTE.replace('backend "remote"', "cloud")
END = "\n    }\n  }\n}\n"
READ = {
    "s3": (backend("s3", **S3, region="eu-west-1"), state("s3", **S3, region="eu-central-1")),
    "gcs": (backend("gcs", **GCS), state("gcs", **GCS)),
    "gcs without a prefix": (backend("gcs", bucket="b"), state("gcs", bucket="b")),
    "azurerm": (
        backend("azurerm", **AZURE, resource_group_name="g"),
        state("azurerm", **AZURE, use_oidc=True),
    ),
    "remote": (
        REMOTE + 'name = "queues"' + END,
        state("remote", organization="acme", workspaces={"name": "queues"}),
    ),
    "cloud": (
        CLOUD + 'name = "queues"' + END,
        state("remote", organization="acme", hostname="app.terraform.io",
              workspaces=[{"name": "queues"}]),
    ),
    "remote with a prefix": (
        REMOTE + 'prefix = "queues-"' + END,
        state("remote", organization="acme", workspaces={"name": "queues-prod"}),
    ),
    "local by default": ("", state("local", path="../queues/terraform.tfstate")),
    "local with a path": (
        backend("local", path="../states/q"),
        state("local", path="../states/./q"),
    ),
    "a workspace": (backend("s3", **S3), state("s3", '  workspace = "prod"\n', **S3)),
    "a workspace in the key": (
        backend("s3", **S3),
        state("s3", bucket="states", key="env:/prod/queues.tfstate"),
    ),
    "a workspace's file": (
        "",
        state("local", path="../queues/terraform.tfstate.d/prod/terraform.tfstate"),
    ),
    "pg": (backend("pg", conn_str="postgres://x"), state("pg", conn_str="postgres://x")),
    "by a variable": (
        backend("s3", **S3),
        'variable "b" {\n  default = "states"\n}\n'
        + state("s3", bucket="${var.b}", key="queues.tfstate"),
    ),
}  # fmt: skip
NOT_READ = {
    "another key": (backend("s3", **S3), state("s3", bucket="states", key="x"), "no root module"),
    "another bucket": (
        backend("s3", **S3),
        state("s3", bucket="x", key="queues.tfstate"),
        "no root module here keeps its state at `s3:x/queues.tfstate`",
    ),
    "another backend": (backend("gcs", **GCS), state("s3", **S3), "no root module"),
    "a backend that is not all here": (
        backend("s3", bucket="states"),
        state("s3", **S3),
        "no root module",
    ),
    "an unknown key": (
        backend("s3", **S3),
        'variable "k" {\n}\n' + state("s3", bucket="states", key="${var.k}"),
        "it is unknown which state it reads: `key` is unknown: variable `k` has no value",
    ),
    "workspaces by tags": (
        CLOUD + 'tags = ["queues"]' + END,
        state("remote", organization="acme", workspaces={"name": "queues"}),
        "no root module",
    ),
    "a backend that nobody knows": (
        backend("s3", **S3), state("swift", container="c"), "does not know the states",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(files):
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def planned(capsys, *words):
    code = main(["plan", *(words or ["--recursive", "."]), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


ID = "worker:aws_lambda_event_source_mapping.m"


@pytest.mark.parametrize(("kept", "read"), READ.values(), ids=READ)
def test_a_queue_of_another_root_is_that_queue(kept, read, capsys):
    write({"queues/main.tf": kept + QUEUE, "worker/main.tf": read + WORKER})
    code, report = planned(capsys)
    (mapping,) = report["mappings"]
    assert (mapping["verdict"], report["findings"], code) == ("ready", [], 0)
    assert mapping["queue"]["id"] == "queues:aws_sqs_queue.orders"
    assert (
        "`worker:data.terraform_remote_state.queues` holds what the root module `queues` gives now"
        in report["assumptions"]
    )


@pytest.mark.parametrize(("kept", "read"), READ.values(), ids=READ)
def test_what_is_wrong_with_a_queue_of_another_root_is_found(kept, read, capsys):
    queue = QUEUE.replace("= 180", "= 10")
    write({"queues/main.tf": kept + queue, "worker/main.tf": read + WORKER})
    code, report = planned(capsys)
    found = [each for each in report["findings"] if each["severity"] == "error"]
    assert code == 1
    assert [each["rule"] for each in found] == ["visibility-timeout-below-function-timeout"]
    assert found[0]["location"]["file"] == "queues/main.tf"


@pytest.mark.parametrize(("kept", "read", "why"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_not_known_from_the_backend_is_unknown(kept, read, why, capsys):
    write({"queues/main.tf": kept + QUEUE, "worker/main.tf": read + WORKER})
    code, report = planned(capsys)
    assert (code, report["mappings"][0]["verdict"]) == (0, "undecided")
    assert any(why in each["message"] for each in report["findings"])


def test_two_roots_with_one_state_are_reported(capsys):
    write({f"{name}/main.tf": backend("s3", **S3) + QUEUE for name in ("a", "b")})
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    _, report = planned(capsys)
    assert report["mappings"][0]["verdict"] == "undecided"
    assert any(
        "`a` and `b` keep their states at one place" in e["message"] for e in report["findings"]
    )


def test_one_root_alone_says_how_to_check_both(capsys):
    write({"queues/main.tf": backend("s3", **S3) + QUEUE})
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    _, report = planned(capsys, "worker")
    assert report["mappings"][0]["verdict"] == "undecided"
    assert any("`--recursive`" in each["fix"] for each in report["findings"])


def test_a_root_that_cannot_be_read_leaves_its_readers_undecided(capsys):
    write({"queues/main.tf": backend("s3", **S3) + QUEUE + "x {\n"})
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    _, report = planned(capsys)
    assert [unknown["id"] for unknown in report["unread"]] == ["queues"]
    assert report["mappings"][0]["verdict"] == "undecided"
    assert any("`queues` cannot be read" in each["message"] for each in report["findings"])


def test_an_output_that_is_not_there_is_a_default_or_unknown(capsys):
    kept = backend("s3", **S3) + QUEUE.replace('output "queue"', 'output "other"')
    default = '  defaults = {\n    queue = "arn:aws:sqs:eu-west-1:123456789012:orders"\n  }\n'
    write({"queues/main.tf": kept, "worker/main.tf": state("s3", default, **S3) + WORKER})
    assert planned(capsys)[1]["mappings"][0]["verdict"] == "ready"
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    _, report = planned(capsys)
    assert report["mappings"][0]["verdict"] == "undecided"
    assert any("`queues` has no output `queue`" in each["message"] for each in report["findings"])


def test_the_workspace_is_that_of_the_state(capsys):
    queue = QUEUE.replace(
        'name                       = "orders"', 'name = "o-${terraform.workspace}"'
    )
    write({"queues/main.tf": backend("s3", **S3) + queue})
    for more, name in (("", "o-default"), ('  workspace = "prod"\n', "o-prod")):
        write({"worker/main.tf": state("s3", more, **S3) + WORKER})
        (mapping,) = planned(capsys)[1]["mappings"]
        assert mapping["queue"]["arn"] == f"arn:aws:sqs:eu-west-1:123456789012:{name}"


def test_variables_have_the_values_of_the_root_that_is_read(capsys):
    queue = QUEUE.replace('name                       = "orders"', "name = var.name")
    queue += 'variable "name" {\n}\n'
    write({"queues/main.tf": backend("s3", **S3) + queue, "queues/x.auto.tfvars": 'name = "q"\n'})
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    (mapping,) = planned(capsys)[1]["mappings"]
    assert mapping["queue"]["arn"].endswith(":q")


def test_roots_are_read_one_behind_the_other(capsys):
    passed = state("s3", **S3) + 'output "queue" {\n'
    passed += "  value = data.terraform_remote_state.queues.outputs.queue\n}\n"
    write({"queues/main.tf": backend("s3", **S3) + QUEUE})
    write({"between/main.tf": backend("s3", bucket="states", key="between") + passed})
    write({"worker/main.tf": state("s3", bucket="states", key="between") + WORKER})
    (mapping,) = planned(capsys)[1]["mappings"]
    assert (mapping["verdict"], mapping["queue"]["id"]) == ("ready", "queues:aws_sqs_queue.orders")


def attached(role):
    """A root that attaches the policy of the worker's root, to a role that it reads."""
    read = state("s3", name="roles", bucket="states", key="worker")
    policy = WORKER.partition('resource "aws_iam_role_policy"')[2].partition("resource")[0]
    policy = policy.replace("aws_iam_role.worker.id", role)
    return PROVIDER + read + state("s3", **S3) + 'resource "aws_iam_role_policy"' + policy


@pytest.mark.parametrize(
    ("role", "verdict"),
    [("data.terraform_remote_state.roles.outputs.role", "ready"), ('"another"', "blocked")],
)
def test_what_a_third_root_attaches_counts(role, verdict, capsys):
    start, _, rest = WORKER.partition('resource "aws_iam_role_policy"')
    worker = start + "resource" + rest.partition("resource")[2]
    worker = worker.replace("  depends_on              = [aws_iam_role_policy.read]\n", "")
    worker += 'output "role" {\n  value = aws_iam_role.worker.name\n}\n'
    kept = backend("s3", bucket="states", key="worker")
    write({"queues/main.tf": backend("s3", **S3) + QUEUE})
    write({"worker/main.tf": kept + state("s3", **S3) + worker, "access/main.tf": attached(role)})
    assert planned(capsys)[1]["mappings"][0]["verdict"] == verdict


def test_roots_may_read_each_other(capsys):
    """Terraform reads what the states held before: only a value that comes of itself is unknown."""
    back = state("s3", name="worker", bucket="states", key="worker")
    back += 'output "role" {\n  value = data.terraform_remote_state.worker.outputs.role\n}\n'
    worker = backend("s3", bucket="states", key="worker") + state("s3", **S3) + WORKER
    worker += 'output "role" {\n  value = aws_iam_role.worker.arn\n}\n'
    write({"queues/main.tf": backend("s3", **S3) + QUEUE + back, "worker/main.tf": worker})
    code, report = planned(capsys)
    assert (code, report["mappings"][0]["verdict"]) == (0, "ready")


def test_a_value_that_comes_of_itself_is_unknown_and_no_mistake(capsys):
    worker = backend("s3", bucket="states", key="worker") + state("s3", **S3) + WORKER
    worker += 'output "queue" {\n  value = data.terraform_remote_state.queues.outputs.queue\n}\n'
    circle = state("s3", name="worker", bucket="states", key="worker")
    circle += 'output "queue" {\n  value = data.terraform_remote_state.worker.outputs.queue\n}\n'
    queues = PROVIDER + backend("s3", **S3) + circle
    write({"queues/main.tf": queues, "worker/main.tf": worker})
    code, report = planned(capsys)
    assert (code, report["mappings"][0]["verdict"]) == (0, "undecided")
    assert any("read each other's states" in each["message"] for each in report["findings"])
    assert not any("refuses it" in each["fix"] for each in report["findings"])


def test_a_secret_of_another_root_is_not_shown(capsys):
    queue = QUEUE.replace('"orders"\n', '"hush-hush-${var.s}"\n').replace("name  ", "name  ")
    queue = queue.replace('name                       = "orders"', 'name = "q-${var.s}"')
    queue += 'variable "s" {\n  sensitive = true\n  default = "hush-hush"\n}\n'
    write({"queues/main.tf": backend("s3", **S3) + queue})
    write({"worker/main.tf": state("s3", **S3) + WORKER})
    main(["plan", "--recursive", "."])
    said = capsys.readouterr()
    assert "hush-hush" not in said.out + said.err


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("s3", {"bucket": "states", "key": "KEY"}),
        ("s3", {"bucket": "KEY", "key": "q"}),
        ("local", {"path": "KEY"}),
        ("remote", {"organization": "acme", "workspaces": {"name": "KEY"}}),
        ("remote", {"organization": "KEY", "workspaces": {"name": "q"}}),
    ],
    ids=lambda each: each if isinstance(each, str) else "-".join(each),
)
@pytest.mark.parametrize(
    "made", ["var.s", "var.s * 1000", '"a-${var.s}"', "nonsensitive(1) + var.s"]
)
def test_a_secret_in_the_name_of_a_state_is_not_shown(kind, config, made, capsys):
    reads = state(kind, **config).replace('"KEY"', made)
    write({"queues/main.tf": backend("s3", **S3) + QUEUE, "worker/main.tf": reads + WORKER})
    more = 'variable "s" {\n  sensitive = true\n  default = 952883\n}\n'
    write({"worker/s.tf": more})
    main(["plan", "--recursive", "."])
    said = capsys.readouterr()
    assert "worker" in said.out
    assert not [each for each in ("952883", "952884") if each in said.out + said.err]


def test_a_secret_that_names_a_state_finds_it(capsys):
    reads = state("s3", **S3).replace('"queues.tfstate"', '"${var.s}.tfstate"')
    more = 'variable "s" {\n  sensitive = true\n  default = "queues"\n}\n'
    write({"queues/main.tf": backend("s3", **S3) + QUEUE, "worker/main.tf": reads + more + WORKER})
    _, report = planned(capsys)
    assert report["mappings"][0]["queue"]["id"].endswith(":aws_sqs_queue.orders")


def test_two_accounts_stay_two(capsys):
    """Providers with credentials of their own are of two accounts, whatever they are called."""
    other = PROVIDER.replace('allowed_account_ids = ["123456789012"]', 'access_key = "A"')
    queue, worker = (each.replace(PROVIDER, other) for each in (QUEUE, WORKER))
    write({"queues/main.tf": backend("s3", **S3) + queue})
    write({"worker/main.tf": state("s3", **S3) + worker})
    (mapping,) = planned(capsys)[1]["mappings"]
    assert mapping["verdict"] != "ready"


@pytest.mark.parametrize("number", ["count = var.n", "for_each = toset(var.n)"])
def test_modules_of_an_unknown_number_in_another_root_are_read(number, capsys):
    kept, read = READ["s3"]
    write({
        "queues/main.tf": kept + QUEUE + f'variable "n" {{}}\nmodule "more" {{\n  {number}\n'
        '  source = "./more"\n}\n',
        "queues/more/main.tf": 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n',
        "worker/main.tf": read + WORKER,
    })  # fmt: skip
    _, report = planned(capsys)
    assert [each["verdict"] for each in report["mappings"]] == ["ready"]
