"""The rule `visibility-timeout-too-short`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

_LONGEST_WINDOW = 300
_LONGEST_VISIBILITY = 43200


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    aws="accepts it, delivers twice",
    thresholds={"factor": 6},
)
def visibility_timeout_too_short(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The queue's visibility timeout is shorter than six function timeouts and the batching window.

    ## Why

    When Lambda is throttled it tries a batch again until the visibility timeout ends; a message
    that becomes visible before then is processed twice and uses up receives until it moves to the
    dead-letter queue. AWS recommends at least six times the function's timeout, plus
    `maximum_batching_window_in_seconds`. Where the visibility timeout is below the function's
    timeout, AWS refuses the mapping, and the rule `visibility-timeout-below-function-timeout`
    reports it instead.

    Source: Lambda guide, services-sqs-configure. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      visibility_timeout_seconds = 6 * aws_lambda_function.worker.timeout
    }
    ```

    plus the mapping's `maximum_batching_window_in_seconds`. The factor is a setting of the
    policy: `visibility-timeout-too-short: {severity: warning, factor: 6}`.

    ## Since

    tfcheck 0.1.0.
    """
    function = inventory.function_of(mapping).get()
    hidden, runs, window = queue.visibility_timeout, function.timeout, mapping.batching_window
    seconds, limit = hidden.get(), runs.get()
    if seconds < limit:
        return
    wait = window.value if isinstance(window, Known) else 0
    factor = settings.of(visibility_timeout_too_short, "factor")
    least = factor * limit + max(wait, 0)
    if seconds >= least:
        if isinstance(window, Unknown) and seconds < least + _LONGEST_WINDOW:
            enough = (
                f"it is unknown whether a visibility timeout of {seconds} s is enough"
                f" for queue `{queue.id}`"
            )
            yield window.leaves(enough)
        return
    said = f"{factor} times {with_place(runs, ' s')}, the timeout of function `{function.id}`"
    if wait > 0 and isinstance(window, Known):
        said += f", plus {with_place(window, ' s')}, the batching window"
    edit = SetAttribute(queue.id, "visibility_timeout_seconds", least)
    fix = Fix(f"{HERE} on queue `{queue.id}`", (edit,), safe=True)
    if least > _LONGEST_VISIBILITY:
        fix = Fix(f"set a shorter `timeout` on function `{function.id}`")
    yield Problem(
        message=f"the visibility timeout of queue `{queue.id}` is {with_place(hidden, ' s')},"
        " less than"
        f" {said}",
        at=hidden.at,
        fix=fix,
        because=(
            Evidence("the visibility timeout", hidden.at),
            Evidence("the function's timeout", runs.at),
        ),
        subject=queue.id,
    )
