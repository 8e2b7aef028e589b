"""The rule `action-does-not-exist`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam import actions
from checker.iam.document import Document, Documents, Statement
from checker.model import Inventory, Mapping, Role
from checker.partial import Known, Text, Truth, Unknown, Value
from checker.rule import Evidence, Problem, Said, rule
from checker.settings import Settings

_AWS = Text.of("arn:*:iam::aws:policy/*")


@rule(on=Mapping)
def action_does_not_exist(
    mapping: Mapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A policy document names an action that AWS does not have, so it allows or denies nothing.

    ## Why

    IAM accepts any action name, and a statement with a wrong one does nothing, in silence. Often
    seen: `sqs:DeleteMessageBatch`, `sqs:ChangeMessageVisibilityBatch` and `sqs:SendMessageBatch`
    (the batch calls are allowed by the singular action) and `lambda:ListFunction`, which the SQS
    guide itself printed in 2018.

    <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html>

    ## Fix

    Name the action that exists:

    ```terraform
    statement {
      actions   = ["sqs:DeleteMessage"] # not sqs:DeleteMessageBatch
      resources = [aws_sqs_queue.orders.arn]
    }
    ```
    """
    for document in _documents(mapping, inventory):
        if isinstance(document, Unknown):
            why = f"whether every action of a document exists is not told: {document.why}"
            yield Unknown(why, document.at, document.remedy)
        elif Text.of(document.id).like(_AWS) is Truth.NO:
            for statement in document.statements:
                yield from _of_statement(statement)


def _documents(mapping: Mapping, inventory: Inventory) -> Iterator[Document | Unknown]:
    """Yield the documents of the queue, of the role and of the deployer."""
    queue = inventory.queue_of(mapping)
    if isinstance(queue, Unknown):
        yield queue
    else:
        yield from queue.value.policy.members
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    yield from _of_role(role)
    if inventory.deployer is not None:
        yield from _of_role(inventory.deployer.role)


def _of_role(role: Value[Role]) -> Iterator[Document | Unknown]:
    if isinstance(role, Unknown):
        yield role
        return
    layers: list[Documents] = [role.value.identity]
    for document in (role.value.boundary, role.value.trust):
        if isinstance(document, Known) and document.value is not None:
            layers.append(Documents((document.value,)))
        elif isinstance(document, Unknown) and role.value.closed:
            layers.append(Documents((document,)))
    for layer in layers:
        yield from layer.members


def _of_statement(statement: Statement) -> Iterator[Said]:
    for name in (*(statement.actions or ()), *(statement.not_actions or ())):
        if isinstance(name, Unknown):
            yield Unknown(f"whether an action exists is not told: {name.why}", name.at, name.remedy)
        elif name.literal is None:
            gap = name.unknown(statement.at)
            if gap is not None:
                why = f"whether the action `{name}` exists is not told: {gap.why}"
                yield Unknown(why, gap.at, gap.remedy)
        elif not _exists(name.literal):
            yield _problem(name.literal, statement)


def _exists(name: str) -> bool:
    """Tell whether an action, or one that a pattern covers, exists; yes if nobody knows."""
    service, _, rest = name.partition(":")
    if "*" not in name and "?" not in name:
        return actions.exists(name)
    if "*" in service or "?" in service or not actions.known_service(service):
        return True
    return ("*" in rest and not rest.strip("*")) or bool(actions.matching(name))


def _problem(name: str, statement: Statement) -> Problem:
    nearest = actions.nearest(name)
    fix = f"write `{nearest}`" if nearest else f"remove `{name}`"
    return Problem(
        message=f"{statement} names the action `{name}`, which does not exist",
        at=statement.at,
        fix=fix,
        because=(Evidence("AWS accepts the document; the action does nothing", statement.at),),
        subject=statement.document,
    )
