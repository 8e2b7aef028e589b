"""Terraform and OpenTofu: which files each reads, and which of the two a root module is for."""

import json

import pytest

from checker.cli import main
from checker.sources.terraform.configuration.engine import (
    Engine,
    chosen,
    engine_of,
    is_override,
    passed_over,
)

TERRAFORM, TOFU = Engine.TERRAFORM, Engine.TOFU
READ = {
    ("a.tf",): (["a.tf"], ["a.tf"]),
    ("a.tofu",): ([], ["a.tofu"]),
    ("a.tf", "a.tofu"): (["a.tf"], ["a.tofu"]),
    ("a.tf.json", "a.tofu.json"): (["a.tf.json"], ["a.tofu.json"]),
    ("a.tf", "a.tofu.json"): (["a.tf"], ["a.tf", "a.tofu.json"]),
    ("a.tf.json", "a.tofu"): (["a.tf.json"], ["a.tf.json", "a.tofu"]),
    ("a.tf", "b.tofu"): (["a.tf"], ["a.tf", "b.tofu"]),
    ("override.tf", "override.tofu"): (["override.tf"], ["override.tofu"]),
    ("x.tofu.tf", "x.tofu.tofu"): (["x.tofu.tf"], ["x.tofu.tofu"]),
    (".a.tofu", "a.tofu~", "#a.tofu#", "a.tofu.bak"): ([], []),
    ("a.tftest.hcl", "a.tofutest.hcl", "a.tfquery.hcl", "a.tfcomponent.hcl"): ([], []),
    ("a.tfdeploy.hcl", "a.policy.hcl", "a.tfmock.hcl", "a.tfstack.hcl", "a.tfvars"): ([], []),
    ("a.tftest.json", "a.tofutest.json", "a.tfvars.json", "a.json", "tf", "tofu"): ([], []),
}


@pytest.mark.parametrize("names", READ, ids=" ".join)
def test_each_reads_its_own_files(names):
    assert (chosen(names, TERRAFORM), chosen(names, TOFU)) == READ[names]


@pytest.mark.parametrize("names", READ, ids=" ".join)
def test_what_is_passed_over_is_what_the_other_reads(names):
    terraform, tofu = READ[names]
    assert passed_over(names, TERRAFORM) == [name for name in tofu if name not in terraform]
    assert passed_over(names, TOFU) == [name for name in terraform if name not in tofu]


@pytest.mark.parametrize(
    ("name", "overrides"),
    [("override.tofu", True), ("a_override.tofu.json", True), ("override.tf", True),
     ("overrides.tofu", False), ("override.a.tofu", False)],
)  # fmt: skip
def test_files_of_opentofu_override_too(name, overrides):
    assert is_override(name) is overrides


OPENTOFU_LOCK = 'provider "registry.opentofu.org/hashicorp/aws" {\n}\n'
TERRAFORM_LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n}\n'


@pytest.mark.parametrize(
    ("names", "lock", "engine"),
    [
        (["main.tf"], "", TERRAFORM),
        ([], "", TERRAFORM),
        (["main.tf", "more.tofu"], "", TOFU),
        (["main.tf", ".more.tofu"], "", TERRAFORM),
        (["main.tf"], OPENTOFU_LOCK, TOFU),
        (["main.tofu"], TERRAFORM_LOCK, TERRAFORM),
        (["main.tofu"], OPENTOFU_LOCK + TERRAFORM_LOCK, TOFU),
        (["main.tf"], OPENTOFU_LOCK + TERRAFORM_LOCK, TERRAFORM),
        (["main.tf", ".opentofu-version"], "", TOFU),
        (["main.tofu", ".terraform-version"], "", TERRAFORM),
        (["main.tofu", ".terraform-version", ".opentofu-version"], "", TOFU),
        (["main.tf", ".terraform-version"], OPENTOFU_LOCK, TOFU),
        (["main.tf"], "# registry.opentofu.org/hashicorp/aws", TERRAFORM),
    ],
)
def test_the_root_module_says_what_it_is_run_with(names, lock, engine):
    found, why = engine_of(names, lock)
    assert found is engine
    assert why


# Runs.

