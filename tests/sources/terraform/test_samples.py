"""Elements that stand for an unknown number of others, of which there may be none.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

import json

import pytest

from checker.cli import main
from tests.sources.terraform.test_documents_known_in_part import CONFIGURATION

BLOCKS = """
locals {
  prefixed = [for x in var.more : "p-${x}"]
  mixed    = concat(local.on ? ["a"] : [], ["u", "v"])
}
resource "aws_sqs_queue" "many" {
  for_each = toset(var.more)
  name     = each.key
}
resource "aws_sqs_queue" "several" {
  count = length(var.more)
  name  = "several-${count.index}"
}
resource "aws_sqs_queue" "optional" {
  count = length(var.more) > 0 ? 1 : 0
  name  = "optional"
}
"""
PAIRS = "concat([local.allow], flatten([for x in local.prefixed : {}]))"
TWICE = "[for y in local.prefixed : local.deny if x != y]"
ALLOW = '[{{ Effect = "Allow", Resource = "*", Action = concat(["s3:GetObject"], {}) }}]'
DENY = """[local.allow,
  {{ Effect = "Deny", Resource = "*", NotAction = concat(["s3:GetObject"], {}) }}]"""
ALTERNATIVES = "{} ? [local.allow] : [local.deny]"
LISTS = (
    '[for q in aws_sqs_queue.many : "sqs:*"]',
    '[for key, q in aws_sqs_queue.several : "sqs:*"]',
    '[for q in aws_sqs_queue.several[*].arn : "sqs:*"]',
    '[for q in [for q in aws_sqs_queue.several : q.arn] : "sqs:*"]',
    '[for q in aws_sqs_queue.optional : "sqs:*" if q.name == "optional"]',
    '[for q in aws_sqs_queue.optional : replace(q.name, "optional", "sqs:*")]',
    'flatten([for q in aws_sqs_queue.many : ["sqs:*", q.arn]])',
    '[for q in aws_sqs_queue.many : { of = q.arn, does = "sqs:*" }][*].does',
)
CONDITIONS = (
    "length([for q in aws_sqs_queue.many : q.arn]) > 0",
    "length(distinct([for q in aws_sqs_queue.many : q.arn])) > 0",
    "length(toset(aws_sqs_queue.optional[*].arn)) > 0",
    'contains(aws_sqs_queue.optional[*].name, "optional")',
    'contains([for q in aws_sqs_queue.optional : "x"], "x")',
)
STATEMENTS = {
    "pairs of one list": (PAIRS.format(TWICE), ["a", "b"]),
    "pairs of one list, and of what is made of it": (
        PAIRS.format(
            "[for x in [sha1(x)] : [for y in local.prefixed : local.deny if x != sha1(y)]]"
        ),
        ["a", "b"],
    ),
    "all alike": (
        """concat([local.allow], alltrue(flatten([for x in local.prefixed :
          [for y in local.prefixed : x == y]])) ? [] : [local.deny])""",
        ["a", "b"],
    ),
    **{f"allow {each}": (ALLOW.format(each), []) for each in LISTS},
    **{f"deny but {each}": (DENY.format(each), []) for each in LISTS},
    **{each: (ALTERNATIVES.format(each), []) for each in CONDITIONS},
}
RESOURCES = ("aws_sqs_queue.several[*].arn", "[for q in aws_sqs_queue.several : q.arn]")


def reading(folder, capsys, statements, *, queue="q", more=None, count=""):
    policy = f'jsonencode({{ Version = "2012-10-17", Statement = {statements} }})'
    text = CONFIGURATION.format(document=BLOCKS, policy=policy)
    text = text.replace(
        "event_source_arn = aws_sqs_queue.q.arn", f"{count}event_source_arn = {queue}"
    )
    (folder / "main.tf").write_text(text)
    given = [] if more is None else ["--var", f"more={json.dumps(more)}"]
    main(["plan", str(folder), "--root", str(folder), "--format", "json", *given])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [each["kind"] for each in findings if each["rule"] == "role-cannot-read-queue"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", STATEMENTS)
def test_what_holds_of_some_numbers_of_elements_alone_is_unknown(name, tmp_path, capsys):
    statements, broken = STATEMENTS[name]
    queue = "aws_sqs_queue.q.arn"
    assert reading(tmp_path, capsys, statements, queue=queue) == ["unknown"]
    assert reading(tmp_path, capsys, statements, queue=queue, more=broken) == ["problem"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_arn_of_each_instance_is_in_their_list(resource, tmp_path, capsys):
    statements = f"[merge(local.allow, {{ Resource = {resource} }})]"
    queue, count = "aws_sqs_queue.several[count.index].arn", "count = length(var.more)\n  "
    assert reading(tmp_path, capsys, statements, queue=queue, count=count) == []


def test_two_elements_of_unknown_places_have_different_keys_perhaps(tmp_path, capsys):
    inner = '[for j, y in local.mixed : local.deny if x == "u" && y == "v" && i != j]'
    statements = f"concat([local.allow], flatten([for i, x in local.mixed : {inner}]))"
    found = reading(tmp_path, capsys, statements, queue="aws_sqs_queue.q.arn")
    assert found in (["unknown"], ["problem"])
