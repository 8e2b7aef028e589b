"""The report as Markdown: the comment on a pull request, and the summary of a step.

Every text that the input chose is set as code, in which GitHub reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checker.report import Finding, Report, Row, Severity, Verdict
from checker.reports.proposals import worded
from checker.reports.terminal import visible

MARK = "<!-- tfcheck -->"
"""By its first line the comment is found again."""
MOST = 65_000
"""How many characters a comment may have: GitHub takes 65,536."""
_ICONS = {
    Verdict.BLOCKED: "\N{CROSS MARK}",
    Verdict.UNDECIDED: "\N{WHITE QUESTION MARK ORNAMENT}",
    Verdict.AT_RISK: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Verdict.READY: "\N{WHITE HEAVY CHECK MARK}",
}
_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_TICKS = re.compile("`+")
_CODE = re.compile(r"`([^`]*)`")


def render(report: Report) -> str:
    """Return the report as Markdown of at most 65,000 characters; what is left out is counted."""
    parts = [MARK, f"### tfcheck: {_headline(report)}", *_table(report.mappings)]
    size = sum(len(part) + 2 for part in parts)
    tail = list(_tail(report))
    size += sum(len(part) + 2 for part in tail)
    left = 0
    for block in _blocks(report.findings):
        if size + len(block) + 2 > MOST - 200:
            left += 1
            continue
        parts.append(block)
        size += len(block) + 2
    if left:
        parts.append(f"{left} findings are left out: they would not fit into a comment.")
    return "\n\n".join([*parts, *tail]) + "\n"


def _headline(report: Report) -> str:
    summary = report.summary
    if not summary.mappings:
        return "no mapping from an SQS queue to a Lambda function"
    counts = {
        Verdict.BLOCKED: summary.blocked,
        Verdict.UNDECIDED: summary.undecided,
        Verdict.AT_RISK: summary.at_risk,
        Verdict.READY: summary.ready,
    }
    said = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    worst = next(verdict for verdict, count in counts.items() if count)
    noun = "mapping" if summary.mappings == 1 else "mappings"
    return f"{_ICONS[worst]} {summary.mappings} {noun}: {', '.join(said)}"


_MOST_ROWS = 100


def _table(rows: Iterable[Row]) -> Iterator[str]:
    listed = list(rows)
    if not listed:
        return
    lines = ["| | mapping | queue | function |", "|---|---|---|---|"]
    for row in listed[:_MOST_ROWS]:
        queue = row.queue.id if row.queue is not None else "not known"
        function = row.function.id if row.function is not None else "not known"
        cells = [f"{_ICONS[row.verdict]} {row.verdict.value}", row.id, queue, function]
        lines.append("| " + " | ".join([cells[0], *map(_cell, cells[1:])]) + " |")
    if len(listed) > _MOST_ROWS:
        lines.append(f"| | {len(listed) - _MOST_ROWS} more | | |")
    yield "\n".join(lines)


def _blocks(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a block a finding: what stands is open, what is waived or a note is folded."""
    for finding in findings:
        word = "unknown" if finding.kind == "unknown" else _SEVERITIES[finding.severity]
        if finding.waived is not None:
            word = "waived"
        place = f" at {code(str(finding.at))}" if finding.at is not None else ""
        head = f"**{word}** `{finding.rule}`{place}"
        opened = " open" if word in {"error", "unknown"} else ""
        inner = "\n".join(_inside(finding))
        summary = f"<summary>{_summary(word, finding)}</summary>"
        yield f"<details{opened}>{summary}\n\n{head}\n\n{inner}\n\n</details>"


def _summary(word: str, finding: Finding) -> str:
    return f"<b>{word}</b>: {finding.rule}"


def _inside(finding: Finding) -> Iterator[str]:
    yield prose(finding.message)
    for each in finding.because:
        place = f" ({code(str(each.at))})" if each.at is not None else ""
        yield f"- {prose(each.text)}{place}"
    if finding.waived is not None:
        until = f" until {code(finding.waived.until)}" if finding.waived.until else ""
        yield f"- waived{until}: {code(finding.waived.reason or 'no reason given')}"
    elif finding.fix:
        word = "To settle it" if finding.kind == "unknown" else "Fix"
        yield f"\n{word}:\n\n{fenced(finding.fix)}"


def _tail(report: Report) -> Iterator[str]:
    if report.proposed:
        lines = [f"- {prose(worded(e))} ({code(str(e.at))})" for e in report.proposed]
        yield "Proposed waivers:\n\n" + "\n".join(lines)
    if report.unread:
        lines = [f"- {code(gap.id)}: {prose(gap.why)}" for gap in report.unread[:_MOST_ROWS]]
        yield "Not read:\n\n" + "\n".join(lines)
    if report.assumptions:
        lines = [f"- {prose(each)}" for each in report.assumptions]
        body = "\n".join(lines)
        yield f"<details><summary>assumed</summary>\n\n{body}\n\n</details>"
    yield f"<sub>policy {code(report.policy)}, tfcheck {code(report.version)}</sub>"


def code(text: str) -> str:
    """Set a text as code, whatever backticks are in it."""
    shown = visible(text)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if longest or shown != shown.strip() or not shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def prose(text: str) -> str:
    """Escape a sentence: what stands in backticks is code, and the rest has no meaning."""
    shown = visible(text)
    parts: list[str] = []
    end = 0
    for match in _CODE.finditer(shown):
        parts += [_plain(shown[end : match.start()]), code(match[1]) if match[1] else ""]
        end = match.end()
    return "".join([*parts, _plain(shown[end:])])


_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:$-])")


_LINKING = re.compile(r"(@|#|:(?=//)|www(?=\.))")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def _plain(text: str) -> str:
    """Take its meaning from what Markdown could read, and from what GitHub links in plain text.

    GitHub looks for `@name` and `#1` once the text is HTML, so these are broken, not only escaped.
    """
    broken = _LINKING.sub(lambda match: match[1] + _NOTHING, text)
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", broken)


def fenced(text: str) -> str:
    """Set lines as a block of code, whatever fences are in it."""
    shown = "\n".join(visible(line) for line in text.split("\n"))
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{shown}\n{fence}"


def _cell(text: str) -> str:
    """Set a text as code in a table, where a bar would end the cell."""
    return code(text.replace("|", "\N{BROKEN BAR}"))
