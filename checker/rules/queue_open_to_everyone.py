"""The rule `queue-open-to-everyone`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.authorize import Decision, Layers
from checker.iam.document import Document
from checker.iam.request import Caller, Request
from checker.iam.statement import Condition, Effect, Principal, Statement, UnknownPrincipal
from checker.knowledge.holes import Kind
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Inventory, Queue, account_of
from checker.requests.strangers import Stranger, strangers
from checker.rules.fix import Fix
from checker.rules.rule import Problem, Said, resting_on, rule
from checker.rules.settings import Settings

_ACTIONS = ("SendMessage", "ReceiveMessage", "DeleteMessage", "PurgeQueue", "GetQueueAttributes")


@rule(on=Queue, aws="accepts it, lets everyone in")
def queue_open_to_everyone(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue's policy lets everyone on the internet use the queue.

    ## Why

    `Principal = "*"` means everyone, with or without an AWS account. Unless a condition says who is
    meant, strangers can send messages that the function processes, read or delete the messages
    that are there, and empty the queue. Conditions that every stranger fulfils do not say who:
    `aws:SecureTransport`, the address range `0.0.0.0/0`, `aws:SourceArn` with `*` or
    `arn:aws:s3:::*`, `aws:PrincipalOrgID` with `*`.

    Source: SQS guide, sqs-security-best-practices; IAM guide,
    reference_policies_elements_principal. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html>

    ## Fix

    Name the principals, or the resource that sends:

    ```terraform
    resource "aws_sqs_queue_policy" "orders" {
      queue_url = aws_sqs_queue.orders.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { Service = "sns.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = aws_sqs_queue.orders.arn
          Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } }
        }]
      })
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """
    if not any(map(_may_name_everyone, queue.policy.members)):
        return
    layers = Layers(resource=queue.policy, rcps=queue.rcps)
    allowed: dict[str, tuple[str, Decision]] = {}
    perhaps = False
    for action in _ACTIONS:
        for n, stranger in enumerate(strangers(action)):
            made = inventory.decisions.decide(_asked(action, queue, stranger), layers)
            if made.allowed is Truth.YES:
                allowed[action] = (stranger.who, made)
                break
            perhaps = perhaps or (n == 0 and made.allowed is Truth.MAYBE)
    if not allowed:
        yield from _unknown(queue, perhaps=perhaps)
        yield from _half_an_arn(queue)
        return
    decisions = [made for _, made in allowed.values()]
    because = tuple(dict.fromkeys(resting_on(each) for made in decisions for each in made.because))
    actions: dict[str, list[str]] = {}
    for action, (who, _) in allowed.items():
        actions.setdefault(who, []).append(f"`sqs:{action}`")
    said = " and ".join(f"{', '.join(each)} to {who}" for who, each in actions.items())
    yield Problem(
        message=f"the policy of queue `{queue.id}` allows {said}",
        at=because[0].at or queue.at,
        fix=Fix(
            "name the accounts, roles or services in `Principal`, or add a condition on"
            " `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID` that names yours"
        ),
        because=because,
    )


def _asked(action: str, queue: Queue, stranger: Stranger) -> Request:
    owner = account_of(queue.arn)
    return Request(Caller.anonymous(), f"sqs:{action}", queue.arn, owner, stranger.context)


def _may_name_everyone(member: Document | Unknown) -> bool:
    """Tell whether a document may allow something to everyone; what is unknown may."""
    return isinstance(member, Unknown) or any(
        statement.effect is not Effect.DENY
        and (
            not statement.principals
            or not all(map(_names_somebody, statement.principals))
            or statement.unknown_principal is not None
        )
        for statement in member.statements
    )


def _names_somebody(principal: object) -> bool:
    """Tell whether a principal is surely not everyone."""
    literal = principal.value.literal if isinstance(principal, Principal) else None
    return literal is not None and "*" not in literal


def _unknown(queue: Queue, *, perhaps: bool) -> Iterator[Unknown]:
    """Yield why it is unknown, where a document of the input is; what is foreign is not judged.

    `perhaps` tells whether a document may allow everyone.
    """
    account = account_of(queue.arn)
    for member in queue.policy.members:
        for unknown in _open_points(member, account, perhaps=perhaps):
            why = f"it is unknown whether the policy of queue `{queue.id}` allows everyone"
            yield unknown.leaves(why)
            return


def _open_points(
    member: Document | Unknown, account: Text | None, *, perhaps: bool
) -> Iterator[Unknown]:
    """Yield what a document leaves open: itself, whether it is the queue's, whom it names.

    Whom it names by what is the queue's own account is an account, and not everyone.
    """
    if isinstance(member, Unknown):
        yield member
        return
    if not perhaps:
        return
    if member.unsure is not None:
        yield member.unsure
    for statement in member.statements:
        if statement.effect is not Effect.DENY:
            yield from _open(statement, account)


def _open(statement: Statement, account: Text | None) -> Iterator[Unknown]:
    """Yield the principals of a statement that may be anything, but for an account."""
    for each in (*(statement.principals or ()), *(statement.not_principals or ())):
        if isinstance(each, UnknownPrincipal):
            yield each
        elif isinstance(each, Principal) and each.value.is_open and not _is(account, each):
            yield each.value.why_unknown(statement.at)


def _is(account: Text | None, principal: Principal) -> bool:
    """Tell whether a principal is an account, which it surely equals."""
    return (
        account is not None
        and principal.value.equals(account) is Truth.YES
        and all(hole.kind is Kind.ACCOUNT for hole in account.holes)
    )


def _half_an_arn(queue: Queue) -> Iterator[Unknown]:
    """Yield what is unknown of a pattern such as `arn:aws:*` that alone closes a statement.

    AWS does not say what `ArnLike` makes of what is no whole ARN: it lets everyone in, or nobody.
    """
    for member in queue.policy.members:
        for statement in member.statements if isinstance(member, Document) else ():
            if statement.effect is Effect.ALLOW and _names_everyone(statement):
                (*_, half) = (None, *filter(_is_half, statement.conditions))
                if isinstance(half, Condition) and len(statement.conditions) == 1:
                    why = (
                        f"it is unknown whether the policy of queue `{queue.id}` allows everyone:"
                        " AWS does not say what an ARN pattern without all six parts matches"
                    )
                    yield Unknown(why, half.at, "write the whole ARN of the resource that sends")
                    return


def _names_everyone(statement: Statement) -> bool:
    return any(
        isinstance(each, Principal) and each.value.literal == "*"
        for each in statement.principals or ()
    )


def _is_half(condition: Condition | Unknown) -> bool:
    """Tell whether a condition names the resource that sends by a part of an ARN and a `*`."""
    if isinstance(condition, Unknown) or condition.key.literal is None:
        return False
    if condition.key.literal.lower() != "aws:sourcearn" or condition.test.operator.negated:
        return False
    literals = (each.literal for each in condition.values if isinstance(each, Text))
    return condition.test.operator.name.startswith("Arn") and any(
        each is not None and each.endswith("*") and each.count(":") < _COLONS for each in literals
    )


_COLONS = 5
