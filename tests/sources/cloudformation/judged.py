"""What tfcheck says of a template's text: its verdicts, and what its rules find."""

from datetime import date

from checker.cases import check_by_cases
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.load import read_together
from checker.sources.cloudformation.values.stack import RootStack

POLICY = load_policy("current", [rule.name for rule in RULES]).of("cloudformation")
RULES_THAT_RUN = POLICY.select(RULES)


def report_of(text, given=None):
    """Return the report of a template."""
    root = RootStack(parse(text, "template.yaml"), given or StackInput())
    inventory = read_together([root], "template.yaml")
    results = check_by_cases(inventory, RULES_THAT_RUN, POLICY.settings)
    return judge(inventory, results, POLICY, date(2026, 11, 28), inline=False)


def judged(text, given=None):
    """Return verdicts by mapping, and the rules that find a problem; notes do not count."""
    report = report_of(text, given)
    return verdicts(report), found(report, "problem", "error", "warning")


def verdicts(report):
    """Return verdicts by mapping."""
    return {row.id: row.verdict.value for row in report.mappings}


def found(report, kind, *severities):
    """Return the rules that find something of a kind and of some severities."""
    return sorted(
        {
            each.rule
            for each in report.findings
            if each.kind == kind and each.severity.value in severities
        }
    )
