"""Findings of one root cause together: it is told once a report, with all that follows from it.

Causes that differ only in the names they hold, such as those of the instances of one module, are
one where they stand at one place and one change settles them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.reports.report import Finding, Severity

_NAME = re.compile(r"`[^`]*`|\bmodule(\.[\w-]{1,200}(\[[^\]]{1,200}\])?)+")
CauseKey: TypeAlias = tuple[str, Location | None, str]


@dataclass(frozen=True)
class Shared:
    """Unknown findings that one cause leaves open, in the order of the report.

    `alike` are how many causes there are that differ in names only.
    """

    text: str
    at: Location | None
    remedy: str
    findings: tuple[Finding, ...]
    alike: int

    @cached_property
    def mappings(self) -> tuple[str, ...]:
        """The mappings that the findings concern, each once."""
        named = (mapping for finding in self.findings for mapping in finding.mappings)
        return tuple(dict.fromkeys(named))

    @cached_property
    def rules(self) -> str:
        """The rules that are not ruled out: `a, b (error); c (warning)`."""
        found: dict[Severity, dict[str, None]] = {severity: {} for severity in Severity}
        for finding in self.findings:
            found[finding.severity][finding.rule] = None
        named = ((severity, ", ".join(rules)) for severity, rules in found.items() if rules)
        return "; ".join(f"{rules} ({severity.value})" for severity, rules in named)

    @cached_property
    def severity(self) -> Severity:
        """The worst severity of what is not ruled out."""
        return min((each.severity for each in self.findings), key=list(Severity).index)

    @property
    def said(self) -> str:
        """The cause, and how many others are like it."""
        return self.text if self.alike == 1 else f"{self.text} (and {self.alike - 1} alike)"


def as_one(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings, those that one cause leaves open as one, of all their mappings."""
    shared = causes(findings)
    for finding in findings:
        if not is_open(finding):
            yield finding
            continue
        cause = shared.pop(key_of(finding), None)
        if cause is not None:
            yield _joined(cause)


def _joined(shared: Shared) -> Finding:
    first, *others = shared.findings
    if not others:
        return first
    return replace(
        first,
        message=f"cannot tell {shared.rules}: {shared.said}",
        at=shared.at,
        fix=shared.remedy,
        mappings=shared.mappings,
        severity=shared.severity,
    )


def is_open(finding: Finding) -> bool:
    """Tell whether a finding is an unknown that stands."""
    return finding.kind == "unknown" and finding.waived is None


def key_of(finding: Finding) -> CauseKey:
    """Return what findings of one cause have in common."""
    cause = finding.cause
    if cause is None:
        return nameless(finding.why or finding.message), finding.at, nameless(finding.fix)
    return nameless(cause.text), cause.at, nameless(cause.remedy)


def nameless(text: str) -> str:
    """Return a sentence without the names in it."""
    return _NAME.sub("`", text)


def causes(findings: Iterable[Finding]) -> dict[CauseKey, Shared]:
    """Return the causes of the unknown findings, in the order of the report."""
    groups: dict[CauseKey, list[Finding]] = {}
    for finding in findings:
        if is_open(finding):
            groups.setdefault(key_of(finding), []).append(finding)
    return {key: _shared(group) for key, group in groups.items()}


def _shared(group: list[Finding]) -> Shared:
    first = group[0]
    texts = {each.cause.text if each.cause is not None else each.why for each in group}
    if len(group) == 1 or first.cause is None:
        # alone, its own sentence says more than what it follows from
        return Shared(first.why or first.message, first.at, first.fix, tuple(group), len(texts))
    cause = first.cause
    return Shared(cause.text, cause.at, cause.remedy, tuple(group), len(texts))
