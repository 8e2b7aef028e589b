"""What the properties of a resource refer to, by the branches that conditions choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from checker.knowledge.partial import Location, Unknown
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import (
    GET_ATT,
    IF,
    REF,
    SUB,
    IntrinsicCall,
    call_of,
)
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.evaluation import Evaluator
from checker.sources.cloudformation.values.loops import (
    NO_VALUE,
    UnknownLoopError,
    identifier,
    is_loop,
    turns,
)
from checker.sources.cloudformation.values.names import named_by
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


_Pending: TypeAlias = tuple[YamlNode, Evaluator, bool]
"""A node, what works out values in it, and whether it is unsure."""


def references(stack: Stack, resource: TemplateResource) -> Iterator[NameReference]:
    """Yield what a resource's properties refer to; a branch that is not taken refers to nothing."""
    if resource.properties is None:
        return
    scope = stack.scope(resource)
    pending: list[_Pending] = [(resource.properties, stack.evaluator(resource), False)]
    while pending:
        node, of, unsure = pending.pop()
        call = call_of(node)
        if call is not None and call.name == IF:
            pending.extend(_branches(scope, of, call, unsure=unsure))
            continue
        if call is not None:
            named = _named(of, call, scope.place(node), unsure=unsure)
            yield from (each for each in named if NO_VALUE not in each.name)
            pending.append((call.argument, of, unsure))
        elif isinstance(node, YamlMapping):
            for key, value in node.entries:
                looped = is_loop(key.text)
                pending.extend(
                    _turns(key.text, value, of, unsure=unsure) if looped else [(value, of, unsure)]
                )
        elif isinstance(node, Sequence):
            pending.extend((each, of, unsure) for each in node.items)


def _turns(name: str, node: YamlNode, of: Evaluator, *, unsure: bool) -> list[_Pending]:
    """Return what stands in a loop, for each of its turns; unsure where these are unknown."""
    parts = node.items if isinstance(node, Sequence) else ()
    collection = [(each, of, unsure) for each in parts[1:2]]
    try:
        return collection + [(body, run, unsure) for run, body in turns(name, node, of)]
    except UnknownLoopError:
        run = of.inside({**of.loops, identifier(node) or "": NO_VALUE})
        return collection + [(each, run, True) for each in parts[2:]]


def _branches(
    scope: StackScope, of: Evaluator, call: IntrinsicCall, *, unsure: bool
) -> Iterator[_Pending]:
    parts = call.argument.items if isinstance(call.argument, Sequence) else ()
    if len(parts) != 3 or not isinstance(parts[0], Scalar):  # noqa: PLR2004 - as it takes
        yield from ((each, of, True) for each in parts)
        return
    found = scope.holds(of.looped(parts[0].text), scope.place(parts[0]))
    if isinstance(found, Unknown):
        yield from ((each, of, True) for each in parts[1:])
    else:
        yield parts[1 if found.value else 2], of, unsure


def _named(
    of: Evaluator, call: IntrinsicCall, at: Location, *, unsure: bool
) -> Iterator[NameReference]:
    argument = call.argument
    if call.name in {REF, GET_ATT}:
        found = named_by(of, call)
        if found is not None and not (isinstance(argument, Scalar) and argument.text in of.loops):
            yield NameReference(*found, at, unsure)
        return
    parts = argument.items if isinstance(argument, Sequence) else (argument,)
    first = parts[0] if parts else None
    if not isinstance(first, Scalar) or first.tag:
        return
    if call.name == SUB:
        own = {key.text for each in parts[1:] for key, _ in getattr(each, "entries", ())}
        for name in _VARIABLE.findall(of.looped(first.text)):
            if name.strip() not in own:
                resource, _, attribute = name.strip().partition(".")
                yield NameReference(resource, attribute, at, unsure)
