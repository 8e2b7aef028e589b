"""Redrive policies and redrive allow policies of queues, which are JSON texts.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from __future__ import annotations

import re

from checker.iam.placeholders import REMEDY, placeholder
from checker.knowledge.json_nodes import Json, JsonError, JsonNode, Members, UnknownJsonError
from checker.knowledge.jsontext import parse
from checker.knowledge.partial import Invalid, Known, Location, Unknown, Value
from checker.knowledge.sensitive import carried
from checker.knowledge.text import Text
from checker.model import Redrive, RedriveAllow

_COUNT = re.compile("[0-9]{1,18}")


def redrive(text: Text, at: Location) -> Value[Redrive | None]:
    """Read a redrive policy's JSON."""
    try:
        node = parse(text, at)
    except UnknownJsonError as hole:
        return hole.unknown
    except JsonError as error:
        return Invalid(
            f"the redrive policy is not JSON: {error.message}", error.at, "correct the JSON"
        )
    if not isinstance(node.value, Members):
        return Invalid("the redrive policy is not a JSON object", at, "write an object")
    target, count = node.value.get("deadLetterTargetArn"), node.value.get("maxReceiveCount")
    return Known(Redrive(_target(target, node), _receives(count, node), node.at), node.at)


def _target(target: JsonNode | None, policy: JsonNode) -> Value[Text]:
    if target is None:
        return Invalid("the redrive policy has no `deadLetterTargetArn`", policy.at, "name it")
    if isinstance(target.value, Unknown):
        return target.value
    if isinstance(target.value, Text):
        lacking = placeholder(target.value)
        if lacking is not None:
            return Invalid(f"`deadLetterTargetArn`: {lacking}", target.at, REMEDY)
        return Known(target.value, target.at)
    return Invalid("`deadLetterTargetArn` is not a string", target.at, "name an ARN")


def _receives(count: JsonNode | None, policy: JsonNode) -> Value[int]:
    if count is None:
        return Invalid("the redrive policy has no `maxReceiveCount`", policy.at, "set it to 5")
    value = count.value
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Text) and value.holes:
        return value.why_unknown(count.at)
    if isinstance(value, Text) and _COUNT.fullmatch(value.literal or ""):
        value = carried(value.literal, int(value.spelled))
    if isinstance(value, int) and not isinstance(value, bool):
        return Known(value, count.at)
    return Invalid("`maxReceiveCount` is not a whole number", count.at, "set it to 5")


def redrive_allow(text: Text, at: Location) -> Value[RedriveAllow | None]:
    """Read a redrive allow policy's JSON."""
    try:
        node = parse(text, at)
    except UnknownJsonError as hole:
        return hole.unknown
    except JsonError as error:
        return Invalid(
            f"the redrive allow policy is not JSON: {error.message}", error.at, "correct it"
        )
    if not isinstance(node.value, Members):
        return Invalid("the redrive allow policy is not a JSON object", at, "write an object")
    given = node.value.get("redrivePermission")
    if given is None:
        return Known(None, at)
    if isinstance(given.value, Unknown):
        return given.value
    if isinstance(given.value, Text) and given.value.holes:
        return given.value.why_unknown(given.at)
    sources = _sources(node.value.get("sourceQueueArns"))
    if isinstance(sources, Unknown):
        return sources
    return Known(RedriveAllow(_permission(given.value), sources, node.at), node.at)


def _permission(value: Json) -> str:
    if not isinstance(value, Text) or value.literal is None:
        return str(value)
    return value.literal


def _sources(node: JsonNode | None) -> tuple[Text, ...] | Unknown:
    if node is None:
        return ()
    if isinstance(node.value, Unknown):
        return node.value
    arns: list[Text] = []
    for each in node.value if isinstance(node.value, tuple) else ():
        if isinstance(each.value, Unknown):
            return each.value
        if isinstance(each.value, Text):
            arns.append(each.value)
    return tuple(arns)
