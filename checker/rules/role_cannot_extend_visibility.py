"""The rule `role-cannot-extend-visibility`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory, Queue
from checker.requests import poll, source_layers
from checker.rules._permission import Wording, ask, named, reference_to, role_fix, tell
from checker.rules.rule import Said, rule
from checker.rules.settings import Settings

_ACTION = "sqs:ChangeMessageVisibility"


@rule(on=EventSourceMapping, sources=(Queue,), aws="accepts it")
def role_cannot_extend_visibility(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function's role is not allowed to change the visibility timeout of a message.

    ## Why

    The SQS guide demanded `sqs:ChangeMessageVisibility` of the execution role until November 2019.
    Lambda's poller does not call it: AWS's own `AWSLambdaSQSQueueExecutionRole` lacks it, and AWS
    refuses no mapping for it. Your function's code needs it if it extends the visibility timeout
    while it processes a message, or ends it early. Under the policy `aws-2019` the missing action
    is an error, as the guide had it then.

    Source: history of the SQS guide, sqs-configure-lambda-function-trigger; the managed policy
    itself. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>

    ## Fix

    Allow it beside the actions that read the queue:

    ```terraform
    statement {
      actions   = ["sqs:ChangeMessageVisibility"]
      resources = [aws_sqs_queue.orders.arn]
    }
    ```

    ## Since

    tfcheck 0.1.0. The SQS tutorial demanded the action from June 2018 to November 2019
    (`aws-2019`); the poller never used it.
    """
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    wording = Wording(
        who=named("role", role.id),
        where=f"on queue `{queue.id}`",
        subject=role.id,
        at=role.at,
        fix=role_fix(role, reference_to(queue)),
    )
    asked = ask(poll(_ACTION, queue, role), source_layers(queue, role), inventory)
    yield from tell([asked], wording)
