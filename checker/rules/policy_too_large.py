"""The rule `policy-too-large`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.document import Document, Statement
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory, Queue, Role
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_INLINE, _MANAGED, _TRUST, _KEY, _QUEUE = 10_240, 6_144, 2_048, 32_768, 8_192
_STATEMENTS, _ACTIONS = 20, 7


@rule(on=EventSourceMapping, aws="refuses the document", works=(SOURCE, PLAN, TEMPLATE))
def policy_too_large(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A policy document that the mapping rests on is larger than AWS takes.

    ## Why

    The inline policies of a role have 10,240 characters together:

        LimitExceeded: Maximum policy size of 10240 bytes exceeded for role worker

    A managed policy has 6,144, which is also a permissions boundary's size:

        LimitExceeded: Cannot exceed quota for PolicySize: 6144

    A trust policy has 2,048, and up to 4,096 where the account's quota is increased:

        LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048

    A queue's policy has 8,192 bytes, 20 statements and 7 actions of SQS a statement, a key's
    32,768 bytes:

        OverLimit: 10 actions were found in a statement from the submitted policy, max allowed is 7

    White space does not count for IAM, and is not counted here. What is unknown of a document may
    be empty, so only what is surely too large is reported. Whether a queue's policy has 10
    conditions and 50 principals as a whole or a statement is not documented: these are not counted.

    Source: recorded against AWS (serverless/serverless issue 7643, docker/docs issue 5815,
    kubernetes-sigs/aws-load-balancer-controller issue 2718); SQS guide, quotas-policies; KMS guide,
    resource-limits. Confidence: high.

    <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html>

    ## Fix

    Write a pattern in place of many ARNs, or split the document: a role takes 10 managed policies
    of 6,144 characters each, and more on request.

    ```terraform
    resource "aws_iam_role_policy_attachment" "worker_more" {
      role       = aws_iam_role.worker.name
      policy_arn = aws_iam_policy.worker_more.arn
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    if isinstance(role, Known):
        made = role.value
        yield from inventory.decisions.once_of("sizes", made, lambda: tuple(_of_role(made)))
    source = inventory.source_of(mapping)
    if isinstance(source, Known) and isinstance(source.value, Queue):
        queue = source.value
        yield from inventory.decisions.once_of("sizes", queue, lambda: tuple(_of_queue(queue)))
        key = inventory.key_of(queue)
        if isinstance(key, Known) and key.value is not None and key.value.closed:
            document = key.value.policy
            yield from _too_large(document.value if isinstance(document, Known) else None, _KEY)


def _of_role(role: Role) -> Iterator[Said]:
    members = [each for each in role.identity.members if isinstance(each, Document)]
    yield from _together([each for each in members if each.inline], role)
    boundary = role.boundary.value if isinstance(role.boundary, Known) else None
    for each in (*members, *([] if boundary is None else [boundary])):
        if not each.inline and not each.id.startswith("arn:"):
            yield from _too_large(each, _MANAGED)
    if role.closed and isinstance(role.trust, Known):
        yield from _too_large(role.trust.value, _TRUST, "ACLSizePerRole")


def _together(inline: list[Document], role: Role) -> Iterator[Said]:
    """Say that the inline policies of a role are too large together; some may not be there."""
    sure = [each for each in inline if each.unsure is None]
    every = sum(each.size for each in inline)
    if every <= _INLINE:
        return
    what = f"the inline policies of `{role.id}` have at least"
    size = sum(each.size for each in sure)
    if size <= _INLINE:
        unsure = next(each.unsure for each in inline if each.unsure is not None)
        yield unsure.leaves(f"{what} {every} characters, more than {_INLINE}, if all are there")
        return
    largest = sorted(sure, key=lambda each: -each.size)[:_MOST]
    at = largest[0].at
    text = f"Maximum policy size of {_INLINE} bytes exceeded for role ..."
    yield Problem(
        message=f"{what} {size} characters besides white space, more than {_INLINE}",
        at=at,
        fix=Fix("move statements into managed policies, and attach these"),
        because=(
            *(Evidence(f"`{e.id}` has {e.size} characters", e.at) for e in largest),
            Evidence(f"AWS answers `{text}`", at),
        ),
        subject=role.id,
    )


_MOST = 5
"""How many inline policies are named."""


def _too_large(document: Document | None, most: int, quota: str = "") -> Iterator[Said]:
    """Say that a document is larger than its quota."""
    if document is None or document.size <= most:
        return
    unless = f", unless the quota `{quota}` is increased" if quota else ""
    answers = {_MANAGED: "PolicySize", _TRUST: "ACLSizePerRole"}
    named = answers.get(most)
    answer = f": `Cannot exceed quota for {named}: {most}`" if named else ""
    problem = Problem(
        message=f"`{document.id}` has at least {document.size} characters besides white space,"
        f" more than the {most} that AWS takes{unless}",
        at=document.at,
        fix=Fix("split the document, or write patterns in place of many names"),
        because=(Evidence(f"AWS refuses the document{answer}", document.at),),
        subject=document.id,
    )
    yield from _if_there(problem, document.unsure)


def _if_there(problem: Problem, unsure: Unknown | None) -> Iterator[Said]:
    yield problem if unsure is None else unsure.leaves(f"{problem.message}, if it is there")


def _of_queue(queue: Queue) -> Iterator[Said]:
    for document in queue.policy.members if queue.closed else ():
        if not isinstance(document, Document):
            continue
        yield from _too_large(document, _QUEUE)
        surely = [each for each in document.statements if _is_there(each)]
        if len(surely) > _STATEMENTS:
            yield from _over(document, document.at, len(surely), "statements", _STATEMENTS)
        for statement in surely:
            named = {e.spelled.lower() for e in statement.actions or () if isinstance(e, Text)}
            # A public template has one of SQS among seven of another service: AWS was not asked.
            named = {each for each in named if each.startswith(("sqs:", "*"))}
            if len(named) > _ACTIONS:
                what = f"actions in {statement}"
                yield from _over(document, statement.at, len(named), what, _ACTIONS)


def _is_there(statement: Statement) -> bool:
    return statement.unread is None and not any(
        isinstance(each, Unknown) for each in statement.conditions
    )


def _over(document: Document, at: Location, count: int, what: str, most: int) -> Iterator[Said]:
    found = f"{count} actions were found in a statement from the submitted policy"
    answer = f": `{found}, max allowed is {most}`" if most == _ACTIONS else ""
    problem = Problem(
        message=f"`{document.id}` has {count} {what}, more than {most}",
        at=at,
        fix=Fix("split them, or write a pattern such as `sqs:*`"),
        because=(Evidence(f"SQS refuses the policy{answer}", at),),
        subject=document.id,
    )
    yield from _if_there(problem, document.unsure)
