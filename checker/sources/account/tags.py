"""Tags of queues and keys, asked for only where a policy asks for them.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html and
https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from checker.iam.context import Tags
from checker.iam.document import Document
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.model import Inventory, Key, Queue
from checker.sources.account.answers import Answers, tried
from checker.sources.account.arns import split_arn
from checker.sources.account.queues import url_of

_ASKED = "resourcetag/"
_EVERY = Text.of("*")


def tagged(found: Inventory, answers: Answers) -> Inventory:
    """Return an inventory with the tags of queues and keys, if a policy compares them.

    What cannot be read is unknown.
    """
    if not any(map(_asks, _documents(found))):
        return found
    return replace(
        found,
        sources=tuple(
            _queue(each, answers) if isinstance(each, Queue) and each.closed else each
            for each in found.sources
        ),
        keys=tuple(_key(each, answers) if _has_tags(each) else each for each in found.keys),
    )


def _documents(found: Inventory) -> Iterator[object]:
    roles = list(found.roles)
    if found.deployer is not None and isinstance(found.deployer.role, Known):
        roles.append(found.deployer.role.value)
    for role in roles:
        yield from role.identity.members
        yield role.boundary.value if isinstance(role.boundary, Known) else None
        for level in role.scps:
            yield from level.members
    for queue in found.queues:
        yield from queue.policy.members
        for level in queue.rcps:
            yield from level.members
    for key in found.keys:
        yield key.policy.value if isinstance(key.policy, Known) else None
        for level in key.rcps:
            yield from level.members


def _asks(document: object) -> bool:
    """Tell whether a document compares the tags of a resource."""
    return isinstance(document, Document) and any(
        _ASKED in each.content.lower() for each in document.statements
    )


def _has_tags(key: Key) -> bool:
    """Tell whether a key may have tags: those of AWS have none."""
    return key.closed and isinstance(key.managed, Known) and not key.managed.value


def _queue(queue: Queue, answers: Answers) -> Queue:
    arn = str(queue.arn)

    def ask() -> dict[str, str]:
        region = split_arn(arn, "sqs").region
        url = url_of(answers.clients, arn)
        answer = answers.ask("sqs", region, "ListQueueTags", QueueUrl=url)
        found: dict[str, str] = answer.get("Tags") or {}
        return found

    answer = tried(ask, Location(arn), f"the tags of queue `{arn}`")
    if isinstance(answer, Unknown):
        return replace(queue, tags=_hidden(answer))
    return replace(queue, tags=_tags(answer.value.items()))


def _key(key: Key, answers: Answers) -> Key:
    arn = str(key.arn)

    def ask() -> list[dict[str, Any]]:
        region = split_arn(arn, "kms").region
        found: list[dict[str, Any]] = answers.ask_all(
            "kms", region, "ListResourceTags", "Tags", KeyId=arn
        )
        return found

    answer = tried(ask, Location(arn), f"the tags of key `{arn}`")
    if isinstance(answer, Unknown):
        return replace(key, tags=_hidden(answer))
    return replace(key, tags=_tags((each["TagKey"], each["TagValue"]) for each in answer.value))


def _tags(pairs: Iterable[tuple[str, str]]) -> Tags:
    return Tags(tuple((Text.of(key), Text.of(value)) for key, value in pairs))


def _hidden(why: Unknown) -> Tags:
    return Tags(hidden=((_EVERY, why),))
