"""From inventories to an exit code: the part that every command that checks shares."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checker.cli import console, formats, options

if TYPE_CHECKING:
    from checker.model import Inventory
    from checker.policy import Policy
    from checker.policy.files import PolicyFiles
    from checker.reports.report import Report
    from checker.rules.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """Where reports go, and how much people are shown."""

    targets: tuple[formats.Target, ...]
    quiet: bool
    verbose: bool
    plain: bool

    def write(self, report: Report) -> None:
        """Write the reports; UsageError if a file cannot be written."""
        color = console.is_terminal() and not self.plain and not os.environ.get("NO_COLOR")
        for each in self.targets:
            each.write(report, color=color, quiet=self.quiet, verbose=self.verbose)


def chosen(
    name: str,
    fail_on: options.FailOn | None,
    *,
    strict: bool,
    where: PolicyFiles | None = None,
) -> Policy:
    """Return the policy, with what the command line lays over it; files are read in `where`."""
    from checker.policy import load
    from checker.policy.files import DISK
    from checker.reports.report import Severity
    from checker.rules import RULES

    policy = load(name, [rule.name for rule in RULES], where or DISK)
    if fail_on is not None:
        policy = replace(policy, fail_on=Severity(fail_on.value))
    return replace(policy, undecided_fails=policy.undecided_fails or strict)


def judged(
    inventories: Sequence[Inventory], policy: Policy, target: str, *, verbose: bool, inline: bool
) -> Report:
    """Check and judge; `verbose` tells how each permission was decided, too."""
    from datetime import UTC, datetime

    from checker.cases import check_by_cases
    from checker.check import in_one_run
    from checker.masking import Masker
    from checker.policy import judge, merge
    from checker.rules import RULES

    rules = policy.select(RULES)
    today = datetime.now(UTC).date()
    inventories = [replace(each, today=today) for each in inventories]
    answers = in_one_run(inventories)
    reports = []
    for each in inventories:
        results = check_by_cases(each, rules, policy.settings, answers)
        reports.append(judge(each, results, policy, today, inline=inline))
    report = merge(reports, policy, target=target)
    if verbose:
        report = _with_traces(report, inventories, policy.settings)
    secrets = frozenset[str]().union(*(each.secrets for each in inventories))
    return Masker(secrets).whole(report)


def _with_traces(report: Report, inventories: Sequence[Inventory], settings: Settings) -> Report:
    from checker.policy.traces import traced

    traces = {
        mapping.id: traced(mapping, inventory, settings)
        for inventory in inventories
        for mapping in inventory.mappings
    }
    rows = tuple(replace(row, trace=traces[row.id]) for row in report.mappings)
    return replace(report, mappings=rows)


def ended(report: Report, policy: Policy) -> int:
    """Return the exit code; say last what is not confirmed.

    Where no mapping was found, and what was not read may hold some, nothing was checked.
    """
    from checker.policy import fails

    summary = report.summary
    if not summary.mappings and any(gap.mappings for gap in report.unread):
        console.nothing_was_checked()
        return console.COULD_NOT_CHECK
    if summary.undecided:
        console.say(f"{summary.undecided} of {summary.mappings} undecided: not confirmed")
    return int(fails(report, policy))
