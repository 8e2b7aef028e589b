"""Which mappings rest on what the input makes, by the id of what makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from checker.iam.document import Document, UnknownDocument
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.model import (
    EventSource,
    EventSourceMapping,
    Function,
    Inventory,
    NameClash,
    Queue,
    Role,
    WrongIdentifier,
)


def resting_on_made(inventory: Inventory) -> Resting:
    """Return which mappings rest on what, worked out once a run."""
    return inventory.decisions.once_of(
        "what mappings rest on", inventory, lambda: Resting(inventory)
    )


class Resting:
    """The mappings of an input, by what they rest on: themselves, and all that AWS reads for them.

    What is attached to a role or a queue is kept once for it, however many mappings use it.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._places = {each.id: n for n, each in enumerate(inventory.mappings)}
        self._mappings: dict[str, dict[str, None]] = {}
        self._holders: dict[str, dict[str, None]] = {}
        self._calling: dict[Text, list[str]] = {}
        self._seen: set[str] = set()
        for mapping in inventory.mappings:
            self._add(mapping)

    def on(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the mappings that rest on one of some things, in their order."""
        found: set[str] = set()
        for each in ids:
            found.update(self._mappings.get(each, ()))
            for holder in self._holders.get(each, ()):
                found.update(self._mappings.get(holder, ()))
        return tuple(sorted(found, key=self._places.__getitem__))

    def calling(self, arn: Text) -> tuple[str, ...]:
        """Return the ids of the mappings that name a function by an ARN, qualifier included."""
        return tuple(self._calling.get(arn, ()))

    def _add(self, mapping: EventSourceMapping) -> None:
        self._use(mapping.id, mapping)
        source = self._inventory.source_of(mapping)
        if isinstance(source, Known):
            self._use(source.value.id, mapping)
            self._once(source.value.id, self._of_source(source.value))
        function = self._inventory.function_of(mapping)
        if isinstance(mapping.function, Known):
            self._calling.setdefault(mapping.function.value, []).append(mapping.id)
        if isinstance(function, Known):
            self._use(function.value.id, mapping)
            self._add_role(function.value, mapping)

    def _add_role(self, function: Function, mapping: EventSourceMapping) -> None:
        role = self._inventory.role_of(function)
        if isinstance(role, Known):
            self._use(role.value.id, mapping)
            self._once(role.value.id, _of_role(role.value))

    def _of_source(self, source: EventSource) -> Iterator[str]:
        yield from _ids(source.policy.members)
        key = self._inventory.key_of(source)
        if isinstance(key, Known) and key.value is not None:
            yield key.value.id
            yield from (alias.thing for alias in key.value.aliases)
            yield from (grant.id for grant in key.value.grants)
            yield from _ids([key.value.policy])
        failures = source.failures if isinstance(source, Queue) else Known(None, source.at)
        if isinstance(failures, Known) and failures.value is not None:
            dead = self._inventory.queue(Known(failures.value, source.at))
            if isinstance(dead, Known):
                yield dead.value.id

    def _use(self, id: str, mapping: EventSourceMapping) -> None:
        self._mappings.setdefault(id, {})[mapping.id] = None

    def _once(self, holder: str, ids: Iterator[str]) -> None:
        if holder not in self._seen:
            self._seen.add(holder)
            for each in ids:
                self._holders.setdefault(each, {})[holder] = None


def _of_role(role: Role) -> Iterator[str]:
    yield from _ids(role.identity.members)
    yield from _ids([role.boundary])
    yield from (each.id for each in role.undone)


def _ids(members: Iterable[object]) -> Iterator[str]:
    """Yield the ids of documents, and of what attaches them."""
    for member in members:
        of = member.value if isinstance(member, Known) else member
        if isinstance(of, Document):
            yield of.id
        if isinstance(of, Document | UnknownDocument) and of.via:
            yield of.via


T = TypeVar("T")
_MOST_KEPT = 5
"""So many clashes or wrong identifiers are kept of one mapping; they do not change what it is."""


def clashes_of(mapping: EventSourceMapping, inventory: Inventory) -> Sequence[NameClash]:
    """Return the blocks of one name that a mapping rests on."""
    resting = resting_on_made(inventory)

    def users(clash: NameClash) -> tuple[str, ...]:
        found = resting.on((clash.first.id, clash.second.id))
        return found or resting.calling(clash.arn)

    question = "name clashes"
    work = partial(_by_mapping, inventory.clashes, users)
    return inventory.decisions.once_of(question, inventory, work).get(mapping.id, ())


def wrong_identifiers_of(
    mapping: EventSourceMapping | None, inventory: Inventory
) -> Sequence[WrongIdentifier]:
    """Return the wrong identifiers that a mapping rests on; of None those that none rests on."""
    resting = resting_on_made(inventory)

    def users(wrong: WrongIdentifier) -> tuple[str, ...]:
        return ("",) if wrong.beside else resting.on((wrong.id, *wrong.things)) or ("",)

    work = partial(_by_mapping, inventory.wrong_identifiers, users)
    found = inventory.decisions.once_of("wrong identifiers", inventory, work)
    return found.get("" if mapping is None else mapping.id, ())


def _by_mapping(things: Iterable[T], users: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    """Return things by the ids of the mappings that rest on them."""
    found: dict[str, list[T]] = {}
    for thing in things:
        for each in users(thing):
            kept = found.setdefault(each, [])
            if len(kept) < _MOST_KEPT:
                kept.append(thing)
    return found


def both_there(clash: NameClash) -> Unknown:
    """Say that it is unknown whether both blocks of a name are there."""
    one, other = clash.first, clash.second
    why = f"it is unknown whether `{one.id}` and `{other.id}` both make {clash.kind}"
    unsure = Unknown("", other.at) if clash.unsure is None else clash.unsure
    return unsure.leaves(f"{why} `{clash.name}`")
