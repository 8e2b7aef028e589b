"""The values of open parameters that a template compares, and the template read with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.model import Inventory
from checker.model.cases import Answer, Question
from checker.records import dataclass
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.calls import REF, call_of, member
from checker.sources.cloudformation.language.template import StackTemplate
from checker.sources.cloudformation.values.parameters import unset, written_as
from checker.yaml import Scalar, YamlMapping, YamlNode
from checker.yaml import Sequence as YamlSequence

MOST_VALUES = 8
"""A parameter that is compared with more values is not tried."""
Read: TypeAlias = Callable[[StackInput], Inventory]
_PAIR = 2


@dataclass(frozen=True, slots=True)
class TemplateCases:
    """A template that is read again with values of what is open."""

    questions: Sequence[Question]
    given: StackInput
    read: Read

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read it with these answers; None where CloudFormation refuses it with them."""
        known = {each.name: str(each.value) for each in answers if not each.others}
        others = {each.name: tuple(map(str, each.others)) for each in answers if each.others}
        parameters = {**self.given.parameters, **known}
        found = self.read(replace(self.given, parameters=parameters, other_than=others))
        return None if any(not each.unsure for each in found.refusals) else found


def questions(template: StackTemplate, given: StackInput) -> tuple[Question, ...]:
    """Return the parameters without a value that are compared with few values."""
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
    found = (_question(template, given, name, tuple(values)) for name, values in values_of.items())
    return tuple(each for each in found if each is not None)


def _question(
    template: StackTemplate, given: StackInput, name: str, values: tuple[str, ...]
) -> Question | None:
    node = template.parameters.get(name)
    if node is None or template.is_hidden(name) or name in given.parameters:
        return None
    if member(node, "Default") is not None:
        return None
    allowed = member(node, "AllowedValues")
    listed = allowed.items if isinstance(allowed, YamlSequence) else ()
    only = tuple(written_as(each) for each in listed if isinstance(each, Scalar))
    if not 0 < len(only or values) <= MOST_VALUES:
        return None
    answers = tuple(Answer(name, each) for each in only or values)
    more = () if only else (Answer(name, others=values),)
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
                yield name, (written_as(other),)
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
