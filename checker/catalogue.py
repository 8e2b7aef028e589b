"""The rules as text and Markdown, for `tfcheck explain`, `tfcheck rules` and policies/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checker.report import Severity
from checker.rule import AnyRule

HEAD = """\
# Rules

The pages below are the docstrings of `checker/rules/`, written here by
`tfcheck rules --markdown`: change a docstring, then run that again.
"""
Severities = Mapping[str, Severity]


def page(rule: AnyRule) -> str:
    """Return one rule's page as Markdown."""
    return f"# {rule.name}\n\n{rule.doc}\n"


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
    """Return every rule as Markdown: a table of severities under each policy, then the pages."""
    return "\n".join([HEAD, _table(rules, policies), *(_section(rule) for rule in rules)])


def _table(rules: Iterable[AnyRule], policies: Mapping[str, Severities]) -> str:
    head = ["rule", "about", *(f"`{name}`" for name in policies)]
    rows = [head, ["---"] * len(head)]
    for rule in rules:
        severities = [_severity(rule, each) for each in policies.values()]
        rows.append([f"[{rule.name}](#{rule.name})", rule.on.__name__.lower(), *severities])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _section(rule: AnyRule) -> str:
    return page(rule).replace("\n## ", "\n### ").replace("# ", "## ", 1)


def _severity(rule: AnyRule, severities: Severities) -> str:
    severity = severities.get(rule.name)
    return "off" if severity is None else severity.value
