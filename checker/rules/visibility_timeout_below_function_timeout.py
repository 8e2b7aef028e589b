"""The rule `visibility-timeout-below-function-timeout`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings
from checker.rules.visibility_timeout_too_short import visibility_timeout_too_short

_ARGUMENT = "visibility_timeout_seconds"


@rule(on=EventSourceMapping, sources=(Queue,), aws="refuses the mapping")
def visibility_timeout_below_function_timeout(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The queue's visibility timeout is shorter than the function's timeout.

    ## Why

    AWS refuses the mapping, when it is created and when it is updated:

        InvalidParameterValueException: Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds

    Equal is allowed. A queue is created with 30 seconds, a function with 3, so a queue without
    `visibility_timeout_seconds` is refused as soon as the function's timeout is 31 seconds. When
    the queue or the function changes later, AWS does not check again: messages are then processed
    twice, and the next update of the mapping fails.

    Source: recorded against AWS (hashicorp/terraform-provider-aws issue 18099); Lambda guide,
    services-sqs-configure. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>

    ## Fix

    Six times the function's timeout, plus the batching window, which AWS recommends:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      visibility_timeout_seconds = 6 * 60
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    function = inventory.function_of(mapping).get()
    hidden, runs = queue.visibility_timeout, function.timeout
    seconds, limit = hidden.get(), runs.get()
    if seconds >= limit:
        return
    advised = settings.of(visibility_timeout_too_short, "factor") * limit
    text = f"Queue visibility timeout: {seconds} seconds is less than Function timeout: {limit}"
    yield Problem(
        message=f"the visibility timeout of queue `{queue.id}` is {with_place(hidden, ' s')},"
        " less than"
        f" {with_place(runs, ' s')}, the timeout of function `{function.id}`",
        at=hidden.at,
        fix=Fix(
            f"{HERE} on queue `{queue.id}`",
            (SetAttribute(queue.id, _ARGUMENT, advised),),
            safe=True,
        ),
        because=(
            Evidence("the visibility timeout", hidden.at),
            Evidence("the function's timeout", runs.at),
            Evidence(f"AWS refuses the mapping: `{text} seconds`"),
        ),
        subject=queue.id,
    )
