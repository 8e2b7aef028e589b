"""Tags of queues, keys and roles in an account decide conditions, and are read only where asked."""

from __future__ import annotations

import pytest
from deployment import READ, REGION, allow, document
from test_audit import audit, refuse, rules

from checker.sources.account.client import Access, Clients
from checker.sources.account.load import Audit, load


def tagged(aws, tag, value="orders", actions=READ):
    """Make a deployment whose role may read queues with a tag."""
    queue, _, _ = aws.sound(actions=["logs:PutLogEvents"])
    statement = {
        **allow(actions, queue),
        "Condition": {"StringEquals": {f"aws:ResourceTag/{tag}": value}},
    }
    aws.client("iam").put_role_policy(
        RoleName="orders", PolicyName="tagged", PolicyDocument=document(statement)
    )
    return queue


def tag_queue(aws, **tags):
    sqs = aws.client("sqs")
    sqs.tag_queue(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"], Tags=tags)


def verdict(report):
    return report["mappings"][0]["verdict"]


def test_a_queue_with_the_tag_may_be_read(aws, capsys):
    tagged(aws, "team")
    tag_queue(aws, team="orders", other="x")
    assert rules(audit(capsys)[1]) == []


@pytest.mark.parametrize("tags", [{}, {"team": "other"}, {"owner": "orders"}])
def test_a_queue_without_the_tag_may_not(aws, capsys, tags):
    tagged(aws, "team")
    if tags:
        tag_queue(aws, **tags)
    assert rules(audit(capsys)[1]) == ["role-cannot-read-queue"]


def test_tags_that_may_not_be_read_are_unknown(aws, capsys, monkeypatch):
    tagged(aws, "team")
    tag_queue(aws, team="orders")
    refuse(monkeypatch, "ListQueueTags")
    report = audit(capsys)[1]
    assert (verdict(report), rules(report)) == ("undecided", [])
    (unknown,) = [
        f for f in report["findings"] if f["rule"] == "role-cannot-read-queue" and f["fix"]
    ]
    assert "sqs:ListQueueTags" in unknown["message"]
    assert "permissions audit" in unknown["fix"]


def test_the_tag_of_the_role_is_compared_with_that_of_the_queue(aws, capsys):
    tagged(aws, "team", "${aws:PrincipalTag/team}")
    tag_queue(aws, team="orders")
    assert rules(audit(capsys)[1]) == ["role-cannot-read-queue"]
    aws.client("iam").tag_role(RoleName="orders", Tags=[{"Key": "team", "Value": "orders"}])
    assert rules(audit(capsys)[1]) == []


@pytest.mark.parametrize("value", ["orders", "other"])
def test_the_tags_of_a_key_are_read(aws, capsys, monkeypatch, value):
    aws.sound()
    kms, sqs = aws.client("kms"), aws.client("sqs")
    made = kms.create_key(Tags=[{"TagKey": "team", "TagValue": value}])
    key = made["KeyMetadata"]["Arn"]
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    statement = {
        **allow(["kms:Decrypt"], key),
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "orders"}},
    }
    aws.client("iam").put_role_policy(
        RoleName="orders", PolicyName="key", PolicyDocument=document(statement)
    )
    assert rules(audit(capsys)[1]) == ([] if value == "orders" else ["role-cannot-decrypt"])
    refuse(monkeypatch, "ListResourceTags")
    assert verdict(audit(capsys)[1]) == "undecided"


def test_tags_are_read_only_where_a_policy_compares_them(aws, monkeypatch):
    made = set()
    guard = Clients._guard

    def noting(self, model, **words):
        guard(self, model, **words)
        made.add(model.name)

    monkeypatch.setattr(Clients, "_guard", noting)
    aws.sound()
    load(Audit(Access(region=REGION)))
    assert not made & {"ListQueueTags", "ListResourceTags"}
