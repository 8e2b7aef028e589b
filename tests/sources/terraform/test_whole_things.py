"""A whole resource, module or `var` is a value, too: it is passed on, looked into and compared."""

from __future__ import annotations

import json

import pytest

from checker.cli import main
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.evaluation.functions import FUNCTIONS, SPECIAL
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.terraform_values import holes

MAIN = """
variable "many" {}

resource "aws_sqs_queue" "one" {
  name = "orders"
}

resource "aws_sqs_queue" "two" {
  count = 2
  name  = "orders-${count.index}"
}

resource "aws_sqs_queue" "untold" {
  count = var.many
  name  = "orders-${count.index}"
}

module "child" {
  source = "./child"
}

module "children" {
  source   = "./child"
  for_each = toset(["a"])
  queue    = aws_sqs_queue.one
}
"""
CHILD = """
variable "queue" {
  type = object({
    name = string
    size = optional(number, 3)
  })
  default = { name = "default" }
}

output "name" {
  value = var.queue.name
}

output "size" {
  value = 7
}
"""
THINGS = (
    "aws_sqs_queue.one",
    "aws_sqs_queue.two",
    "aws_sqs_queue.untold",
    "module.child",
    "module.children",
    "var",
    "data.aws_sqs_queue",
)


@pytest.fixture
def values(tmp_path):
    def values(*expressions):
        (tmp_path / "child").mkdir(exist_ok=True)
        (tmp_path / "child" / "main.tf").write_text(CHILD)
        made = "".join(f"  x{n} = {expression}\n" for n, expression in enumerate(expressions))
        (tmp_path / "main.tf").write_text(f"{MAIN}\nlocals {{\n{made}}}\n")
        root = open_root(Project(tmp_path, Files(tmp_path)), str(tmp_path), Given())
        here = Location("test", 1, 1)
        return [root.named("local", f"x{n}", here) for n in range(len(expressions))]

    return values


def known(value):
    return value.literal if isinstance(value, Text) else value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("keys(module.child)", ("name", "size")),
        ('lookup(module.child, "size", 1)', 7),
        ('lookup(module.child, "length", 1)', 1),
        ("length(module.child)", 2),
        ("[for k, v in module.child : v]", ("default", 7)),
        ("jsonencode(module.child)", '{"name":"default","size":7}'),
        ('module.child["size"]', 7),
        ('aws_sqs_queue.one["name"]', "orders"),
        ('module.children["a"].name', "orders"),
        ("aws_sqs_queue.one == null", False),
        ("aws_sqs_queue.one == aws_sqs_queue.one", True),
        ('aws_sqs_queue.one == "orders"', False),
        ("concat(aws_sqs_queue.two, [aws_sqs_queue.one])[2].name", "orders"),
        ("merge(module.children, {}).a.name", "orders"),
        ("true ? aws_sqs_queue.one.name : module.child", "orders"),
        ("[for q in(true ? [aws_sqs_queue.one] : []) : q.name]", ("orders",)),
    ],
)
def test_what_is_known_of_a_whole_thing_is_reported(values, expression, value):
    (found,) = values(expression)
    if isinstance(found, tuple):
        found = tuple(map(known, found))
    assert known(found) == value
    assert not holes(found)


@pytest.mark.parametrize(
    "expression",
    [
        "length(aws_sqs_queue.one)",
        "distinct([aws_sqs_queue.one, aws_sqs_queue.untold])",
        "length(aws_sqs_queue.untold)",
        "aws_sqs_queue.one == module.child",
        "jsonencode(aws_sqs_queue.one)",
        "yamlencode(aws_sqs_queue.one)",
        'try([for k, v in aws_sqs_queue.one : k], ["none"])',
        'can(keys(aws_sqs_queue.untold)) ? "a" : "b"',
        "max(aws_sqs_queue.untold...)",
    ],
)
def test_what_is_not_known_of_a_whole_thing_is_unknown(values, expression):
    (found,) = values(expression)
    (hole, *_) = holes(found)
    assert isinstance(hole, Hole)
    assert hole.why


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) | SPECIAL))
def test_every_function_takes_a_whole_thing_or_refuses_it(values, name):
    shapes = [
        shape.format(thing)
        for thing in THINGS
        for shape in ("{}", "[{}]", "{{ a = {} }}", '"a", {}', '{}, "a"', "{}...")
    ]
    for value in values(*(f"{name}({shape})" for shape in shapes)):
        assert all(hole.why for hole in holes(value))


DEPLOYMENT = """
provider "aws" {
  region = "eu-west-1"
}

variable "readers" {
  type = set(string)
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
}

resource "aws_iam_role" "worker" {
  name = "worker"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.orders.arn }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  timeout       = 10
  DEPENDS
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  for_each = var.readers

  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""


@pytest.mark.parametrize(
    ("depends", "late"), [("depends_on = [aws_iam_role_policy.worker]", False), ("", True)]
)
def test_nobody_knows_how_many_there_are_but_all_of_them_wait(tmp_path, capsys, depends, late):
    (tmp_path / "main.tf").write_text(DEPLOYMENT.replace("DEPENDS", depends))
    main(["plan", str(tmp_path), "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert ("policy-attached-too-late" in {finding["rule"] for finding in found}) is late


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ('templatefile("missing.json", {})', "no file `missing.json`"),
        ('templatefile("torn.json", {})', "torn.json:1:7: an expression is missing"),
        ("templatefile([], {})", "cannot convert tuple to string"),
        ("templatefile(null, {})", "must not be null"),
    ],
)
def test_a_template_that_cannot_be_read_leaves_its_text_unknown(tmp_path, values, call, says):
    (tmp_path / "torn.json").write_text("%{ if }")
    found, instead = values(call, f'try(templatefile("missing.json", {{}}), {call}, "instead")')
    assert says in holes(found)[0].why
    assert ("torn" in call) == bool(holes(instead))
