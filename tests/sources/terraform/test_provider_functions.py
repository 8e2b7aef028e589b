"""Functions of the AWS provider, templates from texts, and data that needs no account."""

from __future__ import annotations

import pytest

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project

HERE = Location("test", 1, 1)
ROOT = """
variable "u" {}
variable "n" { type = string }
data "aws_caller_identity" "me" {}
data "aws_iam_policy" "queue" { name = "AWSLambdaSQSQueueExecutionRole" }
data "aws_iam_policy" "read" { name = "ReadOnlyAccess" }
data "aws_iam_policy" "own" { name = "orders-read" }
resource "aws_iam_role" "r" {
  name = "worker"
  path = "/apps/"
}
resource "aws_sqs_queue" "q" { name = "orders" }
resource "terraform_data" "d" { input = { arn = aws_sqs_queue.q.arn, n = 3 } }
provider "aws" {
  region = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
locals {
  hello = "hello $${name}"
  loop  = "%%{ for x in list }$${x};%%{ endfor }"
  wrong = "$${"
  role  = "arn:aws:iam::444455556666:role/with/path/example"
}
"""


def value(folder, text):
    (folder / "main.tf").write_text(f"{ROOT}\nlocals {{\n  x = {text}\n}}\n")
    root = open_root(Project(folder, Files(folder)), str(folder), Given())
    return root.named("local", "x", HERE)


# What the real `terraform console` answers, with provider 5.100.0.
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            'provider::aws::arn_parse("arn:aws:iam::444455556666:role/service-role/example")',
            {
                "account_id": "444455556666",
                "partition": "aws",
                "region": "",
                "resource": "role/service-role/example",
                "service": "iam",
            },
        ),
        ('provider::aws::arn_parse("arn:aws:iam::4:role/a:b:c").resource', "role/a:b:c"),
        ('provider::aws::arn_parse("arn:::::").service', ""),
        (
            'provider::aws::arn_build("aws", "iam", "", "444455556666", "role/example")',
            "arn:aws:iam::444455556666:role/example",
        ),
        ('provider::aws::arn_build("", "", "", "", "")', "arn:::::"),
        (
            "provider::aws::trim_iam_role_path(local.role)",
            "arn:aws:iam::444455556666:role/example",
        ),
        ('provider::aws::trim_iam_role_path("arn:aws:iam::4:role/a/")', "arn:aws:iam::4:role/"),
        ('provider::aws::trim_iam_role_path("arn:aws:iam::4:role/a")', "arn:aws:iam::4:role/a"),
        (
            "provider::aws::trim_iam_role_path(aws_iam_role.r.arn)",
            "arn:aws:iam::111122223333:role/worker",
        ),
        ("provider::aws::arn_parse(aws_sqs_queue.q.arn).resource", "orders"),
        ('provider::aws::arn_parse("arn:aws:sqs:eu-west-1:1:${var.n}").service', "sqs"),
        ('templatestring(local.hello, { name = "x" })', "hello x"),
        ('templatestring(local.loop, { list = ["a", "b"] })', "a;b;"),
        ("terraform_data.d.output.n", 3),
        ("terraform_data.d.output.arn", "arn:aws:sqs:eu-west-1:111122223333:orders"),
        (
            "data.aws_iam_policy.queue.arn",
            "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
        ),
        ("data.aws_iam_policy.read.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        (
            'contains(jsondecode(data.aws_iam_policy.queue.policy).Statement[0].Action, "sqs:*")',
            False,
        ),
    ],
)
def test_it_is_what_terraform_answers(tmp_path, text, answer):
    found = value(tmp_path, text)
    assert (found.literal if isinstance(found, Text) else found) == answer


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('provider::aws::arn_parse("x")', "arn: invalid prefix"),
        ('provider::aws::arn_parse("arn:aws:iam")', "arn: not enough sections"),
        ('provider::aws::trim_iam_role_path("arn:aws:iam::4:user/a")', 'must begin with "role/"'),
        ('provider::aws::trim_iam_role_path("arn:aws:sqs::4:role/a")', 'service must be "iam"'),
        ('provider::aws::trim_iam_role_path("arn:aws:iam:x:4:role/a")', "region must be empty"),
        ("provider::aws::arn_parse(null)", "must not be null"),
        ("provider::time::rfc3339_parse(1)", "never run"),
        ("templatestring(local.hello, {})", "do not hold `name`"),
        ("templatestring(local.wrong, {})", "templatestring"),
        ("templatestring(var.n, {})", "no value"),
        ('templatestring("${var.n}-a", {})', "no value"),
        ("templatestring(null, {})", "null"),
        ("templatestring(local.hello)", "needs a template"),
        ("provider::aws::arn_parse(var.n)", "no value"),
        ("provider::aws::trim_iam_role_path(var.n)", "no value"),
        ("data.aws_iam_policy.own.policy", "read from the account"),
    ],
)
def test_what_it_does_not_tell_is_unknown_and_says_why(tmp_path, text, why):
    found = value(tmp_path, text)
    hole = found if isinstance(found, Hole) else found.holes[0]
    assert why in hole.why
