"""Unknowns that a problem explains: what Terraform refuses has no value, and is reported."""

from __future__ import annotations

from collections.abc import Iterable

from checker.reports.report import Finding, Severity

REFUSED = "configuration-invalid"


def without_explained(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without unknowns that come of a place where a refusal stands unwaived."""
    every = list(findings)
    refused = {
        (each.at.source, each.at.line, mapping)
        for each in every
        if each.rule == REFUSED and each.kind == "problem" and each.waived is None and each.at
        if each.severity is Severity.ERROR  # else the unknown may be worse
        for mapping in each.mappings
    }
    return [each for each in every if not refused or not _is_explained(each, refused)]


def _is_explained(finding: Finding, refused: set[tuple[str, int, str]]) -> bool:
    if finding.kind != "unknown" or finding.rule == REFUSED or not finding.mappings:
        return False
    at = finding.at if finding.cause is None else finding.cause.at
    return at is not None and all(
        (at.source, at.line, mapping) in refused for mapping in finding.mappings
    )
