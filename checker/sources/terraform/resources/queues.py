"""`aws_sqs_queue` with its policy and redrive policy, inline or as resources of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.iam.document import Document, Documents, attached_by
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Queue, Redrive, RedriveAllow, Subscription
from checker.model.identities import ANY_KEY, without_keys
from checker.model.naming import referred
from checker.model.redrive import redrive, redrive_allow
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.given_values import given_values
from checker.sources.terraform.resources.identifiers import AT_URL, DEAD, MeantBlocks
from checker.sources.terraform.resources.reading import (
    boolean,
    integer,
    last_read,
    made_unsure,
    optional_text,
    optionally_complete,
    policy,
    sent,
)
from checker.sources.terraform.resources.tags import tags_of
from checker.sources.terraform.resources.walk import FoundInstance, Walk


def queues(walk: Walk, meant: MeantBlocks, *, filtered: bool) -> tuple[Queue, ...]:
    """Return every queue that the configuration creates; topics matter where some are filtered."""
    found = _referred_to(walk)
    policies = _attached(walk, meant, walk.beside("aws_sqs_queue_policy"), found)
    redrives = _attached(walk, meant, walk.beside("aws_sqs_queue_redrive_policy"), found)
    allows = _attached(walk, meant, walk.beside("aws_sqs_queue_redrive_allow_policy"), found)
    topics = Lookup(
        (endpoint, _subscription(each.instance))
        for each in (walk.beside("aws_sns_topic_subscription") if filtered else ())
        if each.unsure is None and (endpoint := each.instance.written.text("endpoint")) is not None
    )
    return tuple(
        replace(
            _queue(
                f.instance,
                meant,
                policies.get(id(f.instance), []),
                redrives.get(id(f.instance), []),
            ),
            redrive_allow=_redrive_allow(f.instance, allows.get(id(f.instance), [])),
            subscriptions=tuple(_subscriptions(topics, f.instance)),
        )
        for f in found
    )


def _referred_to(walk: Walk) -> tuple[FoundInstance, ...]:
    """Return every queue, with those that other queues and their policies name by an index."""
    found: tuple[FoundInstance, ...] = ()
    if not walk.uncounted("aws_sqs_queue"):
        return walk.of("aws_sqs_queue")
    for type_, argument in _BESIDE.items():
        for each in walk.beside(type_):
            each.instance.written.text("queue_url")
            each.instance.written.text(argument)
    while len(found) < len(more := walk.named("aws_sqs_queue")):
        for each in more[len(found) :]:
            each.instance.written.text("redrive_policy")
        found = more
    return found


_BESIDE = {
    "aws_sqs_queue_policy": "policy",
    "aws_sqs_queue_redrive_policy": "redrive_policy",
    "aws_sqs_queue_redrive_allow_policy": "redrive_allow_policy",
}
AttachedQueuePolicy = tuple[FoundInstance, bool]


def _attached(
    walk: Walk,
    meant: MeantBlocks,
    resources: tuple[FoundInstance, ...],
    queues: tuple[FoundInstance, ...],
) -> dict[int, list[AttachedQueuePolicy]]:
    """Join resources that name their queue by URL: each queue's, and whether it is sure."""
    by_url = Lookup((f.instance.text("url"), f.instance) for f in queues)
    out: dict[int, list[AttachedQueuePolicy]] = {}
    for (url, _), named in _by_url(resources, meant).items():
        sure = referred(by_url.named(url), url, lambda each: each.address)
        more = [(resource, bool(sure)) for resource in named]
        try:
            for queue in sure or by_url.perhaps(url):
                if not sure and walk.elsewhere(url, queue.text("url")):
                    continue
                # queues of one name share one list
                before = out.get(id(queue))
                out[id(queue)] = more if before is None else [*before, *more]
        except TooManyError:
            # it may be any queue's, so each of them has a policy that is not sure
            for found in queues:
                before = out.get(id(found.instance), [])
                out[id(found.instance)] = [*before, (named[0], False)]
            break
    return out


def _by_url(
    resources: tuple[FoundInstance, ...], meant: MeantBlocks
) -> dict[tuple[Text, str], list[FoundInstance]]:
    """Return resources by the URL that they name, and the queue that it was taken of."""
    out: dict[tuple[Text, str], list[FoundInstance]] = {}
    for resource in resources:
        url = resource.instance.written.text("queue_url")
        if url is not None:
            url = meant.text(url, AT_URL)
            out.setdefault((url, url.thing), []).append(resource)
    return {url: _single(named) for url, named in out.items()}


def _single(named: list[FoundInstance]) -> list[FoundInstance]:
    """Leave out what stands for all instances of a block where one of them is there itself."""
    if not any(ANY_KEY in each.instance.address for each in named):
        return named
    given = {
        without_keys(each.instance.address)
        for each in named
        if ANY_KEY not in each.instance.address
    }
    return [
        each
        for each in named
        if ANY_KEY not in each.instance.address or without_keys(each.instance.address) not in given
    ]


