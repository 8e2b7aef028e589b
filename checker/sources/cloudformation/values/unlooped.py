"""Resources that `Fn::ForEach` makes, written out for a transform that runs after it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from checker.sources.cloudformation.language.calls import REF
from checker.sources.cloudformation.language.template import (
    LANGUAGE_EXTENSIONS,
    SERVERLESS,
    StackTemplate,
)
from checker.sources.cloudformation.values.loops import is_loop
from checker.sources.cloudformation.values.stack import RootStack, Stack
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

_NOT_OF_IDS = re.compile("[^A-Za-z0-9]")


def unlooped(root: RootStack) -> StackTemplate:
    """Return a template of SAM with each resource that a loop makes written out, at its place.

    A loop whose collection is unknown stays. SourceError where a resource is none.
    """
    template = root.template
    both = {LANGUAGE_EXTENSIONS, SERVERLESS}.issubset(template.transforms)
    if not both or not any(map(is_loop, template.resources)):
        return template
    scope = Stack(root).scopes[root.prefix]
    resources = {
        each.name: _filled(each.node, each.loops) if each.loops else each.node
        for each in scope.resources.values()
        if each.node is not None
    }
    if scope.unread:
        loops = {name: node for name, node in template.resources.items() if is_loop(name)}
        resources.update(loops)
    return replace(template, resources=resources)


def _filled(node: YamlNode, loops: Mapping[str, str]) -> YamlNode:
    """Return a node with the identifiers of loops filled in."""
    if isinstance(node, Scalar):
        if node.tag == f"!{REF}" and node.text in loops:
            return replace(node, value=loops[node.text], text=loops[node.text], tag="")
        return _word(node, loops)
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_filled(each, loops) for each in node.items))
    if isinstance(node, YamlMapping) and len(node.entries) == 1:
        key, value = node.entries[0]
        if key.text == REF and isinstance(value, Scalar) and value.text in loops:
            return replace(value, value=loops[value.text], text=loops[value.text])
    entries = ((_word(key, loops), _filled(value, loops)) for key, value in node.entries)
    return replace(node, entries=tuple(entries))


def _word(node: Scalar, loops: Mapping[str, str]) -> Scalar:
    text = node.text
    for name, value in loops.items():
        plain = _NOT_OF_IDS.sub("", value)
        text = text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", plain)
    return node if text == node.text else replace(node, value=text, text=text)
