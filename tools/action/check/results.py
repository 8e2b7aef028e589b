"""What the program found out, for the steps behind: counts, outputs, and texts for people."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from given import REPORTS, given

from checker.reports.markup import fenced, within

COULD_NOT_CHECK = 2
ANSWERS = (0, 1)
"""Exit codes of tfcheck that come with a report."""
COUNTS = ("mappings", "errors", "warnings", "unknown")
SCHEMA = "tfcheck.report/1"
MOST_SUMMARY = 1024 * 1024
"""Bytes that GitHub takes of a step's summary: of more it shows nothing."""
MOST_REASON = 4_000
_VERDICTS = ("blocked", "undecided", "at-risk", "ready")
_TITLE = "<!-- tfcheck -->\n\n### tfcheck: nothing was checked"


@dataclass(frozen=True)
class Result:
    """How a run ended: the summary of its report, empty without one; whether something `stands`."""

    code: int
    summary: dict[str, int] = field(default_factory=dict)
    stands: bool = True


def nothing(why: str) -> str:
    """Say that nothing was checked, and why, as the program or the runner worded it."""
    reason = f"\n\n{within(why.strip(), MOST_REASON, fenced)}" if why.strip() else ""
    return f"{_TITLE}{reason}\n\nThe log of the step has the rest.\n"


def result_of(code: int, reports: Path) -> Result:
    """Return what a run found out; without a summary if a report is missing or damaged."""
    if code not in ANSWERS or not all((reports / file).is_file() for _, file in REPORTS):
        return Result(COULD_NOT_CHECK)
    try:
        found = json.loads((reports / "report.json").read_text(encoding="utf-8"))
        if found.get("schema") != SCHEMA:
            return Result(COULD_NOT_CHECK)
        summary = {name: int(found["summary"][name]) for name in (*COUNTS, *_VERDICTS)}
        return Result(code, summary, stands=bool(code) or _stands(found, summary))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Result(COULD_NOT_CHECK)


def _stands(found: dict[str, Any], summary: dict[str, int]) -> bool:
    """Tell whether there is more to say than notes: a comment is made for that."""
    counted = any(summary[name] for name in ("errors", "warnings", "unknown"))
    listed = (
        found.get("unread") or found.get("proposed") or (found.get("compared") or {}).get("why")
    )
    worse = any("was" in row for row in found.get("mappings", ()))
    return counted or bool(listed) or worse


def is_unchecked(reports: Path) -> bool:
    """Tell whether there are reports that say what could not be checked, and nothing else."""
    if not all((reports / file).is_file() for _, file in REPORTS):
        return False
    try:
        found = json.loads((reports / "report.json").read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("unchecked") is True


def write_outputs(reports: Path, result: Result) -> None:
    """Write the outputs of the step."""
    known = {"code": str(result.code), "verdict": "none"}
    known["markdown-file"] = str(reports / "report.md")
    known["stands"] = str(result.stands).lower()
    if result.summary:
        verdicts = [each for each in _VERDICTS if result.summary[each]]
        known |= {name: str(result.summary[name]) for name in COUNTS}
        known["verdict"] = verdicts[0] if verdicts else "none"
        known["json-file"] = str(reports / "report.json")
    sarif = given("SARIF_FILE")
    if sarif and result.code in ANSWERS and Path(sarif).exists():
        known["sarif-file"] = sarif
    lines = [f"{name}={value}\n" for name, value in known.items() if len(value.splitlines()) < 2]  # noqa: PLR2004 - one line
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as outputs:
        outputs.writelines(lines)


def write_summary(text: str) -> None:
    """Write the summary of the step: whole lines of it, should it be too long for GitHub."""
    file = Path(os.environ["GITHUB_STEP_SUMMARY"])
    room = MOST_SUMMARY - (file.stat().st_size if file.is_file() else 0)
    written = text.encode("utf-8", "backslashreplace")
    if len(written) > room:
        written = written[: max(room, 0)].rpartition(b"\n")[0]
    with file.open("ab") as summary:
        summary.write(written)
