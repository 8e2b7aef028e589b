"""The rule `batch-size-out-of-range`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown, Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute, set_attribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_MOST = 10_000
_MOST_AT_ONCE = 10
"""What one ReceiveMessage brings: more needs a window to collect, and is not for FIFO."""
_NO_WINDOW = (
    "Maximum batch window in seconds must be greater than 0"
    " if maximum batch size is greater than 10"
)


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="refuses the mapping")
def batch_size_out_of_range(
    mapping: EventSourceMapping, queue: Value[Queue], _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The batch size is not one that AWS takes for this queue.

    ## Why

    A batch is 1 to 10,000 messages, and 1 to 10 on a FIFO queue. More than 10 come together only
    with a batching window:

        InvalidParameterValueException: Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10

    `terraform validate` and `plan` do not notice.

    Source: recorded against AWS (badmintoncryer/cdk-preflight, localstack/localstack); botocore's
    service model. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      batch_size                         = 100
      maximum_batching_window_in_seconds = 5
    }
    ```

    or `batch_size = 10`, the default.

    ## Since

    tfcheck 0.1.0. Batches above 10 since November 2020.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    size = mapping.batch_size
    number = size.get()
    if not 1 <= number <= _MOST:
        yield Problem(
            message=f"the batch size is {with_place(size)}, outside 1 to {_MOST}",
            at=size.at,
            fix=set_attribute(mapping.id, "batch_size", _MOST_AT_ONCE),
            because=(Evidence("AWS refuses a batch size outside 1 to 10000", size.at),),
        )
        return
    if number <= _MOST_AT_ONCE:
        return
    window = mapping.batching_window
    if isinstance(window, Known) and window.value == 0:
        yield Problem(
            message=f"the batch size is {with_place(size)}, but the batching window is"
            f" {with_place(window, ' s')}",
            at=size.at,
            fix=Fix(
                f"{HERE}, or `batch_size = 10`",
                (SetAttribute(mapping.id, "maximum_batching_window_in_seconds", 1),),
            ),
            because=(
                Evidence("the batching window", window.at),
                Evidence(f"AWS refuses the mapping: `{_NO_WINDOW}`"),
            ),
        )
        return
    yield from _on_fifo(mapping, queue)
    if isinstance(window, Unknown):
        yield window.leaves(f"it is unknown whether a batch of {number} has a batching window")


def _on_fifo(mapping: EventSourceMapping, queue: Value[Queue]) -> Iterator[Said]:
    """Say that a batch above 10 is too large if the queue is FIFO."""
    fifo: Value[bool] = queue.value.fifo if isinstance(queue, Known) else queue
    if isinstance(fifo, Unknown):
        yield fifo.leaves(
            "it is unknown whether the queue is a FIFO queue, which takes at most 10 messages a"
            " batch"
        )
    elif fifo.value and isinstance(queue, Known):
        size = mapping.batch_size
        yield Problem(
            message=f"the batch size is {with_place(size)}, but queue `{queue.value.id}` is a FIFO"
            " queue, which takes 1 to 10",
            at=size.at,
            fix=set_attribute(mapping.id, "batch_size", _MOST_AT_ONCE),
            because=(Evidence(f"queue `{queue.value.id}` is a FIFO queue", fifo.at),),
        )
