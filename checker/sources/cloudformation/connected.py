"""Which of several stacks import from one another, or name what others create: read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker.errors import SourceError
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.sources.cloudformation.language.calls import IntrinsicCall, call_of
from checker.sources.cloudformation.named_elsewhere import named_elsewhere
from checker.sources.cloudformation.values.evaluation import Evaluator
from checker.sources.cloudformation.values.exports import Exports
from checker.sources.cloudformation.values.functions import output_of_stack
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.scope import StackScope
from checker.sources.cloudformation.values.stack import RootStack, Stack
from checker.yaml import Sequence as YamlSequence
from checker.yaml import YamlMapping, YamlNode

IMPORT, STACK_OUTPUT = "Fn::ImportValue", "Fn::GetStackOutput"
MOST_TOGETHER = 50
"""How many stacks are read together; of more, imports are unknown, and names of others before."""


def connected(roots: Sequence[RootStack]) -> list[list[RootStack]]:
    """Return stacks in groups: those of one import from one another, directly or through others.

    What a stack names that another one creates connects them, too.

    Each stack of a group knows which ones are deployed before it.
    """
    outputs = any(STACK_OUTPUT in _called(each) for each in roots)
    found = ((each.prefix, _scope(each, outputs=outputs)) for each in roots)
    scopes = {prefix: scope for prefix, scope in found if scope is not None}
    exports = Exports(scopes.values())
    after: dict[str, set[str]] = {each.prefix: set() for each in roots}
    for prefix, scope in scopes.items():
        for name in _imported(scope):
            export = exports.of(name, scope)
            if export is not None:
                after[prefix].add(export.scope.prefix)
    imports = {prefix: {*makers} for prefix, makers in after.items()}
    for prefix, maker in named_elsewhere(roots):
        if prefix not in _all_before(maker, after):  # an import tells the order
            after[prefix].add(maker)
    by_prefix = {each.prefix: each for each in roots}
    return [
        [replace(by_prefix[each], after=_all_before(each, after) & {*group}) for each in group]
        for whole in _groups(after)
        for group in _bounded(whole, imports)
    ]


def _bounded(whole: list[str], imports: dict[str, set[str]]) -> list[list[str]]:
    """Return a group, or what imports alone connect of one that is too large, or each alone."""
    if len(whole) <= MOST_TOGETHER:
        return [whole]
    smaller = _groups({each: imports[each] for each in whole})
    return [
        group
        for some in smaller
        for group in ([some] if len(some) <= MOST_TOGETHER else [[each] for each in some])
    ]


def _called(root: RootStack) -> set[str]:
    """Return which functions that read from other stacks a template calls."""
    return {each.name for node in root.template.resources.values() for each in _calls(node)}


def _scope(root: RootStack, *, outputs: bool) -> StackScope | None:
    """Return the names of a template alone; None of one that takes part in nothing.

    With `outputs` some template reads those of stacks by the stacks' names.
    """
    made = root.template.outputs.values()
    named = outputs and root.given.stack_name is not None and len(made) > 0
    if not named and not _called(root) and not any("Export" in _names(each) for each in made):
        return None
    try:
        return Stack(root).scopes[root.prefix]
    except SourceError:
        return None


def _names(node: YamlNode) -> set[str]:
    return {key.text for key, _ in node.entries} if isinstance(node, YamlMapping) else set()


def _calls(node: YamlNode) -> list[IntrinsicCall]:
    """Return every call in a node that reads from another stack."""
    found: list[IntrinsicCall] = []
    pending = [node]
    while pending:
        one = pending.pop()
        call = call_of(one)
        if call is not None:
            one = call.argument
            if call.name in {IMPORT, STACK_OUTPUT}:
                found.append(call)
        if isinstance(one, YamlMapping):
            pending.extend(value for _, value in one.entries)
        elif isinstance(one, YamlSequence):
            pending.extend(one.items)
    return found


def _imported(scope: StackScope) -> Iterator[Text]:
    """Yield the names that the resources of a template import, as far as they are known."""
    for resource in scope.resources.values():
        of = Evaluator(scope, resource.loops)
        for call in _calls(resource.node) if resource.node is not None else ():
            if call.name == STACK_OUTPUT:
                name: Text | Unknown | None = output_of_stack(of, call.argument, resource.at)
            else:
                value = of.value(call.argument)
                name = None if value is None else text_of(value)
            if isinstance(name, Text):
                yield name


def _groups(after: dict[str, set[str]]) -> list[list[str]]:
    """Return the names in groups that the pairs connect, in the order of their first ones."""
    beside: dict[str, set[str]] = {each: set() for each in after}
    for one, others in after.items():
        for other in others:
            beside[one].add(other)
            beside[other].add(one)
    found: list[list[str]] = []
    seen: set[str] = set()
    for first in after:
        if first in seen:
            continue
        group, pending = set[str](), [first]
        while pending:
            one = pending.pop()
            if one not in group:
                group.add(one)
                pending.extend(beside[one])
        seen |= group
        found.append([each for each in after if each in group])
    return found


def _all_before(name: str, after: dict[str, set[str]]) -> frozenset[str]:
    """Return what is deployed before a stack; one of a circle is before none of it."""
    found: set[str] = set()
    pending = [*after[name]]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending.extend(after[one])
    return frozenset(found - {name})
