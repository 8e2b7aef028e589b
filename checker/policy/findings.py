"""From what rules said to findings: with their severity, once each, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from checker.edits import cdk, cloudformation, terraform
from checker.edits.placing import placed
from checker.knowledge.partial import Location, Undocumented, Unknown
from checker.knowledge.trail import NoTrails, Trail, Trails, primary
from checker.model import Inventory, SourceKind, TemplateForm
from checker.policy.policy import Policy
from checker.records import dataclass
from checker.reports.report import Cause, Finding, Severity
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Result

_SEVERITIES = list(Severity)
_NO_TRAILS = NoTrails()
_NO_FORM = TemplateForm()


def findings_of(
    result: Result,
    policy: Policy,
    prefix: str = "",
    trails: Trails = _NO_TRAILS,
    kind: SourceKind = "terraform",
    form: TemplateForm = _NO_FORM,
    constructs: Mapping[str, str] | None = None,
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield what a result says, without mappings, and the mappings that it is said of.

    A finding stands at the innermost place of its trail that the user's own repository tracks.
    Fixes are worded for Terraform, for a template of CloudFormation, of its `form`, or for the
    program of the CDK that wrote the template, which names things by `constructs`.
    """
    severity = policy.severities[result.rule]
    wording = _Wording(prefix, kind == "cloudformation", form, constructs, trails)
    for problem in result.problems:
        found = _of_problem(problem, result, severity, wording, trails)
        yield found, () if problem.aside else problem.mappings or result.mappings
    for unknown in result.unknowns:
        yield _of_unknown(unknown, result, severity, wording, trails), result.mappings


def findings_in(
    inventory: Inventory, result: Result, policy: Policy
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield what a result says of an inventory, as `findings_of`."""
    return findings_of(
        result,
        policy,
        inventory.prefix,
        inventory.trails,
        inventory.kind,
        inventory.form,
        inventory.constructs,
    )


@dataclass(frozen=True, slots=True)
class _Wording:
    """The language that findings speak: Terraform's, that of templates, or that of the CDK."""

    prefix: str
    in_template: bool
    form: TemplateForm
    constructs: Mapping[str, str] | None
    trails: Trails

    def text(self, said: str) -> str:
        return cloudformation.translated(said) if self.in_template else said

    def remedy(self, said: str) -> str:
        return self.text(said) if self.constructs is None else cdk.translated(said)

    def fix(self, fix: Fix, source: str, mappings: Iterable[str]) -> str:
        if self.constructs is not None:
            return cdk.worded(fix, self.constructs, mappings)
        if self.in_template:
            return cloudformation.worded(fix, self.form, source)
        return terraform.worded(fix, self.prefix)

    def evidence(self, because: Iterable[Evidence], trail: Trail) -> tuple[Evidence, ...]:
        """Return evidence in this language, and at last the construct that a place is of."""
        if self.in_template:
            because = (replace(each, text=self.text(each.text)) for each in because)
        if self.constructs is not None:
            because = (replace(each, at=self._in_program(each.at)) for each in because)
        return tuple(dict.fromkeys((*because, *_made_by(trail))))

    def _in_program(self, at: Location | None) -> Location | None:
        return None if at is None else primary(self.trails.of(at)).at


def _made_by(trail: Trail) -> Iterator[Evidence]:
    """Yield the construct that the place of a finding is of, at its place in the template."""
    if trail[0].kind == "construct":
        yield Evidence(f"construct `{trail[0].name}` in the template", trail[0].at)


def _of_problem(
    problem: Problem, result: Result, severity: Severity, wording: _Wording, trails: Trails
) -> Finding:
    subject = problem.subject or result.subject
    # One that names its subject is the same for every mapping, and is traced once.
    about = (subject,) if problem.subject else (subject, *result.mappings)
    trail = trails.of(problem.at, about)
    fix = placed(problem.fix, trails)
    return Finding(
        rule=result.rule,
        kind="problem",
        severity=Severity.NOTE if problem.aside else severity,
        mappings=(),
        subject=subject,
        message=wording.text(problem.message),
        at=primary(trail).at,
        because=wording.evidence(problem.because, trail),
        fix=wording.fix(fix, problem.at.source, problem.mappings or result.mappings),
        edits=fix.edits,
        safe=fix.safe,
        trail=_beyond(trail),
    )


def _of_unknown(
    unknown: Unknown, result: Result, severity: Severity, wording: _Wording, trails: Trails
) -> Finding:
    trail = trails.of(unknown, (result.subject, *result.mappings))
    return Finding(
        rule=result.rule,
        kind="unknown",
        severity=_lesser(severity) if isinstance(unknown, Undocumented) else severity,
        mappings=(),
        subject=result.subject,
        message=wording.text(f"cannot decide `{result.rule}`: {unknown.why}"),
        at=primary(trail).at,
        because=wording.evidence((), trail),
        fix=wording.remedy(unknown.remedy),
        why=wording.text(unknown.why),
        cause=_cause(unknown, trails, (result.subject, *result.mappings), wording),
        trail=_beyond(trail),
    )


def _beyond(trail: Trail) -> Trail:
    """Return a trail that has more than the place itself."""
    return trail if len(trail) > 1 else ()


def _lesser(severity: Severity) -> Severity:
    return Severity.WARNING if severity is Severity.ERROR else severity


def _cause(unknown: Unknown, trails: Trails, about: tuple[str, ...], wording: _Wording) -> Cause:
    root = unknown.root
    at = primary(trails.of(root, about)).at
    return Cause(wording.text(root.why), at, wording.remedy(root.remedy), root.at)


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
