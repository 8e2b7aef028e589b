"""The rule `function-dead-letter-target-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Undocumented, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Function, Inventory, arn_field
from checker.requests import DEAD_LETTERS
from checker.rules._creation import in_other_region
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def function_dead_letter_target_invalid(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The dead-letter target of the function is one that Lambda does not take.

    ## Why

    `dead_letter_config` takes a standard queue or a standard topic of the function's own Region.
    Of another one CreateFunction answers, so that there is no function and no mapping:

        InvalidParameterValueException: Invalid dead letter queue ARN: FIFO SQS queue is not supported for dead letter configuration
        InvalidParameterValueException: The resource specified by the TargetArn must be in the same region as the Lambda function it's associated with.
        InvalidParameterValueException: The service specified by the TargetArn is not supported for dead letter configuration.

    The texts are recorded (confidence H). That a FIFO topic is refused as well is not recorded: the
    guide speaks of standard topics only (confidence M), and the rule says that it is unknown.

    Source: recorded against AWS in September 2026, badmintoncryer/cdk-preflight; Lambda guide,
    invocation-async-retain-records. Confidence: high, medium for a FIFO topic.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

    ## Fix

    A mapping never uses the function's own dead-letter queue: remove the block, or name a standard
    queue of the function's Region:

    ```terraform
    dead_letter_config {
      target_arn = aws_sqs_queue.failed.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if not function.closed or isinstance(function.dead_letter, Unknown):
        return  # role-cannot-send-dead-letters says what is unknown
    target = function.dead_letter.value
    if target is None:
        return
    service = arn_field(target, 2)
    if service is not None and service.literal is not None and service.literal not in DEAD_LETTERS:
        yield _problem(function, target, f"is one of `{service}`", _SERVICE)
        return
    what = f"the dead-letter target `{target}`"
    elsewhere = in_other_region(function, target, what, function.dead_letter.at)
    if isinstance(elsewhere, Unknown):
        yield elsewhere
    elif elsewhere:
        yield _problem(function, target, elsewhere, _REGION)
        return
    yield from _kind(function, target, inventory)


def _kind(function: Function, target: Text, inventory: Inventory) -> Iterator[Said]:
    """Say that a target is a FIFO queue, or a FIFO topic: its name ends so."""
    at = function.dead_letter.at
    fifo = target.like(Text.of("*.fifo"))
    if target.like(Text.of("arn:*:sqs:*")) is Truth.YES:
        queue = inventory.queue(Known(target, at))
        if isinstance(queue, Known) and queue.value.closed:
            made = queue.value.fifo
            if isinstance(made, Known):
                fifo = Truth.of(made.value)
            elif fifo is Truth.MAYBE:
                yield made.leaves(f"it is unknown whether queue `{queue.value.id}` is a FIFO queue")
        if fifo is Truth.YES:
            yield _problem(function, target, "is a FIFO queue", _FIFO)
    elif fifo is Truth.YES:
        why = f"it is unknown whether Lambda takes `{target}`, a FIFO topic, as the dead-letter"
        yield Undocumented(f"{why} target of `{function.id}`", at, "name a standard topic")


_FIFO = (
    "Invalid dead letter queue ARN: FIFO SQS queue is not supported for dead letter configuration"
)
_REGION = (
    "The resource specified by the TargetArn must be in the same region as the Lambda function it's"
    " associated with."
)
_SERVICE = "The service specified by the TargetArn is not supported for dead letter configuration."


def _problem(function: Function, target: Text, what: str, says: str) -> Problem:
    return Problem(
        message=f"the dead-letter target `{target}` of function `{function.id}` {what}",
        at=function.dead_letter.at,
        fix=Fix(
            "name a standard queue or topic of the function's Region, or remove"
            " `dead_letter_config`"
        ),
        because=(Evidence(f"AWS answers: `{says}`", function.dead_letter.at),),
    )
