"""The rule `batching-window-not-allowed`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, RemoveAttribute, set_attribute
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_LONGEST = 300

_ARGUMENT = "maximum_batching_window_in_seconds"


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="refuses the mapping")
def batching_window_not_allowed(
    mapping: EventSourceMapping, source: Value[Queue], _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The batching window is longer than AWS takes, or the queue is FIFO and takes none.

    ## Why

    A batching window is 0 to 300 seconds, and a FIFO queue has none:

        InvalidParameterValueException: Batching window is not supported for FIFO queues

    `terraform validate` and `plan` do not notice.

    Source: recorded against AWS (badmintoncryer/cdk-preflight, localstack/localstack); botocore's
    service model. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>

    ## Fix

    On a FIFO queue leave the argument out, and keep `batch_size` at 10 or below. Otherwise:

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      maximum_batching_window_in_seconds = 300
    }
    ```

    ## Since

    tfcheck 0.1.0. Windows exist since November 2020.
    """
    window = mapping.batching_window
    seconds = window.get()
    if not 0 <= seconds <= _LONGEST:
        yield Problem(
            message=f"the batching window is {seconds} s, outside 0 to {_LONGEST} s",
            at=window.at,
            fix=set_attribute(mapping.id, _ARGUMENT, _LONGEST if seconds > 0 else 0),
            because=(Evidence("AWS refuses a batching window outside 0 to 300 s", window.at),),
        )
        return
    if seconds == 0:
        return
    queue = source.get()
    if queue.fifo.get():
        yield Problem(
            message=f"the batching window is {seconds} s, but queue `{queue.id}` is a FIFO queue",
            at=window.at,
            fix=Fix(HERE, (RemoveAttribute(mapping.id, _ARGUMENT),), safe=True),
            because=(
                Evidence(f"queue `{queue.id}` is a FIFO queue", queue.fifo.at),
                Evidence(
                    "AWS refuses the mapping: `Batching window is not supported for FIFO queues`"
                ),
            ),
        )
