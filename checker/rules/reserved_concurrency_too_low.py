"""The rule `reserved-concurrency-too-low`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Function, Inventory
from checker.partial import Known, Unknown
from checker.rule import Evidence, Problem, Said, rule, told
from checker.settings import Settings


@rule(on=Function, aws="accepts it, throttles")
def reserved_concurrency_too_low(
    function: Function, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The function reserves less than its mappings need, so Lambda throttles what it reads.

    ## Why

    Lambda starts with five pollers for a queue; with fewer than five reserved executions some
    batches are throttled from the first on, and each throttle counts as a receive. Where mappings
    set a maximum concurrency, the function needs at least their sum.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>

    ## Fix

    ```terraform
    resource "aws_lambda_function" "worker" {
      reserved_concurrent_executions = 20
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    reserved = function.reserved_concurrency
    kept = reserved.get()
    if kept is None or kept == 0:  # reserved-concurrency-zero speaks
        return
    needed, why = settings.least_concurrency, "Lambda starts with five pollers for a queue"
    bounds = [mapping.maximum_concurrency for mapping in inventory.mappings_of(function)]
    gap = next((bound for bound in bounds if isinstance(bound, Unknown)), None)
    total = sum(bound.value or 0 for bound in bounds if isinstance(bound, Known))
    alone = len(bounds) == 1  # concurrency-out-of-range speaks
    if total > needed and not alone:
        needed, why = total, f"its mappings run up to {total} at once"
    if kept < needed:
        yield Problem(
            message=f"function `{function.id}` reserves {told(reserved)} executions, less than"
            f" {needed}",
            at=reserved.at,
            fix=f"`reserved_concurrent_executions = {needed}` on `{function.id}`",
            because=(Evidence(why, reserved.at),),
        )
    elif gap is not None and not alone:
        yield Unknown(f"how much its mappings run at once is not told: {gap.why}", gap.at)
