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
from checker.reports.report import Finding, Report, Row
from checker.reports.terminal import visible, visible_lines
from checker.reports.worsened import compared, verdict

OTHERS = "beside the mappings"


def render(report: Report) -> str:
    """Return the report as XML: problems fail, unknowns and waived findings are skipped."""
    root = Element("testsuites", name="tfcheck")
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        for part in parted(finding):
            for mapping in dict.fromkeys(part.mappings):
                found[mapping].append(part)
    for row in report.mappings:
        _suite(root, row.id, found[row.id], row)
    others = [finding for finding in report.findings if not finding.mappings]
    unread = [(gap.id, f"not read: {gap.why}") for gap in report.unread]
    if report.compared is not None:
        unread += [("compared", each) for each in compared(report)]
    if others or unread:
        suite = _suite(root, OTHERS, others, None)
        for what, why in unread:
            case = SubElement(suite, "testcase", name=visible(what), classname="unread")
            SubElement(case, "skipped", message=visible(why))
        _count(suite)
    for name in ("tests", "failures"):
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


def _suite(root: Element, name: str, findings: list[Finding], row: Row | None) -> Element:
    suite = SubElement(root, "testsuite", name=visible(name))
    if row is not None and row.was is not None:
        case = SubElement(suite, "testcase", name="verdict", classname=visible(name))
        SubElement(case, "failure", message=verdict(row), type="verdict")
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    for rule, found in by_rule.items():
        _case(suite, name, rule, found)
    for rule in row.passed if row is not None else ():
        if rule not in by_rule:
            SubElement(suite, "testcase", name=rule, classname=visible(name))
    _count(suite)
    return suite


def _case(suite: Element, name: str, rule: str, findings: list[Finding]) -> None:
    """Write one rule on one mapping: failed if any problem stands, else skipped."""
    case = SubElement(suite, "testcase", name=rule, classname=visible(name))
    standing = [each for each in findings if each.kind == "problem" and each.waived is None]
    if standing:
        first = standing[0]
        told = "\n\n".join(_told(each) for each in standing)
        failure = SubElement(
            case, "failure", message=visible(first.message), type=first.severity.value
        )
        failure.text = told
        return
    first = findings[0]
    why = first.message if first.waived is None else f"waived: {first.waived.reason}"
    SubElement(case, "skipped", message=visible(why))


def _told(finding: Finding) -> str:
    lines = [visible(finding.message)]
    lines += [f"at {visible(str(finding.at))}"] if finding.at is not None else []
    lines += [f"- {visible(each.text)}" for each in finding.because]
    lines += [f"fix: {visible_lines(finding.fix)}"] if finding.fix else []
    return "\n".join(lines)


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", "0")
