"""What a policy file says, once it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date

from checker.knowledge import matching
from checker.knowledge.partial import Location
from checker.model import SourceKind
from checker.records import dataclass
from checker.reports.report import Severity
from checker.rules.rule import AnyRule
from checker.rules.settings import Settings


@dataclass(frozen=True, slots=True)
class Waiver:
    """Findings of one rule that do not count for the mappings that a pattern names.

    In `mapping` only `*` is special. `until` is the last day on which the waiver holds. Only
    with `unknown` does it take the rule's unknowns too.
    """

    rule: str
    mapping: str
    reason: str
    until: date | None
    unknown: bool
    at: Location

    def names(self, mapping: str) -> bool:
        """Tell whether the pattern matches the whole of a mapping's id."""
        return matching.starred(mapping, self.mapping)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with everything it extends laid under it.

    `severities` holds the rules that run; a rule that is off is not in it. `templates` holds those
    of rules that are graded otherwise for CloudFormation. `deployer` is the principal that creates
    the mappings, as the file names it.
    """

    name: str
    summary: str = ""
    severities: Mapping[str, Severity] = field(default_factory=dict)
    templates: Mapping[str, Severity] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    fail_on: Severity = Severity.ERROR
    undecided_fails: bool = False
    deployer: str | None = None
    waivers: tuple[Waiver, ...] = ()

    def select(self, rules: Iterable[AnyRule]) -> tuple[AnyRule, ...]:
        """Return the rules that run, in their own order."""
        return tuple(rule for rule in rules if rule.name in self.severities)

    def of(self, kind: SourceKind) -> Policy:
        """Return the policy as it grades what a kind of source holds."""
        if kind != "cloudformation" or not self.templates:
            return self
        graded = {name: self.templates.get(name, how) for name, how in self.severities.items()}
        return replace(self, severities=graded)
