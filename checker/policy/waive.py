"""Which findings are waived: by the policy's waivers, and by comments in the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date

from checker.errors import PolicyFileError, Reason
from checker.knowledge.partial import Location
from checker.model import InlineWaiver, Spent
from checker.policy.policy import Waiver
from checker.policy.waiver_index import CommentWaivers, PolicyWaivers
from checker.records import dataclass
from checker.reports.report import Finding, Proposed, Waived


def refuse_expired(waivers: Iterable[Waiver], today: date) -> None:
    """Raise a PolicyFileError that names every waiver of a policy that has expired."""
    expired = [w for w in waivers if w.until is not None and w.until < today]
    if expired:
        raise PolicyFileError(
            *(Reason(f"the waiver of `{w.rule}` expired on {w.until}", str(w.at)) for w in expired),
            hint="fix what it waives, or give it a later day",
        )


@dataclass
class Waivers:
    """All waivers of a run. `rules` are the names of all rules, `chosen` of those that ran."""

    policy: Sequence[Waiver]
    inline: Sequence[InlineWaiver]
    today: date
    rules: frozenset[str]
    chosen: frozenset[str]
    _matched: set[Location] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.inline = _joined(self.inline)
        sound: dict[str, list[InlineWaiver]] = {}
        for waiver in self.inline:
            if not self._wrong(waiver):
                for name in dict.fromkeys(waiver.rules):
                    if name not in waiver.proposed:
                        sound.setdefault(name, []).append(waiver)
        self._comments = {name: CommentWaivers(waivers) for name, waivers in sound.items()}
        self._of_policy = PolicyWaivers(self.policy)
        self._groups: dict[int, list[InlineWaiver]] = {}

    def waive(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings with their waivers; one waived for some mappings only is split."""
        for finding in findings:
            unknown = finding.kind == "unknown"
            parts: dict[Waived | None, list[str]] = {}
            for mapping in finding.mappings or ("",):
                named = self._of_policy.first(finding.rule, mapping, unknown=unknown)
                waived = self._in_place(finding, mapping) if named is None else _waived(named)
                parts.setdefault(waived, []).append(mapping)
            for waived, ids in parts.items():
                yield replace(finding, mappings=tuple(each for each in ids if each), waived=waived)

    def proposed(self) -> Iterator[Proposed]:
        """Yield the comments that would waive something, and do not by the commit that counts."""
        for waiver in self.inline:
            rules = tuple(name for name in waiver.rules if name in waiver.proposed)
            if rules and not self._wrong(waiver):
                said = (waiver.address, waiver.reason, waiver.until, waiver.at)
                yield Proposed(rules, *said)

    def spent(self) -> Iterator[Spent]:
        """Yield what became of each comment of which every rule ran, once all findings went by."""
        for waiver in self.inline:
            wrong = self._wrong(waiver)
            counted = set(waiver.rules) - waiver.proposed
            if wrong or (counted and counted <= self.chosen):
                yield Spent(waiver, waiver.at in self._matched, wrong)

    def _in_place(self, finding: Finding, mapping: str) -> Waived | None:
        if finding.kind == "unknown":
            return None
        comments = self._comments.get(finding.rule)
        if comments is None:
            return None
        places = _places(finding)
        for group in comments.groups(finding.subject, mapping, places):
            if id(group) not in self._groups:
                self._groups[id(group)] = group
                self._matched.update(waiver.at for waiver in group)
        first = comments.about(finding.subject, mapping, places)
        return None if first is None else Waived(first.reason, first.until, first.at)

    def _wrong(self, waiver: InlineWaiver) -> str:
        """Say why a comment can waive nothing; empty if it can."""
        if not waiver.rules:
            return "it names no rule: write `ignore[RULE]`"
        missing = [name for name in waiver.rules if name not in self.rules]
        if missing:
            return f"there is no rule `{missing[0]}`"
        if not waiver.start:
            return "it stands neither at a resource nor at a module call"
        if not waiver.until:
            return ""
        try:
            last = date.fromisoformat(waiver.until)
        except ValueError:
            return f"`until={waiver.until}` is not a day such as 2027-01-31"
        return f"its day was {waiver.until}" if last < self.today else ""


def _places(finding: Finding) -> tuple[Location, ...]:
    """Return where a comment is about a finding: at its place, and at all places of its trail."""
    own = () if finding.at is None else (finding.at,)
    return tuple(dict.fromkeys((*own, *(step.at for step in finding.trail))))


def _joined(waivers: Iterable[InlineWaiver]) -> tuple[InlineWaiver, ...]:
    """Join what several root modules say of one comment."""
    found: dict[Location, InlineWaiver] = {}
    for waiver in waivers:
        before = found.get(waiver.at, waiver)
        known = before if before.start else waiver
        found[waiver.at] = replace(known, ids=before.ids | waiver.ids)
    return tuple(found.values())


def _waived(waiver: Waiver) -> Waived:
    return Waived(waiver.reason, str(waiver.until or ""), waiver.at)
