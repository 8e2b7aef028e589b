"""The rule `role-allows-too-much`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.iam.authorize import Decision, Layers
from checker.iam.context import NO_TAGS
from checker.iam.document import Document, Documents
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import RESOURCE, EventSourceMapping, Inventory, Queue, Role
from checker.requests import boundary_of, poll
from checker.rules._permission import listed, only_cause
from checker.rules.fix import Fix
from checker.rules.rule import Problem, Said, resting_on, rule
from checker.rules.settings import Settings

_OWNERS = ("sqs:DeleteQueue", "sqs:PurgeQueue", "sqs:SetQueueAttributes", "sqs:AddPermission")
_EXEMPT = "policy/service-role/AWSLambdaSQSQueueExecutionRole"
_OTHER = "tfcheck-asks-for-any-other-queue"


@rule(on=EventSourceMapping, sources=(Queue,), aws="accepts it")
def role_allows_too_much(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The role has more permissions on queues than a mapping needs, or has them on every queue.

    ## Why

    A mapping needs `sqs:ReceiveMessage`, `sqs:DeleteMessage` and `sqs:GetQueueAttributes` on its
    queue. A function whose code can delete or purge queues, change their policies, or read the
    queues of others, does harm when it is taken over. This rule reports a document of the role that
    allows what only a queue's owner does (`sqs:DeleteQueue`, `sqs:PurgeQueue`,
    `sqs:SetQueueAttributes`, `sqs:AddPermission`), or to read every queue. It reports neither
    `sqs:SendMessage`, which code can need, nor the managed policy `AWSLambdaSQSQueueExecutionRole`,
    which AWS recommends, although it holds for every queue.

    Source: SQS guide, sqs-least-privilege-policy; what is too much is this rule's own choice.
    Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-least-privilege-policy.html>

    ## Fix

    ```terraform
    statement {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [aws_sqs_queue.orders.arn]
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    own = inventory.decisions.once_of("own documents", role, lambda: _own(role))
    layers = Layers(identity=own, boundary=boundary_of(role))
    owned = [(poll(action, queue, role), action) for action in _OWNERS]
    other = _another(queue)
    read = [] if other is None else [(poll(a, other, role), a) for a in settings.role_required]
    for where, asked in (
        (f"on queue `{queue.id}`", owned),
        ("on every queue of the account", read),
    ):
        decided = [(action, inventory.decisions.authorize(one, layers)) for one, action in asked]
        yield from _said(role, where, decided)


def _own(role: Role) -> Documents:
    """Return the role's documents without the one that AWS recommends."""
    members = tuple(
        member
        for member in role.identity.members
        if not (isinstance(member, Document) and member.id.endswith(_EXEMPT))
    )
    return Documents(members)


def _another(queue: Queue) -> Queue | None:
    """Return another queue beside one, without tags and with a name that nobody lists."""
    fields = queue.arn.split(":", RESOURCE)
    if fields is None or len(fields) <= RESOURCE:
        return None
    head: list[object] = []
    for field in fields[:RESOURCE]:
        head += [field, ":"]
    arn = Text.of(*head, _OTHER)  # type: ignore[arg-type]
    made = queue.arn.identities
    return replace(queue, arn=arn if made is None else made.outside(arn), tags=NO_TAGS)


def _said(role: Role, where: str, decided: list[tuple[str, Decision]]) -> Iterator[Said]:
    sure = [(action, one) for action, one in decided if one.allowed is Truth.YES]
    if sure:
        yield _problem(role, where, sure)
        return
    for action, decision in decided:
        if decision.allowed is Truth.MAYBE:
            reason = decision.because[0]
            why = (
                f"it is unknown whether role `{role.id}` is allowed to `{action}` {where}:"
                f" {reason.text}"
            )
            yield Unknown(why, reason.at or role.at, reason.remedy, only_cause((reason,)))
            return


def _problem(role: Role, where: str, sure: list[tuple[str, Decision]]) -> Problem:
    reasons = dict.fromkeys(reason for _, decision in sure for reason in decision.because)
    ground = tuple(resting_on(reason) for reason in reasons)
    at = next((each.at for each in ground if each.at is not None and each.at.line), role.at)
    return Problem(
        message=f"role `{role.id}` is allowed to"
        f" {listed([action for action, _ in sure], 'and')} {where}",
        at=at,
        fix=Fix(
            "allow `sqs:ReceiveMessage`, `sqs:DeleteMessage` and `sqs:GetQueueAttributes` on this"
            " queue only"
        ),
        because=ground,
        subject=role.id,
    )
