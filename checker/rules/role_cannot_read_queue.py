"""The rule `role-cannot-read-queue`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Queue, same_account
from checker.requests import admitted, poll, source_layers
from checker.rules._permission import Wording, ask, named, reference_to, role_fix, tell
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings

_ELSEWHERE = "sqs:changemessagevisibility"
"""The action of which only `role-cannot-extend-visibility` speaks."""


@rule(on=EventSourceMapping, sources=(Queue,), aws="refuses the mapping")
def role_cannot_read_queue(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The function's role is not allowed to read the queue, so AWS refuses the mapping.

    ## Why

    Lambda polls the queue as a session of the function's execution role. When the mapping is
    created it tries the role, and refuses with

        InvalidParameterValueException: The provided execution role does not have permissions to call ReceiveMessage on SQS

    (newer: `The function execution role does not have permissions to call ReceiveMessage on SQS`;
    the same with `DeleteMessage` and `GetQueueAttributes`). Terraform retries for minutes
    first, because a new permission takes a while to arrive. What AWS does where a permission is
    lost later is not documented: as reported, the mapping stays `Enabled` and delivers nothing.

    The role needs `sqs:ReceiveMessage`, `sqs:DeleteMessage` and `sqs:GetQueueAttributes` on this
    queue after every allow, deny and permissions boundary. In one account either a document of
    the role or the queue's policy has to allow them; between accounts both have to, and this rule
    judges the role's side (`cross-account-queue-closed` judges the other). A statement that denies
    them always wins. A condition on `aws:SourceVpce`, `aws:SourceVpc`, `aws:SourceArn` or
    `lambda:SourceFunctionArn` never fits: the poller's requests do not carry these keys.

    Source: recorded against AWS (hashicorp/terraform-provider-aws issue 7384,
    localstack/localstack); for `GetQueueAttributes` the Lambda guide alone, services-sqs-configure.
    Confidence: high, medium for `GetQueueAttributes` and for what happens later.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>

    ## Fix

    Allow the three actions on the queue:

    ```terraform
    resource "aws_iam_role_policy" "read_orders" {
      role = aws_iam_role.worker.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
          Resource = aws_sqs_queue.orders.arn
        }]
      })
    }
    ```

    or attach `arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole`.

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    layers = source_layers(queue, role)
    if same_account(queue.arn, role.arn) is Truth.NO:
        layers = admitted(layers)
    actions = [action for action in settings.role_required if action.lower() != _ELSEWHERE]
    wording = Wording(
        who=named("role", role.id),
        where=f"on queue `{queue.id}`",
        subject=role.id,
        at=role.at,
        fix=role_fix(role, reference_to(queue)),
        evidence=_refusal,
    )
    asked = (ask(poll(action, queue, role), layers, inventory) for action in actions)
    yield from tell(asked, wording)


def _refusal(action: str) -> tuple[Evidence, ...]:
    name = action.partition(":")[2]
    text = f"The provided execution role does not have permissions to call {name} on SQS"
    return (Evidence(f"AWS refuses the mapping: `{text}`"),)
