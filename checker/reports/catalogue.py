"""The rules as text and Markdown, for `tfcheck explain`, `tfcheck rules` and policies/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checker.reports.report import Severity
from checker.rules.quotes import QUOTES
from checker.rules.rule import EVERYWHERE, AnyRule

HEAD = """\
# Rules

The pages below are the docstrings of `checker/rules/`, written here by
`tfcheck rules --markdown`: change a docstring, then run that again.
"""
QUOTED = """\
## What AWS says

The texts that the pages quote; `{}` stands for what differs. Confidence: H, recorded against AWS or
read in its documentation; M, from one other source; L, inferred.
"""
Severities = Mapping[str, Severity]


def page(rule: AnyRule) -> str:
    """Return one rule's page as Markdown."""
    return f"# {rule.name}\n\n{rule.doc}\n\n{_facts(rule)}\n"


def _facts(rule: AnyRule) -> str:
    """Say what AWS does, and from what the rule can tell."""
    return f"AWS {rule.aws}. Works on: {', '.join(rule.works)}."


def listing(rules: Sequence[AnyRule], severities: Severities) -> str:
    """Return one aligned line a rule: its name, how severe it is, and what it says."""
    names = max((len(rule.name) for rule in rules), default=0)
    severe = max(len(severity.value) for severity in Severity)
    lines = (
        f"{rule.name:<{names}}  {_severity(rule, severities):<{severe}}  {rule.summary}"
        for rule in rules
    )
    return "".join(f"{line}\n" for line in lines)


def catalogue(rules: Sequence[AnyRule], policies: Mapping[str, Severities]) -> str:
    """Return every rule as Markdown: a table, what AWS says, then the pages."""
    sections = (_section(rule) for rule in rules)
    return "\n".join([HEAD, _table(rules, policies), *sections, QUOTED, _quotes()])


def _quotes() -> str:
    """Return the table of what AWS says, with its sources."""
    rows = [["text", "who says it", "source", "confidence"], ["---"] * 4]
    rows += [[f"`{q.text}`", q.says, q.source, q.confidence] for q in QUOTES]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _table(rules: Iterable[AnyRule], policies: Mapping[str, Severities]) -> str:
    head = ["rule", *(f"`{name}`" for name in policies), "AWS", *EVERYWHERE]
    rows = [head, ["---"] * len(head)]
    for rule in rules:
        severities = [_severity(rule, each) for each in policies.values()]
        works = ["yes" if kind in rule.works else "" for kind in EVERYWHERE]
        rows.append([f"[{rule.name}](#{rule.name})", *severities, rule.aws, *works])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _section(rule: AnyRule) -> str:
    return page(rule).replace("\n## ", "\n### ").replace("# ", "## ", 1)


def _severity(rule: AnyRule, severities: Severities) -> str:
    severity = severities.get(rule.name)
    return "off" if severity is None else severity.value
