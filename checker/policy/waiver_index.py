"""Waivers by what they are about, so that a finding meets only those that may fit it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from checker.errors import PolicyFileError, Reason
from checker.knowledge import matching
from checker.knowledge.partial import Location
from checker.model import InlineWaiver
from checker.policy.policy import Waiver

MOST_COMPARISONS = 5_000_000
"""How many patterns of a policy's waivers may be compared with mappings in one run."""


class PolicyWaivers:
    """The waivers of a policy, by their rule; what one mapping's first waiver is, is found once."""

    def __init__(self, waivers: Sequence[Waiver]) -> None:
        self._by_rule: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            self._by_rule.setdefault(waiver.rule, []).append(waiver)
        self._first: dict[tuple[str, bool, str], Waiver | None] = {}
        self._left = MOST_COMPARISONS

    def first(self, rule: str, mapping: str, *, unknown: bool) -> Waiver | None:
        """Return the first waiver that takes a rule's problem, or unknown, for a mapping.

        Raises:
            PolicyFileError: too many waivers would be compared with too many mappings.
        """
        waivers = self._by_rule.get(rule)
        if waivers is None:
            return None
        key = (rule, unknown, mapping)
        if key not in self._first:
            self._first[key] = self._search(waivers, mapping, unknown=unknown)
        return self._first[key]

    def _search(self, waivers: list[Waiver], mapping: str, *, unknown: bool) -> Waiver | None:
        for waiver in waivers:
            if unknown and not waiver.unknown:
                continue
            self._left -= 1
            if self._left < 0:
                why = f"more than {MOST_COMPARISONS} comparisons of waivers with mappings"
                raise PolicyFileError(
                    Reason(why, str(waiver.at)), hint="join waivers of one rule by a pattern"
                )
            if matching.starred(mapping, waiver.mapping):
                return waiver
        return None


class CommentWaivers:
    """The comments that waive one rule, by the addresses and lines that they are about."""

    def __init__(self, waivers: Iterable[InlineWaiver]) -> None:
        self._order: dict[Location, int] = {}
        self._by_id: dict[str, list[InlineWaiver]] = {}
        lines: dict[str, dict[tuple[int, int], list[InlineWaiver]]] = {}
        for n, waiver in enumerate(waivers):
            self._order[waiver.at] = n
            for own in waiver.ids:
                self._by_id.setdefault(own, []).append(waiver)
            if waiver.start > 0:
                blocks = lines.setdefault(waiver.at.source, {})
                blocks.setdefault((waiver.start, waiver.end), []).append(waiver)
        self._lines = {source: _Blocks(blocks) for source, blocks in lines.items()}

    def about(self, subject: str, mapping: str, places: Sequence[Location]) -> InlineWaiver | None:
        """Return the first comment about a thing, a mapping or a place; None if there is none."""
        firsts = [group[0] for group in self.groups(subject, mapping, places)]
        return min(firsts, key=lambda waiver: self._order[waiver.at], default=None)

    def groups(
        self, subject: str, mapping: str, places: Sequence[Location]
    ) -> Iterator[list[InlineWaiver]]:
        """Yield the comments about a thing, a mapping and some places, each list in its order."""
        for address in dict.fromkeys((subject, mapping)):
            for own in _beginnings(address):
                if own in self._by_id:
                    yield self._by_id[own]
        for at in places:
            if at.source in self._lines:
                yield from self._lines[at.source].at(at.line)


class _Blocks:
    """Comments by the first and last line of the block that they are about."""

    def __init__(self, blocks: dict[tuple[int, int], list[InlineWaiver]]) -> None:
        self._spans = sorted(blocks)
        self._waivers = [blocks[span] for span in self._spans]
        ends = [end for _, end in self._spans]
        # blocks that lie one in another are looked through one by one
        self._apart = all(
            end < start for end, (start, _) in zip(ends, self._spans[1:], strict=False)
        )

    def at(self, line: int) -> Iterator[list[InlineWaiver]]:
        last = bisect_right(self._spans, (line, float("inf")))
        for n in range(max(0, last - 1) if self._apart else 0, last):
            if self._spans[n][1] >= line:
                yield self._waivers[n]


_ENDS = re.compile(r"[.\[]")


def _beginnings(id: str) -> Iterator[str]:
    """Yield an address and those of what it is in or an instance of."""
    for end in _ENDS.finditer(id):
        yield id[: end.start()]
    yield id
