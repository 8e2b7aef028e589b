"""The row of each mapping: its parts, and the verdict that the findings come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.trail import primary
from checker.model import SOURCE_TYPES, EventSource, EventSourceMapping, Inventory, type_of
from checker.reports.report import Finding, ReportedThing, Row, Severity, Verdict
from checker.reports.titles import title
from checker.rules.rule import Result

_VERDICTS = list(Verdict)


def rows_of(
    inventory: Inventory, findings: Iterable[Finding], results: Iterable[Result]
) -> list[Row]:
    """Return a row for each mapping of an inventory."""
    standing, passed = _standing(findings), _passed(results)
    return [
        _row(inventory, mapping, standing.get(mapping.id, ()), passed.get(mapping.id, ()))
        for mapping in inventory.mappings
    ]


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Sort rows: the worst verdict first, then by place, in an account by queue and function."""
    return tuple(sorted(rows, key=_order))


def _order(row: Row) -> tuple[int, Location, str, str]:
    placed = row.at if row.at is not None and row.at.line > 0 else Location("")
    return _VERDICTS.index(row.verdict), placed, title(row), row.id


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
            before = said[mapping].get(result.rule, True)
            said[mapping][result.rule] = before and silent
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
        at=primary(inventory.trails.of(mapping.at, (mapping.id,))).at,
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
