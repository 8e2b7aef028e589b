"""Where a finding is shown by formats that need a file: never nowhere."""

from __future__ import annotations

from urllib.parse import quote

from checker.knowledge.partial import Location
from checker.reports.report import Finding, Report


def is_file(at: Location | None) -> bool:
    """Tell whether a place is a line of a file."""
    return at is not None and at.line > 0


def file_of(finding: Finding, report: Report) -> tuple[str, int, int]:
    """Return file, line and column of a finding; the target's first line where it has none."""
    at = finding.at
    if at is not None and at.line > 0:
        return at.source, at.line, max(at.column, 1)
    for each in finding.because:
        if each.at is not None and each.at.line > 0:
            return each.at.source, each.at.line, max(each.at.column, 1)
    rows = {row.id: row.at for row in report.mappings}
    for mapping in finding.mappings:
        place = rows.get(mapping)
        if place is not None and place.line > 0:
            return place.source, place.line, max(place.column, 1)
    return report.target if report.kind != "account" else "account", 1, 1


def uri(path: str) -> str:
    """Return a relative path as a URI reference: percent-encoded, with forward slashes."""
    clean = path.replace("\\", "/").lstrip("/") or "."
    return quote(clean, safe="/-_.~", errors="backslashreplace")
