"""Join the reports on several root modules, accounts or Regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checker.model import InlineWaiver, Inventory, Spent
from checker.policy.findings import findings_of, merged, worst_first
from checker.policy.policy import Policy
from checker.policy.rows import in_order
from checker.policy.summary import summarize
from checker.reports.report import Finding, Report
from checker.rules import RULES
from checker.rules.rule import Problem, Result

_OF_COMMENTS = frozenset(rule.name for rule in RULES if rule.on is Spent)
"""Rules about comments, which are asked once it is known what all root modules spent of them."""


def merge(reports: Sequence[Report], policy: Policy, *, target: str = "") -> Report:
    """Return one report on everything that reports are about, judged under one policy.

    `target` is what the run was asked to check, where that is not what the first report is about.
    """
    first = reports[0]
    if len(reports) == 1:
        return replace(first, target=target or first.target)
    findings = merged(
        (replace(each, mappings=()), each.mappings)
        for report in reports
        for each in report.findings
        if each.rule not in _OF_COMMENTS
    )
    rows = in_order(row for report in reports for row in report.mappings)
    whole = replace(
        first,
        target=target or first.target,
        assumptions=tuple(dict.fromkeys(a for report in reports for a in report.assumptions)),
        unread=tuple(row for report in reports for row in report.unread),
        mappings=rows,
        findings=tuple(findings),
        summary=summarize(rows, (), sum(each.summary.other_sources for each in reports)),
        proposed=tuple(
            sorted({each for report in reports for each in report.proposed}, key=lambda p: p.at)
        ),
        spent=_joined(each for report in reports for each in report.spent),
    )
    return with_comments(whole, policy)


def with_comments(report: Report, policy: Policy) -> Report:
    """Return a report with what the rules about spent comments say, in order and counted."""
    findings = worst_first((*report.findings, *_of_comments(report.spent, policy)))
    summary = summarize(report.mappings, findings, report.summary.other_sources)
    return replace(report, findings=tuple(findings), summary=summary)


def _of_comments(spent: Sequence[Spent], policy: Policy) -> Iterator[Finding]:
    for rule in policy.select(RULES):
        for each in spent if rule.on is Spent else ():
            said = rule.check(each, Inventory(), policy.settings)
            problems = tuple(one for one in said if isinstance(one, Problem))
            result = Result(rule.name, str(each.waiver.at), (), problems, ())
            yield from merged(findings_of(result, policy))


def _joined(spent: Iterable[Spent]) -> tuple[Spent, ...]:
    """Join what several root modules spent of one comment: it is wrong if it is so in each."""
    found: dict[tuple[object, ...], Spent] = {}
    for each in spent:
        before = found.get(_place(each.waiver), each)
        found[_place(each.waiver)] = Spent(
            before.waiver if not before.wrong else each.waiver,
            matched=before.matched or each.matched,
            wrong=before.wrong and each.wrong,
        )
    return tuple(found.values())


def _place(waiver: InlineWaiver) -> tuple[object, ...]:
    return waiver.at, waiver.rules
