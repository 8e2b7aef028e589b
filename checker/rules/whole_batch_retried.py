"""The rule `whole-batch-retried`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_REPORTS = "ReportBatchItemFailures"


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="accepts it, delivers twice")
def whole_batch_retried(
    mapping: EventSourceMapping, _queue: Value[Queue], _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """One message that fails makes the whole batch come back.

    ## Why

    Unless the function reports which messages failed, one failure returns the whole batch to the
    queue: messages that were handled are handled again, and sound ones reach the dead-letter queue
    with the bad one.

    Source: Lambda guide, services-sqs-errorhandling. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

    ## Fix

    Return `batchItemFailures` from the function, and say so:

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      function_response_types = ["ReportBatchItemFailures"]
    }
    ```

    ## Since

    tfcheck 0.1.0. Partial answers exist since November 2021.
    """
    if mapping.batch_size.get() > 1 and not mapping.reports_failures.get():
        yield Problem(
            message=f"a failure returns a whole batch of up to {with_place(mapping.batch_size)}",
            at=mapping.at,
            fix=Fix(
                f"{HERE}, or `batch_size = 1`",
                (SetAttribute(mapping.id, "function_response_types", (_REPORTS,)),),
            ),
            because=(Evidence("the function does not report which messages failed", mapping.at),),
        )
