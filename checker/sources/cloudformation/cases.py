"""The values of open parameters that a template compares, and the template read with each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.model import Inventory
from checker.model.cases import Answer, Question
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import REF, call_of, member
from checker.sources.cloudformation.language.template import StackTemplate
from checker.sources.cloudformation.values.nodes import plain_text
from checker.sources.cloudformation.values.parameters import unset
from checker.sources.cloudformation.values.stack import RootStack
from checker.yaml import Scalar, YamlMapping, YamlNode
from checker.yaml import Sequence as YamlSequence

MOST_VALUES = 8
"""A parameter that is compared with more values is not tried."""
ReadStacks: TypeAlias = Callable[[Sequence[RootStack]], Inventory]
_PAIR = 2


@dataclass(frozen=True, slots=True)
class TemplateCases:
    """Stacks that are read again with values of what is open."""

    questions: Sequence[Question]
    roots: Sequence[RootStack]
    read: ReadStacks

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read them with these answers; None where CloudFormation refuses them with them."""
        known = {each.name: str(each.value) for each in answers if not each.others}
        others = {each.name: tuple(map(str, each.others)) for each in answers if each.others}
        found = self.read([_answered(root, known, others) for root in self.roots])
        return None if any(not each.unsure for each in found.refusals) else found


def _answered(
    root: RootStack, known: Mapping[str, str], others: Mapping[str, tuple[str, ...]]
) -> RootStack:
    """Return a stack with the answers that are about its parameters."""
    names = {root.prefix + name: name for name in root.template.parameters}
    parameters = {names[name]: value for name, value in known.items() if name in names}
    given = replace(
        root.given,
        parameters={**root.given.parameters, **parameters},
        other_than={names[name]: values for name, values in others.items() if name in names},
    )
    return replace(root, given=given)


def questions(roots: Iterable[RootStack]) -> tuple[Question, ...]:
    """Return the parameters without a value that are compared with few values."""
    return tuple(found for root in roots for found in _questions(root))


def _questions(root: RootStack) -> Iterator[Question]:
    template = root.template
    values_of: dict[str, dict[str, None]] = {name: {} for name in template.parameters}
    pending = [*template.conditions.values(), *template.resources.values()]
    while pending:
        node = pending.pop()
        for name, values in _compared(node, template):
            values_of.setdefault(name, {}).update(dict.fromkeys(values))
        if isinstance(node, YamlMapping):
            pending.extend(value for _, value in node.entries)
        elif isinstance(node, YamlSequence):
            pending.extend(node.items)
    for name, compared in values_of.items():
        found = _question(root, name, tuple(compared))
        if found is not None:
            yield found


def _question(root: RootStack, name: str, values: tuple[str, ...]) -> Question | None:
    template = root.template
    node = template.parameters.get(name)
    if node is None or template.is_hidden(name) or name in root.given.parameters:
        return None
    if member(node, "Default") is not None:
        return None
    allowed = member(node, "AllowedValues")
    listed = allowed.items if isinstance(allowed, YamlSequence) else ()
    only = tuple(plain_text(each) for each in listed if isinstance(each, Scalar))
    if not 0 < len(only or values) <= MOST_VALUES:
        return None
    asked = root.prefix + name
    answers = tuple(Answer(asked, each) for each in only or values)
    more = () if only else (Answer(asked, others=values),)
    return Question(unset(name), (*answers, *more))


def _compared(node: YamlNode, template: StackTemplate) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield parameters that a call compares, and with what."""
    call = call_of(node)
    if call is None or not isinstance(call.argument, YamlSequence):
        return
    items = call.argument.items
    if call.name == "Fn::Equals" and len(items) == _PAIR:
        for one, other in (items, items[::-1]):
            name = _parameter(one)
            if name and isinstance(other, Scalar) and not other.tag:
                yield name, (plain_text(other),)
    if call.name == "Fn::FindInMap" and len(items) > _PAIR and isinstance(items[0], Scalar):
        rows = getattr(template.mappings.get(items[0].text), "entries", ())
        first, second = _parameter(items[1]), _parameter(items[2])
        if first:
            yield first, tuple(key.text for key, _ in rows)
        if second:
            inner = (key.text for _, row in rows for key, _ in getattr(row, "entries", ()))
            yield second, tuple(dict.fromkeys(inner))


def _parameter(node: YamlNode) -> str | None:
    call = call_of(node)
    if call is None or call.name != REF or not isinstance(call.argument, Scalar):
        return None
    return call.argument.text
