"""From inventories to an exit code: the part that every command that checks shares."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli import console, formats, options
from checker.cli.permalinks import permalinks
from checker.records import dataclass

if TYPE_CHECKING:
    from checker.cli.progress import Tell
    from checker.cli.selection import RuleSelection
    from checker.files import Repository
    from checker.model import Inventory
    from checker.policy import Policy
    from checker.policy.files import PolicyFiles
    from checker.reports.permalinks import Permalinks
    from checker.reports.report import Finding, Report
    from checker.rules.settings import Settings

MOST_BYTES = 4_000_000
"""How large a file may be of which lines are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where reports go, and how much people are shown."""

    targets: tuple[formats.Target, ...]
    quiet: bool
    verbose: bool
    plain: bool

    def write(
        self, report: Report, files: Repository | None = None, secrets: Collection[str] = ()
    ) -> None:
        """Write the reports, with lines of `files` without the secrets in them.

        UsageError if a file cannot be written.
        """
        from checker.policy.grouping import grouped

        color = console.is_terminal() and not self.plain and not os.environ.get("NO_COLOR")
        report = grouped(report)
        if files is not None and any(each.format in formats.WITH_LINES for each in self.targets):
            report = _with_lines(report, files, secrets)
        if files is not None and any(each.format in formats.WITH_FIXES for each in self.targets):
            report = _with_replacements(report, files, secrets)
        links = self._permalinks(report, files)
        for each in self.targets:
            seen = self._terminal(each, files)
            look = formats.Look(color, self.quiet, self.verbose, *seen, permalinks=links)
            each.write(report, look)

    def _permalinks(self, report: Report, files: Repository | None) -> Permalinks | None:
        linked = any(each.format in formats.LINKED for each in self.targets)
        return permalinks(files, report) if linked else None

    def _terminal(
        self, target: formats.Target, files: Repository | None
    ) -> tuple[int | None, str, str]:
        """Return the width of the terminal, the directory it is in, and where links lead."""
        if target.file is not None or not console.is_terminal():
            return None, "", ""
        from checker.files import absolute

        here = "" if files is None else os.path.relpath(absolute(Path()), files.root)
        base = files.root.as_uri() if files is not None and console.has_links() else ""
        inside = here != "." and not here.startswith("..")
        return console.width(), Path(here).as_posix() if inside else "", base


def _reading(files: Repository) -> Callable[[str], str | None]:
    """Return what gives the text of a file by its path in the repository."""
    from checker.files import FileError

    def read(source: str) -> str | None:
        try:
            return files.read(files.root / source, MOST_BYTES).decode("utf-8", "replace")
        except FileError:
            return None

    return read


def _with_lines(report: Report, files: Repository, secrets: Collection[str]) -> Report:
    from checker.masking import Masker
    from checker.reports.excerpts import excerpted, secret_lines

    return Masker(secret_lines(secrets)).whole(excerpted(report, _reading(files)))


def _with_replacements(report: Report, files: Repository, secrets: Collection[str]) -> Report:
    """Return a report with what changes one line, of the findings that have such a fix."""
    from checker.edits.replacing import MOST_FILES, SourceText, replacement
    from checker.masking import Masker

    read, texts = _reading(files), dict[str, SourceText]()
    taken: set[tuple[str, int]] = set()  # of one line the worst finding has its say

    def changed(each: Finding) -> Finding:
        if each.at is None or not each.safe or each.waived is not None:
            return each
        if each.at.source not in texts:
            if len(texts) == MOST_FILES:
                return each
            texts[each.at.source] = SourceText(read(each.at.source) or "")
        found = replacement(each.edits, each.at, texts[each.at.source])
        line = (each.at.source, each.at.line)
        if found is None or line in taken:
            return each
        taken.add(line)
        return replace(each, replacement=found)

    return Masker(secrets).whole(replace(report, findings=tuple(map(changed, report.findings))))


def secrets_of(inventories: Iterable[Inventory]) -> frozenset[str]:
    """Return what no report may show."""
    return frozenset[str]().union(*(each.secrets for each in inventories))


def chosen(
    name: str,
    rules: RuleSelection,
    fail_on: options.FailOn | None,
    *,
    strict: bool,
    where: PolicyFiles | None = None,
) -> Policy:
    """Return the policy, with what the command line lays over it; files are read in `where`.

    Raises:
        PolicyFileError: the policy cannot be read, or is wrong.
        UsageError: no rule is left to run.
    """
    from checker.policy import load
    from checker.policy.files import DISK
    from checker.reports.report import Severity
    from checker.rules import RULES

    policy = load(name, [rule.name for rule in RULES], where or DISK)
    if fail_on is not None:
        policy = replace(policy, fail_on=Severity(fail_on.value))
    return rules.applied(replace(policy, undecided_fails=policy.undecided_fails or strict))


def judged(
    inventories: Sequence[Inventory],
    policy: Policy,
    target: str,
    *,
    verbose: bool,
    inline: bool,
    progress: Tell = lambda *_: None,
) -> Report:
    """Check and judge; `verbose` tells how each permission was decided, too.

    `progress` is called with how far it is.
    """
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
    for n, each in enumerate(inventories):
        progress("checking", n, len(inventories) if len(inventories) > 1 else 0, 0)
        results = check_by_cases(each, rules, policy.settings, answers)
        reports.append(judge(each, results, policy, today, inline=inline))
    report = merge(reports, policy, target=target)
    if verbose:
        report = _with_traces(report, inventories, policy.settings)
    return Masker(secrets_of(inventories)).whole(report)


def _with_traces(report: Report, inventories: Sequence[Inventory], settings: Settings) -> Report:
    from checker.policy.traces import traced

    traces = {
        mapping.id: traced(mapping, inventory, settings)
        for inventory in inventories
        for mapping in inventory.mappings
    }
    rows = tuple(replace(row, trace=traces[row.id]) for row in report.mappings)
    return replace(report, mappings=rows)


def ended(report: Report, policy: Policy, *, exit_zero: bool = False) -> int:
    """Return the exit code; say last what is not confirmed. With `exit_zero`, 1 becomes 0.

    Where no mapping was found, and what was not read may hold some, nothing was checked.
    """
    from checker.policy import fails
    from checker.reports.unchecked import unchecked

    summary = report.summary
    if unchecked(report):
        console.nothing_was_checked()
        return console.COULD_NOT_CHECK
    if summary.undecided:
        console.say(f"{summary.undecided} of {summary.mappings} undecided: not confirmed")
    return int(fails(report, policy) and not exit_zero)
