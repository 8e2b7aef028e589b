"""Whether a run with a report fails."""

from __future__ import annotations

from checker.policy.policy import Policy
from checker.reports.report import Report, Severity

_SEVERITIES = list(Severity)


def fails(report: Report, policy: Policy) -> bool:
    """Tell whether a run with this report fails (exit code 1).

    It does if an unwaived problem is at least as severe as `fail_on`; where the undecided
    fails, also if an unknown of that severity stands, a mapping is undecided, or something was
    not read, since a mapping may hide in it. What a baseline knows, or the commit has that the
    report was compared with, does not count; a verdict that got worse always does.
    """
    if any(row.was is not None for row in report.mappings):
        return True
    worst = _SEVERITIES.index(policy.fail_on)
    standing = [
        each
        for each in report.findings
        if each.waived is None and _SEVERITIES.index(each.severity) <= worst
    ]
    if any(each.kind == "problem" for each in standing):
        return True
    compared = report.compared
    if compared is not None and not compared.why:
        return policy.undecided_fails and (bool(standing) or compared.lost)
    if report.baseline is not None:
        return policy.undecided_fails and (bool(standing) or report.baseline.lost)
    open_points = standing or report.summary.undecided or report.unread
    return policy.undecided_fails and bool(open_points)
