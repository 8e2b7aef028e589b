"""The report as workflow commands of GitHub Actions: annotations on the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.reports.places import file_of
from checker.reports.report import Finding, Report, Severity
from checker.reports.terminal import visible, visible_lines
from checker.reports.unchecked import not_checked, unchecked
from checker.reports.worsened import alone, beside, by_mapping, compared, joined, sentence

MOST = 10
"""How many annotations of a level GitHub shows of one step."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """Return one command a finding, worst first, at most ten a level; waived ones are left out."""
    levels: dict[str, list[Finding]] = {"error": [], "warning": [], "notice": []}
    for finding in report.findings:
        if finding.waived is None:
            levels[_command(finding)].append(finding)
    first = {
        "error": [*_unchecked(report), *_worse(report)],
        "warning": list(_not_compared(report)),
    }
    lines = (
        line
        for level, found in levels.items()
        for line in _level(level, found, report, first.get(level, []))
    )
    return "".join(f"{line}\n" for line in lines)


def _unchecked(report: Report) -> Iterator[str]:
    """Yield a command for what may hold mappings, where nothing was checked."""
    for unread_row in unchecked(report):
        at = unread_row.at if unread_row.at is not None and unread_row.at.line else None
        places = {} if at is None else {"file": at.source, "line": str(at.line)}
        yield _line("error", {**places, "title": "tfcheck"}, not_checked(unread_row))


def _worse(report: Report) -> Iterator[str]:
    """Yield a command for each verdict that got worse and that no finding explains."""
    for row in alone(report):
        at = row.at if row.at is not None and row.at.line else None
        places = {} if at is None else {"file": at.source, "line": str(at.line)}
        yield _line("error", {**places, "title": "tfcheck"}, sentence(row))


def _not_compared(report: Report) -> Iterator[str]:
    if report.compared is not None and report.compared.why:
        yield _line("warning", {"title": "tfcheck"}, "; ".join(compared(report)))


def _command(finding: Finding) -> str:
    """Return the level of a finding; what is unknown never counts as an error."""
    if finding.kind == "unknown" and finding.severity is Severity.ERROR:
        return "warning"
    return _COMMANDS[finding.severity]


def _level(level: str, findings: list[Finding], report: Report, first: list[str]) -> Iterator[str]:
    """Yield the commands of a level, `first` those that are made already."""
    total = len(first) + len(findings)
    most = MOST if total <= MOST else MOST - 1
    yield from first[:most]
    shown = findings[: max(most - len(first), 0)]
    worse = by_mapping(report)
    for finding in shown:
        file, line, column = file_of(finding, report)
        title = f"{finding.rule} (new)" if finding.new else finding.rule
        places = {"file": file, "line": str(line), "col": str(column), "title": title}
        said = joined(finding.message, beside(finding, worse))
        said += f"\nfix: {finding.fix}" if finding.fix else ""
        yield _line(level, places, said)
    left = total - len(first[:most]) - len(shown)
    if left:
        yield _line(level, {"title": "tfcheck"}, f"{left} more: see the report")


def _line(level: str, places: dict[str, str], message: str) -> str:
    said = ",".join(f"{name}={_property(value)}" for name, value in places.items())
    return f"::{level} {said}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a message: its lines stay lines, nothing else that does not print is left."""
    return visible_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
