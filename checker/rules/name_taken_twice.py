"""The rule `name-taken-twice`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.model import EventSourceMapping, Inventory, NameClash
from checker.rules._resting import both_there, clashes_of
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the second", works=(SOURCE, PLAN, TEMPLATE))
def name_taken_twice(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Two blocks make things of one kind and name in one account and Region.

    ## Why

    A reference names its block, whatever the name is; AWS makes one thing of a name, and refuses
    the second, so that one of the two blocks has nothing:

        ResourceConflictException: Function already exist: worker
        EntityAlreadyExists: Role with name worker already exists.
        EntityAlreadyExists: A policy called worker already exists. Duplicate names are not allowed.
        AlreadyExistsException: An alias with the name arn:aws:kms:eu-west-1:111122223333:alias/orders already exists
        ResourceConflictException: Alias already exists: arn:aws:lambda:eu-west-1:111122223333:function:worker:live
        QueueAlreadyExists: A queue already exists with the same name and a different value for attribute VisibilityTimeout

    Which of the two comes first is left to Terraform or CloudFormation, so the mapping may be the one that fails. The
    names of functions, queues and aliases of keys are taken in an account and Region, those of
    roles and policies in the whole account, whatever their paths and cases are. A queue is refused
    only where an attribute differs; two blocks of one queue are a matter of
    `resource-managed-twice`. Things in two accounts or two Regions are two: provider configurations
    of different profiles, roles or Regions are taken for different places, as the report says.
    Names that are unknown in different ways, such as two variables without values, are taken for
    two names.

    That the provider passes the error of a queue on rests on the attributes that it sends with
    CreateQueue, which old versions did not (terraform-provider-aws issue 15429), and is inference.

    Source: recorded against AWS in public issues (terraform-provider-aws 1524, port-labs/ocean 854,
    kubefirst 855, terraform-aws-cloudbees-ci-eks-addon 66, data-store 929, mail-for-good 159).
    Confidence: high, medium for queues.

    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>
    <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

    ## Fix

    Give one of the two another name, or make what both need once and refer to it:

    ```terraform
    resource "aws_lambda_function" "worker" {
      function_name = "worker-${each.key}"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's texts stay in one line, to be found
    for clash in clashes_of(mapping, inventory):
        said = _said(clash)
        if said is not None:
            yield said


def _said(clash: NameClash) -> Said | None:
    one, other = clash.first, clash.second
    if isinstance(clash.refused, Known) and not clash.refused.value:
        return None
    if clash.unsure is not None:
        return both_there(clash)
    if isinstance(clash.refused, Unknown):
        why = f"`{one.id}` and `{other.id}` both make {clash.kind} `{clash.name}`, and it is"
        return clash.refused.leaves(f"{why} unknown whether their attributes are the same")
    return Problem(
        message=f"`{one.id}` and `{other.id}` both make {clash.kind} `{clash.name}`",
        at=other.at,
        fix=Fix(f"give `{other.id}` or `{one.id}` another name"),
        because=(
            Evidence(f"`{one.id}` takes the name", one.at),
            Evidence(f"AWS refuses the second of a name: `{clash.error}`"),
        ),
        subject=other.id,
    )
