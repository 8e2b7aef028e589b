"""What the properties of a resource refer to, by the branches that conditions choose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.knowledge.partial import Location, Unknown
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import (
    FOR_EACH,
    GET_ATT,
    IF,
    REF,
    SUB,
    IntrinsicCall,
    call_of,
)
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.evaluation import Evaluator
from checker.sources.cloudformation.values.scope import StackScope
from checker.sources.cloudformation.values.stack import Stack
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

_VARIABLE = re.compile(r"\$\{([^{}!][^{}]*)\}")


@dataclass(frozen=True, slots=True)
class NameReference:
    """A name that is referred to, and its attribute if one is; `unsure` by a condition."""

    name: str
    attribute: str
    at: Location
    unsure: bool


def references(stack: Stack, resource: TemplateResource) -> Iterator[NameReference]:
    """Yield what a resource's properties refer to; a branch that is not taken refers to nothing."""
    if resource.properties is None:
        return
    of, scope = stack.evaluator(resource), stack.scope(resource)
    pending: list[tuple[YamlNode, bool]] = [(resource.properties, False)]
    while pending:
        node, unsure = pending.pop()
        call = call_of(node)
        if call is not None and call.name == IF:
            pending.extend(_branches(scope, of, call, unsure=unsure))
            continue
        if call is not None:
            yield from _named(of, call, scope.place(node), unsure=unsure)
            node = call.argument
        if isinstance(node, YamlMapping):
            pending.extend(
                (value, unsure or key.text.startswith(FOR_EACH)) for key, value in node.entries
            )
        elif isinstance(node, Sequence):
            pending.extend((each, unsure) for each in node.items)


def _branches(
    scope: StackScope, of: Evaluator, call: IntrinsicCall, *, unsure: bool
) -> Iterator[tuple[YamlNode, bool]]:
    parts = call.argument.items if isinstance(call.argument, Sequence) else ()
    if len(parts) != 3 or not isinstance(parts[0], Scalar):  # noqa: PLR2004 - as it takes
        yield from ((each, True) for each in parts)
        return
    found = scope.holds(of.looped(parts[0].text), scope.place(parts[0]))
    if isinstance(found, Unknown):
        yield from ((each, True) for each in parts[1:])
    else:
        yield parts[1 if found.value else 2], unsure


def _named(
    of: Evaluator, call: IntrinsicCall, at: Location, *, unsure: bool
) -> Iterator[NameReference]:
    argument = call.argument
    parts = argument.items if isinstance(argument, Sequence) else (argument,)
    first = parts[0] if parts else None
    if not isinstance(first, Scalar) or first.tag:
        return
    if call.name == REF and first.text not in of.loops:
        yield NameReference(of.looped(first.text), "", at, unsure)
    elif call.name == GET_ATT:
        attribute = [each.text for each in parts[1:] if isinstance(each, Scalar)]
        yield NameReference(of.looped(first.text), ".".join(attribute), at, unsure)
    elif call.name == SUB:
        own = {key.text for each in parts[1:] for key, _ in getattr(each, "entries", ())}
        for name in _VARIABLE.findall(of.looped(first.text)):
            if name.strip() not in own:
                resource, _, attribute = name.strip().partition(".")
                yield NameReference(resource, attribute, at, unsure)
