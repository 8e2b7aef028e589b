"""Inline policies that overwrite one another: of one role and name the last one written stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

InlinePolicy: TypeAlias = tuple[Text, Text, str, Text, bool]
"""An inline policy: principal, name, what writes it, its document, and whether it is named at all.

The provider makes a name of its own for one that is not.
"""
_MOST_LISTED = 3
_MOST_COMPARED = 50
"""With so many other names of one principal a name is compared."""
_REMEDY = "give each of them a name of its own"


class InlineWriters:
    """What writes each inline policy, by principal and name."""

    def __init__(self, policies: Iterable[InlinePolicy]) -> None:
        self._of: dict[Text, dict[Text, dict[str, Text]]] = {}
        self._unnamed: set[str] = set()
        self._why: dict[tuple[Text, Text], Unknown | None] = {}
        for principal, name, id_, document, named in policies:
            self._of.setdefault(principal, {}).setdefault(name, {})[id_] = document
            if not named:
                self._unnamed.add(id_)

    def overwritten(self, principal: Text, policy: Text, at: Location) -> Unknown | None:
        """Say why it is unknown which policy of a name a principal has, if it is."""
        key = principal, policy
        if key not in self._why:
            self._why[key] = self._open(principal, policy, at)
        found = self._why[key]
        return found if found is None else replace(found, at=at)

    def _open(self, principal: Text, policy: Text, at: Location) -> Unknown | None:
        names = self._of.get(principal, {})
        writers = names.get(policy, {})
        if len(set(writers.values())) > 1:
            shown = ", ".join(f"`{each}`" for each in islice(writers, _MOST_LISTED))
            why = f"{shown} write inline policy `{policy}` of one role, and the last one written"
            return Unknown(f"{why} stays", at, _REMEDY)
        if len(names) > 1 and not self._unnamed.issuperset(writers):
            return self._perhaps(names, policy, at)
        return None

    def _perhaps(
        self, names: dict[Text, dict[str, Text]], policy: Text, at: Location
    ) -> Unknown | None:
        """Say that another name may be the same, where one of both is not wholly known."""
        for other, writers in islice(names.items(), _MOST_COMPARED):
            if other == policy or not (other.holes or policy.holes):
                continue
            if self._unnamed.issuperset(writers) or policy.equals(other) is not Truth.MAYBE:
                continue
            if set(writers.values()) == set(names[policy].values()):
                continue
            ours, theirs = next(iter(names[policy])), next(iter(writers))
            why = f"it is unknown whether `{ours}` and `{theirs}` write one inline policy"
            open_one = policy if policy.holes else other
            return open_one.why_unknown(at).leaves(why)
        return None
