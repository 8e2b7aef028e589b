"""The report as JSON: the contract `tfcheck.report/1`, described by policies/report.schema.json."""

from __future__ import annotations

from typing import Any

from checker.knowledge.partial import Location
from checker.reports.log import json_text
from checker.reports.report import (
    Compared,
    Finding,
    Proposed,
    Report,
    ReportedThing,
    Row,
    UnreadRow,
)
from checker.reports.unchecked import unchecked

SCHEMA = "tfcheck.report/1"


def render(report: Report) -> str:
    """Return the report as indented JSON in ASCII, with a line feed at its end."""
    return json_text(_report(report))


def _report(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": {"name": "tfcheck", "version": report.version},
        "source": {"kind": report.kind, "target": report.target},
        "policy": report.policy,
        "assumptions": list(report.assumptions),
        "unread": [_unread_row(each) for each in report.unread],
        "mappings": [_row(each) for each in report.mappings],
        "findings": [_finding(each) for each in report.findings],
        "summary": _summary(report),
        **_left_out(report),
    }


def _left_out(report: Report) -> dict[str, Any]:
    """Return what was left out, and what is only proposed, where there is any."""
    found: dict[str, Any] = {"unchecked": True} if unchecked(report) else {}
    if report.baseline is not None:
        found["baseline"] = {"known": report.baseline.count, "gone": list(report.baseline.gone)}
    if report.unchanged is not None:
        found["unchanged"] = report.unchanged
    if report.compared is not None:
        found["compared"] = _compared(report.compared)
    if report.proposed:
        found["proposed"] = [_proposed(each) for each in report.proposed]
    return found


def _compared(each: Compared) -> dict[str, Any]:
    return {
        "commit": each.commit,
        "fixed": each.fixed,
        "unread": list(each.unread_rows),
        "why": each.why or None,
    }


def _proposed(each: Proposed) -> dict[str, Any]:
    return {
        "rules": list(each.rules),
        "address": each.address,
        "reason": each.reason,
        "until": each.until or None,
        "location": _location(each.at),
    }


def _unread_row(unread_row: UnreadRow) -> dict[str, Any]:
    return {"id": unread_row.id, "why": unread_row.why, "location": _location(unread_row.at)}


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "verdict": row.verdict.value,
        "queue": _thing(row.source) if row.noun == "queue" else None,
        "source": row.source and {"type": row.noun, "id": row.source.id, "arn": row.source.arn},
        "function": _thing(row.function),
        "role": _thing(row.role),
        "deployer": _thing(row.deployer),
        "location": _location(row.at),
        **({} if row.was is None else {"was": row.was.value}),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    waived = finding.waived
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "mappings": list(finding.mappings),
        "subject": finding.subject,
        "message": finding.message,
        "location": _location(finding.at),
        "because": [
            {"text": each.text, "location": _location(each.at)} for each in finding.because
        ],
        **({"new": True} if finding.new else {}),
        **_affected(finding),
        **_trail(finding),
        "fix": finding.fix,
        **_fixes(finding),
        **_cause(finding),
        "waived": waived
        and {
            "reason": waived.reason,
            "until": waived.until or None,
            "location": _location(waived.at),
        },
    }


def _affected(finding: Finding) -> dict[str, Any]:
    """Return what one cause affects, where that is more than one thing or rule."""
    if not finding.affected:
        return {}
    parts = [
        {
            "rule": each.rule,
            "severity": each.severity.value,
            "subject": each.subject,
            "mappings": list(each.mappings),
            "message": each.message,
        }
        for each in finding.affected
    ]
    return {"affected": parts}


def _trail(finding: Finding) -> dict[str, Any]:
    """Return the places that the value passed through, where there is more than one."""
    if not finding.trail:
        return {}
    steps = [
        {"kind": step.kind, "name": step.name, "location": _location(step.at)}
        for step in finding.trail
    ]
    return {"trail": steps}


def _fixes(finding: Finding) -> dict[str, Any]:
    """Return the change of one line that fixes a problem, where there is one."""
    found = finding.replacement
    if found is None:
        return {}
    return {"fixes": [{"location": _location(found.at), "old": found.old, "new": found.new}]}


def _cause(finding: Finding) -> dict[str, Any]:
    """Return what an unknown follows from, where that is another one."""
    cause = finding.cause
    if cause is None or cause.text == finding.why:
        return {}
    return {"cause": {"text": cause.text, "location": _location(cause.at)}}


def _summary(report: Report) -> dict[str, int]:
    summary = report.summary
    return {
        "mappings": summary.mappings,
        "ready": summary.ready,
        "at-risk": summary.at_risk,
        "blocked": summary.blocked,
        "undecided": summary.undecided,
        "other-sources": summary.other_sources,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "unknown": summary.unknown,
        "waived": summary.waived,
    }


def _thing(thing: ReportedThing | None) -> dict[str, str] | None:
    return None if thing is None else {"id": thing.id, "arn": thing.arn}


def _location(at: Location | None) -> dict[str, Any] | None:
    if at is None:
        return None
    if at.line == 0 and at.source.startswith("arn:"):
        return {"arn": at.source}
    found = {"file": at.source, "line": max(at.line, 1), "column": max(at.column, 1)}
    if at.end_line:
        found |= {"end-line": at.end_line, "end-column": at.end_column}
    return found
