"""The report as JUnit XML: a suite a mapping, a test case a rule, passes included.

Its schema is that of Jenkins' xUnit plugin, which every pipeline reads. What a reader would not see
is shown as an escape, which leaves nothing that XML 1.0 cannot hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checker.reports.log import broken
from checker.reports.report import Finding, Report, Row, Severity
from checker.reports.terminal import visible, visible_lines
from checker.reports.titles import title
from checker.reports.unchecked import not_checked, unchecked
from checker.reports.worsened import compared, verdict

OTHERS = "beside the mappings"
_SEVERITIES = list(Severity)


def render(report: Report) -> str:
    """Return the report as XML.

    A test case fails for a problem that makes the run fail. Less severe ones are its output, and it
    is skipped for unknowns and waived findings.
    """
    failing = frozenset(_SEVERITIES[: _SEVERITIES.index(report.fail_on) + 1])
    root = Element("testsuites", name="tfcheck")
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        for part in parted(finding):
            for mapping in dict.fromkeys(part.mappings):
                found[mapping].append(part)
    for row in report.mappings:
        _suite(root, title(row), found[row.id], row, failing)
    others = [finding for finding in report.findings if not finding.mappings]
    gone = unchecked(report)
    unread = [
        (unread_row.id, f"not read: {unread_row.why}")
        for unread_row in report.unread
        if unread_row not in gone
    ]
    if report.compared is not None:
        unread += [("compared", each) for each in compared(report)]
    if others or unread or gone:
        suite = _suite(root, OTHERS, others, None, failing)
        for unread_row in gone:
            case = SubElement(suite, "testcase", name=visible(unread_row.id), classname="unread")
            SubElement(case, "error", message=visible(not_checked(unread_row)), type="not-checked")
        for what, why in unread:
            case = SubElement(suite, "testcase", name=visible(what), classname="unread")
            SubElement(case, "skipped", message=visible(why))
        _count(suite)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    said = broken(tostring(root, encoding="unicode"), lambda sign: f"&#{ord(sign)};")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{said}\n'


def parted(finding: Finding) -> Iterator[Finding]:
    """Yield what each rule says of each thing that one cause affects, as findings."""
    for each in finding.parts:
        yield replace(
            finding,
            rule=each.rule,
            severity=each.severity,
            subject=each.subject,
            mappings=each.mappings,
            message=each.message,
            affected=(),
        )


def _suite(
    root: Element,
    name: str,
    findings: list[Finding],
    row: Row | None,
    failing: frozenset[Severity],
) -> Element:
    suite = SubElement(root, "testsuite", name=visible(name))
    if row is not None and row.was is not None:
        case = SubElement(suite, "testcase", name="verdict", classname=visible(name))
        SubElement(case, "failure", message=verdict(row), type="verdict")
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    for found in by_rule.values():
        _case(suite, name, found, failing)
    for rule in row.passed if row is not None else ():
        if rule not in by_rule:
            SubElement(suite, "testcase", name=rule, classname=visible(name))
    _count(suite)
    return suite


def _case(suite: Element, name: str, findings: list[Finding], failing: frozenset[Severity]) -> None:
    """Write one rule on one mapping: failed, skipped or passed, in this order."""
    case = SubElement(suite, "testcase", name=findings[0].rule, classname=visible(name))
    standing = [each for each in findings if each.kind == "problem" and each.waived is None]
    failures = [each for each in standing if each.severity in failing]
    unknowns = [each for each in findings if each.kind == "unknown" and each.waived is None]
    others = [each for each in standing if each.severity not in failing]
    if failures:
        message, severity = visible(failures[0].message), failures[0].severity.value
        failure = SubElement(case, "failure", message=message, type=severity)
        failure.text = "\n\n".join(_worded(each) for each in failures)
    elif unknowns or not standing:
        first = (unknowns or findings)[0]
        why = first.message if first.waived is None else f"waived: {first.waived.reason}"
        SubElement(case, "skipped", message=visible(why))
    if others:
        said = "\n\n".join(f"{each.severity.value}: {_worded(each)}" for each in others)
        SubElement(case, "system-out").text = said


def _worded(finding: Finding) -> str:
    lines = [("new: " if finding.new else "") + visible(finding.message)]
    lines += [f"at {visible(str(finding.at))}"] if finding.at is not None else []
    lines += [f"- {visible(each.text)}" for each in finding.because]
    lines += [f"fix: {visible_lines(finding.fix)}"] if finding.fix else []
    return "\n".join(lines)


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
