"""Maps with unknown keys, lists of unknown length: what is sure of them is known."""

from __future__ import annotations

import pytest

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load, open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.terraform_values import Lazy

HERE = Location("test", 1, 1)
ROOT = """
data "aws_caller_identity" "me" {}
variable "p" { type = string }
variable "any" {}
resource "aws_iam_policy" "o" { name = "o" }
locals {
  acc   = data.aws_caller_identity.me.account_id
  arn   = aws_iam_policy.o.arn
  map   = { "${local.acc}-a" = 1, "${local.acc}-b" = 2 }
  mixed = { "x/${var.p}" = { n = 1 }, y = { n = 2 } }
}
"""


def value(folder, text):
    (folder / "main.tf").write_text(f"{ROOT}\nlocals {{\n  x = {text}\n}}\n")
    root = open_root(Project(folder, Files(folder)), str(folder), Given())
    return root.named("local", "x", HERE)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("length(local.map)", 2),
        ('local.map["${local.acc}-b"]', 2),
        ('lookup(local.map, "${local.acc}-a", 3)', 1),
        ('lookup(local.map, "a:b", 3)', 3),
        ('try(local.map["a:b"], 3)', 3),
        ("local.mixed.y.n", 2),
        ('local.mixed["y"].n', 2),
        ('local.mixed["x/${var.p}"].n', 1),
        ("length(keys(local.map))", 2),
        ("values(local.map)", (1, 2)),
        ("length(merge(local.map, { z = 3 }))", 3),
        ('merge(local.map, { z = 3 })["z"]', 3),
        ('merge({ "a-${local.acc}" = 3 }, { z = 3 })["a-${local.acc}"]', 3),
        ('{ for k, v in local.map : "${k}:x" => v }["${local.acc}-a:x"]', 1),
        ('{ for p in [local.arn] : p => "in" }[local.arn]', "in"),
        ('split("/", "a/b/${var.p}")[0]', "a"),
        ('split("/", "a/b/${var.p}")[1]', "b"),
        ('element(split("/", "a/b/${var.p}"), 1)', "b"),
        ('length(split("/", "a/b/${var.p}")) > 2', True),
        ('2 < length(split("/", "a/b/${var.p}"))', True),
        ('length(split("/", "a/b/${var.p}")) >= 3', True),
        ('length(split("/", "a/b/${var.p}")) == 1', False),
        ('length(split("/", "a/b/${var.p}")) != 0', True),
        ('length(split("/", "a/b/${var.p}")) < 3', False),
        ('contains(split("/", "a/b/${var.p}"), "b")', True),
        ('split(":", local.arn)[2]', "iam"),
    ],
)
def test_what_the_known_part_tells_is_known(tmp_path, text, sure):
    assert value(tmp_path, text) == sure


@pytest.mark.parametrize(
    "text",
    [
        'length({ "${var.p}a" = 1, "ba" = 2 })',
        'local.mixed["x/b"].n',
        'lookup(local.mixed, "x/b", { n = 3 }).n',
        'can(local.mixed["x/b"])',
        'split("/", "a/b/${var.p}")[2]',
        'length(split("/", "a/b/${var.p}"))',
        'length(split("/", "a/b/${var.p}")) > 3',
        'length(split("/", "a/b/${var.p}")) == 3',
        'split("/", "a/b/${var.p}")[*]',
        'contains(split("/", "a/b/${var.p}"), "c")',
        'split("ab", "a${var.p}")[0]',
        '{ for p in ["${var.p}b", "b"] : p => 1 }["b"]',
        "[for k, v in local.map : v][*][0]",
        "jsonencode(local.map)",
        'merge(local.map, { "1" = 1 }, { (var.p) = 3 })["1"]',
        '{ (var.any) = 1 }["a"]',
    ],
)  # fmt: skip
def test_what_the_known_part_does_not_tell_is_unknown(tmp_path, text):
    found = value(tmp_path, text)
    unknown = isinstance(found, (Hole, Lazy)) or (isinstance(found, Text) and found.holes)
    assert unknown, found


ATTACHED = """
resource "aws_sqs_queue" "q" { name = "orders" }
resource "aws_lambda_function" "f" {
  function_name = "worker"
  role          = aws_iam_role.r.arn
  timeout       = 5
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}
resource "aws_iam_role" "r" {
  name               = "worker"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow"
    Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
resource "aws_iam_policy" "o" {
  name   = "o"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow"
    Action = "sqs:*", Resource = aws_sqs_queue.q.arn }] })
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""


def members(folder, text):
    (folder / "main.tf").write_text(ATTACHED + text)
    inventory = load(folder, folder)
    (role,) = inventory.roles
    return inventory, [each for each in role.identity.members if not hasattr(each, "why")]


def test_a_set_of_one_arn_that_is_not_known_yet_is_one_instance(tmp_path):
    inventory, found = members(
        tmp_path,
        'resource "aws_iam_role_policy_attachment" "a" {\n'
        "  for_each   = toset([aws_iam_policy.o.arn])\n"
        "  role       = aws_iam_role.r.name\n  policy_arn = each.value\n}\n",
    )
    assert len(found) == 1
    assert not inventory.unread


def test_keys_that_surely_differ_are_instances_of_their_own(tmp_path):
    (tmp_path / "main.tf").write_text(
        'data "aws_caller_identity" "me" {}\n'
        "locals {\n  p = data.aws_caller_identity.me.account_id\n"
        '  qs = { "${local.p}-orders" = 30, "${local.p}-pay" = 60 }\n}\n'
        'resource "aws_sqs_queue" "q" {\n  for_each = local.qs\n  name = each.key\n'
        "  visibility_timeout_seconds = each.value\n}\n"
        'resource "aws_lambda_event_source_mapping" "m" {\n  for_each = aws_sqs_queue.q\n'
        '  event_source_arn = each.value.arn\n  function_name = "f"\n}\n'
    )
    inventory = load(tmp_path, tmp_path)
    assert sorted(str(queue.arn).rpartition("-")[2] for queue in inventory.queues) == [
        "orders",
        "pay",
    ]
    assert [inventory.source_of(each).get().visibility_timeout.get() for each in inventory.mappings]
    assert len(inventory.mappings) == 2
    assert len({each.id for each in inventory.mappings}) == 2
