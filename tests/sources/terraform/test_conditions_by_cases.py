"""A condition that is open has one of two values; of each element or instance it has its own.

https://developer.hashicorp.com/terraform/language/expressions/conditionals
"""

from __future__ import annotations

import json

import pytest

from checker.cli import main
from tests.sources.terraform.test_documents_known_in_part import CONFIGURATION

HALVES = """
locals {
  one   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
  other = ["sqs:GetQueueAttributes"]
  red   = { StringEquals = { "aws:PrincipalTag/team" = "red" } }
  blue  = { StringEquals = { "aws:PrincipalTag/team" = "blue" } }
}
"""
MANY = """
resource "aws_iam_role_policy" "many" {
  for_each = toset(var.more)
  role     = aws_iam_role.r.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.allow, { Action = %s })]
  })
}
"""
DYNAMIC = """
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = var.more
    content {
      actions   = endswith(statement.value, "a") ? local.one : local.other
      resources = [aws_sqs_queue.q.arn]
    }
  }
}
resource "aws_iam_role_policy" "d" {
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.d.json
}
"""
MODULE = """
module "m" {
  for_each = toset(var.more)
  source   = "./m"
  on       = endswith(each.key, "a")
  of       = each.key
  role     = aws_iam_role.r.name
}
"""
CHILD = """
variable "on" { type = bool }
variable "of" { type = string }
variable "role" { type = string }
resource "aws_iam_role_policy" "p" {
  role = var.role
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = %s ? ["sqs:ReceiveMessage", "sqs:DeleteMessage"] : ["sqs:GetQueueAttributes"]
      Resource = "*"
    }]
  })
}
"""
EACH = """[for x in var.more : merge(local.allow, {
  Action = endswith(x, "a") ? local.one : local.other
})]"""
EACH_OF = """[for x in [for y in var.more : endswith(y, "a")] : merge(local.allow, {
  Action = x ? local.one : local.other
})]"""
BOTH = ["a", "b"]
NOTHING = "[local.else]"


def reading(folder, capsys, statements, *, more="", given=None, tag=""):
    policy = f'jsonencode({{ Version = "2012-10-17", Statement = {statements} }})'
    text = CONFIGURATION.format(document=HALVES + more, policy=policy)
    text = text.replace('  name = "worker"\n', f'  name = "worker"\n  {tag}\n')
    (folder / "main.tf").write_text(text)
    words = [] if given is None else ["--var", f"more={json.dumps(given)}"]
    main(["plan", str(folder), "--root", str(folder), "--format", "json", *words])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [each["kind"] for each in findings if each["rule"] == "role-cannot-read-queue"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("local.on ? local.red : {}", []),
        ("local.on ? local.blue : {}", ["unknown"]),
        (
            'local.on ? local.blue : { StringLike = { "aws:PrincipalTag/team" = "g*" } }',
            ["problem"],
        ),
        ("merge({ StringLike = local.red.StringEquals }, local.on ? local.red : {})", []),
        ("{ StringEquals = local.on ? local.red.StringEquals : {} }", []),
        ("length(var.more) > 1 ? local.red : {}", []),
    ],
)
def test_a_condition_element_is_one_of_two(condition, found, tmp_path, capsys):
    statements = f"[merge(local.allow, {{ Condition = {condition} }})]"
    tag = 'tags = { team = "red" }'
    assert reading(tmp_path, capsys, statements, tag=tag) == found


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ('[merge(local.allow, local.on ? { Sid = "a" } : {})]', []),
        ("[for k, v in merge({ a = local.allow }, local.on ? { b = local.else } : {}) : v]", []),
        ("[for k, v in local.on ? { b = local.else } : {} : v]", ["problem"]),
        ("[for k, v in local.on ? { b = local.allow } : {} : v]", ["unknown"]),
        ("concat([local.allow], length(var.more) == 1 ? [local.else] : [])", []),
        ("concat([local.allow], length(var.more) == 1 ? [local.deny] : [])", ["unknown"]),
    ],
)
def test_a_map_with_entries_or_none_is_one_of_two(statements, found, tmp_path, capsys):
    assert reading(tmp_path, capsys, statements) == found


@pytest.mark.parametrize(
    ("statements", "more", "child"),
    [
        (EACH, "", ""),
        (EACH_OF, "", ""),
        (NOTHING, MANY % 'endswith(each.key, "a") ? local.one : local.other', ""),
        (NOTHING, MANY % 'each.key == "a" ? local.one : local.other', ""),
        (NOTHING, MANY % "{ a = true, b = false }[each.key] ? local.one : local.other", ""),
        (NOTHING, DYNAMIC, ""),
        (NOTHING, MODULE, CHILD % "var.on"),
        (NOTHING, MODULE, CHILD % 'endswith(var.of, "a")'),
    ],
)
def test_of_each_element_or_instance_a_condition_has_a_value_of_its_own(
    statements, more, child, tmp_path, capsys
):
    if child:
        (tmp_path / "m").mkdir()
        (tmp_path / "m/main.tf").write_text(child)
    assert reading(tmp_path, capsys, statements, more=more) == ["unknown"]
    assert reading(tmp_path, capsys, statements, more=more, given=BOTH) == []
    assert reading(tmp_path, capsys, statements, more=more, given=["a"]) == ["problem"]
