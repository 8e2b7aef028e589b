"""`AWS::KMS::Key` with its aliases.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

from __future__ import annotations

from checker.iam.document import Document
from checker.iam.keys import default_key_policy
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Key
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.reading import boolean, document
from checker.sources.cloudformation.values.attributes import KEY, KEY_ALIAS
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

_SYMMETRIC = {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}


def keys(stack: Stack) -> tuple[Key, ...]:
    """Return the keys that a stack creates."""
    aliases = [(each, _target(stack, each)) for each in stack.of_type(KEY_ALIAS)]
    every = tuple(stack.of_type(KEY))
    known = frozenset(name for each in every for name in _names(stack, each))
    return tuple(
        _key(stack, each, [pair for pair in aliases if _may_be(pair[1], stack, each, known)])
        for each in every
    )


def _may_be(
    target: Text | None, stack: Stack, key: TemplateResource, known: frozenset[Text]
) -> bool:
    """Tell whether an alias may be one of a key: what names another key of the stack is not."""
    return target is None or target not in known or target in _names(stack, key)


def _names(stack: Stack, key: TemplateResource) -> tuple[Text, Text]:
    return stack.attributes.arn(key), stack.attributes.reference(key)


def _target(stack: Stack, alias: TemplateResource) -> Text | None:
    found = stack.text_property(alias, "TargetKeyId")
    return found if isinstance(found, Text) else None


def _key(
    stack: Stack, resource: TemplateResource, aliases: list[tuple[TemplateResource, Text | None]]
) -> Key:
    at = resource.at
    arn, key_id = stack.attributes.arn(resource), stack.attributes.reference(resource)
    own: list[Text] = []
    more: Unknown | None = None
    for alias, target in aliases:
        named = Truth.MAYBE if target is None else target.equals(arn) | target.equals(key_id)
        unsure = stack.unsure(alias, resource)
        if named is Truth.YES and unsure is None:
            own.append(stack.attributes.name(alias))
        elif named is not Truth.NO:
            why = f"it is unknown whether `{alias.id}` is an alias of `{resource.id}`"
            more = Unknown(why, alias.at)
    return Key(
        id=resource.id,
        arn=arn,
        at=at,
        closed=True,
        aliases=tuple(own),
        managed=Known(value=False, at=at),
        enabled=boolean(stack.property(resource, "Enabled"), "Enabled", at, default=True),
        symmetric=_symmetric(stack, resource),
        policy=_policy(stack, resource),
        grants=(),
        more_aliases=more,
        multi_region=boolean(
            stack.property(resource, "MultiRegion"), "MultiRegion", at, default=False
        ),
    )


def _symmetric(stack: Stack, resource: TemplateResource) -> Value[bool]:
    for name, wanted in _SYMMETRIC.items():
        node = stack.property(resource, name)
        found = Text.of(wanted) if node is None else text_of(node)
        if isinstance(found, Unknown):
            return found
        if found.holes:
            return found.why_unknown(resource.at)
        if found.literal != wanted:
            return Known(value=False, at=resource.at if node is None else node.at)
    return Known(value=True, at=resource.at, default=True)


def _policy(stack: Stack, resource: TemplateResource) -> Value[Document]:
    node = stack.property(resource, "KeyPolicy")
    if node is None:
        parameters = stack.parameters
        found = default_key_policy(parameters.account, parameters.partition, resource.at)
        return Known(found, resource.at, default=True)
    read = document(node, resource.id, resource.at)
    return Known(read, read.at) if isinstance(read, Document) else read
