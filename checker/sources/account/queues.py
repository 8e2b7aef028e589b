"""Queues, by one call each.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker.iam.document import Documents
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Queue, Redrive, RedriveAllow, open_queue
from checker.model.redrive import redrive, redrive_allow
from checker.sources.account.answers import Answers, tried
from checker.sources.account.arns import split_arn
from checker.sources.account.client import Clients, NotReadError
from checker.sources.account.documents import held, parsed


def read_queue(answers: Answers, arn: str) -> Queue:
    """Return the queue with an ARN; what cannot be read of it is unknown."""
    at = Location(arn)

    def ask() -> dict[str, Any]:
        url = url_of(answers.clients, arn)
        region = split_arn(arn, "sqs").region
        answer = answers.ask(
            "sqs", region, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]
        )
        found: dict[str, Any] = answer["Attributes"]
        if found["QueueArn"] != arn:  # the URL that was asked for names no partition
            raise NotReadError("sqs:GetQueueAttributes", "", f"only `{found['QueueArn']}` is there")
        return found

    attributes = tried(ask, at, f"queue `{arn}`")
    if isinstance(attributes, Unknown):
        return _closed_to_us(arn, attributes)
    return _queue(arn, attributes.value, at)


def url_of(clients: Clients, arn: str) -> str:
    """Return the URL of a queue by its ARN; NotReadError if it or its Region is none."""
    _, region, account, name = split_arn(arn, "sqs")
    return f"{clients.of('sqs', region).meta.endpoint_url}/{account}/{name}"


def _closed_to_us(arn: str, unknown: Unknown) -> Queue:
    queue = open_queue(Text.of(arn), unknown.at)
    return Queue(
        id=queue.id,
        arn=queue.arn,
        at=queue.at,
        closed=False,
        fifo=queue.fifo,
        visibility_timeout=unknown,
        retention=unknown,
        kms_key=unknown,
        managed_sse=unknown,
        redrive=unknown,
        policy=Documents(unseen=unknown),
        redrive_allow=unknown,
    )


def _queue(arn: str, answer: dict[str, str], at: Location) -> Queue:
    key = answer.get("KmsMasterKeyId")
    policy = answer.get("Policy")
    own = () if not policy else (parsed(policy, f"the policy of {arn}", at),)
    return Queue(
        id=arn,
        arn=Text.of(arn),
        at=at,
        closed=True,
        fifo=Known(arn.endswith(".fifo"), at),
        visibility_timeout=Known(int(answer["VisibilityTimeout"]), at),
        retention=Known(int(answer["MessageRetentionPeriod"]), at),
        kms_key=Known(Text.of(key) if key else None, at),
        managed_sse=Known(answer.get("SqsManagedSseEnabled") == "true", at),
        redrive=_redrive(answer, at),
        policy=Documents(members=own),
        redrive_allow=_redrive_allow(answer, at),
    )


def _redrive(answer: dict[str, str], at: Location) -> Value[Redrive | None]:
    text = answer.get("RedrivePolicy")
    if not text:
        return Known(None, at)
    found = held(redrive(Text.of(text), at))
    if isinstance(found, Unknown) or found.value is None:
        return found
    whole = found.value
    count, target = held(whole.receive_count), held(whole.target)
    return replace(found, value=replace(whole, target=target, receive_count=count))


def _redrive_allow(answer: dict[str, str], at: Location) -> Value[RedriveAllow | None]:
    text = answer.get("RedriveAllowPolicy")
    return held(redrive_allow(Text.of(text), at)) if text else Known(None, at)
