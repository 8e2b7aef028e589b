"""What the page's script knows, as JSON inside of a script element."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.reports.page.by_mapping import MappingFinding
from checker.reports.page.picture import EDGES, PARTS, STATES, names, states
from checker.reports.page.rows import TableRow
from checker.reports.report import Report, Row

IN_TABLE = -2
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
"""What could end a script element, or begin a comment in it (`</script>`, `<!--`)."""


def data(
    report: Report, found: Mapping[str, Sequence[MappingFinding]], lines: Sequence[TableRow]
) -> str:
    """Return JSON in ASCII that HTML reads as text, whatever names are in it.

    `names` holds each name once, `rules` each rule. A row is: the number of the name of each of
    `parts`, -1 where it is unknown, -2 where the table has it; the state of each of `edges`, one
    letter; its findings, by their numbers; the noun of what it reads, if that is no queue. A
    finding is its rules, by their numbers.
    """
    is_complete = report.baseline is None and report.unchanged is None
    rules: dict[str, int] = {}
    known: dict[str, int] = {}

    def number(table: dict[str, int], text: str) -> int:
        return table.setdefault(text, len(table))

    def row(each: Row, line: TableRow) -> list[Any]:
        said = found.get(each.id, ())
        named, shown = names(each), (line.source, line.name, line.function)
        in_table = {PARTS[n] for n in range(3) if named.get(PARTS[n]) == shown[n]}
        parts = [
            IN_TABLE if part in in_table else number(known, named[part]) if part in named else -1
            for part in PARTS
        ]
        noun = [] if each.noun == PARTS[0] else [each.noun]
        state = states(each, said, is_complete=is_complete)
        return [parts, state, [one.number for one in said], *noun]

    rows = [row(each, line) for each, line in zip(report.mappings, lines, strict=True)]
    findings = [
        sorted({number(rules, part.rule) for part in finding.parts}) for finding in report.findings
    ]
    edges = [
        [PARTS.index(each.start), PARTS.index(each.end), each.needs, _known(each.rules, rules)]
        for each in EDGES
    ]
    whole = {
        "parts": PARTS,
        "states": STATES,
        "edges": edges,
        "names": list(known),
        "rules": list(rules),
        "rows": rows,
        "findings": findings,
    }
    return json.dumps(whole, separators=(",", ":")).translate(_UNSAFE)


def _known(rules: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
    return [numbers[each] for each in rules if each in numbers]
