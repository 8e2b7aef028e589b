"""Which argument of a call sets an attribute in an installed module, and which waivers count."""

from __future__ import annotations

import json

import pytest

from checker.cli import main
from checker.sources.terraform.load import load

QUEUE = "module.m.aws_sqs_queue.this"
PASSED = {
    "var.t": "t",
    "coalesce(var.t, 30)": "t",
    "try(var.t, 30)": "t",
    "tonumber(var.t)": "t",
    "var.t != null ? var.t : 30": "t",
    "var.t == null ? 30 : var.t": "t",
    "null != var.t ? tonumber(30) : var.t": "",
    "local.t": "t",
    "var.t * 6": "",
    "max(var.t, 30)": "",
    "var.on ? var.t : 30": "",
    "var.on != null ? var.t : 30": "",
    "var.all.t": "",
    "30": "",
}


def laid(folder, expression, *, call="t = 30", outer=None):
    """Write a root module that calls an installed module, through another one if told so."""
    inner = folder / ".terraform/modules/m"
    inner.mkdir(parents=True)
    inner.joinpath("main.tf").write_text(f"""
variable "t" {{
  default = null
}}
variable "on" {{
  default = null
}}
variable "all" {{
  default = {{ t = 1 }}
}}
locals {{
  t = var.t
}}
resource "aws_sqs_queue" "this" {{
  visibility_timeout_seconds = {expression}
}}
""")
    entries = [{"Key": "", "Source": "", "Dir": "."}]
    entries += [{"Key": "m", "Source": "x/y/aws", "Dir": ".terraform/modules/m"}]
    if outer is not None:
        middle = folder / ".terraform/modules/o"
        middle.mkdir(parents=True)
        middle.joinpath("main.tf").write_text(outer)
        entries[1]["Dir"] = ".terraform/modules/o"
        entries += [{"Key": "m.n", "Source": "x/y/aws", "Dir": ".terraform/modules/m"}]
    (folder / ".terraform/modules/modules.json").write_text(json.dumps({"Modules": entries}))
    (folder / "main.tf").write_text(f"""
module "m" {{
  source = "x/y/aws"
  {call}
}}
""")
    return load(folder, folder).trails


@pytest.mark.parametrize(("expression", "name"), PASSED.items(), ids=list(PASSED))
def test_an_argument_sets_what_the_module_hands_through(expression, name, tmp_path):
    trails = laid(tmp_path, expression)
    found = trails.call_argument(QUEUE, ("visibility_timeout_seconds",))
    assert (found.call, found.name) == ("module.m", name)
    assert (found.at.source, found.at.line) == ("main.tf", 4 if name else 2)


def test_an_argument_that_is_not_given_is_named_at_the_call(tmp_path):
    trails = laid(tmp_path, "var.t", call="")
    found = trails.call_argument(QUEUE, ("visibility_timeout_seconds",))
    assert (found.name, found.at.line) == ("t", 2)


def test_an_attribute_that_is_not_there_has_no_argument(tmp_path):
    trails = laid(tmp_path, "var.t")
    assert trails.call_argument(QUEUE, ("redrive_policy",)).name == ""
    assert trails.call_argument("module.m.aws_sqs_queue.other", ("name",)) is None
    assert trails.call_argument("aws_sqs_queue.this", ("name",)) is None


def test_a_call_inside_an_installed_module_is_passed_through(tmp_path):
    outer = """
variable "timeout" {}
module "n" {
  source = "x/y/aws"
  t      = var.timeout
}
"""
    trails = laid(tmp_path, "var.t", call="timeout = 30", outer=outer)
    found = trails.call_argument(
        "module.m.module.n.aws_sqs_queue.this", ("visibility_timeout_seconds",)
    )
    assert (found.call, found.name, found.at.line) == ("module.m", "timeout", 4)


def test_a_block_of_a_local_module_is_edited_where_it_stands(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text('resource "aws_sqs_queue" "this" {}\n')
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "./m"\n}\n')
    trails = load(tmp_path, tmp_path).trails
    assert trails.call_argument(QUEUE, ("visibility_timeout_seconds",)) is None


MAIN = """
resource "terraform_data" "size" { %s
  input = 20000
}
module "m" { %s
  source = "./m"
  size   = terraform_data.size.output
}
"""
MODULE = """
variable "size" {
  type = number
}
data "aws_lambda_function" "f" {
  function_name = "f"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-central-1:111122223333:q"
  function_name    = data.aws_lambda_function.f.arn
  batch_size       = var.size
}
"""
COMMENT = "# tfcheck: ignore[batch-size-out-of-range] known"


@pytest.mark.parametrize("comments", [(COMMENT, ""), ("", COMMENT), ("", "")])
def test_a_comment_on_the_trail_of_a_value_waives(comments, tmp_path, capsys, monkeypatch):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text(MODULE)
    (tmp_path / "main.tf").write_text(MAIN % comments)
    monkeypatch.chdir(tmp_path)
    main(["plan", "--format", "json", "--root", "."])
    found = json.loads(capsys.readouterr().out)["findings"]
    (size,) = [each for each in found if each["rule"] == "batch-size-out-of-range"]
    assert bool(size["waived"]) is any(comments)
