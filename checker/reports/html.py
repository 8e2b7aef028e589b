"""The report as one HTML page that needs no network: a table of mappings, then the findings.

Jinja2 escapes every text; the page's Content-Security-Policy lets nothing run or load but its own
style and script, each by its hash. Without scripts the page has all but sorting, search, filters,
copying and pictures.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from markupsafe import Markup

from checker.model import any_source
from checker.reports.counts import counted
from checker.reports.page.by_mapping import by_mapping
from checker.reports.page.data import data
from checker.reports.page.findings import sections
from checker.reports.page.rows import TableRow, table_row
from checker.reports.page.sentences import segments
from checker.reports.proposals import worded
from checker.reports.report import Report, UnreadRow, Verdict
from checker.reports.terminal import visible
from checker.reports.unchecked import HEADLINE, not_read, unchecked
from checker.reports.worsened import compared

FOLDER = Path(__file__).parent / "page"
STYLES = ("page.css", "table.css", "print.css")
SCRIPTS = ("rows.js", "filter.js", "picture.js", "details.js", "start.js")
"""The parts of the page's style and of its one script, in their order."""


def render(report: Report) -> str:
    """Return the report as one self-contained page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found = by_mapping(report)
    rows = [table_row(n, row, found.get(row.id, ())) for n, row in enumerate(report.mappings)]
    style, script = _joined(STYLES), "(() => {\n" + _joined(SCRIPTS) + "})();\n"
    return environment.get_template("page.html.jinja").render(
        title=f"tfcheck: {_headline(report)}",
        report=_shown(report),
        counts=_counts(report),
        summary=_summary(report),
        compared=[segments(each) for each in compared(report)],
        tables=_tables(rows),
        where=_where(rows),
        rules=_rules(report),
        sections=sections(report),
        proposed=[(segments(worded(e)), visible(str(e.at))) for e in report.proposed],
        data=Markup(data(report, found, rows)),  # noqa: S704 - JSON without a sign that HTML reads
        style=Markup(style),  # noqa: S704 - our own
        script=Markup(script),  # noqa: S704 - our own
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _joined(names: tuple[str, ...]) -> str:
    return "".join((FOLDER / name).read_text("utf-8") for name in names)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _tables(rows: list[TableRow]) -> list[dict[str, Any]]:
    """Return the table of what needs a look, and that of what is ready, each if it has rows."""
    ready = [row for row in rows if row.verdict == Verdict.READY.value]
    others = [row for row in rows if row.verdict != Verdict.READY.value]
    tables = [
        {"id": "others", "rows": others, "folded": False, "open": True},
        {"id": "ready", "rows": ready, "folded": True, "open": not others},
    ]
    return [table for table in tables if table["rows"]]


def _where(rows: list[TableRow]) -> str:
    """Return the head of the column that tells where mappings are, empty if of none it is known."""
    known = {"Account": any(row.account for row in rows), "Region": any(row.region for row in rows)}
    return " and ".join(name for name, is_known in known.items() if is_known)


def _rules(report: Report) -> list[str]:
    return sorted({part.rule for finding in report.findings for part in finding.parts})


def _shown(report: Report) -> dict[str, Any]:
    known = report.baseline
    return {
        "target": visible(report.target),
        "policy": visible(report.policy),
        "version": report.version,
        "assumptions": [segments(each) for each in report.assumptions],
        "unchecked": [_unread(each) for each in unchecked(report)],
        "unread": [_unread(each) for each in report.unread if each not in unchecked(report)],
        "known": "" if known is None else f"{counted(known.count, 'finding')} known",
        "gone": [] if known is None else [visible(each) for each in known.gone],
        "nothing": "" if report.mappings else f"no mapping from {any_source()} to a function",
    }


def _unread(row: UnreadRow) -> dict[str, Any]:
    return {
        "said": segments(not_read(row)),
        "at": "" if row.at is None else visible(str(row.at)),
    }


def _headline(report: Report) -> str:
    summary = report.summary
    if unchecked(report):
        return HEADLINE
    if not summary.mappings:
        return "no mapping"
    counts = dict(_counts(report))
    worst = next(verdict for verdict, count in counts.items() if count)
    return f"{counts[worst]} of {summary.mappings} {worst}"


def _counts(report: Report) -> list[tuple[str, int]]:
    summary = report.summary
    counts = (summary.blocked, summary.undecided, summary.at_risk, summary.ready)
    return [(v.value, count) for v, count in zip(Verdict, counts, strict=True)]


def _summary(report: Report) -> str:
    summary = report.summary
    if not report.mappings and not report.findings:
        return ""
    said = [
        counted(summary.errors, "error"),
        counted(summary.warnings, "warning"),
        counted(summary.notes, "note"),
        f"{summary.unknown} unknown",
        f"{summary.waived} waived",
    ]
    others = summary.other_sources
    more = [f"{counted(others, 'mapping')} of other sources not checked"] if others else []
    return ", ".join(said + more)
