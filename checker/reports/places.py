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
    at = place_of(finding, report)
    return at.source, at.line, at.column


def place_of(finding: Finding, report: Report) -> Location:
    """Return where a finding is shown in a file; the target's first line where it has no place."""
    at = finding.at
    if at is not None and at.line > 0:
        return _from_one(at)
    for each in finding.because:
        if each.at is not None and each.at.line > 0:
            return _from_one(each.at)
    rows = {row.id: row.at for row in report.mappings}
    for mapping in finding.mappings:
        place = rows.get(mapping)
        if place is not None and place.line > 0:
            return _from_one(place)
    return Location(report.target if report.kind != "account" else "account", 1, 1)


def _from_one(at: Location) -> Location:
    """Return a location whose column is known: the first of the line, if none is."""
    return at if at.column else Location(at.source, at.line, 1).up_to(at)


def uri(path: str) -> str:
    """Return a relative path as a URI reference: percent-encoded, with forward slashes."""
    clean = path.replace("\\", "/").lstrip("/") or "."
    return quote(clean, safe="/-_.~", errors="backslashreplace")
