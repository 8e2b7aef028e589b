"""The rule `role-cannot-send-dead-letters`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.document import Documents
from checker.knowledge.partial import Known, Undocumented, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Function, Inventory, Queue, Role, arn_field
from checker.requests import DEAD_LETTERS, creation, role_layers
from checker.rules._creation import fix_of, in_other_region
from checker.rules._permission import (
    AskedAction,
    Wording,
    ask,
    named,
    reference_to,
    tell,
)
from checker.rules.fix import Reference, reference
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def role_cannot_send_dead_letters(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function has a dead-letter queue or topic, and its role is not allowed to send to it.

    ## Why

    When a function is made, Lambda tests whether its execution role is allowed to send to the
    target of its `dead_letter_config`. Without the permission there is no function, so no mapping:

        InvalidParameterValueException: The provided execution role does not have permissions to call SendMessage on SQS
        InvalidParameterValueException: The provided execution role does not have permissions to call Publish on SNS

    Both texts are recorded (confidence H). The permission has to be in a policy of the role:
    it is reported that the queue's own policy does not help (confidence M), so where only that
    allows it the rule says that it is unknown. `AWSLambdaSQSQueueExecutionRole` does not hold it.

    Source: Lambda guide, invocation-async-retain-records; elastic/beats issue 13963;
    functionalone/serverless-iam-roles-per-function issue 5. Confidence: high, medium where only
    the queue's policy allows it.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
    <https://github.com/elastic/beats/issues/13963>
    <https://github.com/gmetzker/serverless-plugin-lambda-dead-letter/issues/40>

    ## Fix

    A mapping never uses the function's own dead-letter queue: remove the block, or allow it:

    ```terraform
    statement {
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.failed.arn]
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    found = function.dead_letter
    if not function.closed or (isinstance(found, Known) and found.value is None):
        return
    target = found.get()
    if target is None:
        return
    elsewhere = in_other_region(function, target, "its dead-letter target", found.at)
    if isinstance(elsewhere, str) and elsewhere:
        return  # function-dead-letter-target-invalid speaks of it
    role = inventory.role_of(function).get()
    service = arn_field(target, 2)
    action = None if service is None or service.literal is None else service.literal
    if action is None:
        yield from _either(function, target, role, inventory)
    elif action in DEAD_LETTERS:  # of others function-dead-letter-target-invalid speaks
        yield from _lacks(DEAD_LETTERS[action], function, target, role, inventory)


def _lacks(
    action: str, function: Function, target: Text, role: Role, inventory: Inventory
) -> Iterator[Said]:
    at = function.dead_letter.at
    asked = _ask(action, function, target, role, inventory)
    own = ask(creation(action, function, role, target), role_layers(role), inventory)
    if asked.decision.allowed is Truth.YES and own.decision.allowed is not Truth.YES:
        why = (
            f"it is unknown whether Lambda makes function `{function.id}`: only the policy of"
            f" `{target}` allows role `{role.id}` to send to it"
        )
        yield Undocumented(why, at, f"allow `{action}` in a policy of the role")
        return
    service = "SNS" if action == "sns:Publish" else "SQS"
    said = f"does not have permissions to call {action.partition(':')[2]} on {service}"
    wording = Wording(
        who=named("role", role.id),
        where=f"on `{_name(target, inventory)}`, the dead-letter target of `{function.id}`",
        subject=role.id,
        at=role.at if role.closed else function.at,
        fix=fix_of(role, _reference(target, inventory)),
        evidence=lambda _: (
            Evidence("the dead-letter target of the function", at),
            Evidence(f"AWS answers: `The provided execution role {said}`"),
        ),
    )
    yield from tell([asked], wording)


def _ask(
    action: str, function: Function, target: Text, role: Role, inventory: Inventory
) -> AskedAction:
    """Decide the request with the target's own policy, as far as it is read."""
    resource: Documents | None = None
    if action == "sns:Publish":
        unread = function.options.dead_letter_policy
        resource = None if unread is None else Documents(unseen=unread)
    else:
        queue = _queue(target, inventory)
        resource = queue.policy if queue is not None and queue.closed else None
    request = creation(action, function, role, target)
    return ask(request, role_layers(role, resource), inventory)


def _either(
    function: Function, target: Text, role: Role, inventory: Inventory
) -> Iterator[Unknown]:
    """Say that it is unknown what is sent to, unless the role may send to whatever it is."""
    asked = [
        ask(creation(action, function, role, target), role_layers(role), inventory)
        for action in DEAD_LETTERS.values()
    ]
    if any(each.decision.allowed is not Truth.YES for each in asked):
        why = f"it is unknown whether role `{role.id}` is allowed to send to the dead-letter target"
        yield target.why_unknown(function.dead_letter.at, f"{why} of `{function.id}`")


def _queue(target: Text, inventory: Inventory) -> Queue | None:
    found = inventory.queue(Known(target, inventory.mappings[0].at)) if inventory.mappings else None
    return found.value if isinstance(found, Known) else None


def _reference(target: Text, inventory: Inventory) -> Reference:
    """Return how a document names the target: a queue or topic of the input by reference."""
    queue = _queue(target, inventory)
    if queue is not None and queue.closed:
        return reference_to(queue)
    noun = "topic" if target.like(Text.of("arn:*:sns:*")) is Truth.YES else ""
    return reference(target.thing or target.id, noun, target, made=bool(target.thing))


def _name(target: Text, inventory: Inventory) -> str:
    queue = _queue(target, inventory)
    return target.id if queue is None else queue.id
