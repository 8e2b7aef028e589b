"""`--select` and `--ignore`: which rules run; a name that no rule has, and the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checker.errors import UsageError
from checker.records import dataclass

if TYPE_CHECKING:
    from checker.policy import Policy
    from checker.reports.report import Report, Severity

_MOST_NAMED = 5
"""How many rules an assumption names; more are counted."""


@dataclass(frozen=True, slots=True)
class RuleSelection:
    """The rules of `select` alone run, or all if it is empty, and none of `ignore`.

    A selected rule that the policy turns off has the severity that it has in `current`, or else in
    the first shipped policy that runs it.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def leaves_out(self, rule: str) -> bool:
        """Tell whether a rule does not run, whatever the policy says."""
        return rule in self.ignore or bool(self.select and rule not in self.select)

    def applied(self, policy: Policy) -> Policy:
        """Return a policy that runs the rules that are left.

        Raises:
            UsageError: none is left, so that nothing would be checked.
        """
        if not self.select and not self.ignore:
            return policy
        on = dict(policy.severities)
        on |= {name: _severity(name) for name in sorted(self.select) if name not in on}
        severities = {name: how for name, how in on.items() if not self.leaves_out(name)}
        if not severities:
            raise UsageError("`--select` and `--ignore` leave no rule to run")
        return replace(policy, severities=severities)

    def stated(self, report: Report) -> Report:
        """Return a report that lists among its assumptions which rules were not run."""
        said = []
        if self.select:
            said.append(f"only {_were_run(self.select - self.ignore)} (`--select`)")
        elif self.ignore:
            said.append(_were_run(self.ignore, "not run (`--ignore`)"))
        return replace(report, assumptions=(*report.assumptions, *said)) if said else report


def selection(select: Iterable[str], ignore: Iterable[str]) -> RuleSelection:
    """Return what lists of rules, separated by commas, select.

    Raises:
        UsageError: a rule does not exist, or an option names none; every reason is given.
    """
    given = {"--select": list(select), "--ignore": list(ignore)}
    found = {
        option: frozenset(name for each in lists for name in _split(each))
        for option, lists in given.items()
    }
    for option, lists in given.items():
        if lists and not found[option]:
            raise UsageError(f"`{option}` names no rule")
    missing = sorted((found["--select"] | found["--ignore"]) - _names())
    if missing:
        raise unknown_rules(missing)
    return RuleSelection(found["--select"], found["--ignore"])


def unknown_rules(names: Sequence[str]) -> UsageError:
    """Return the error for rules that do not exist, with the nearest names of the first."""
    from difflib import get_close_matches

    reasons = [f"there is no rule `{name}`" for name in names]
    close = get_close_matches(names[0], sorted(_names()), n=3, cutoff=0.5)
    listed = ", ".join(f"`{name}`" for name in close)
    return UsageError(
        *reasons, hint=f"did you mean {listed}?" if listed else "`tfcheck rules` lists all"
    )


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _names() -> frozenset[str]:
    from checker.rules import RULES

    return frozenset(rule.name for rule in RULES)


def _severity(rule: str) -> Severity:
    """Return the severity of a rule in the first shipped policy that runs it."""
    from checker.policy import load, shipped
    from checker.reports.report import Severity

    found = (load(name, _names()).severities.get(rule) for name in shipped())
    return next((severity for severity in found if severity is not None), Severity.ERROR)


def _were_run(rules: frozenset[str], run: str = "run") -> str:
    names = ", ".join(f"`{name}`" for name in sorted(rules))
    if len(rules) > _MOST_NAMED:
        return f"{len(rules)} rules were {run}"
    return f"rules {names} were {run}" if len(rules) > 1 else f"rule {names} was {run}"
