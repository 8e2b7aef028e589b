"""The report as one HTML page that needs no network: a picture of each mapping, worst first.

Jinja2 escapes every text; the page's Content-Security-Policy lets nothing run or load but its own
style and script, each by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checker.reports.picture import boxes, lines
from checker.reports.proposals import worded
from checker.reports.report import Finding, Report, Row, Severity, Verdict
from checker.reports.terminal import visible, visible_lines
from checker.reports.titles import title
from checker.reports.unchecked import HEADLINE, unchecked
from checker.reports.worsened import compared, marked, worse

FOLDER = Path(__file__).parent
_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_CODE = re.compile(r"`([^`]*)`")


def render(report: Report) -> str:
    """Return the report as one self-contained page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined
    )
    style, script = ((FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
    of_mapping: dict[str, list[Finding]] = {}
    for finding in report.findings:
        for mapping in finding.mappings:
            of_mapping.setdefault(mapping, []).append(finding)
    shared = [e for e in report.findings if len(e.mappings) > 1 and e.waived is None]
    own = {mapping: _own(found) for mapping, found in of_mapping.items()}
    return environment.get_template("page.html.jinja").render(
        title=f"tfcheck: {_headline(report)}",
        report=_shown(report),
        counts=_counts(report),
        summary=_summary(report),
        rules=sorted({finding.rule for finding in report.findings}),
        rows=[_row(r, of_mapping.get(r.id, []), own.get(r.id, [])) for r in report.mappings],
        shared=[{**_finding(e), "mappings": list(map(visible, e.mappings))} for e in shared],
        compared=[segments(each) for each in compared(report)],
        proposed=[(segments(worded(e)), visible(str(e.at))) for e in report.proposed],
        others=[_finding(each) for each in report.findings if not each.mappings],
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _shown(report: Report) -> dict[str, Any]:
    return {
        "target": visible(report.target),
        "policy": visible(report.policy),
        "version": report.version,
        "assumptions": [visible(each) for each in report.assumptions],
        "unread": [
            {"id": visible(unread_row.id), "why": visible(unread_row.why)}
            for unread_row in report.unread
        ],
    }


def _headline(report: Report) -> str:
    summary = report.summary
    if unchecked(report):
        return HEADLINE
    if not summary.mappings:
        return "no mapping"
    counts = dict(_counts(report))
    worst = next(verdict for verdict, count in counts.items() if count)
    return f"{counts[worst]} of {summary.mappings} {worst}"


def _counts(report: Report) -> list[tuple[str, int]]:
    summary = report.summary
    counts = (summary.blocked, summary.undecided, summary.at_risk, summary.ready)
    return [(v.value, count) for v, count in zip(Verdict, counts, strict=True)]


def _summary(report: Report) -> str:
    summary = report.summary
    return (
        f"{summary.errors} errors, {summary.warnings} warnings, {summary.notes} notes,"
        f" {summary.unknown} unknown, {summary.waived} waived"
    )


def _own(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one mapping alone; those of several stand once, before them."""
    return [each for each in findings if len(each.mappings) == 1 or each.waived is not None]


def _row(row: Row, findings: Sequence[Finding], own: Sequence[Finding]) -> dict[str, Any]:
    """Return what the page shows of a mapping; `own` are the findings of it alone."""
    return {
        "id": visible(title(row)),
        "verdict": row.verdict.value,
        "was": worse(row),
        "at": visible(str(row.at)) if row.at is not None and str(row.at) != title(row) else "",
        "rules": " ".join(dict.fromkeys(finding.rule for finding in findings)),
        "boxes": list(boxes(row)),
        "lines": list(lines(row, findings)),
        "findings": [_finding(each) for each in own],
        "shared": len(own) < len(findings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    word = "unknown" if finding.kind == "unknown" else _SEVERITIES[finding.severity]
    waived = ""
    if finding.waived is not None:
        word = "waived"
        until = f" until {finding.waived.until}" if finding.waived.until else ""
        waived = f"{finding.waived.reason or 'no reason given'}{until}"
    return {
        "rule": finding.rule,
        "word": word,
        "shown": marked(word, finding),
        "open": word == "error",
        "at": "" if finding.at is None else visible(str(finding.at)),
        "message": segments(finding.message),
        "because": [
            (segments(each.text), "" if each.at is None else visible(str(each.at)))
            for each in finding.because
        ],
        "waived": visible(waived),
        "settle": "To settle it:" if finding.kind == "unknown" else "Fix:",
        "fix": visible_lines(finding.fix),
    }


def segments(text: str) -> list[tuple[str, bool]]:
    """Cut a sentence into what stands in backticks (True) and what does not."""
    shown = visible(text)
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _CODE.finditer(shown):
        found += [(shown[end : match.start()], False), (match[1], True)]
        end = match.end()
    return [*found, (shown[end:], False)]
