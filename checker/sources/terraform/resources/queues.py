"""`aws_sqs_queue` with its policy and redrive policy, inline or as resources of their own."""

from __future__ import annotations

from checker.iam.document import Document, Documents
from checker.jsontext import JsonError, Members, Node, NotTold, parse
from checker.lookup import Lookup
from checker.model import Queue, Redrive
from checker.partial import Invalid, Known, Location, Text, Unknown, Value
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.project import text_of
from checker.sources.terraform.resources.reading import (
    boolean,
    integer,
    maybe,
    optional_text,
    policy,
)
from checker.sources.terraform.resources.walk import Found, Walk


def queues(walk: Walk) -> tuple[Queue, ...]:
    """Return every queue that the configuration creates."""
    found = walk.of("aws_sqs_queue")
    policies = _attached(walk.of("aws_sqs_queue_policy"), found)
    redrives = _attached(walk.of("aws_sqs_queue_redrive_policy"), found)
    return tuple(
        _queue(f.instance, policies.get(id(f.instance), []), redrives.get(id(f.instance), []))
        for f in found
    )


Attached = tuple[Found, bool]


def _attached(resources: tuple[Found, ...], queues: tuple[Found, ...]) -> dict[int, list[Attached]]:
    """Join resources that name their queue by URL: each queue's, and whether it is sure."""
    by_url = Lookup((_text(f.instance, "url"), f.instance) for f in queues)
    out: dict[int, list[Attached]] = {}
    for resource in resources:
        url = resource.instance.written.text("queue_url")
        if url is None:
            continue
        sure = by_url.named(url)
        for queue in sure or by_url.perhaps(url):
            out.setdefault(id(queue), []).append((resource, bool(sure)))
    return out


def _text(instance: Instance, name: str) -> Text:
    text = text_of(instance.attribute(name, instance.at))
    return text if text is not None else Text.of(instance.hole(name))


def _queue(instance: Instance, policies: list[Attached], redrives: list[Attached]) -> Queue:
    written = instance.written
    return Queue(
        id=instance.address,
        arn=_text(instance, "arn"),
        at=instance.at,
        closed=True,
        fifo=boolean(written, "fifo_queue", default=False),
        visibility_timeout=integer(written, "visibility_timeout_seconds", 30),
        retention=integer(written, "message_retention_seconds", 345_600),
        kms_key=_key(instance),
        managed_sse=boolean(
            written, "sqs_managed_sse_enabled", default=written.get("kms_master_key_id") is None
        ),
        redrive=_redrive(instance, redrives),
        policy=Documents(members=_policies(instance, policies)),
    )


def _key(instance: Instance) -> Value[Text | None]:
    found = optional_text(instance.written, "kms_master_key_id")
    if isinstance(found, Known) and found.value is not None and not found.value.parts:
        return Known(None, found.at)
    return found


def _policies(instance: Instance, attached: list[Attached]) -> tuple[Document | Unknown, ...]:
    members: list[Document | Unknown] = []
    if instance.written.text("policy") is not None:
        members.append(policy(instance))
    for resource, sure in attached:
        own = maybe(policy(resource.instance), resource.unsure, resource.instance)
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
    found: list[tuple[Text, Location]] = []
    own = instance.written.text("redrive_policy")
    if own is not None and own.parts:
        found.append((own, instance.written.place("redrive_policy")))
    for resource, sure in attached:
        written = resource.instance.written
        text = written.text("redrive_policy")
        at = written.place("redrive_policy")
        if not sure or resource.unsure is not None:
            return Unknown(
                f"whether `{resource.instance.address}` is its redrive policy is not told", at
            )
        if text is not None:
            found.append((text, at))
    if not found:
        return Known(None, instance.at, default=True)
    return redrive(*found[0])


def redrive(text: Text, at: Location) -> Value[Redrive | None]:
    """Read a redrive policy's JSON."""
    try:
        node = parse(text, at)
    except NotTold as gap:
        return gap.unknown
    except JsonError as error:
        return Invalid(f"the redrive policy is no JSON: {error.message}", error.at, "mend the JSON")
    if not isinstance(node.value, Members):
        return Invalid("the redrive policy is no JSON object", at, "write an object")
    target, count = node.value.get("deadLetterTargetArn"), node.value.get("maxReceiveCount")
    return Known(Redrive(_target(target, node), _receives(count, node), node.at), node.at)


def _target(target: Node | None, policy: Node) -> Value[Text]:
    if target is None:
        return Invalid("the redrive policy has no `deadLetterTargetArn`", policy.at, "name it")
    if isinstance(target.value, Unknown):
        return target.value
    if isinstance(target.value, Text):
        return Known(target.value, target.at)
    return Invalid("`deadLetterTargetArn` is no string", target.at, "name an ARN")


def _receives(count: Node | None, policy: Node) -> Value[int]:
    if count is None:
        return Invalid("the redrive policy has no `maxReceiveCount`", policy.at, "set it to 5")
    value = count.value
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Text) and (value.literal or "").isdigit():
        value = int(str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Known(value, count.at)
    return Invalid("`maxReceiveCount` is no whole number", count.at, "set it to 5")
