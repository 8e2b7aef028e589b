"""What the findings of a report say of each mapping, as the table and the pictures need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checker.records import dataclass
from checker.reports.report import Affected, Finding, Report, Severity, Verdict

_ORDER = {severity: n for n, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class MappingFinding:
    """What one finding, by its number in the report, says of one mapping."""

    number: int
    finding: Finding
    parts: tuple[Affected, ...]

    @property
    def severity(self) -> Severity:
        """The worst severity of what it says."""
        return min((each.severity for each in self.parts), key=_ORDER.__getitem__)

    @property
    def word(self) -> str:
        """`error`, `warning`, `note`, `unknown` or `waived`."""
        return word(self.finding, self.severity)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it says something of."""
        return tuple(dict.fromkeys(each.rule for each in self.parts))


def word(finding: Finding, severity: Severity | None = None) -> str:
    """Return what a finding is: its severity, unless it is waived or unknown."""
    if finding.waived is not None:
        return "waived"
    return "unknown" if finding.kind == "unknown" else (severity or finding.severity).value


def by_mapping(report: Report) -> Mapping[str, Sequence[MappingFinding]]:
    """Return for each mapping, by its id, the findings that concern it, worst first."""
    found: dict[str, list[MappingFinding]] = {}
    for number, finding in enumerate(report.findings):
        of_mapping: dict[str, list[Affected]] = {each: [] for each in finding.mappings}
        for part in finding.parts:
            for mapping in part.mappings:
                of_mapping.setdefault(mapping, []).append(part)
        for mapping, parts in of_mapping.items():
            mine = tuple(parts) or finding.parts[:1]
            found.setdefault(mapping, []).append(MappingFinding(number, finding, mine))
    return found


def standing(findings: Iterable[MappingFinding]) -> list[MappingFinding]:
    """Return what is not waived."""
    return [each for each in findings if each.finding.waived is None]


def deciding(verdict: Verdict, findings: Iterable[MappingFinding]) -> list[MappingFinding]:
    """Return what a verdict rests on; nothing where it is that of a mapping that is ready."""
    found = standing(findings)
    match verdict:
        case Verdict.BLOCKED:
            return [each for each in found if each.word == "error"]
        case Verdict.UNDECIDED:
            return [e for e in found if e.word == "unknown" and e.severity is Severity.ERROR]
        case Verdict.AT_RISK:
            return [each for each in found if each.severity is Severity.WARNING]
        case Verdict.READY:
            return []
