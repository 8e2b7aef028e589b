"""Waivers that stand as comments in the input, at the thing that they are about."""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class InlineWaiver:
    """`# tfcheck: ignore[rules] reason until=YYYY-MM-DD`, at `at`.

    It is about the things whose ids begin with one of `ids` (a resource's address, or that of a
    module call), and about what stands from `start` to `end`, in lines, of its file; `start` is 0
    where it stands at nothing that can be waived. `until` is as written, empty without one.
    `address` is that of the block in its module, and `module` the module's directory. Of `rules`
    those that are `proposed` are not waived: the commit that a run is judged by does not.
    """

    rules: tuple[str, ...]
    reason: str
    until: str
    at: Location
    ids: frozenset[str] = frozenset()
    start: int = 0
    end: int = 0
    module: str = ""
    address: str = ""
    proposed: frozenset[str] = frozenset()

    def names(self, id: str) -> bool:
        """Tell whether a thing is one that the waiver is about, an instance of it or inside it."""
        return any(id.startswith(own) and id[len(own) : len(own) + 1] in _ENDS for own in self.ids)

    def holds(self, at: Location | None) -> bool:
        """Tell whether a place lies in what the waiver is about."""
        if at is None or at.source != self.at.source:
            return False
        return 0 < self.start <= at.line <= self.end


_ENDS = ("", ".", "[")


@dataclass(frozen=True, slots=True)
class Spent:
    """An inline waiver after judging: what it waived, and what is wrong with it if anything is.

    `wrong` says why it could waive nothing, empty where it could.
    """

    waiver: InlineWaiver
    matched: bool
    wrong: str = ""
