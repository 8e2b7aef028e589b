"""What the AWS provider refuses when it plans: names of queues, and what depends on its version.

The answers on names and deduplication are those of provider 5.100.0.
"""

import pytest

from checker.sources.terraform.configuration.provider_version import ends_before, locked_version
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load
from checker.sources.terraform.modules.queue_names import queue_name, queue_prefix

REST = """
resource "aws_iam_role" "r" {
  name               = "worker"
  assume_role_policy = "{}"
}
resource "aws_lambda_function" "f" {
  function_name = "worker"
  role          = aws_iam_role.r.arn
  handler       = "a.b"
  runtime       = "python3.12"
  filename      = "a.zip"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""
BIG = 'resource "aws_sqs_queue" "q" {\n  name = "orders"\n  max_message_size = 1048576\n}\n'
LOCK = """provider "registry.terraform.io/hashicorp/aws" {
  version     = "%s"
  constraints = "~> 6.0"
}
"""


@pytest.mark.parametrize(
    ("prefix", "fifo", "wrong"),
    [
        ("a" * 54, False, False),
        ("a" * 55, False, True),
        ("a" * 49, True, False),
        ("a" * 50, True, True),
        ("a.b", False, True),
        ("", False, False),
    ],
)
def test_the_provider_adds_26_digits_to_a_prefix(prefix, fifo, wrong):
    assert bool(queue_prefix(prefix, fifo)) is wrong


@pytest.mark.parametrize(
    ("name", "fifo", "wrong"),
    [
        ("a" * 80, False, False),
        ("a" * 81, False, True),
        ("a" * 75 + ".fifo", True, False),
        ("a" * 76 + ".fifo", True, True),
        ("orders.fifo", False, True),
        ("orders", True, True),
    ],
)
def test_a_name_is_long_enough_and_has_the_suffix_of_its_type(name, fifo, wrong):
    assert bool(queue_name(name, fifo)) is wrong


@pytest.mark.parametrize(
    ("clause", "ends"),
    [
        ("~> 5.0", True),
        ("~> 6.0", False),
        ("~> 6.7", False),
        ("~> 6.7.0", True),
        ("~> 6.8.0", False),
        ("~> 5", True),
        ("< 6.8.0", True),
        ("< 6.9", False),
        ("<= 6.7.5", True),
        ("6.7.0", True),
        ("= 6.8.0", False),
        (">= 5.0", False),
        ("!= 6.9.0", False),
        ("latest", False),
    ],
)
def test_a_clause_ends_before_a_version_or_not(clause, ends):
    assert ends_before(clause, (6, 8, 0)) is ends


def refusals(root, version, lock=None):
    required = f"terraform {{\n  required_providers {{\n    aws = {version}\n  }}\n}}\n"
    (root / "main.tf").write_text((required if version else "") + BIG + REST)
    if lock is not None:
        (root / ".terraform.lock.hcl").write_text(LOCK % lock)
    return [each.summary for each in load(root, root, Given()).refusals]


SAID = ["expected max_message_size to be in the range (1024 - 262144), got 1048576"]


@pytest.mark.parametrize(
    ("version", "lock", "said"),
    [
        ('"~> 5.0"', None, SAID),
        ('{ source = "hashicorp/aws", version = ">= 5.0, < 6.0" }', None, SAID),
        ('{ source = "hashicorp/aws", version = ">= 5.0" }', None, []),
        ('{ source = "hashicorp/aws", version = "~> 6.0" }', "6.7.0", SAID),
        ('{ source = "hashicorp/aws", version = "~> 6.0" }', "6.8.0", []),
        (None, None, []),
        (None, "5.100.0", SAID),
    ],
)
def test_messages_of_a_mebibyte_take_a_new_provider(tmp_path, version, lock, said):
    assert refusals(tmp_path, version, lock) == said


def test_a_lock_file_without_a_version_says_nothing():
    assert locked_version('provider "registry.terraform.io/hashicorp/aws" {\n}\n') is None
