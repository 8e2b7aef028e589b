"""Resources of which a stack has one or the other, by conditions that exclude each other."""

from __future__ import annotations

from checker.sources.cloudformation.language.calls import CONDITION, call_of
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.stack import Stack
from checker.yaml import Scalar, Sequence

_NOT = "Fn::Not"


def exclude(stack: Stack, one: TemplateResource, other: TemplateResource) -> bool:
    """Tell whether the condition of one resource is that the other's does not hold."""
    if one.stack != other.stack or one.condition is None or other.condition is None:
        return False
    names = one.condition.text, other.condition.text
    return _negated(stack, one, names[0]) == names[1] or _negated(stack, one, names[1]) == names[0]


def _negated(stack: Stack, beside: TemplateResource, name: str) -> str | None:
    """Return the name of the condition that a condition negates."""
    node = stack.scope(beside).template.conditions.get(name)
    call = None if node is None else call_of(node, conditions=True)
    if call is None or call.name != _NOT or not isinstance(call.argument, Sequence):
        return None
    inner = [call_of(each, conditions=True) for each in call.argument.items]
    if len(inner) != 1 or inner[0] is None or inner[0].name != CONDITION:
        return None
    return inner[0].argument.text if isinstance(inner[0].argument, Scalar) else None
