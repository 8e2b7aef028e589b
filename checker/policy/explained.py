"""Unknowns that a problem explains: what is refused or gone has no value, which is reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from checker.reports.report import Finding, Severity

REFUSED = "configuration-invalid"
WRONG = "wrong-identifier"
_Ground: TypeAlias = tuple[str, str, int]
_SEVERITIES = list(Severity)


def without_explained(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without the unknowns that a problem explains.

    These are what comes of a place that Terraform refuses, and what follows from a sentence that a
    problem of the same mapping rests on. The problem stands, and is at least as severe.
    """
    every = list(findings)
    grounds: dict[tuple[_Ground, str], Severity] = {}
    for each in every:
        if each.kind == "problem" and each.waived is None:
            for ground in _grounds(each):
                for mapping in each.mappings:
                    before = grounds.get((ground, mapping), each.severity)
                    grounds[ground, mapping] = min(before, each.severity, key=_SEVERITIES.index)
    return [each for each in every if not grounds or not _is_explained(each, grounds)]


def _grounds(problem: Finding) -> set[_Ground]:
    """Return what a problem rests on: sentences with their places, and a place that is refused."""
    said = {(each.text, each.at.source, each.at.line) for each in problem.because if each.at}
    if problem.rule in (REFUSED, WRONG) and problem.origin is not None:
        said.add(("", problem.origin.source, problem.origin.line))
    return said


def _is_explained(finding: Finding, grounds: dict[tuple[_Ground, str], Severity]) -> bool:
    if finding.kind != "unknown" or finding.rule in (REFUSED, WRONG) or not finding.mappings:
        return False
    cause = finding.cause
    at, text = (finding.origin, finding.why) if cause is None else (cause.origin, cause.text)
    if at is None:
        return False
    found = [
        [
            grounds[ground, mapping]
            for ground in ((text, at.source, at.line), ("", at.source, at.line))
            if (ground, mapping) in grounds
        ]
        for mapping in finding.mappings
    ]
    own = _SEVERITIES.index(finding.severity)
    return all(any(_SEVERITIES.index(each) <= own for each in one) for one in found)
