"""One cause once: findings that one change settles are one finding, of all that they affect.

Problems are one where one rule says the same at one place, unknowns where they follow from one
cause, whatever rules it leaves open. What differs only in the names that it holds, such as those of
the instances of one module, is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.policy.findings import worst_first
from checker.policy.summary import summarize
from checker.reports.fingerprint import nameless
from checker.reports.report import Affected, Finding, Report, Severity, Waived

_SEVERITIES = list(Severity)
_CauseKey: TypeAlias = tuple[
    str, Severity | None, str, Location | None, tuple[str, ...], Waived | None
]


def grouped(report: Report) -> Report:
    """Return a report in which each cause is one finding, and which counts them so."""
    groups: dict[_CauseKey, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(_key(finding), []).append(finding)
    findings = worst_first(map(_joined, groups.values()))
    summary = summarize(report.mappings, findings, report.summary.other_sources)
    return replace(report, findings=tuple(findings), summary=summary)


def _key(finding: Finding) -> _CauseKey:
    """Return what findings of one cause have in common."""
    if finding.kind == "problem" or finding.waived is not None:
        what = f"{finding.kind} {finding.rule}: {nameless(finding.message)}"
        evidence = tuple(nameless(each.text) for each in finding.because)
        return what, finding.severity, nameless(finding.fix), finding.at, evidence, finding.waived
    cause = finding.cause
    if cause is None:
        text, at, remedy = finding.why or finding.message, finding.at, finding.fix
    else:
        text, at, remedy = cause.text, cause.at, cause.remedy
    return nameless(text), None, nameless(remedy), at, (), None


def _joined(group: Sequence[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    first = min(group, key=lambda each: _SEVERITIES.index(each.severity))
    affected = tuple(
        Affected(each.rule, each.severity, each.subject, each.mappings, each.message)
        for each in group
    )
    mappings = tuple(dict.fromkeys(mapping for each in group for mapping in each.mappings))
    if first.kind == "problem" or first.waived is not None:
        more = len({each.message for each in group}) - 1
        message = f"{first.message} (and {more} alike)" if more else first.message
        more = len({each.fix for each in group}) - 1
        fix = f"{first.fix} (and alike for {more} more)" if more and first.fix else first.fix
        return replace(first, mappings=mappings, affected=affected, message=message, fix=fix)
    return _of_one_cause(first, group, mappings, affected)


def _of_one_cause(
    first: Finding,
    group: Sequence[Finding],
    mappings: tuple[str, ...],
    affected: tuple[Affected, ...],
) -> Finding:
    cause = first.cause
    why = first.why if cause is None else cause.text
    more = len({each.why if each.cause is None else each.cause.text for each in group}) - 1
    said = f"{why} (and {more} alike)" if more else why
    return replace(
        first,
        message=f"cannot decide {rules_of(affected)}: {said}",
        why=said,
        at=first.at if cause is None else cause.at,
        fix=first.fix if cause is None else cause.remedy,
        mappings=mappings,
        affected=affected,
        trail=(),
    )


def rules_of(affected: Iterable[Affected]) -> str:
    """Return the rules of what one cause affects: `a, b (error); c (warning)`."""
    found: dict[Severity, dict[str, None]] = {severity: {} for severity in Severity}
    for each in affected:
        found[each.severity][each.rule] = None
    named = ((severity, ", ".join(rules)) for severity, rules in found.items() if rules)
    return "; ".join(f"{rules} ({severity.value})" for severity, rules in named)
