"""The rule `queue-open-to-everyone`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.authorize import Layers, authorize
from checker.iam.document import Document
from checker.iam.request import ABSENT, PUBLIC_ADDRESS, Caller, Context, KeyValue, Request
from checker.iam.statement import Effect
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Inventory, Queue, account_of
from checker.rules.fix import Fix
from checker.rules.rule import Problem, Said, resting_on, rule
from checker.rules.settings import Settings

_ACTIONS = ("SendMessage", "ReceiveMessage", "DeleteMessage", "PurgeQueue", "GetQueueAttributes")
_CARRIED: dict[str, KeyValue] = {
    "aws:SecureTransport": (Text.of("true"),),
    "aws:SourceIp": (PUBLIC_ADDRESS,),
    "aws:PrincipalIsAWSService": (Text.of("false"),),
    "aws:ViaAWSService": (Text.of("false"),),
}
_LACKING: dict[str, KeyValue] = dict.fromkeys(
    (
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceName",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "aws:CalledVia",
        "aws:MultiFactorAuthPresent",
    ),
    ABSENT,
)
"""What a request from the internet without credentials lacks."""


@rule(on=Queue, aws="accepts it, lets anybody in")
def queue_open_to_everyone(
    queue: Queue, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue's policy lets everyone on the internet use the queue.

    ## Why

    `Principal = "*"` means everyone, with or without an AWS account. Unless a condition says who is
    meant, strangers can send messages that the function processes, read or delete the messages
    that are there, and empty the queue. Conditions such as `aws:SecureTransport` do not say who.

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
    layers = Layers(resource=queue.policy, rcps=queue.rcps)
    decisions = [(action, authorize(_asked(action, queue), layers)) for action in _ACTIONS]
    allowed = [(action, made) for action, made in decisions if made.allowed is Truth.YES]
    if not allowed:
        perhaps = any(made.allowed is Truth.MAYBE for _, made in decisions)
        yield from _unknown(queue, perhaps=perhaps)
        return
    because = tuple(dict.fromkeys(resting_on(each) for _, made in allowed for each in made.because))
    actions = ", ".join(f"`sqs:{action}`" for action, _ in allowed)
    yield Problem(
        message=f"the policy of queue `{queue.id}` allows {actions} to everyone",
        at=because[0].at or queue.at,
        fix=Fix(
            "name the accounts, roles or services in `Principal`, or add a condition on"
            " `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`"
        ),
        because=because,
    )


def _asked(action: str, queue: Queue) -> Request:
    context = Context(_CARRIED | _LACKING)
    return Request(Caller.anonymous(), f"sqs:{action}", queue.arn, account_of(queue.arn), context)


def _unknown(queue: Queue, *, perhaps: bool) -> Iterator[Unknown]:
    """Yield why it is unknown, where a document of the input is; what is foreign is not judged.

    `perhaps` tells whether a document may allow everyone.
    """
    for member in queue.policy.members:
        for unknown in _open_points(member, perhaps=perhaps):
            why = f"whether the policy of queue `{queue.id}` allows everyone is unknown"
            yield unknown.leaves(why)
            return


def _open_points(member: Document | Unknown, *, perhaps: bool) -> Iterator[Unknown]:
    """Yield what a document leaves open: itself, whether it is the queue's, whom it names."""
    if isinstance(member, Unknown):
        yield member
        return
    if not perhaps:
        return
    if member.doubt is not None:
        yield member.doubt
    for statement in member.statements:
        principal = statement.unknown_principal
        if principal is not None and statement.effect is not Effect.DENY:
            yield principal
