"""Waivers that stand as comments in the input, at the thing that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

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


def agreed(
    waivers: Iterable[InlineWaiver], waivers_in: Callable[[str], Sequence[InlineWaiver]]
) -> tuple[InlineWaiver, ...]:
    """Return waivers with the rules of each that a commit does not waive there: `proposed`.

    `waivers_in` gives what the commit has in a module. A commit waives a rule as well if a comment
    of it stands at the block of the same address in the same module, names the rule, and gives the
    same reason and no earlier day. Where lines have moved, or a block into another file of a
    directory, that is the same waiver.
    """
    found: dict[str, Sequence[InlineWaiver]] = {}
    marked: list[InlineWaiver] = []
    for waiver in waivers:
        if waiver.module not in found:
            found[waiver.module] = waivers_in(waiver.module)
        alike = [each for each in found[waiver.module] if _covers(each, waiver)]
        known = {rule for each in alike for rule in each.rules}
        marked.append(replace(waiver, proposed=frozenset(waiver.rules) - known))
    return tuple(marked)


def _covers(then: InlineWaiver, now: InlineWaiver) -> bool:
    """Tell whether a waiver stands where another does, for the same reason, at least as long."""
    if (then.address, then.reason) != (now.address, now.reason) or not now.address:
        return False
    if then.until in {"", now.until}:
        return True
    try:
        return date.fromisoformat(now.until) <= date.fromisoformat(then.until)
    except ValueError:
        return False
