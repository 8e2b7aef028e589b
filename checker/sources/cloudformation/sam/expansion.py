"""Serverless resources expanded to plain ones, by AWS's own translator.

It knows no lines, so each value of a resource that it makes is led back to where it was written:
the event, policy or function of the same property. Nothing is asked of AWS.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Unknown
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import FOR_EACH, member
from checker.sources.cloudformation.language.template import SERVERLESS, StackTemplate
from checker.sources.cloudformation.sam.plain import PlainValue, located, plain
from checker.yaml import Scalar, YamlMapping, YamlNode

FUNCTION = "AWS::Serverless::Function"
_KIND = "AWS::Serverless::"
_REGION = "us-east-1"
"""What the translator takes to choose a partition, where no Region is given."""
_CODE = "s3://code/package.zip"
MOST_TRIES = 20
"""How many resources may be left out because the translator cannot expand them."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A template without serverless resources, and those that could not be expanded."""

    template: StackTemplate
    left_out: tuple[tuple[str, Unknown], ...] = ()


def expanded(template: StackTemplate, given: Mapping[str, str], region: str | None) -> Expanded:
    """Return the template as CloudFormation would deploy it: as it is, if SAM has no part in it.

    Raises SourceError where the translator is needed and not installed.
    """
    if SERVERLESS not in template.transforms:
        return Expanded(template)
    return expand(template, given, region)


def expand(template: StackTemplate, given: Mapping[str, str], region: str | None) -> Expanded:
    """Return the template as CloudFormation would deploy it.

    Raises SourceError where the translator is not installed.
    """
    sections = {name: plain(node) for name, node in template.sections.items()}
    given, sections["Parameters"] = _shown(template, given)
    # A loop that is left has an unknown collection: the translator takes resources only.
    head = f"{FOR_EACH}::"
    loops = {name: node for name, node in template.resources.items() if name.startswith(head)}
    resources = {name: plain(n) for name, n in template.resources.items() if name not in loops}
    left_out: dict[str, Unknown] = {}
    for _ in range(MOST_TRIES):
        try:
            written = {**sections, "Resources": resources}
            made = _translated(written, given, region, template.source)
        except _RefusedError as error:
            found = {name: why for name, why in error.causes.items() if name in resources}
            if not found:
                raise SourceError(Reason(str(error), template.source)) from None
            for name, why in found.items():
                del resources[name]
                at = template.place(template.resources[name])
                left_out[name] = Unknown(why, at, "correct it, or write it as plain resources")
        else:
            joined = _joined(template, made)
            joined = replace(joined, resources={**joined.resources, **loops})
            return Expanded(joined, tuple(left_out.items()))
    why = f"more than {MOST_TRIES} resources cannot be expanded"
    raise SourceError(Reason(why, template.source))


def _shown(
    template: StackTemplate, given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, PlainValue]]:
    """Return the values and declarations of parameters without what `NoEcho` hides.

    The translator writes values into resources, where nothing tells that they are hidden.
    """
    hidden = {name for name in template.parameters if template.is_hidden(name)}
    declared: dict[str, PlainValue] = {}
    for name, node in template.parameters.items():
        found = plain(node)
        if name in hidden and isinstance(found, dict):
            found.pop("Default", None)
        declared[name] = found
    return {name: value for name, value in given.items() if name not in hidden}, declared


def _joined(template: StackTemplate, made: Mapping[str, Any]) -> StackTemplate:
    """Return a template with what was made of it, at the places of what it was made of."""
    resources = {name: _node(name, body, template) for name, body in made["Resources"].items()}
    keys = dict(template.keys)
    for name, node in resources.items():
        before = template.resources.get(name)
        own = None if before is None else template.keys.get((before.line, before.column))
        if own is not None:
            keys[node.line, node.column] = own
    named = made.get("Conditions")
    conditions_made = named if isinstance(named, dict) else {}
    conditions = {
        name: template.conditions.get(name) or located(body, None)
        for name, body in conditions_made.items()
    }
    return replace(
        template,
        resources=resources,
        conditions=conditions,
        keys=keys,
        transforms=tuple(each for each in template.transforms if each != SERVERLESS),
        made_of=dict(_made_of(template, resources)),
    )


def _made_of(template: StackTemplate, made: Mapping[str, YamlNode]) -> Iterator[tuple[str, str]]:
    """Yield the ids of what was made of functions, with those of the functions."""
    for name in made:
        owner = None if name in template.resources else _owner(name, template)
        type_ = None if owner is None else member(template.resources[owner], "Type")
        if owner is not None and isinstance(type_, Scalar) and type_.text == FUNCTION:
            yield name, owner


def _owner(id: str, template: StackTemplate) -> str | None:
    """Return the resource of which one was made: the longest id that the other begins with."""
    return max((each for each in template.resources if id.startswith(each)), key=len, default=None)


