"""The rule `permission-does-nothing`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam import actions
from checker.iam.document import Document
from checker.iam.statement import Effect, Principal, PrincipalKind, Statement
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Function, Inventory, Queue
from checker.rules.fix import HERE, Fix, RemoveBlock
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_SQS = Text.of("sqs.amazonaws.com")
_LAMBDA = "lambda.amazonaws.com"
_READING = {
    f"sqs:{name}".lower()
    for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility")
}


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    takes_unknown=True,
    aws="accepts it, ignores it",
    works=(SOURCE, PLAN, TEMPLATE),
)
def permission_does_nothing(
    mapping: EventSourceMapping, queue: Value[Queue], inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A permission is given to a service that never uses it for a queue's mapping.

    ## Why

    SQS does not invoke the function: Lambda polls the queue, as a session of the function's role.
    So an `aws_lambda_permission` for `sqs.amazonaws.com` does nothing, and neither does a statement
    in the queue's policy that lets the service `lambda.amazonaws.com` receive: the principal that
    asks is the role.

    Source: Lambda guide, with-sqs and with-sqs-cross-account-example. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

    ## Fix

    Remove it, and give the role what it needs:

    ```terraform
    resource "aws_iam_role_policy_attachment" "read" {
      role       = aws_iam_role.worker.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    function = inventory.function_of(mapping)
    if isinstance(function, Known):
        yield from _of_function(function.value)
    if isinstance(queue, Known):
        yield from _of_queue(queue.value)


def _of_function(function: Function) -> Iterator[Said]:
    for permission in function.permissions:
        principal = permission.principal
        if isinstance(principal, Unknown):
            yield from () if permission.unsure is not None else (principal,)
            continue
        same = principal.value.equals(_SQS)
        if same is Truth.MAYBE:
            yield principal.value.why_unknown(
                principal.at, f"it is unknown whether `{principal.value}` is `sqs.amazonaws.com`"
            )
        elif same is Truth.YES and permission.unsure is not None:
            yield permission.unsure
        elif same is Truth.YES:
            yield Problem(
                message=f"`{permission.id}` lets SQS invoke function `{function.id}`, which SQS"
                " never does",
                at=permission.at,
                fix=Fix(HERE, (RemoveBlock(permission.id),), safe=True),
                because=(Evidence("Lambda polls the queue as the function's role", principal.at),),
                subject=permission.id,
            )


def _of_queue(queue: Queue) -> Iterator[Said]:
    for document in queue.policy.members:
        for statement in document.statements if isinstance(document, Document) else ():
            if _for_lambda(statement) and _reads(statement):
                yield Problem(
                    message=f"{statement} lets the service `{_LAMBDA}` read queue `{queue.id}`,"
                    " which Lambda never does as a service",
                    at=statement.at,
                    fix=Fix("name the function's role as the principal, or remove the statement"),
                    because=(Evidence("Lambda polls as the function's role", statement.at),),
                    subject=statement.document,
                )


def _for_lambda(statement: Statement) -> bool:
    return statement.effect is Effect.ALLOW and any(
        isinstance(each, Principal)
        and each.kind is PrincipalKind.SERVICE
        and each.value.literal == _LAMBDA
        for each in statement.principals or ()
    )


def _reads(statement: Statement) -> bool:
    names = [each.literal or "" for each in statement.actions or () if isinstance(each, Text)]
    return any(
        name.lower() in _READING
        or ("*" in name and _READING & {found.lower() for found in actions.matching(name)})
        for name in names
    )
