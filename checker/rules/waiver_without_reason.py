"""The rule `waiver-without-reason`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import InlineWaiver, Inventory
from checker.rules._permission import listed
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=InlineWaiver, aws="does not see it", works=(SOURCE, PLAN, TEMPLATE))
def waiver_without_reason(
    waiver: InlineWaiver, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A comment waives a rule and does not say why.

    ## Why

    A later reader does not know whether it still holds. The waiver is applied nevertheless.

    Source: tfcheck's own. Confidence: high.

    ## Fix

    ```terraform
    # tfcheck: ignore[queue-shared-by-functions] both functions take any message until=2027-01-31
    resource "aws_sqs_queue" "orders" {
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if waiver.rules and not waiver.reason:
        name = ", ".join(waiver.rules)
        yield Problem(
            message=f"the waiver of {listed(list(waiver.rules), 'and')} gives no reason",
            at=waiver.at,
            fix=Fix(f"# tfcheck: ignore[{name}] the reason, and until=YYYY-MM-DD if it ends"),
            because=(Evidence("a waiver is a comment with a reason", waiver.at),),
            subject=waiver.at.source,
        )
