"""Collections of which a part is known: maps with unknown keys, lists of unknown length.

They are `Lazy`, so that whoever does not know them takes them for wholly unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.effort import MOST_EFFORT, effort
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue

MOST_PAIRS = 100
"""How many entries a map with unknown keys may have: each key is compared with all others."""
MapEntry: TypeAlias = tuple["str | Text", Any]


class PartialMap(Lazy):
    """A map or object of which keys hold unknowns; they surely differ from each other.

    `unknown` names it and says why the keys are not known.
    """

    def __init__(self, entries: Sequence[MapEntry], unknown: Hole) -> None:
        self.entries = tuple(entries)
        self.unknown = unknown

    def __str__(self) -> str:
        return self.unknown.name

    def attribute(self, name: str, at: Location) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """Return the element under a key."""
        return self.index(name, at)

    def index(self, key: TerraformValue, at: Location) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """Return the element under a key; an unknown where it may be another one's."""
        if not isinstance(key, (str, Text)):
            return replace(self.unknown, name=f"{self.unknown.name}[{key}]")
        found = self.found(key)
        if found is None:
            raise EvaluationError(f"the given key `{key}` does not identify an element")
        return found if not isinstance(found, Unsure) else found.unknown(self.unknown, key, at)

    def found(self, key: str | Text) -> Any:  # noqa: ANN401 - a Value or a Lazy
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


class PartialList(Lazy):
    """A list of which the first elements are known, and not how many follow; `least` in all."""

    def __init__(self, first: Iterable[TerraformValue], unknown: Hole, least: int = 0) -> None:
        self.first = tuple(first)
        self.unknown = unknown
        self.least = max(least, len(self.first))

    def __str__(self) -> str:
        return self.unknown.name

    def attribute(self, name: str, at: Location) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """Return an element by its number (`list.0`); a list has no other attributes."""
        if name.isascii() and name.isdigit():
            return self.index(int(name[:9]), at)
        raise EvaluationError(f"`{name}` is asked of a value that has no attributes")

    def index(self, key: TerraformValue, at: Location) -> Any:  # noqa: ANN401, ARG002 - a Value or a Lazy
        """Return an element; an unknown past those that are known."""
        if isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(self.first):
            return self.first[key]
        return replace(self.unknown, name=f"{self.unknown.name}[{key}]")

    def whole(self) -> Hole:
        """Return the unknown that it is for who does not know such lists."""
        return self.unknown


@dataclass(frozen=True, slots=True)
class AtLeast(Hole):
    """A whole number that is not known, but no less than `least`."""

    least: int = field(default=0, compare=False)


def keyed(entries: Iterable[MapEntry], unknown: Hole) -> PartialMap | Hole:
    """Return a map of entries, the last of one key counting; a Hole if two may be one or not."""
    kept: dict[str | Text, Any] = {}
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
