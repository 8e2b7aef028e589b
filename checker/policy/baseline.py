"""A baseline: the findings that are known, so that a run reports only what is new."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from checker.characters import json_text
from checker.errors import PolicyFileError, Reason
from checker.files import FileError
from checker.policy.files import DISK, PolicyFiles
from checker.policy.summary import summarize
from checker.records import dataclass
from checker.reports.fingerprint import evidence
from checker.reports.report import Finding, KnownFindings, Report

SCHEMA = "tfcheck.baseline/1"
MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class BaselineEntry:
    """A finding that is known; `evidence` is a hash of what it rests on, whatever its lines."""

    root: str
    rule: str
    subject: str
    mappings: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that are known, and what was not read: its root module and id.

    `unread` is None in a baseline of an earlier version, which does not tell it.
    """

    findings: frozenset[BaselineEntry]
    unread: frozenset[tuple[str, str]] | None = None


def entry(finding: Finding, root: str) -> BaselineEntry:
    """Return what a baseline keeps of a finding of the root module at a path."""
    ids = tuple(sorted(finding.mappings))
    return BaselineEntry(root, finding.rule, finding.subject, ids, evidence(finding))


def write(report: Report, root: str) -> str:
    """Return a baseline of every finding of a report that is not waived, and of what is unread."""
    entries = {entry(each, root) for each in report.findings if each.waived is None}
    listed = [
        {
            "root": each.root,
            "rule": each.rule,
            "subject": each.subject,
            "mappings": list(each.mappings),
            "evidence": each.evidence,
        }
        for each in sorted(entries)
    ]
    unread = [{"root": root, "id": each} for each in sorted({row.id for row in report.unread})]
    return json_text({"schema": SCHEMA, "findings": listed, "unread": unread}, indent=2) + "\n"


def read(path: Path, where: PolicyFiles = DISK) -> Baseline:
    """Read a baseline; PolicyFileError if it cannot be read or is none."""
    try:
        stated = json.loads(where.read(path, MOST_BYTES).decode("utf-8"))
        if not isinstance(stated, dict) or stated.get("schema") != SCHEMA:
            raise PolicyFileError(
                Reason(f"is not a baseline: `schema` is not `{SCHEMA}`", str(path)),
                hint="write one with `--write-baseline`",
            )
        found = frozenset(_entry(each) for each in stated["findings"])
        return Baseline(found, None if "unread" not in stated else _unread(stated["unread"]))
    except FileError as error:
        hint = "write one with `--write-baseline`"
        raise PolicyFileError(Reason(error.why, str(path)), hint=hint) from error
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise PolicyFileError(Reason("is not a baseline: it is not JSON", place)) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # What such a file holds is not repeated: it may be any file.
        raise PolicyFileError(Reason("is not a baseline: not of its shape", str(path))) from error


def _entry(stated: dict[str, Any]) -> BaselineEntry:
    names = ("root", "rule", "subject", "evidence")
    root, rule, subject, hashed = (_text(stated[name]) for name in names)
    return BaselineEntry(root, rule, subject, tuple(map(_text, stated["mappings"])), hashed)


def _unread(stated: list[dict[str, Any]]) -> frozenset[tuple[str, str]]:
    return frozenset((_text(each["root"]), _text(each["id"])) for each in stated)


def _text(stated: object) -> str:
    if not isinstance(stated, str):
        raise TypeError
    return stated


def leave_known(report: Report, known: Baseline, root: str) -> Report:
    """Leave out the findings that a baseline knows, and name the entries that fit nothing.

    Verdicts stay as they are: a mapping that is known to be blocked is blocked. Entries of other
    root modules are not judged.
    """
    entries = {each for each in known.findings if each.root == root}
    found = {each: entry(each, root) for each in report.findings if each.waived is None}
    kept = tuple(each for each in report.findings if found.get(each) not in entries)
    gone = tuple(f"{each.rule}: {each.subject}" for each in sorted(entries - set(found.values())))
    counted = summarize(report.mappings, kept, report.summary.other_sources)
    lost = known.unread is not None and any(
        (root, row.id) not in known.unread for row in report.unread
    )
    left = KnownFindings(len(report.findings) - len(kept), gone, lost)
    return replace(report, findings=kept, summary=counted, baseline=left)
