"""Only what touches changed files."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from checker.partial import Location
from checker.policy.summary import summarize
from checker.report import Finding, Report


def leave_unchanged(report: Report, changed: Container[str]) -> Report:
    """Leave out findings of which neither mapping, evidence nor place lies in a changed file.

    Files are named as in locations. Verdicts stay as they are.
    """
    places = {row.id: row.at for row in report.mappings}

    def touched(finding: Finding) -> bool:
        at: list[Location | None] = [finding.at, *(each.at for each in finding.because)]
        at += [places.get(mapping) for mapping in finding.mappings]
        files = (each.source for each in at if each is not None and each.line > 0)
        return any(file in changed for file in files)

    kept = tuple(each for each in report.findings if touched(each))
    counted = summarize(report.mappings, kept, report.summary.other_sources)
    unchanged = len(report.findings) - len(kept)
    return replace(report, findings=kept, summary=counted, unchanged=unchanged)
