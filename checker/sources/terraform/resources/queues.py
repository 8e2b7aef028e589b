"""`aws_sqs_queue` with its policy and redrive policy, inline or as resources of their own."""

from __future__ import annotations

from dataclasses import replace

from checker.iam.document import Document, Documents
from checker.lookup import Lookup, TooManyError
from checker.model import Queue, Redrive, RedriveAllow, Subscription
from checker.partial import Known, Text, Unknown, Value
from checker.redrive import redrive, redrive_allow
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.resources.reading import (
    boolean,
    doubted,
    integer,
    optional_text,
    policy,
    sent,
)
from checker.sources.terraform.resources.walk import Found, Walk


def queues(walk: Walk, *, filtered: bool) -> tuple[Queue, ...]:
    """Return every queue that the configuration creates; topics matter where some are filtered."""
    found = walk.of("aws_sqs_queue")
    policies = _attached(walk.of("aws_sqs_queue_policy"), found)
    redrives = _attached(walk.of("aws_sqs_queue_redrive_policy"), found)
    allows = _attached(walk.of("aws_sqs_queue_redrive_allow_policy"), found)
    topics = Lookup(
        (endpoint, each)
        for each in (walk.of("aws_sns_topic_subscription") if filtered else ())
        if (endpoint := each.instance.written.text("endpoint")) is not None
    )
    return tuple(
        replace(
            _queue(f.instance, policies.get(id(f.instance), []), redrives.get(id(f.instance), [])),
            redrive_allow=_redrive_allow(f.instance, allows.get(id(f.instance), [])),
            subscriptions=_subscriptions(f.instance, topics),
        )
        for f in found
    )


Attached = tuple[Found, bool]


def _attached(resources: tuple[Found, ...], queues: tuple[Found, ...]) -> dict[int, list[Attached]]:
    """Join resources that name their queue by URL: each queue's, and whether it is sure."""
    by_url = Lookup((f.instance.text("url"), f.instance) for f in queues)
    out: dict[int, list[Attached]] = {}
    for resource in resources:
        url = resource.instance.written.text("queue_url")
        if url is None:
            continue
        sure = by_url.named(url)
        try:
            for queue in sure or by_url.perhaps(url):
                out.setdefault(id(queue), []).append((resource, bool(sure)))
        except TooManyError:
            # it may be any queue's, so each of them has a policy that is not sure
            for found in queues:
                out.setdefault(id(found.instance), []).append((resource, False))
            break
    return out


def _queue(instance: Instance, policies: list[Attached], redrives: list[Attached]) -> Queue:
    written = instance.written
    return Queue(
        id=instance.address,
        arn=instance.text("arn"),
        at=instance.at,
        closed=True,
        fifo=boolean(written, "fifo_queue", default=False),
        visibility_timeout=integer(written, "visibility_timeout_seconds", 30),
        retention=integer(written, "message_retention_seconds", 345_600),
        kms_key=optional_text(written, "kms_master_key_id"),
        managed_sse=boolean(
            written, "sqs_managed_sse_enabled", default=sent(written, "kms_master_key_id") is None
        ),
        redrive=_redrive(instance, redrives),
        policy=Documents(members=_policies(instance, policies)),
    )


def _policies(instance: Instance, attached: list[Attached]) -> tuple[Document | Unknown, ...]:
    members: list[Document | Unknown] = []
    if sent(instance.written, "policy") is not None:
        members.append(policy(instance))
    for resource, sure in attached:
        own = doubted(policy(resource.instance), resource.unsure, resource.instance)
        if not sure:
            address = resource.instance.address
            own = Unknown(
                f"whether `{address}` is the policy of `{instance.address}` is not told",
                resource.instance.at,
            )
        members.append(own)
    if len(members) > 1:
        # A queue has one policy: whichever is written last stays, and nothing tells which.
        why = f"`{instance.address}` is given {len(members)} policies: the last one written stays"
        return (Unknown(why, instance.at, "keep one of them"),)
    return tuple(members)


def _redrive(instance: Instance, attached: list[Attached]) -> Value[Redrive | None]:
    found = _json(instance, attached, "redrive_policy")
    if isinstance(found, Unknown) or found.value is None:
        return found if isinstance(found, Unknown) else Known(None, found.at, default=True)
    return redrive(found.value, found.at)


def _redrive_allow(instance: Instance, attached: list[Attached]) -> Value[RedriveAllow | None]:
    found = _json(instance, attached, "redrive_allow_policy")
    if isinstance(found, Unknown) or found.value is None:
        return found if isinstance(found, Unknown) else Known(None, found.at, default=True)
    return redrive_allow(found.value, found.at)


def _json(instance: Instance, attached: list[Attached], name: str) -> Value[Text | None]:
    """Return a JSON argument of a queue, its own or that of a resource; None if there is none."""
    own = sent(instance.written, name)
    if own is not None:
        return Known(own, instance.written.place(name))
    for resource, sure in attached:
        written = resource.instance.written
        text, at = written.text(name), written.place(name)
        if not sure or resource.unsure is not None:
            what = name.replace("_", " ")
            return Unknown(f"whether `{resource.instance.address}` is its {what} is not told", at)
        if text is not None:
            return Known(text, at)
    return Known(None, instance.at)


def _subscriptions(instance: Instance, topics: Lookup[Found]) -> tuple[Subscription, ...]:
    found = topics.named(instance.text("arn"))
    return tuple(
        Subscription(
            each.instance.address,
            boolean(each.instance.written, "raw_message_delivery", default=False),
            each.instance.at,
        )
        for each in found
        if each.unsure is None
    )