class _RefusedError(Exception):
    """What the translator cannot expand: why, by the ids of resources."""

    def __init__(self, message: str, causes: dict[str, str]) -> None:
        super().__init__(message)
        self.causes = causes


def _translated(
    written: dict[str, Any], given: Mapping[str, str], region: str | None, source: str
) -> dict[str, Any]:
    """Run the translator on a copy."""
    try:
        from samtranslator.model.exceptions import InvalidDocumentException
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
    except ImportError:
        raise SourceError(
            Reason("a template of SAM needs AWS's translator, which is not installed", source),
            hint="install `tfcheck[sam]`",
        ) from None
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)  # it says what it measures
    session = SimpleNamespace(region_name=region or _REGION)  # all that it asks of one
    values: dict[str, Any] = {
        "AWS::Region": {"Ref": "AWS::Region"},
        "AWS::Partition": {"Ref": "AWS::Partition"},
        **given,
    }
    try:
        found: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(
            _copied(written), values
        )
    except InvalidDocumentException as error:
        causes = {
            getattr(each, "_logical_id", ""): str(getattr(each, "message", each))
            for each in error.causes
        }
        raise _RefusedError(str(error), causes) from None
    except Exception as error:  # noqa: BLE001 - it is made for templates that are sound
        why = f"AWS's translator of SAM fails on it: {type(error).__name__}"
        raise SourceError(Reason(why, source)) from None
    return found


def _copied(value: PlainValue) -> PlainValue:
    """Return a copy with code that the translator takes for packaged."""
    if isinstance(value, list):
        return [_copied(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _CODE if key in _CODES and isinstance(inner, str) else _copied(inner)
        for key, inner in value.items()
    }


_CODES = frozenset(("CodeUri", "ContentUri"))


def _node(id: str, body: PlainValue, template: StackTemplate) -> YamlNode:
    """Return a resource that was made as a node with the places of what it comes from."""
    own = template.resources.get(id)
    if own is not None and plain(own) == body:
        return own
    return located(_without_batches(body), _origin(id, template))


def _without_batches(value: PlainValue) -> PlainValue:
    """Return what was made without the two actions of AWS's own policy template that do not exist.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
    """
    if isinstance(value, list):
        found = [_without_batches(each) for each in value]
        return [each for each in found if each not in _BATCHES] if value == _POLLER else found
    if not isinstance(value, dict):
        return value
    return {key: _without_batches(inner) for key, inner in value.items()}


_BATCHES = ("sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessageBatch")
_POLLER = [
    "sqs:ChangeMessageVisibility",
    "sqs:ChangeMessageVisibilityBatch",
    "sqs:DeleteMessage",
    "sqs:DeleteMessageBatch",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
]
"""The actions of `SQSPollerPolicy`."""


def _origin(id: str, template: StackTemplate) -> YamlNode | None:
    """Return what a resource was made of, in the shape of the resource."""
    owner = _owner(id, template)
    if owner is None:
        return None
    node = template.resources[owner]
    if id == owner:
        return _with_globals(node, template)
    properties = member(node, "Properties")
    for name, event in _entries(member(properties, "Events")):
        if id.startswith(owner + name.text):
            return _shaped(name, member(event, "Properties"))
    if id == f"{owner}Role":
        policies = next((k for k, _ in _entries(properties) if k.text == "Policies"), None)
        return (
            _shaped(policies, None) if policies is not None else _shaped(_key(node, template), None)
        )
    return _shaped(_key(node, template), properties)


def _entries(node: YamlNode | None) -> Iterator[tuple[Scalar, YamlNode]]:
    if isinstance(node, YamlMapping):
        yield from node.entries


def _key(node: YamlNode, template: StackTemplate) -> YamlNode:
    return template.keys.get((node.line, node.column), node)


def _shaped(at: YamlNode, properties: YamlNode | None) -> YamlMapping:
    entries = (
        ()
        if properties is None
        else ((Scalar("Properties", "Properties", at.line, at.column), properties),)
    )
    return YamlMapping(entries, at.line, at.column)


def _with_globals(node: YamlNode, template: StackTemplate) -> YamlNode:
    """Return a function with the properties that it has from `Globals`."""
    shared = member(template.sections.get("Globals"), "Function")
    own = member(node, "Properties")
    if not isinstance(shared, YamlMapping) or not isinstance(own, YamlMapping):
        return node
    names = {key.text for key, _ in own.entries}
    more = tuple(each for each in shared.entries if each[0].text not in names)
    merged = replace(own, entries=(*own.entries, *more))
    entries = tuple(
        (key, merged if key.text == "Properties" else value) for key, value in _entries(node)
    )
    return YamlMapping(entries, node.line, node.column)