HEAD = """
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = 180
}
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
                   Principal = { Service = "lambda.amazonaws.com" } }]
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
PERMISSION = """
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Resource = aws_sqs_queue.q.arn,
                   Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] }]
  })
  LIFECYCLE
}
"""
ALLOWED = PERMISSION.replace("LIFECYCLE", "")
REFUSED = ALLOWED.replace('"sqs:DeleteMessage", ', "")
MAPPING = "aws_lambda_event_source_mapping.m"


@pytest.fixture
def run(tmp_path, capsys):
    def run(files, *words):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        code = main(("plan", str(tmp_path), *words, "--format", "json"))
        out = capsys.readouterr()
        return out.err if code == 2 else json.loads(out.out)

    return run


def verdict(report, mapping=MAPPING):
    (found,) = (row["verdict"] for row in report["mappings"] if row["id"] == mapping)
    return found


@pytest.mark.parametrize(
    ("more", "words", "expected"),
    [
        ({"p.tofu": REFUSED}, (), "blocked"),
        ({"p.tofu": REFUSED}, ("--engine", "terraform"), "at-risk"),
        ({"p.tofu": REFUSED, ".terraform-version": "1.11.4"}, (), "at-risk"),
        ({"p.tofu": REFUSED, ".terraform.lock.hcl": TERRAFORM_LOCK}, (), "at-risk"),
        (
            {"p.tofu": REFUSED, ".terraform.lock.hcl": TERRAFORM_LOCK},
            ("--engine", "tofu"),
            "blocked",
        ),
        ({"p_override.tofu": REFUSED}, (), "blocked"),
        ({"p.tofu.json": "{}"}, (), "at-risk"),
    ],
)
def test_the_file_that_is_read_decides_and_the_other_is_named(more, words, expected, run):
    report = run({"main.tf": HEAD, "p.tf": ALLOWED, **more}, *words)
    assert verdict(report) == expected
    hidden = {"p.tofu", "p_override.tofu"} & set(more)
    if hidden and (expected == "at-risk" or "p.tofu" in hidden):
        other = "p.tf" if expected == "blocked" else "p.tofu"
        assert any(f"`{other}`" in said and "not read" in said for said in report["assumptions"])


def test_a_module_is_read_as_its_root_is_run(run):
    called = 'module "m" {\n  source = "./m"\n}\n'
    files = {
        "m/main.tf": HEAD + ALLOWED, "m/main.tofu": HEAD + REFUSED,
        "a/main.tf": called.replace("./m", "../m"), "b/main.tofu": called.replace("./m", "../m"),
    }  # fmt: skip
    report = run(files, "--recursive")
    assert verdict(report, "a:module.m.aws_lambda_event_source_mapping.m") == "at-risk"
    assert verdict(report, "b:module.m.aws_lambda_event_source_mapping.m") == "blocked"


VARIABLE = 'variable "on" {\n  type = bool\n}\n'


@pytest.mark.parametrize(
    ("enabled", "words", "expected"),
    [
        ("true", (), "at-risk"),
        ("false", (), "blocked"),
        ('"false"', (), "blocked"),
        ("var.on", ("--var", "on=true"), "at-risk"),
        ("var.on", ("--var", "on=false"), "blocked"),
        ("var.on", (), "undecided"),
        ("null", (), "undecided"),
        ("var.none", (), "blocked"),  # Terraform refuses a reference to nothing
        ("sensitive(true)", (), "at-risk"),
    ],
)
def test_a_resource_that_is_not_enabled_is_not_there(enabled, words, expected, run):
    permission = PERMISSION.replace("LIFECYCLE", f"lifecycle {{\n    enabled = {enabled}\n  }}")
    report = run({"main.tofu": HEAD + VARIABLE + permission}, *words)
    assert verdict(report) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("true", {"module.m.aws_lambda_event_source_mapping.m": "at-risk"}), ("false", {}),
     ("var.on", {"module.m.aws_lambda_event_source_mapping.m": "undecided"})],
)  # fmt: skip
def test_a_module_that_is_not_enabled_holds_nothing(on, expected, run):
    call = f'module "m" {{\n  source = "./m"\n  lifecycle {{\n    enabled = {on}\n  }}\n}}\n'
    report = run({"main.tofu": VARIABLE + call, "m/main.tf": HEAD + ALLOWED})
    assert {row["id"]: row["verdict"] for row in report["mappings"]} == expected


def test_what_is_not_enabled_is_null(run):
    more = """
    resource "aws_sqs_queue" "off" {
      lifecycle {
        enabled = false
      }
    }
    locals {
      timeout = aws_sqs_queue.off != null ? 10 : 40
    }
    """
    head = HEAD.replace("timeout       = 30", "timeout = local.timeout")
    head = head.replace("= 180", "= 39")
    report = run({"main.tofu": head + ALLOWED + more})
    assert verdict(report) == "blocked"  # 40 s run longer than 39 s


PROVIDERS = """
provider "aws" {
  alias    = "by"
  for_each = { a = "eu-west-1", b = "eu-central-1" }
  region   = each.value
}
"""


@pytest.mark.parametrize(
    ("key", "region"),
    [('"a"', "eu-west-1"), ('"b"', "eu-central-1"), ("local.k", "eu-central-1")],
)
def test_a_provider_of_several_is_known_by_its_key(key, region, run):
    provider = f"provider = aws.by[{key}]\n  "
    head = HEAD.replace('name                       = "q"', f'{provider}name = "q"')
    report = run({"main.tofu": PROVIDERS + 'locals {\n  k = "b"\n}\n' + head + ALLOWED})
    (row,) = report["mappings"]
    assert f":{region}:" in row["queue"]["arn"]


@pytest.mark.parametrize("key", ['"c"', "var.on", "each.key", "module.none.x"])
def test_a_provider_of_a_key_that_is_unknown_has_an_unknown_region(key, run):
    provider = f"provider = aws.by[{key}]\n  "
    head = HEAD.replace('name                       = "q"', f'{provider}name = "q"')
    report = run({"main.tofu": PROVIDERS + VARIABLE + head + ALLOWED})
    (row,) = report["mappings"]
    assert "eu-" not in row["queue"]["arn"]


def test_a_module_is_passed_the_provider_of_its_key(run):
    call = (
        'module "m" {\n  source = "./m"\n  for_each = { a = 1, b = 2 }\n'
        "  providers = { aws = aws.by[each.key] }\n}\n"
    )
    report = run({"main.tofu": PROVIDERS + call, "m/main.tf": HEAD + ALLOWED})
    regions = {row["id"]: row["queue"]["arn"].split(":")[3] for row in report["mappings"]}
    assert regions == {
        'module.m["a"].aws_lambda_event_source_mapping.m': "eu-west-1",
        'module.m["b"].aws_lambda_event_source_mapping.m': "eu-central-1",
    }


# Sources of modules.


@pytest.mark.parametrize(
    ("source", "words", "found"),
    [
        ('"./${var.kind}"', ("--var", "kind=m"), True),
        ("local.place", (), True),
        ('"${"./"}m"', (), True),
        ('"./${var.kind}"', (), False),
        ("null", (), False),
        ("module.m.x", (), False),
        ('"./${each.key}"', (), False),
    ],
)
def test_the_source_of_a_module_may_be_made_of_variables(source, words, found, run):
    root = (
        'variable "kind" {\n  type = string\n  const = true\n}\nlocals {\n  place = "./m"\n}\n'
        f'module "m" {{\n  source = {source}\n}}\n'
    )
    report = run({"main.tf": root, "m/main.tf": HEAD + ALLOWED}, *words)
    if found:
        assert verdict(report, "module.m.aws_lambda_event_source_mapping.m") == "at-risk"
    else:
        assert isinstance(report, str) or report["unread"]


# Blocks, files and functions of newer versions.

NEW = """
action "aws_lambda_invoke" "warm" {
  config {
    function_name = aws_lambda_function.f.function_name
  }
}
ephemeral "aws_secretsmanager_secret_version" "s" {
  secret_id = "s"
}
check "health" {
  assert {
    condition     = true
    error_message = "no"
  }
}
removed {
  from = aws_sqs_queue.old
  lifecycle {
    destroy = false
  }
}
moved {
  from = aws_sqs_queue.older
  to   = aws_sqs_queue.q
}
import {
  to = aws_sqs_queue.q
  identity = { url = "x" }
}
output "typed" {
  type  = number
  value = "7"
}
"""


def test_blocks_of_newer_versions_take_nothing_away(run):
    trigger = (
        "lifecycle {\n    action_trigger {\n      events = [after_create]\n"
        "      actions = [action.aws_lambda_invoke.warm]\n    }\n  }"
    )
    report = run({"main.tf": HEAD + NEW + PERMISSION.replace("LIFECYCLE", trigger)})
    assert verdict(report) == "at-risk"
    assert not report["unread"]


def test_a_block_of_a_kind_that_is_not_known_is_not_read_and_said(run):
    report = run({"main.tf": HEAD + ALLOWED + 'resorce "aws_sqs_queue" "q" {\n}\nfuture {\n}\n'})
    assert verdict(report) == "at-risk"
    assert {unknown["id"] for unknown in report["unread"]} == {"resorce", "future"}


def test_blocks_of_newer_versions_may_be_written_as_json(run):
    new = {
        "action": {"aws_lambda_invoke": {"warm": {"config": {}}}},
        "ephemeral": {"aws_secretsmanager_secret_version": {"s": {"secret_id": "s"}}},
        "future": {"a": {"b": 1}},
    }
    report = run({"main.tf": HEAD + ALLOWED, "new.tf.json": json.dumps(new)})
    assert verdict(report) == "at-risk"
    assert {unknown["id"] for unknown in report["unread"]} == {"future"}


def test_a_write_only_argument_is_null_to_whoever_reads_it(run):
    more = """
    resource "aws_secretsmanager_secret_version" "s" {
      secret_string_wo = "39"
    }
    locals {
      timeout = aws_secretsmanager_secret_version.s.secret_string_wo == null ? 180 : 1
    }
    """
    assert verdict(run({"main.tf": more + HEAD.replace("= 180", "= local.timeout") + ALLOWED})) == (
        "at-risk"
    )


OTHER_FILES = ("x.tfquery.hcl", "x.tfcomponent.hcl", "x.tfdeploy.hcl", "x.policy.hcl",
               "x.tftest.hcl", "x.tofutest.hcl", "tests/x.tftest.hcl", "x.tfmock.hcl",
               "x.tfstack.hcl", "x.tfquery.json")  # fmt: skip


@pytest.mark.parametrize("name", OTHER_FILES)
def test_files_of_other_languages_are_no_configuration(name, run):
    report = run({"main.tf": HEAD + ALLOWED, name: HEAD + 'list "aws_instance" "x" {\n'})
    assert verdict(report) == "at-risk"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ('convert("39", number)', 39),
        ("convert({}, object({ t = optional(number, 39) })).t", 39),
        ('tonumber(convert(["39"], list(any))[0])', 39),
        ('length(convert(["a", "a", "b"], set(string))) + 37', 39),
        ('can(convert("x", number)) ? 1 : 39', 39),
    ],
)  # fmt: skip
def test_convert_gives_the_type_that_it_names(written, seconds, run):
    head = HEAD.replace("= 180", f"= {written}").replace("timeout       = 30", "timeout = 39")
    report = run({"main.tf": head + ALLOWED})
    assert verdict(report) == "at-risk"
    head = head.replace("timeout = 39", "timeout = 40")
    assert verdict(run({"main.tf": head + ALLOWED})) == "blocked"


@pytest.mark.parametrize("written", ["convert(1)", 'convert("x", number)', "convert(1, nothing)"])
def test_convert_that_terraform_refuses_is_unknown(written, run):
    head = HEAD.replace("= 180", f"= {written}")
    assert verdict(run({"main.tf": head + ALLOWED})) == "undecided"


def test_an_ephemeral_value_is_unknown_and_stays_out_of_reports(run):
    head = HEAD.replace("= 180", "= ephemeral.aws_secretsmanager_secret_version.s.secret_string")
    assert verdict(run({"main.tf": NEW + head + ALLOWED})) == "undecided"


# What version 6 of the AWS provider added: `region` on every resource and data source.


@pytest.mark.parametrize(
    ("edits", "region", "mismatch"),
    [
        ({}, "eu-west-1", False),
        ({"q": "eu-central-1"}, "eu-central-1", True),
        ({"q": "eu-central-1", "m": "eu-central-1", "f": "eu-central-1"}, "eu-central-1", False),
        ({"m": "eu-central-1"}, "eu-west-1", True),
    ],
)
def test_a_resource_may_name_its_own_region(edits, region, mismatch, run):
    text = 'provider "aws" {\n  region = "eu-west-1"\n}\n' + HEAD + ALLOWED
    for name, own in edits.items():
        text = text.replace(f'" "{name}" {{', f'" "{name}" {{\n  region = "{own}"')
    report = run({"main.tf": text})
    (row,) = report["mappings"]
    assert f":{region}:" in row["queue"]["arn"]
    assert (row["verdict"] == "blocked") is mismatch


@pytest.mark.parametrize("attribute", ["region", "id", "name"])
def test_a_data_source_may_name_its_own_region(attribute, run):
    text = (
        'provider "aws" {\n  region = "eu-west-1"\n}\n'
        'data "aws_region" "r" {\n  region = "eu-central-1"\n}\n'
        f'locals {{\n  t = data.aws_region.r.{attribute} == "eu-central-1" ? 180 : 1\n}}\n'
    )
    assert (
        verdict(run({"main.tf": text + HEAD.replace("= 180", "= local.t") + ALLOWED})) == "at-risk"
    )
