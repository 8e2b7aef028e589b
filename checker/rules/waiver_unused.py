"""The rule `waiver-unused`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Spent
from checker.rules._permission import listed
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Spent, aws="does not see it", works=(SOURCE, PLAN, TEMPLATE))
def waiver_unused(spent: Spent, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """A comment waives what is not there: nothing matches it, or its day has passed.

    ## Why

    A waiver that waives nothing today can suppress a real problem tomorrow. One whose `until` has
    passed waives nothing any more; one that names a rule that does not exist, or that stands
    neither at a resource nor at a module call, never did. A waiver of a rule that the policy leaves
    out is not judged, nor one that is only proposed: with `--base`, one that the commit does not
    have. Waivers take problems, never unknowns.

    Source: tfcheck's own. Confidence: high.

    ## Fix

    Remove the comment, or correct it; it stands on the line of the resource, data source or module
    call, or directly above:

    ```terraform
    # tfcheck: ignore[mapping-disabled] switched on after the migration until=2027-01-31
    resource "aws_lambda_event_source_mapping" "orders" {
    ```

    ## Since

    tfcheck 0.1.0.
    """
    waiver = spent.waiver
    if spent.wrong or not spent.matched:
        names = f" of {listed(list(waiver.rules), 'and')}" if waiver.rules else ""
        why = spent.wrong or "nothing matches it"
        yield Problem(
            message=f"the waiver{names} waives nothing: {why}",
            at=waiver.at,
            fix=Fix("remove the comment, or correct it"),
            because=(Evidence(f"its reason was: {waiver.reason or 'none'}", waiver.at),),
            subject=waiver.at.source,
        )
