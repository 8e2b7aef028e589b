"""Resources of a template that make things of one name, or write one policy.

A name is taken twice where it is surely the same text, whatever its holes come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import NameClash, NamedBlock
from checker.model.clashes import QUEUE_POLICY
from checker.records import dataclass
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.exclusion import exclude
from checker.sources.cloudformation.resources.inline_policies import InlinePolicies
from checker.sources.cloudformation.resources.queues import QueuePolicies
from checker.sources.cloudformation.values.attributes import (
    ALIAS,
    FUNCTION,
    KEY_ALIAS,
    MANAGED_POLICY,
    NAMES,
    QUEUE,
    ROLE,
)
from checker.sources.cloudformation.values.nodes import text_of, written
from checker.sources.cloudformation.values.stack import Stack

MOST_CLASHES = 1_000
"""So many are reported of one template."""
_Pair: TypeAlias = tuple[TemplateResource, TemplateResource]


@dataclass(frozen=True, slots=True)
class _NamedType:
    """A type of resource whose names are unique in an account, and what AWS answers to the second.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """

    type: str
    kind: str
    error: str
    without_case: bool = False


_TYPES = (
    _NamedType(FUNCTION, "function", "Function already exist: {name}"),
    _NamedType(
        QUEUE,
        "queue",
        "A queue already exists with the same name and a different value for attribute {attribute}",
    ),
    _NamedType(ROLE, "role", "Role with name {name} already exists.", without_case=True),
    _NamedType(
        MANAGED_POLICY,
        "policy",
        "A policy called {name} already exists. Duplicate names are not allowed.",
        without_case=True,
    ),
    _NamedType(KEY_ALIAS, "KMS alias", "An alias with the name {arn} already exists"),
    _NamedType(ALIAS, "alias", "Alias already exists: {arn}"),
)
_COMPARED = (
    *("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "RedrivePolicy"),
    *("ReceiveMessageWaitTimeSeconds", "MaximumMessageSize", "KmsMasterKeyId", "FifoQueue"),
    *("SqsManagedSseEnabled", "RedriveAllowPolicy", "ContentBasedDeduplication"),
)
"""Properties of a queue that CreateQueue compares with those of the queue that exists."""


def name_clashes(
    stack: Stack, queues: QueuePolicies, inline: InlinePolicies
) -> tuple[NameClash, ...]:
    """Return the resources whose names are those of others before them."""
    return tuple(islice(_every(stack, queues, inline), MOST_CLASHES))


def _every(stack: Stack, queues: QueuePolicies, inline: InlinePolicies) -> Iterator[NameClash]:
    for each in _TYPES:
        by_name: dict[Text, list[TemplateResource]] = {}
        for name, resource in _names(stack, each.type):
            by_name.setdefault(name.lower() if each.without_case else name, []).append(resource)
        for several in by_name.values():
            for pair in _pairs(stack, several):
                yield _taken(stack, each, pair)
    for _, name, writers in inline.several():
        for pair in _pairs(stack, writers):
            yield _written(stack, "inline policy", name, pair)
    for queue, policies in queues.several():
        for pair in _pairs(stack, policies):
            yield _written(stack, QUEUE_POLICY, Text.of(queue.id), pair)


def _names(stack: Stack, type_: str) -> Iterator[tuple[Text, TemplateResource]]:
    """Yield the resources of a type that the template itself names."""
    for each in stack.of_type(type_):
        if type_ == ALIAS:
            yield stack.attributes.arn(each), each
        elif isinstance(stack.text_property(each, NAMES[type_]), Text):
            yield stack.attributes.name(each), each


def _pairs(stack: Stack, several: Iterable[TemplateResource]) -> Iterator[_Pair]:
    """Yield the first with every other that may be there beside it."""
    first, *others = several
    for other in others:
        if other is not first and not exclude(stack, first, other):
            yield first, other


def _taken(stack: Stack, of: _NamedType, pair: _Pair) -> NameClash:
    first, second = pair
    named = stack.text_property(second, "Name" if of.type == ALIAS else NAMES[of.type])
    name = named if isinstance(named, Text) else Text.of(second.id)
    arn = stack.attributes.arn(second)
    refused: Value[bool] = Known(value=True, at=second.at)
    attribute = ""
    if of.type == QUEUE:
        refused, attribute = _differ(stack, pair)
    return NameClash(
        of.kind,
        name,
        NamedBlock(first.id, first.at),
        NamedBlock(second.id, second.at),
        arn,
        of.error.format(name=name, arn=arn, attribute=attribute),
        refused,
        _unsure(stack, pair),
    )


def _differ(stack: Stack, pair: _Pair) -> tuple[Value[bool], str]:
    """Tell whether SQS refuses a queue beside another of its name, and the attribute it names."""
    first, second = pair
    unknown: Unknown | None = None
    for name in _COMPARED:
        found = _different(name, (stack.property(first, name), stack.property(second, name)), pair)
        if isinstance(found, Unknown):
            unknown = found if unknown is None else unknown
        elif found:
            return Known(value=True, at=second.at), name
    return Known(value=False, at=second.at) if unknown is None else unknown, ""


def _different(
    name: str, nodes: tuple[JsonNode | None, JsonNode | None], pair: _Pair
) -> bool | Unknown:
    """Tell whether two values differ, where a number or boolean may be a text."""
    one, other = nodes
    if one is None or other is None:
        if one is other:
            return False
        # CreateQueue does not compare what it is not given.
        why = f"only one of `{pair[0].id}` and `{pair[1].id}` sets `{name}`, and the order in which"
        return Unknown(f"{why} they are created decides", pair[1].at)
    texts = [_as_text(each) for each in (one, other)]
    for text in texts:
        if isinstance(text, Unknown):
            return text
    left, right = (each for each in texts if isinstance(each, Text))
    same = left.equals(right)
    if same is Truth.MAYBE:
        return (left if left.holes else right).why_unknown(other.at)
    return same is Truth.NO


def _as_text(node: JsonNode) -> Text | Unknown:
    """Return a value as one text, an object as JSON."""
    return written(node) if isinstance(node.value, Members | tuple) else text_of(node)


def _unsure(stack: Stack, pair: _Pair) -> Unknown | None:
    """Say why it is unknown whether both of two resources are there."""
    found = stack.unsure(pair[1], pair[0])
    return stack.unsure(*pair) if found is None else found


def _written(stack: Stack, kind: str, name: Text, pair: _Pair) -> NameClash:
    """Return two resources that write one policy: whichever is written last stays."""
    first, second = pair
    return NameClash(
        kind,
        name,
        NamedBlock(first.id, first.at),
        NamedBlock(second.id, second.at),
        Text.of(),
        "",
        Known(value=False, at=second.at),
        _unsure(stack, pair),
    )
