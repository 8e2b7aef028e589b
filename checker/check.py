"""Put every rule to everything it is about.

Only what a mapping uses is checked: a queue that feeds nothing is none of our business. Where
the input does not tell which queue, function or role a mapping uses, the rules about that
thing answer with an unknown for the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checker.model import Function, InlineWaiver, Inventory, Key, Mapping, Queue, Role, Spent
from checker.partial import Known, NotKnown, Text, Unknown, Value
from checker.rule import ACCOUNT, PLAN, SOURCE, AnyRule, Problem, Result
from checker.settings import Settings


def check(inventory: Inventory, rules: Iterable[AnyRule], settings: Settings) -> tuple[Result, ...]:
    """Return one result for each rule and each thing it is about, passes included.

    Rules that cannot tell from such a source are not put to it.
    """
    seen: dict[type[Any], tuple[_Subject, ...]] = {}
    results: list[Result] = []
    kinds = {ACCOUNT} if inventory.kind == "account" else {SOURCE, PLAN}
    for rule in rules:
        if kinds.isdisjoint(rule.works):
            continue
        if rule.on not in seen:
            seen[rule.on] = tuple(_subjects(inventory, rule.on))
        results += [_put(rule, subject, inventory, settings) for subject in seen[rule.on]]
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A thing, or why it is not known which; its id and the ids of the mappings that use it."""

    thing: object | Unknown
    id: str
    mappings: tuple[str, ...]


def _put(rule: AnyRule, subject: _Subject, inventory: Inventory, settings: Settings) -> Result:
    problems: list[Problem] = []
    unknowns: list[Unknown] = []
    if isinstance(subject.thing, Unknown):
        unknowns.append(subject.thing)
    else:
        try:
            for said in rule.check(subject.thing, inventory, settings):
                match said:
                    case Problem():
                        problems.append(said)
                    case Unknown():
                        unknowns.append(said)
        except NotKnown as gap:
            unknowns.append(gap.unknown)
    return Result(rule, subject.id, subject.mappings, tuple(problems), tuple(unknowns))


def _subjects(inventory: Inventory, kind: type[Any]) -> Iterator[_Subject]:
    if kind is Mapping:
        yield from (_Subject(mapping, mapping.id, (mapping.id,)) for mapping in inventory.mappings)
    elif kind is InlineWaiver:
        yield from (_Subject(waiver, str(waiver.at), ()) for waiver in inventory.waivers)
    elif kind is Spent:
        return  # what became of waivers is known once the findings are judged
    elif kind is Inventory:
        ids = tuple(mapping.id for mapping in inventory.mappings)
        yield _Subject(inventory, inventory.target, ids)
    else:
        yield from _used(inventory, kind)


def _used(inventory: Inventory, kind: type[Any]) -> Iterator[_Subject]:
    """Yield every thing of this kind that some mapping uses, once, then what is not known."""
    things: dict[Text, Queue | Function | Role | Key] = {}
    users: dict[Text, list[str]] = {}
    unknown: list[_Subject] = []
    for mapping in inventory.mappings:
        match _thing_of(inventory, mapping, kind):
            case Known(None):
                pass
            case Known(thing):
                things.setdefault(thing.arn, thing)
                users.setdefault(thing.arn, []).append(mapping.id)
            case Unknown() as gap:
                unknown.append(_Subject(gap, mapping.id, (mapping.id,)))
    for arn, thing in things.items():
        yield _Subject(thing, thing.id, tuple(dict.fromkeys(users[arn])))
    yield from unknown


def _thing_of(inventory: Inventory, mapping: Mapping, kind: type[Any]) -> Value[Any]:
    """Return the thing of this kind that a mapping uses; None if it uses none."""
    if kind is Queue:
        return inventory.queue_of(mapping)
    if kind is Key:
        queue = inventory.queue_of(mapping)
        return inventory.key_of(queue.value) if isinstance(queue, Known) else queue
    function = inventory.function_of(mapping)
    if kind is Function or isinstance(function, Unknown):
        return function
    if kind is Role:
        return inventory.role_of(function.value)
    raise TypeError(f"no rule can be about a {kind.__name__}")
