"""What a finding is, whatever line it stands on: the same tomorrow if nothing but lines moved.

Baselines and code scanning recognize findings by it.
"""

from __future__ import annotations

import hashlib
import json
import re

from checker.reports.report import Finding

_PLACE = re.compile(r":(?<=[\w.-]:)\d{1,7}(?::\d{1,7})?(?=[),;\s]|$)")
"""A pattern that begins with a literal is searched for many times faster."""
_NAME = re.compile(r"`[^`]*`|\bmodule(\.[\w-]{1,200}(\[[^\]]{1,200}\])?)+")
_ALIKE = re.compile(r" \(and \d+ alike\)$")


def evidence(finding: Finding) -> str:
    """Return a hash of what a finding says and rests on, without lines and columns."""
    said = [finding.kind, finding.message, finding.why]
    said += [part for each in finding.because for part in (each.text, each.quoted)]
    return _hash([_PLACE.sub("", text) for text in said])


def nameless(text: str) -> str:
    """Return a sentence without the names in it."""
    return _NAME.sub("`", text)


def fingerprint(finding: Finding, root: str = "") -> str:
    """Return a hash of a finding: its root module, rule, subject, mappings and evidence.

    One of several things is the same whichever they are; its subject counts if it is that of all.
    """
    if finding.affected:
        subjects = {each.subject for each in finding.affected}
        at = "" if finding.at is None else finding.at.source
        at = f"{at} {subjects.pop()}" if len(subjects) == 1 else at
        said = nameless(finding.affected[0].message if not finding.why else finding.why)
        return _hash([root, finding.rule, finding.kind, at, _ALIKE.sub("", _PLACE.sub("", said))])
    whose = [root, finding.rule, finding.subject, *sorted(finding.mappings)]
    return _hash([*whose, evidence(finding)])


def _hash(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
