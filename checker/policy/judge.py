"""Judge results: how severe each finding is, what is waived, and the verdict on each mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import checker
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.model import (
    SOURCE_TYPES,
    EventSource,
    EventSourceMapping,
    InlineWaiver,
    Inventory,
    Spent,
    type_of,
)
from checker.policy.explained import without_explained
from checker.policy.policy import Policy
from checker.policy.summary import summarize
from checker.policy.waive import Waivers, refuse_expired
from checker.reports.report import (
    Cause,
    Finding,
    Report,
    ReportedThing,
    Row,
    Severity,
    UnreadRow,
    Verdict,
)
from checker.rules import RULES
from checker.rules.rule import Problem, Result

NO_DEPLOYER = (
    "who creates the mappings was not named (`--deployer`), so the deployer's permissions are"
    " not checked"
)
_SEVERITIES = list(Severity)
_VERDICTS = list(Verdict)


def judge(
    inventories: Sequence[Inventory],
    results: Iterable[Result],
    policy: Policy,
    today: date,
    *,
    target: str = "",
    inline: bool = True,
) -> Report:
    """Return the report on inventories, and the results on all of them, under a policy.

    Results of rules that the policy does not select are left out. `target` is what the run was
    asked to check, where that is not the first inventory; without `inline`, comments waive nothing.

    Raises:
        PolicyFileError: a waiver of the policy has expired.
    """
    refuse_expired(policy.waivers, today)
    chosen = [result for result in results if result.rule.name in policy.severities]
    if not inline:
        chosen = [result for result in chosen if result.rule.on is not InlineWaiver]
    comments = [each for inventory in inventories for each in inventory.waivers if inline]
    known = frozenset(rule.name for rule in RULES)
    waivers = Waivers(policy.waivers, comments, today, known, frozenset(policy.severities))
    found = _merged(finding for result in chosen for finding in _findings(result, policy))
    told = without_explained(waivers.waive(found))
    findings = sorted((*told, *_of_comments(waivers, policy)), key=_rank)
    standing, passed = _standing(findings), _passed(chosen)
    rows = [
        _row(inventory, mapping, standing.get(mapping.id, ()), passed.get(mapping.id, ()))
        for inventory in inventories
        for mapping in inventory.mappings
    ]
    rows.sort(key=lambda row: (_VERDICTS.index(row.verdict), _where(row.at), row.id))
    return Report(
        version=checker.__version__,
        kind=inventories[0].kind,
        target=target or inventories[0].target,
        policy=policy.name,
        assumptions=tuple(dict.fromkeys(a for each in inventories for a in _assumptions(each))),
        unread=tuple(gap for each in inventories for gap in _unread(each)),
        mappings=tuple(rows),
        findings=tuple(findings),
        summary=summarize(rows, findings, sum(each.other_sources for each in inventories)),
        proposed=tuple(sorted(waivers.proposed(), key=lambda each: each.at)),
    )


def fails(report: Report, policy: Policy) -> bool:
    """Tell whether a run with this report fails (exit code 1).

    It does if an unwaived problem is at least as severe as `fail_on`; where the undecided
    fails, also if an unknown of that severity stands, a mapping is undecided, or something was
    not read, since a mapping may hide in it. What a baseline knows, or the commit has that the
    report was compared with, does not count; a verdict that got worse always does.
    """
    if any(row.was is not None for row in report.mappings):
        return True
    worst = _SEVERITIES.index(policy.fail_on)
    standing = [
        each
        for each in report.findings
        if each.waived is None and _SEVERITIES.index(each.severity) <= worst
    ]
    if any(each.kind == "problem" for each in standing):
        return True
    compared = report.compared
    if compared is not None and not compared.why:
        return policy.undecided_fails and (bool(standing) or compared.lost)
    if report.baseline is not None:
        return policy.undecided_fails and (bool(standing) or report.baseline.lost)
    open_points = standing or report.summary.undecided or report.unread
    return policy.undecided_fails and bool(open_points)


def _of_comments(waivers: Waivers, policy: Policy) -> Iterator[Finding]:
    """Yield what the rules about spent waivers say; findings have gone by all waivers before."""
    for rule in policy.select(RULES):
        if rule.on is not Spent:
            continue
        for spent in list(waivers.spent()):
            said = rule.check(spent, Inventory(), policy.settings)
            problems = tuple(each for each in said if isinstance(each, Problem))
            yield from _merged(
                _findings(Result(rule, str(spent.waiver.at), (), problems, ()), policy)
            )


def _findings(result: Result, policy: Policy) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Yield what a result says, without mappings, and the mappings that it is said of."""
    severity = policy.severities[result.rule.name]
    for problem in result.problems:
        finding = Finding(
            rule=result.rule.name,
            kind="problem",
            severity=Severity.NOTE if problem.aside else severity,
            mappings=(),
            subject=problem.subject or result.subject,
            message=problem.message,
            at=problem.at,
            because=tuple(dict.fromkeys(problem.because)),
            fix=problem.fix,
        )
        yield finding, () if problem.aside else problem.mappings or result.mappings
    for unknown in result.unknowns:
        finding = Finding(
            rule=result.rule.name,
            kind="unknown",
            severity=severity,
            mappings=(),
            subject=result.subject,
            message=f"cannot tell `{result.rule.name}`: {unknown.why}",
            at=unknown.at,
            fix=unknown.remedy,
            why=unknown.why,
            cause=_cause(unknown),
        )
        yield finding, result.mappings


