"""The rule `reserved-concurrency-zero`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Function, Inventory
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=Function, aws="accepts it, delivers nothing")
def reserved_concurrency_zero(
    function: Function, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function never runs, so nothing is delivered.

    ## Why

    A reserved concurrency of 0 switches a function off. Every message is received in vain until it
    has been received too often, and lands in the dead-letter queue.

    Source: Lambda guide, services-sqs-scaling and configuration-concurrency. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html>

    ## Fix

    ```terraform
    resource "aws_lambda_function" "worker" {
      reserved_concurrent_executions = 5
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    reserved = function.reserved_concurrency
    if reserved.get() == 0:
        yield Problem(
            message=f"the reserved concurrency of function `{function.id}` is"
            f" {with_place(reserved)}, so it never runs",
            at=reserved.at,
            fix=Fix(
                f"{HERE}, or none, on `{function.id}`",
                (SetAttribute(function.id, "reserved_concurrent_executions", 5),),
            ),
            because=(Evidence("0 throttles every invocation", reserved.at),),
        )
