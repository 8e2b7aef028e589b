"""A condition that strangers fulfil does not close a queue; one that names somebody does."""

from __future__ import annotations

import json

import pytest

from checker.knowledge.partial import Unknown
from checker.rules.queue_open_to_everyone import queue_open_to_everyone
from checker.rules.rule import Problem
from checker.rules.settings import Settings
from checker.sources.terraform.load import load

CONFIGURATION = """
provider "aws" {
  region = "eu-west-1"
}
variable "organization" {}
resource "aws_sns_topic" "t" {
  name = "orders"
}
resource "aws_sqs_queue" "q" {
  name = "orders"
}
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = %s
      Action    = "%s"
      Resource  = aws_sqs_queue.q.arn
      Condition = %s
    }]
  })
}
"""
OPEN = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}},
    {"IpAddress": {"aws:SourceIp": "::/0"}},
    {"ArnLike": {"aws:SourceArn": "*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    {"StringLike": {"aws:SourceArn": "arn:aws:sns:*"}},
    {"ArnLike": {"aws:SourceArn": "arn:*:events:*:*:rule/*"}},
    {"StringLike": {"aws:SourceAccount": "*"}},
    {"StringLike": {"aws:PrincipalOrgID": "*"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"StringLike": {"aws:PrincipalAccount": "*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
    {"Null": {"aws:PrincipalOrgID": "false"}},
    {"Null": {"aws:SourceArn": "false"}},
    {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
    {"StringLike": {"aws:SourceVpce": "*"}},
    {"StringLike": {"aws:SourceVpc": "vpc-*"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"aws:PrincipalOrgID": "*"}},
]
CLOSED = [
    {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"ArnEquals": {"aws:SourceArn": "${aws_sns_topic.t.arn}"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::orders"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::orders-*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}},
    {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    {"StringEquals": {"aws:PrincipalOrgID": "${var.organization}"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
    {"ArnLike": {"aws:SourceArn": "*"}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
    {
        "IpAddress": {"aws:SourceIp": "0.0.0.0/0"},
        "StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"},
    },
    {"StringEquals": {"aws:PrincipalTag/team": "orders", "aws:PrincipalAccount": "111122223333"}},
]


def found(folder, condition, principal='"*"', action="sqs:SendMessage"):
    text = CONFIGURATION % (principal, action, json.dumps(condition))
    (folder / "main.tf").write_text(text)
    inventory = load(folder, folder)
    (queue,) = inventory.queues
    return list(queue_open_to_everyone.check(queue, inventory, Settings()))


@pytest.mark.parametrize("condition", OPEN, ids=json.dumps)
@pytest.mark.parametrize("principal", ['"*"', '{ AWS = "*" }'])
def test_a_condition_that_strangers_fulfil_closes_nothing(condition, principal, tmp_path):
    (said,) = found(tmp_path, condition, principal)
    assert isinstance(said, Problem)
    assert "allows `sqs:SendMessage` to everyone" in said.message


@pytest.mark.parametrize("condition", CLOSED, ids=json.dumps)
def test_a_condition_that_names_somebody_closes_the_queue(condition, tmp_path):
    assert found(tmp_path, condition) == []


def test_a_service_that_sends_for_strangers_does_not_read_for_them(tmp_path):
    condition = {"StringLike": {"aws:SourceArn": "arn:aws:sns:*"}}
    assert found(tmp_path, condition, action="sqs:ReceiveMessage") == []


@pytest.mark.parametrize("pattern", ["arn:aws:*", "arn:*", "arn:aws:sns:*"])
def test_what_half_an_arn_matches_is_unknown(pattern, tmp_path):
    (said,) = found(tmp_path, {"ArnLike": {"aws:SourceArn": pattern}})
    assert isinstance(said, Unknown)
    other = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert found(tmp_path, {"ArnLike": {"aws:SourceArn": pattern}, **other}) == []


def test_the_message_tells_who_may_do_what(tmp_path):
    """Else what opens from accounts to everyone reads like what was there before."""
    policy = "aws_sqs_queue.q.arn\n      Condition = %s\n    }]"
    account = '{ StringLike = { "aws:PrincipalOrgID" = "*" } }'
    second = """aws_sqs_queue.q.arn
    }, {
      Effect    = "Allow"
      Principal = "*"
      Action    = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource  = aws_sqs_queue.q.arn
      Condition = %s
    }]"""
    assert policy in CONFIGURATION
    text = CONFIGURATION.replace(policy, second) % ('"*"', "sqs:SendMessage", account)
    (tmp_path / "main.tf").write_text(text)
    inventory = load(tmp_path, tmp_path)
    (queue,) = inventory.queues
    (problem,) = queue_open_to_everyone.check(queue, inventory, Settings())
    assert problem.message.endswith(
        "allows `sqs:SendMessage` to everyone"
        " and `sqs:ReceiveMessage`, `sqs:DeleteMessage` to everyone with an AWS account"
    )
