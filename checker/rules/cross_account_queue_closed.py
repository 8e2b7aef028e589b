"""The rule `cross-account-queue-closed`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Queue, Role, account_of, same_account
from checker.requests import Lack, admitting, poll, source_layers
from checker.rules._permission import AskedAction, Wording, ask, named, reference_to, tell
from checker.rules.fix import HERE, AddStatement, Fix, principal, statement
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings

_ELSEWHERE = "sqs:changemessagevisibility"
"""The action of which only `role-cannot-extend-visibility` speaks."""


@rule(on=EventSourceMapping, sources=(Queue,), aws="refuses the mapping")
def cross_account_queue_closed(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The queue is in another account, and its policy does not admit the function's role.

    ## Why

    Between accounts both sides have to agree: the role's documents and the queue's own policy.
    Without the second AWS refuses the mapping:

        InvalidParameterValueException: The provided execution role does not have permissions to call ReceiveMessage on SQS

    The principal in the queue's policy must be the execution role or its account. `Principal =
    { Service = "lambda.amazonaws.com" }` does nothing here: the poller calls as the role.

    Source: Lambda guide, with-sqs-cross-account-example; AWS's answer as in
    `role-cannot-read-queue`. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-cross-account-example.html>

    ## Fix

    In the queue's account:

    ```terraform
    resource "aws_sqs_queue_policy" "orders" {
      queue_url = aws_sqs_queue.orders.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::111122223333:role/worker" }
          Action    = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
          Resource  = aws_sqs_queue.orders.arn
        }]
      })
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    same = same_account(queue.arn, role.arn)
    if same is Truth.YES:
        return
    actions = [action for action in settings.role_required if action.lower() != _ELSEWHERE]
    layers = admitting(queue.policy)
    closed = [ask(poll(action, queue, role), layers, inventory) for action in actions]
    if same is Truth.MAYBE:
        open_ones = [one for one in closed if _matters(one, queue, role)]
        if open_ones:
            yield _unknown(open_ones, queue, role)
        return

    def fix(actions: tuple[str, ...], _missing: Lack) -> Fix:
        who = principal("AWS", reference_to(role))
        allow = statement(actions, Principal=who, Resource=reference_to(queue))
        edit = AddStatement(queue.id, allow, "resource policy")
        return Fix(f"add to the policy of queue `{queue.id}`: {HERE}", (edit,), safe=True)

    wording = Wording(
        who=named("role", role.id),
        where=f"by the policy of queue `{queue.id}`, which is in another account",
        subject=queue.id,
        at=queue.at,
        fix=fix,
        evidence=lambda action: (Evidence(_refusal(action)), _accounts(queue, role)),
    )
    yield from tell(closed, wording)


def _matters(one: AskedAction, queue: Queue, role: Role) -> bool:
    """Tell whether it decides anything which account the queue is in."""
    if one.decision.allowed is Truth.YES:
        return False
    layers = source_layers(queue, role)
    return one.decisions.authorize(one.request, layers).allowed is Truth.MAYBE


def _unknown(asked: list[AskedAction], queue: Queue, role: Role) -> Unknown:
    actions = ", ".join(f"`{one.action}`" for one in asked)
    why = (
        f"it is unknown whether queue `{queue.id}` and role `{role.id}` are in one account"
        f" (`{account_of(queue.arn) or queue.arn}` and `{account_of(role.arn) or role.arn}`), and"
        f" whether the policy of the queue allows the role {actions}"
    )
    return Unknown(why, queue.at, "set `allowed_account_ids` in the provider block")


def _accounts(queue: Queue, role: Role) -> Evidence:
    ours, theirs = account_of(role.arn), account_of(queue.arn)
    return Evidence(
        f"the queue is in account `{theirs}`, and the role is in account `{ours}`", queue.at
    )


def _refusal(action: str) -> str:
    name = action.partition(":")[2]
    text = f"The provided execution role does not have permissions to call {name} on SQS"
    return f"AWS refuses the mapping: `{text}`"