def _cause(unknown: Unknown) -> Cause:
    root = unknown.root
    return Cause(root.why, root.at, root.remedy)


def _merged(findings: Iterable[tuple[Finding, tuple[str, ...]]]) -> Iterator[Finding]:
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


def _rank(finding: Finding) -> tuple[object, ...]:
    """Sort worst first; a problem before an unknown of the same severity, the waived last."""
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


def _standing(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return for each mapping the findings that concern it and are not waived."""
    standing: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        for mapping in finding.mappings if finding.waived is None else ():
            standing[mapping].append(finding)
    return standing


def _passed(results: Iterable[Result]) -> dict[str, tuple[str, ...]]:
    """Return for each mapping the rules of which every result that concerns it is a pass."""
    said: dict[str, dict[str, bool]] = defaultdict(dict)
    for result in results:
        silent = not result.problems and not result.unknowns
        for mapping in result.mappings:
            before = said[mapping].get(result.rule.name, True)
            said[mapping][result.rule.name] = before and silent
    return {
        mapping: tuple(rule for rule, passed in rules.items() if passed)
        for mapping, rules in said.items()
    }


def _row(
    inventory: Inventory,
    mapping: EventSourceMapping,
    findings: Sequence[Finding],
    passed: tuple[str, ...],
) -> Row:
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    source = inventory.source_of(mapping)
    known = source.value if isinstance(source, Known) else None
    return Row(
        id=mapping.id,
        verdict=_verdict(findings, mapping.unsure),
        noun=(SOURCE_TYPES[0] if known is None else type_of(known)).noun,
        source=_thing("" if known is None else known.id, mapping.source),
        function=_thing(function.value.id if isinstance(function, Known) else "", mapping.function),
        role=ReportedThing(role.value.id, str(role.value.arn)) if isinstance(role, Known) else None,
        deployer=_deployer(inventory),
        at=mapping.at,
        passed=passed,
        key=_key(inventory, source),
        dead_letter=_dead_letter(inventory, source),
    )


def _key(inventory: Inventory, source: Value[EventSource]) -> ReportedThing | None:
    key = inventory.key_of(source.value) if isinstance(source, Known) else source
    if not isinstance(key, Known) or key.value is None:
        return None
    return ReportedThing(key.value.id, str(key.value.arn))


def _dead_letter(inventory: Inventory, source: Value[EventSource]) -> ReportedThing | None:
    target = source.value.failures if isinstance(source, Known) else source
    if isinstance(target, Unknown) or target.value is None:
        return None
    found = inventory.queue(Known(target.value, target.at))
    return ReportedThing(found.value.id, str(found.value.arn)) if isinstance(found, Known) else None


def _verdict(findings: Sequence[Finding], unsure: Unknown | None) -> Verdict:
    said = {(each.kind, each.severity) for each in findings}
    if ("problem", Severity.ERROR) in said:
        return Verdict.BLOCKED
    if ("unknown", Severity.ERROR) in said or unsure is not None:
        return Verdict.UNDECIDED
    if any(severity is Severity.WARNING for _, severity in said):
        return Verdict.AT_RISK
    return Verdict.READY


def _thing(id: str, arn: object) -> ReportedThing | None:
    """Return a thing by the ARN that the mapping names; by the ARN alone if it has no id."""
    if not isinstance(arn, Known):
        return None
    return ReportedThing(id or str(arn.value), str(arn.value))


def _deployer(inventory: Inventory) -> ReportedThing | None:
    named = inventory.deployer
    if named is None:
        return None
    if isinstance(named.role, Known):
        return ReportedThing(named.id, str(named.role.value.arn))
    return ReportedThing(named.id, named.id if named.id.startswith("arn:") else f"{{{named.id}}}")


def _assumptions(inventory: Inventory) -> tuple[str, ...]:
    without = inventory.mappings and inventory.deployer is None
    return (*inventory.assumptions, NO_DEPLOYER) if without else inventory.assumptions


def _unread(inventory: Inventory) -> tuple[UnreadRow, ...]:
    gaps = [UnreadRow(each.id, each.why, each.at, each.mappings) for each in inventory.unread]
    listed = {gap.id for gap in gaps}
    gaps += [
        UnreadRow(mapping.id, mapping.unsure.why, mapping.unsure.at)
        for mapping in inventory.mappings
        if mapping.unsure is not None and mapping.id not in listed
    ]
    return tuple(gaps)
