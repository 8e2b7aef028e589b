"""The mappings that name one thing, by its ARN."""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.text import Text
from checker.model.event_source import EventSource
from checker.model.things import EventSourceMapping, Function


class NamedMappings:
    """Mappings by the ARN that they name; of several things of one ARN a reference names its block.

    `made` are the addresses of the things that the input makes.
    """

    def __init__(
        self, named: Iterable[tuple[Text, EventSourceMapping]], made: frozenset[str]
    ) -> None:
        self._made = made
        self._by_arn: dict[Text, list[tuple[str, EventSourceMapping]]] = {}
        for arn, mapping in named:
            self._by_arn.setdefault(arn, []).append((arn.thing, mapping))
        self._of: dict[str, tuple[EventSourceMapping, ...]] = {}

    def of(self, thing: EventSource | Function, arn: Text) -> tuple[EventSourceMapping, ...]:
        """Return the mappings that name a thing, and not another of the same ARN."""
        found = self._of.get(thing.id)
        if found is None:
            found = tuple(
                mapping
                for of, mapping in self._by_arn.get(arn, ())
                if of == thing.id or of not in self._made
            )
            self._of[thing.id] = found
        return found
