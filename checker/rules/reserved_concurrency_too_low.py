"""The rule `reserved-concurrency-too-low`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown, Value
from checker.model import EventSource, EventSourceMapping, Function, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=Function, aws="accepts it, throttles", thresholds={"least": 5})
def reserved_concurrency_too_low(
    function: Function, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The function reserves less than its mappings need, so Lambda throttles what it reads.

    ## Why

    Lambda starts with five pollers for a standard queue; with fewer than five reserved executions
    some batches are throttled from the first on, and each throttle counts as a receive. Where
    mappings set a maximum concurrency, the function needs at least their sum, and no more.

    Source: Lambda guide, services-sqs-scaling. Confidence: high.

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
    mappings = inventory.mappings_of(function)
    needed, why, unknown = _needed(mappings, inventory, settings)
    if kept < needed:
        yield Problem(
            message=f"the reserved concurrency of function `{function.id}` is"
            f" {with_place(reserved)},"
            f" less than {needed}",
            at=reserved.at,
            fix=Fix(
                f"{HERE} on `{function.id}`",
                (SetAttribute(function.id, "reserved_concurrent_executions", needed),),
            ),
            because=(Evidence(why, reserved.at),),
        )
    elif unknown is not None:
        yield unknown.leaves("how much its mappings run at once is unknown")


def _fifo(source: Value[EventSource]) -> Value[bool]:
    """Tell whether a source needs no pollers of its own: a queue does, unless it is FIFO.

    A FIFO queue is read by as many pollers as it has message groups in flight.
    """
    if isinstance(source, Unknown):
        return source
    return source.value.fifo if isinstance(source.value, Queue) else Known(value=True, at=source.at)


def _needed(
    mappings: tuple[EventSourceMapping, ...], inventory: Inventory, settings: Settings
) -> tuple[int, str, Unknown | None]:
    """Return how much concurrency mappings surely need, why, and what may make it more."""
    total, unknown, free = 0, None, False
    alone = len(mappings) == 1  # concurrency-out-of-range speaks
    for mapping in mappings:
        bound = mapping.maximum_concurrency
        if isinstance(bound, Unknown):
            unknown = None if alone else bound
        elif bound.value is not None:
            total += 0 if alone else bound.value
        else:
            fifo = _fifo(inventory.source_of(mapping))
            if isinstance(fifo, Unknown):
                unknown = fifo
            free = free or (isinstance(fifo, Known) and not fifo.value)
    least = settings.of(reserved_concurrency_too_low, "least")
    if free and least > total:
        return least, "Lambda starts with five pollers for a queue", unknown
    return total, f"its mappings run up to {total} at once", unknown
