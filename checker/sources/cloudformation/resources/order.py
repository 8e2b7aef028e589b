"""What CloudFormation creates before what: `DependsOn`, and references in properties.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from checker.knowledge.partial import Known, Location, Value
from checker.sources.cloudformation.language.calls import GET_ATT, REF, SUB, call_of
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.stack import Stack
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)[^{}]*\}")


class StackOrder:
    """The graph of a stack's resources."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._before: dict[str, frozenset[str]] = {}

    def unordered(self, id: str, others: Collection[str], at: Location) -> Value[tuple[str, ...]]:
        """Return those of the other resources that may be created after the one."""
        seen: set[str] = set()
        pending = [id]
        while pending:
            one = pending.pop()
            if one not in seen:
                seen.add(one)
                pending.extend(self._direct(one))
        return Known(tuple(each for each in others if each not in seen), at)

    def _direct(self, id: str) -> frozenset[str]:
        if id not in self._before:
            resource = self._stack.resources.get(id)
            names = frozenset() if resource is None else frozenset(_names(resource))
            self._before[id] = names & self._stack.resources.keys()
        return self._before[id]


def _names(resource: TemplateResource) -> Iterator[str]:
    yield from resource.depends_on
    pending: list[YamlNode] = [] if resource.properties is None else [resource.properties]
    while pending:
        node = pending.pop()
        call = call_of(node)
        if call is not None:
            yield from _named(call.name, call.argument)
            node = call.argument
        if isinstance(node, YamlMapping):
            pending.extend(value for _, value in node.entries)
        elif isinstance(node, Sequence):
            pending.extend(node.items)


def _named(function: str, argument: YamlNode) -> Iterator[str]:
    first = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
    if not isinstance(first, Scalar):
        return
    if function in {REF, GET_ATT}:
        yield first.text
    elif function == SUB:
        yield from _VARIABLE.findall(first.text)
