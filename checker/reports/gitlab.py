"""The report as GitLab Code Quality JSON.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from checker.knowledge.partial import Location
from checker.reports.fingerprint import fingerprint
from checker.reports.log import json_text
from checker.reports.places import file_of
from checker.reports.report import Finding, Report, Row, Severity, UnreadRow
from checker.reports.terminal import visible
from checker.reports.unchecked import not_checked, unchecked
from checker.reports.worsened import alone, beside, by_mapping, joined, sentence

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report) -> str:
    """Return the findings that are not waived; an unknown is `minor` at most."""
    issues: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    worse = by_mapping(report)
    for finding in report.findings:
        if finding.waived is not None:
            continue
        issue = _issue(finding, report, worse)
        # GitLab drops issues of one fingerprint: two alike stand apart by their number.
        number = seen.get(issue["fingerprint"], 0)
        seen[issue["fingerprint"]] = number + 1
        if number:
            issue["fingerprint"] += f"-{number}"
        issues.append(issue)
    issues += [_worse(row, report) for row in alone(report)]
    issues += [_unchecked(unread_row, report) for unread_row in unchecked(report)]
    return json_text(issues)


def _worse(row: Row, report: Report) -> dict[str, Any]:
    """Return an issue on a verdict that got worse, where no finding says so."""
    at = row.at if row.at is not None and row.at.line else Location(report.target, 1)
    return {
        "description": visible(sentence(row)),
        "check_name": "verdict",
        "fingerprint": hashlib.sha256(sentence(row).encode("utf-8", "replace")).hexdigest()[:32],
        "severity": "major",
        "location": {"path": at.source.lstrip("/"), "lines": {"begin": at.line}},
    }


def _unchecked(unread_row: UnreadRow, report: Report) -> dict[str, Any]:
    """Return an issue on what may hold mappings, where nothing was checked."""
    said = not_checked(unread_row)
    at = (
        unread_row.at
        if unread_row.at is not None and unread_row.at.line
        else Location(report.target, 1)
    )
    return {
        "description": visible(said),
        "check_name": "not-checked",
        "fingerprint": hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32],
        "severity": "critical",
        "location": {"path": at.source.lstrip("/"), "lines": {"begin": at.line}},
    }


def _issue(finding: Finding, report: Report, worse: Mapping[str, Row]) -> dict[str, Any]:
    file, line, _ = file_of(finding, report)
    severity = _SEVERITIES[finding.severity]
    if finding.kind == "unknown" and severity != "info":
        severity = "minor"
    return {
        "description": visible(
            joined(("new: " if finding.new else "") + finding.message, beside(finding, worse))
        ),
        "check_name": finding.rule,
        "fingerprint": fingerprint(finding),
        "severity": severity,
        # A path that GitLab takes is relative to the repository.
        "location": {"path": file.lstrip("/"), "lines": {"begin": line}},
    }
