"""How many of each: the last line of every report."""

from __future__ import annotations

from collections.abc import Sequence

from checker.reports.report import Finding, Row, Severity, Summary, Verdict


def summarize(rows: Sequence[Row], findings: Sequence[Finding], other_sources: int) -> Summary:
    """Count verdicts and findings; unknown and waived findings count only as such."""
    verdicts = [row.verdict for row in rows]
    standing = [each for each in findings if each.waived is None]
    problems = [each.severity for each in standing if each.kind == "problem"]
    return Summary(
        mappings=len(rows),
        ready=verdicts.count(Verdict.READY),
        at_risk=verdicts.count(Verdict.AT_RISK),
        blocked=verdicts.count(Verdict.BLOCKED),
        undecided=verdicts.count(Verdict.UNDECIDED),
        other_sources=other_sources,
        errors=problems.count(Severity.ERROR),
        warnings=problems.count(Severity.WARNING),
        notes=problems.count(Severity.NOTE),
        unknown=sum(each.kind == "unknown" for each in standing),
        waived=len(findings) - len(standing),
    )
