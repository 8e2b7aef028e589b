"""The rule `too-many-filters`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses it unless the quota was raised", thresholds={"quota": 5})
def too_many_filters(
    mapping: EventSourceMapping, _inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The mapping has more filters than the default quota of an account.

    ## Why

        InvalidParameterValueException: Too many filter patterns, maximum allowed 5 patterns, provided 6 patterns.

    The quota can be raised to 10.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight); Lambda guide,
    invocation-eventfiltering. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

    ## Fix

    Put alternatives into one pattern:

    ```terraform
    filter {
      pattern = jsonencode({ body = { kind = ["order", "refund"] } })
    }
    ```

    ## Since

    tfcheck 0.1.0. Filters exist since November 2021.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    filters = mapping.filters
    count = len(filters.get())
    quota = settings.of(too_many_filters, "quota")
    if count > quota:
        text = (
            f"Too many filter patterns, maximum allowed {quota} patterns, provided {count}"
            " patterns."
        )
        yield Problem(
            message=f"the mapping has {count} filters, more than the default quota of {quota}",
            at=filters.at,
            fix=Fix("join patterns, or request a higher quota and waive this"),
            because=(Evidence(f"AWS answers: `{text}`", filters.at),),
        )
