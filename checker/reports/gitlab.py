"""The report as GitLab Code Quality JSON.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import Any

from checker.fingerprint import fingerprint
from checker.report import Finding, Report, Severity
from checker.reports.log import json_text
from checker.reports.places import file_of
from checker.reports.terminal import visible

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report) -> str:
    """Return the findings that are not waived; an unknown is `minor` at most."""
    issues: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for finding in report.findings:
        if finding.waived is not None:
            continue
        issue = _issue(finding, report)
        # GitLab drops issues of one fingerprint: two alike stand apart by their number.
        number = seen.get(issue["fingerprint"], 0)
        seen[issue["fingerprint"]] = number + 1
        if number:
            issue["fingerprint"] += f"-{number}"
        issues.append(issue)
    return json_text(issues)


def _issue(finding: Finding, report: Report) -> dict[str, Any]:
    file, line, _ = file_of(finding, report)
    severity = _SEVERITIES[finding.severity]
    if finding.kind == "unknown" and severity != "info":
        severity = "minor"
    return {
        "description": visible(finding.message),
        "check_name": finding.rule,
        "fingerprint": fingerprint(finding),
        "severity": severity,
        # A path that GitLab takes is relative to the repository.
        "location": {"path": file.lstrip("/"), "lines": {"begin": line}},
    }
