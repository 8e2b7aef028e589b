"""The rule `resource-managed-twice`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import EventSourceMapping, Inventory, NameClash
from checker.model.clashes import QUEUE_POLICY
from checker.rules._resting import both_there, clashes_of
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    aws="accepts it, the last one written stays",
    works=(SOURCE, PLAN, TEMPLATE),
)
def resource_managed_twice(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Two blocks manage one thing, so that each undoes what the other says of it.

    ## Why

    CreateQueue returns the queue that exists where the name and all attributes are the same, and
    PutRolePolicy overwrites the inline policy that a role has under the name. Both blocks then
    manage one thing: a change of one is undone by the next apply of the other, and removing either
    deletes what both need. Of two inline policies with different documents the last one written
    stays, and nothing tells which that is: what the role is allowed to do is unknown. Two blocks
    whose objects a state has under one name are one thing as well. In a template this concerns
    inline policies of one name, too, and two resources that write the policy of one queue.
    CloudFormation refuses an `AWS::IAM::Policy` whose name another stack has written on the role;
    what it does within one stack is not recorded.

    Source: documentation of CreateQueue and PutRolePolicy, and terraform-provider-aws issues 10824
    and 15429; instance-scheduler-on-aws issue 624. Confidence: high, medium for templates.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>
    <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html>

    ## Fix

    Remove one of the two blocks, or give it a name of its own:

    ```terraform
    resource "aws_iam_role_policy" "logs" {
      name = "logs"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """
    for clash in clashes_of(mapping, inventory):
        if isinstance(clash.refused, Known) and not clash.refused.value:
            yield _problem(clash) if clash.unsure is None else both_there(clash)


def _problem(clash: NameClash) -> Problem:
    one, other = clash.first, clash.second
    fix = f"remove `{other.id}` or `{one.id}`, or give one of them another name"
    if clash.kind == QUEUE_POLICY:
        fix = f"write the statements of both in `{one.id}`, and remove `{other.id}`"
    return Problem(
        message=f"`{one.id}` and `{other.id}` both manage {clash.kind} `{clash.name}`",
        at=other.at,
        fix=Fix(fix),
        because=(Evidence(f"`{one.id}` manages it too", one.at),),
        subject=other.id,
    )
