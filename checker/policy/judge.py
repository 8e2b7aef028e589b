"""Judge results: how severe each finding is, what is waived, and the verdict on each mapping."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import checker
from checker.knowledge.trail import primary
from checker.model import InlineWaiver, Inventory
from checker.policy.explained import without_explained
from checker.policy.findings import findings_in, merged
from checker.policy.merge import with_comments
from checker.policy.policy import Policy
from checker.policy.rows import in_order, rows_of
from checker.policy.summary import summarize
from checker.policy.waive import Waivers, refuse_expired
from checker.reports.report import Report, UnreadRow
from checker.rules import RULES
from checker.rules.rule import Result

NO_DEPLOYER = (
    "who creates the mappings was not named (`--deployer`), so the deployer's permissions are"
    " not checked"
)
_RULES = frozenset(rule.name for rule in RULES)
_ABOUT_COMMENTS = frozenset(rule.name for rule in RULES if rule.on is InlineWaiver)


def judge(
    inventory: Inventory,
    results: Iterable[Result],
    policy: Policy,
    today: date,
    *,
    inline: bool = True,
) -> Report:
    """Return the report on an inventory, and the results on it, under a policy.

    Results of rules that the policy does not select are left out; without `inline`, comments waive
    nothing. `merge` joins the reports on several inventories.

    Raises:
        PolicyFileError: a waiver of the policy has expired.
    """
    refuse_expired(policy.waivers, today)
    policy = policy.of(inventory.kind)
    wanted = policy.severities.keys() - (() if inline else _ABOUT_COMMENTS)
    chosen = [result for result in results if result.rule in wanted]
    comments = inventory.waivers if inline else ()
    waivers = Waivers(policy.waivers, comments, today, _RULES, frozenset(policy.severities))
    found = merged(
        finding for result in chosen for finding in findings_in(inventory, result, policy)
    )
    findings = without_explained(waivers.waive(found))
    rows = in_order(rows_of(inventory, findings, chosen))
    report = Report(
        version=checker.__version__,
        kind=inventory.kind,
        target=inventory.target,
        policy=policy.name,
        assumptions=tuple(dict.fromkeys(_assumptions(inventory))),
        unread=_unread(inventory),
        mappings=rows,
        findings=tuple(findings),
        summary=summarize(rows, findings, inventory.other_sources),
        proposed=tuple(sorted(waivers.proposed(), key=lambda each: each.at)),
        spent=tuple(waivers.spent()),
        fail_on=policy.fail_on,
    )
    return with_comments(report, policy)


def _assumptions(inventory: Inventory) -> tuple[str, ...]:
    without = inventory.mappings and inventory.deployer is None
    return (*inventory.assumptions, NO_DEPLOYER) if without else inventory.assumptions


def _unread(inventory: Inventory) -> tuple[UnreadRow, ...]:
    trails = inventory.trails
    rows = [
        UnreadRow(
            each.id,
            each.why,
            None if each.at is None else primary(trails.of(each.at, (each.id,))).at,
            each.mappings,
        )
        for each in inventory.unread
    ]
    listed = {row.id for row in rows}
    rows += [
        UnreadRow(
            mapping.id, mapping.unsure.why, primary(trails.of(mapping.unsure, (mapping.id,))).at
        )
        for mapping in inventory.mappings
        if mapping.unsure is not None and mapping.id not in listed
    ]
    return tuple(rows)
