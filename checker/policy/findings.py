"""From what rules said to findings: with their severity, once each, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.edits import cloudformation, terraform
from checker.edits.placing import placed
from checker.knowledge.partial import Location, Undocumented, Unknown
from checker.knowledge.trail import NoTrails, Trail, Trails, primary
from checker.policy.policy import Policy
from checker.reports.report import Cause, Finding, Severity
from checker.rules.rule import Evidence, Result

_SEVERITIES = list(Severity)
_NO_TRAILS = NoTrails()


def findings_of(
    result: Result,
    policy: Policy,
    prefix: str = "",
    trails: Trails = _NO_TRAILS,
    *,
    in_template: bool = False,
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield what a result says, without mappings, and the mappings that it is said of.

    A finding stands at the innermost place of its trail that the user's own repository tracks.
    Fixes are worded for a template of CloudFormation, or for Terraform.
    """
    severity = policy.severities[result.rule]
    said = cloudformation.translated if in_template else str
    for problem in result.problems:
        subject = problem.subject or result.subject
        trail = trails.of(problem.at, (subject, *result.mappings))
        fix = placed(problem.fix, trails)
        finding = Finding(
            rule=result.rule,
            kind="problem",
            severity=Severity.NOTE if problem.aside else severity,
            mappings=(),
            subject=subject,
            message=said(problem.message),
            at=primary(trail).at,
            because=tuple(
                dict.fromkeys(_translated(problem.because) if in_template else problem.because)
            ),
            fix=cloudformation.worded(fix) if in_template else terraform.worded(fix, prefix),
            edits=fix.edits,
            safe=fix.safe,
            trail=_beyond(trail),
        )
        yield finding, () if problem.aside else problem.mappings or result.mappings
    for unknown in result.unknowns:
        trail = trails.of(unknown, (result.subject, *result.mappings))
        finding = Finding(
            rule=result.rule,
            kind="unknown",
            severity=_lesser(severity) if isinstance(unknown, Undocumented) else severity,
            mappings=(),
            subject=result.subject,
            message=said(f"cannot decide `{result.rule}`: {unknown.why}"),
            at=primary(trail).at,
            fix=said(unknown.remedy),
            why=said(unknown.why),
            cause=_cause(unknown, trails, (result.subject, *result.mappings)),
            trail=_beyond(trail),
        )
        yield finding, result.mappings


def _translated(because: Iterable[Evidence]) -> Iterator[Evidence]:
    """Yield what a problem rests on in the words of templates."""
    for each in because:
        yield replace(each, text=cloudformation.translated(each.text))


def _beyond(trail: Trail) -> Trail:
    """Return a trail that has more than the place itself."""
    return trail if len(trail) > 1 else ()


def _lesser(severity: Severity) -> Severity:
    return Severity.WARNING if severity is Severity.ERROR else severity


def _cause(unknown: Unknown, trails: Trails, about: tuple[str, ...]) -> Cause:
    root = unknown.root
    return Cause(root.why, primary(trails.of(root, about)).at, root.remedy, root.at)


def merged(findings: Iterable[tuple[Finding, tuple[str, ...]]]) -> Iterator[Finding]:
    """Yield each finding once, with the mappings of all that are alike but for these."""
    mappings: dict[Finding, dict[str, None]] = defaultdict(dict)
    for finding, ids in findings:
        mappings[finding] |= dict.fromkeys(ids)
    said = {_what(finding) for finding, named in mappings.items() if named}
    for finding, named in mappings.items():
        if named or _what(finding) not in said:
            yield replace(finding, mappings=tuple(named))


def _what(finding: Finding) -> tuple[object, ...]:
    """Return what a finding says, whatever mapping it is said of."""
    return (finding.rule, finding.kind, finding.subject, finding.message, finding.at)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings; a problem before an unknown of the same severity, the waived last."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[object, ...]:
    return (
        finding.waived is not None,
        _SEVERITIES.index(finding.severity),
        finding.kind != "problem",
        _where(finding.at),
        finding.rule,
        finding.subject,
        finding.message,
    )


def _where(at: Location | None) -> Location:
    return at or Location("")
