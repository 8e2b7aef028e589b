"""The report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import checker
from checker.knowledge.partial import Location
from checker.reports.fingerprint import fingerprint
from checker.reports.log import json_text
from checker.reports.places import place_of, uri
from checker.reports.proposals import worded
from checker.reports.report import Finding, Report, Row, Severity
from checker.reports.terminal import visible, visible_lines
from checker.reports.unchecked import not_checked, unchecked
from checker.reports.worsened import beside, by_mapping, compared, joined, sentence, worsened
from checker.rules import RULES
from checker.rules.fix import Replacement
from checker.rules.rule import AnyRule, Evidence

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_MOST_RELATED = 20
MOST = 25_000
"""How many results a run may have: GitHub refuses more. The worst are first."""


def render(report: Report, *, waived: bool = False) -> str:
    """Return the report as SARIF; `waived` findings are suppressed results, else left out.

    Messages are for people, who see hidden characters as escapes; names are data, and exact.
    """
    every = [each for each in report.findings if waived or each.waived is None]
    found = every[:MOST]
    names = dict.fromkeys(each.rule for each in found)
    rules = [rule for rule in RULES if rule.name in names]
    worse = by_mapping(report)
    order = {rule.name: n for n, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "tfcheck",
                "semanticVersion": report.version,
                "informationUri": checker.HOMEPAGE,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        **_invocations(report),
        "results": [_result(each, report, order, worse) for each in found],
        "properties": {
            "policy": report.policy,
            "assumptions": [visible(each) for each in report.assumptions],
            "unread": [
                visible(f"{unread_row.id}: {unread_row.why}") for unread_row in report.unread
            ],
            **_proposed(report),
            **_compared(report),
            **({"leftOut": len(every) - MOST} if len(every) > MOST else {}),
        },
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _invocations(report: Report) -> dict[str, Any]:
    """Return that the run checked nothing, if so, and why."""
    notes: list[dict[str, Any]] = []
    for unread_row in unchecked(report):
        note: dict[str, Any] = {
            "level": "error",
            "message": {"text": visible(not_checked(unread_row))},
        }
        if unread_row.at is not None and unread_row.at.line > 0:
            note["locations"] = [{"physicalLocation": _physical(unread_row.at)}]
        notes.append(note)
    if not notes:
        return {}
    return {"invocations": [{"executionSuccessful": False, "toolExecutionNotifications": notes}]}


def _proposed(report: Report) -> dict[str, Any]:
    if not report.proposed:
        return {}
    return {"proposed": [visible(f"{worded(each)} ({each.at})") for each in report.proposed]}


def _compared(report: Report) -> dict[str, Any]:
    said = [*compared(report), *map(sentence, worsened(report))]
    return {"compared": [visible(each) for each in said]} if said else {}


def _rule(rule: AnyRule) -> dict[str, Any]:
    page = f"# {rule.name}\n\n{rule.doc}\n"
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "helpUri": f"{checker.RULE_PAGES}#{rule.name}",
        "help": {"text": rule.doc, "markdown": page},
        "properties": {"tags": ["aws", "sqs", "lambda"], "precision": "very-high"},
    }


def _result(
    finding: Finding, report: Report, order: dict[str, int], worse: Mapping[str, Row]
) -> dict[str, Any]:
    unknown = finding.kind == "unknown"
    said = visible(joined(finding.message, beside(finding, worse)))
    said += f"\n\nFix: {visible_lines(finding.fix)}" if finding.fix else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "kind": "open" if unknown else "fail",
        # A result that is not a failure has no level but `none` (section 3.27.10).
        "level": "none" if unknown else _LEVELS[finding.severity],
        "message": {"text": said},
        "locations": [_location(finding, report)],
        "partialFingerprints": {"tfcheck/v1": fingerprint(finding)},
        "properties": {"severity": finding.severity.value, "mappings": list(finding.mappings)},
    }
    if finding.new:
        result["baselineState"] = "new"
    if finding.rule in order:
        result["ruleIndex"] = order[finding.rule]
    related = _related(finding.because)
    if related:
        result["relatedLocations"] = related
    if finding.replacement is not None:
        result["fixes"] = [_fix(finding, finding.replacement)]
    if finding.waived is not None:
        why = visible(finding.waived.reason or "no reason given")
        result["suppressions"] = [{"kind": "inSource", "justification": why}]
    return result


def _fix(finding: Finding, change: Replacement) -> dict[str, Any]:
    """Return the change of one line that fixes a problem (section 3.55)."""
    physical = _physical(change.at)
    replacement: dict[str, Any] = {"deletedRegion": physical["region"]}
    if change.new:
        replacement["insertedContent"] = {"text": change.new}
    return {
        "description": {"text": visible(finding.fix)},
        "artifactChanges": [
            {"artifactLocation": physical["artifactLocation"], "replacements": [replacement]}
        ],
    }


def _location(finding: Finding, report: Report) -> dict[str, Any]:
    names = dict.fromkeys((finding.subject, *finding.mappings))
    logical = [{"fullyQualifiedName": name, "kind": "resource"} for name in names if name]
    found = {"physicalLocation": _physical(place_of(finding, report))}
    return {**found, "logicalLocations": logical} if logical else found


def _physical(at: Location) -> dict[str, Any]:
    region = {"startLine": at.line, "startColumn": max(at.column, 1)}
    if at.end_line:
        region |= {"endLine": at.end_line, "endColumn": at.end_column}
    return {"artifactLocation": {"uri": uri(at.source), "uriBaseId": ROOT}, "region": region}


def _related(because: Iterable[Evidence]) -> list[dict[str, Any]]:
    placed = [(each, each.at) for each in because if each.at is not None]
    return [_evidence(n, each, at) for n, (each, at) in enumerate(placed[:_MOST_RELATED])]


def _evidence(number: int, each: Evidence, at: Location) -> dict[str, Any]:
    found: dict[str, Any] = {"id": number, "message": {"text": visible(each.text)}}
    if at.line > 0:
        found["physicalLocation"] = _physical(at)
    else:
        found["logicalLocations"] = [{"fullyQualifiedName": at.source, "kind": "resource"}]
    return found
