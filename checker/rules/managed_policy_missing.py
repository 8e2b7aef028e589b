"""The rule `managed-policy-missing`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.document import Document, Unattachable
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.model import Inventory, Role
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Role, aws="refuses to attach the policy", works=(SOURCE, PLAN, TEMPLATE))
def managed_policy_missing(
    role: Role, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The role is given an AWS managed policy that does not exist under this ARN.

    ## Why

    The ARN of many AWS managed policies has a path, which is left out easily:
    `AWSLambdaSQSQueueExecutionRole` is `policy/service-role/AWSLambdaSQSQueueExecutionRole`. AWS
    refuses to attach one that there is not:

        NoSuchEntity: Policy arn:aws:iam::aws:policy/AWSLambdaSQSQueueExecutionRole does not exist or is not attachable.

    So it does with one that AWS has taken back, such as `AWSLambdaFullAccess`. The policies below
    `aws-service-role/` are those of service-linked roles, and no other role takes them:

        PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.

    The same policy has another ARN in each partition: `arn:aws-cn:` in China, `arn:aws-us-gov:` in
    GovCloud. A role takes those of its own. The text of that refusal is not recorded.

    The names are those of `policies/aws-managed.jsonl`; of a name that is not there, and of no
    other path either, it is unknown whether AWS has published it since. That a policy exists in
    every partition is inference.

    Source: recorded against AWS (hashicorp/terraform issue 31748, aws/aws-cdk issues 19830 and 6131).
    Confidence: high, medium for partitions.

    <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html>

    ## Fix

    ```terraform
    data "aws_partition" "current" {}

    resource "aws_iam_role_policy_attachment" "worker" {
      role       = aws_iam_role.worker.name
      policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    boundary = role.boundary.value if isinstance(role.boundary, Known) else role.boundary
    home = role.arn.field(":", 1, 5)
    for member in (*role.identity.members, *([] if boundary is None else [boundary])):
        if isinstance(member, Unattachable):
            problem = Problem(
                message=f"role `{role.id}` is given a policy that {member.lacks}: {member.why}",
                at=member.at,
                fix=Fix(member.remedy),
                because=(Evidence(f"AWS answers `{member.answer}`", member.at),),
            )
            yield _if_attached(problem, member.unsure)
        elif isinstance(member, Document):
            yield from _of_another_partition(role, member, home)


def _of_another_partition(role: Role, document: Document, home: Text | None) -> Iterator[Said]:
    parts = document.id.split(":", 5)
    if len(parts) != _FIELDS or parts[0] != "arn" or parts[_ACCOUNT] != "aws" or home is None:
        return
    if home.literal is None or home.literal == parts[1]:
        return
    problem = Problem(
        message=f"role `{role.id}` of partition `{home}` is given policy `{document.id}`, which is"
        f" of partition `{parts[1]}`",
        at=document.at,
        fix=Fix(f"write `arn:{home}:iam::aws:{parts[-1]}`"),
        because=(Evidence("a role takes the policies of its own partition", document.at),),
    )
    yield _if_attached(problem, document.unsure)


def _if_attached(problem: Problem, unsure: Unknown | None) -> Said:
    return problem if unsure is None else unsure.leaves(f"{problem.message}, if it is attached")


_FIELDS, _ACCOUNT = 6, 4