def _queue(
    instance: Instance,
    meant: MeantBlocks,
    policies: list[AttachedQueuePolicy],
    redrives: list[AttachedQueuePolicy],
) -> Queue:
    written = instance.written
    return Queue(
        id=instance.address,
        arn=instance.text("arn"),
        at=instance.at,
        closed=True,
        fifo=boolean(written, "fifo_queue", default=False),
        visibility_timeout=integer(written, "visibility_timeout_seconds", 30),
        retention=integer(written, "message_retention_seconds", 345_600),
        kms_key=optionally_complete(optional_text(written, "kms_master_key_id")),
        managed_sse=boolean(
            written, "sqs_managed_sse_enabled", default=sent(written, "kms_master_key_id") is None
        ),
        redrive=_redrive(instance, meant, redrives),
        policy=Documents(members=_policies(instance, policies)),
        tags=tags_of(instance),
        given=given_values(written, "aws_sqs_queue"),
    )


def _policies(
    instance: Instance, attached: list[AttachedQueuePolicy]
) -> tuple[Document | Unknown, ...]:
    own_policy = sent(instance.written, "policy") is not None
    count = len(attached) + own_policy
    members: list[Document | Unknown] = []
    if own_policy:
        members.append(last_read(policy(instance), "the policy", instance))
    for resource, sure in attached:
        unsure = resource.unsure_beside(instance.module.address)
        member = made_unsure(policy(resource.instance), unsure, resource.instance)
        address = resource.instance.address
        if isinstance(member, Unknown):
            member = attached_by(member, address)
        if not sure:
            why = f"it is unknown whether `{address}` is the policy of `{instance.address}`"
            member = _perhaps(member, Unknown(why, resource.instance.at))
        members.append(member)
    if count > 1:
        # A queue has one policy: whichever is written last stays, and nothing tells which.
        why = f"`{instance.address}` is given {count} policies: the last one written stays"
        why_unsure = Unknown(why, instance.at, "keep one of them")
        return tuple(_perhaps(member, why_unsure) for member in members)
    return tuple(members)


def _perhaps(member: Document | Unknown, why_unsure: Unknown) -> Document | Unknown:
    """Mark a document that might be another queue's as unsure: it neither allows nor denies."""
    return why_unsure if isinstance(member, Unknown) else replace(member, unsure=why_unsure)


def _redrive(
    instance: Instance, meant: MeantBlocks, attached: list[AttachedQueuePolicy]
) -> Value[Redrive | None]:
    found = _json(instance, attached, "redrive_policy")
    if isinstance(found, Unknown) or found.value is None:
        return found if isinstance(found, Unknown) else Known(None, found.at, default=True)
    made = redrive(found.value, found.at)
    if not isinstance(made, Known) or made.value is None:
        return made
    target = meant.attribute(made.value.target, DEAD, instance)
    return Known(replace(made.value, target=target), made.at)


def _redrive_allow(
    instance: Instance, attached: list[AttachedQueuePolicy]
) -> Value[RedriveAllow | None]:
    found = _json(instance, attached, "redrive_allow_policy")
    if isinstance(found, Unknown) or found.value is None:
        return found if isinstance(found, Unknown) else Known(None, found.at, default=True)
    return redrive_allow(found.value, found.at)


def _json(instance: Instance, attached: list[AttachedQueuePolicy], name: str) -> Value[Text | None]:
    """Return a JSON argument of a queue, its own or that of a resource; None if there is none."""
    own = sent(instance.written, name)
    if own is not None:
        return Known(own, instance.written.place(name))
    for resource, sure in attached:
        written = resource.instance.written
        text, at = written.text(name), written.place(name)
        if not sure or resource.unsure_beside(instance.module.address) is not None:
            what = name.replace("_", " ")
            return Unknown(f"it is unknown whether `{resource.instance.address}` is its {what}", at)
        if text is not None:
            return Known(text, at)
    return Known(None, instance.at)


def _subscriptions(topics: Lookup[Subscription], queue: Instance) -> Iterator[Subscription]:
    """Yield the subscriptions of a queue, and those that may be and wrap what they deliver."""
    arn = queue.text("arn")
    yield from topics.named(arn)
    try:
        for found in topics.perhaps(arn):
            if isinstance(found.raw, Unknown) or not found.raw.value:
                why = f"it is unknown whether `{found.id}` delivers to `{queue.address}`"
                yield replace(found, raw=Unknown(why, found.at))
    except TooManyError as error:
        why = f"it is unknown which topics deliver to `{queue.address}`: {error}"
        yield Subscription(queue.address, Unknown(why, queue.at), queue.at)


def _subscription(instance: Instance) -> Subscription:
    return Subscription(
        instance.address,
        boolean(instance.written, "raw_message_delivery", default=False),
        instance.at,
    )
