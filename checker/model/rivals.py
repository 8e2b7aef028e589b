"""Which mappings may join the same queue to the same function.

Mappings whose queue and function are written alike are one group, so that what is said of its
first member holds for all. Groups are compared through what names their queue or their function,
whichever fewer others may share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from checker.knowledge.lookup import MOST_COMPARISONS, Lookup, TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model.things import EventSourceMapping

_MOST_KEPT = 1_000_000
"""How many groups may be kept as alike, over all names."""
_Pair: TypeAlias = tuple[Text | str, Text | str]


class Rivals:
    """The mappings of a configuration, compared with one another."""

    def __init__(self, mappings: Sequence[EventSourceMapping]) -> None:
        first: dict[_Pair, EventSourceMapping] = {}
        for mapping in mappings:
            first.setdefault(_pair(mapping), mapping)
        self._first = first
        self._groups = tuple(first.values())
        self._sources = _Named([each.source for each in self._groups])
        self._functions = _Named([each.function for each in self._groups])
        self._left = MOST_COMPARISONS

    def first(self, mapping: EventSourceMapping) -> EventSourceMapping:
        """Return the first mapping whose queue and function are written as those of this one."""
        return self._first[_pair(mapping)]

    def perhaps(self, mapping: EventSourceMapping) -> Iterator[EventSourceMapping]:
        """Yield other mappings that may join the same queue to the same function, in their order.

        Of mappings that are written alike only the first is among them.

        Raises:
            TooManyError: too many mappings were compared, for this one and those before.
        """
        sources = self._sources.alike(mapping.source)
        functions = self._functions.alike(mapping.function)
        for n in min(sources, functions, key=len):
            self._left -= 1
            if self._left < 0:
                raise TooManyError(MOST_COMPARISONS)
            if _pair(self._groups[n]) != _pair(mapping):
                yield self._groups[n]


class _Named:
    """Groups by the text that names their queue, or their function."""

    def __init__(self, names: Sequence[Value[Text]]) -> None:
        known = [(name.value, n) for n, name in enumerate(names) if isinstance(name, Known)]
        self._known = Lookup(known)
        self._unknown = [n for n, name in enumerate(names) if isinstance(name, Unknown)]
        self._all = range(len(names))
        self._alike: dict[Text, Sequence[int]] = {}
        self._left = _MOST_KEPT

    def alike(self, name: Value[Text]) -> Sequence[int]:
        """Return the groups that may have the same name, in their order."""
        if isinstance(name, Unknown):
            return self._all
        found = self._alike.get(name.value)
        if found is None:
            known = (*self._known.named(name.value), *self._known.perhaps(name.value))
            found = sorted({*known, *self._unknown})
            self._left -= len(found)
            if self._left < 0:
                raise TooManyError(_MOST_KEPT)
            self._alike[name.value] = found
        return found


def _pair(mapping: EventSourceMapping) -> _Pair:
    """Return what names queue and function; what is unknown is the mapping's own."""
    pair = (mapping.source, mapping.function)
    source, function = (v.value if isinstance(v, Known) else mapping.id for v in pair)
    return source, function
