"""Collections of which a part is known: maps with unknown keys, lists of unknown length.

They are `Lazy`, so that whoever does not know them takes them for wholly unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.effort import MOST_EFFORT, effort
from checker.sources.terraform.values.size_limits import depth, weight
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue

MOST_PAIRS = 100
"""How many entries a map with unknown keys may have: each key is compared with all others."""
MapEntry: TypeAlias = tuple["str | Text", TerraformValue]


class PartialMap(Lazy):
    """A map or object of which keys hold unknowns; they surely differ from each other.

    `unknown` names it and says why the keys are not known.
    """

    def __init__(self, entries: Sequence[MapEntry], unknown: Hole) -> None:
        self.entries = tuple(entries)
        self.unknown = unknown

    def __str__(self) -> str:
        return self.unknown.name

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return the element under a key."""
        return self.index(name, at)

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return the element under a key; an unknown where it may be another one's."""
        if not isinstance(key, (str, Text)):
            return replace(self.unknown, name=f"{self.unknown.name}[{key}]")
        found = self.found(key)
        if found is None:
            raise EvaluationError(f"the given key `{key}` does not identify an element")
        return found if not isinstance(found, Unsure) else found.unknown(self.unknown, key, at)

    def found(self, key: str | Text) -> TerraformValue | Unsure:
        """Return the element of a key, `Unsure` if it may be there, None if it is not."""
        wanted = key if isinstance(key, Text) else Text.of(key)
        unsure = False
        for own, element in self.entries:
            same = wanted.equals(own if isinstance(own, Text) else Text.of(own))
            if same is Truth.YES:
                return element
            unsure |= same is Truth.MAYBE
        return Unsure() if unsure else None

    def whole(self) -> Hole:
        """Return the unknown that it is for who does not know such maps."""
        return self.unknown


class Unsure:
    """What stands for an element that may be there or not."""

    def unknown(self, of: Hole, key: str | Text, at: Location) -> Hole:
        """Return the unknown that such an element is."""
        return replace(of, name=f'{of.name}["{key}"]', at=of.at or at)


class InPart(Lazy):
    """A collection of which some elements are known, and others may be there."""

    unknown: Hole

    def __str__(self) -> str:
        return self.unknown.name

    def whole(self) -> Hole:
        """Return the unknown that it is for who does not know such collections."""
        return self.unknown


class OpenMap(InPart):
    """A map or object that has some `entries` by name; of others nothing is known.

    What may be another value than was written, since a later map may have the same key, is a Hole.
    """

    def __init__(self, entries: Mapping[str, TerraformValue], unknown: Hole) -> None:
        self.entries = dict(sorted(entries.items()))
        self.unknown = unknown
        self.weight, self.depth = weight(self.entries), depth(self.entries)

    def kept(self) -> tuple[TerraformValue, ...]:
        """Return the elements that are known."""
        return tuple(self.entries.values())

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return the element under a key."""
        return self.index(name, at)

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:  # noqa: ARG002
        """Return the element under a key; an unknown if none is known."""
        name = key.literal if isinstance(key, Text) else key
        if not isinstance(name, str):
            return replace(self.unknown, name=f"{self.unknown.name}[{key}]")
        return self._element(name)

    def _element(self, name: str) -> TerraformValue:
        if name in self.entries:
            return self.entries[name]
        return replace(self.unknown, name=f"{self.unknown.name}.{name}")

    def chosen(self, names: Iterable[str]) -> dict[str, TerraformValue]:
        """Return the elements of some names, which an object of these attributes takes."""
        return {name: self._element(name) for name in names}


class PartialList(InPart):
    """A list, tuple or set of which some elements are known, and not how many there are.

    `first` are its first elements, in order; `among` stand anywhere in it. Each other element is a
    filling of one of `perhaps`, of which any number may be there; None where nothing is known of
    them. There are `least` elements or more; if `among` adds to more of them (`supposed`), what is
    in it is there only if a block has the instance that it is of.
    """

    def __init__(
        self,
        first: Iterable[TerraformValue],
        unknown: Hole,
        least: int = 0,
        *,
        among: Iterable[TerraformValue] = (),
        perhaps: Iterable[TerraformValue] | None = None,
    ) -> None:
        self.first = tuple(first)
        self._among = tuple(among)
        self.perhaps = None if perhaps is None else tuple(perhaps)
        self.unknown = unknown
        self.least = max(least, len(self.first))
        held = (self.first, self._among, self.perhaps or ())
        self.weight, self.depth = weight(held), depth(held)

    @property
    def among(self) -> tuple[TerraformValue, ...]:
        """The elements that are in it, nobody knows where."""
        return self._among

    @property
    def sure(self) -> tuple[TerraformValue, ...]:
        """The elements that are known to be in it."""
        return (*self.first, *self.among)

    @property
    def supposed(self) -> bool:
        """Whether an element counts as there, although its block may have no instances."""
        return len(self.sure) > self.least

    def kept(self) -> tuple[TerraformValue, ...]:
        """Return the elements that are in it or may be."""
        return (*self.sure, *(self.perhaps or ()))

    def members(self) -> tuple[TerraformValue, ...] | Hole:
        """Return what is known to be in it, and a Hole for whatever else is."""
        return (*self.sure, self.unknown) if self.sure else self.unknown

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return an element by its number (`list.0`); a list has no other attributes."""
        if name.isascii() and name.isdigit():
            return self.index(int(name[:9]), at)
        raise EvaluationError(f"`{name}` is asked of a value that has no attributes")

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:  # noqa: ARG002
        """Return an element; an unknown past those that are known."""
        if isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(self.first):
            return self.first[key]
        return replace(self.unknown, name=f"{self.unknown.name}[{key}]")


@dataclass(frozen=True, slots=True)
class AtLeast(Hole):
    """A whole number that is not known, but no less than `least`."""

    least: int = field(default=0, compare=False)


def keyed(entries: Iterable[MapEntry], unknown: Hole) -> PartialMap | Hole:
    """Return a map of entries, the last of one key counting; a Hole if two may be one or not."""
    kept: dict[str | Text, TerraformValue] = {}
    for key, element in entries:
        plain = key.literal if isinstance(key, Text) and key.literal is not None else key
        kept[plain] = element
    if not apart(tuple(kept)):
        return unknown
    return PartialMap(tuple(kept.items()), unknown)


def apart(keys: Sequence[str | Text]) -> bool:
    """Tell whether keys surely differ from each other."""
    texts = [key if isinstance(key, Text) else Text.of(key) for key in keys]
    partial = [n for n, text in enumerate(texts) if text.holes]
    if len(texts) > MOST_PAIRS:
        return not partial
    left = MOST_EFFORT
    for n in partial:
        for m, other in enumerate(texts):
            if m != n:
                left -= effort(texts[n], other)
                if left < 0 or texts[n].equals(other) is not Truth.NO:
                    return False
    return True
