"""The rule `attachment-undone`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.truth import Truth
from checker.model import Inventory, Role
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Role, aws="attaches and detaches it", works=(SOURCE, PLAN))
def attachment_undone(role: Role, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The configuration attaches a policy to the role and takes it away again.

    ## Why

    Some resources remove everything that they do not list: `aws_iam_role_policies_exclusive`,
    `aws_iam_role_policy_attachments_exclusive`, the role's arguments `inline_policy` and
    `managed_policy_arns`, and `aws_iam_policy_attachment`, which detaches its policy from every
    role, user and group of the account that it does not name. When the same configuration gives the
    role something else, by an attachment or in `managed_policy_arns`, the one that is applied last
    wins, and the next apply reverses it. So the role has the permission only after every second
    apply. Templates are not concerned: what a resource of its own attaches to a role is added to
    what the role lists.

    Source: documentation of Terraform's AWS provider; measured with it against an emulator.
    Confidence: high.

    <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policies_exclusive>
    <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment>

    ## Fix

    ```terraform
    resource "aws_iam_role_policies_exclusive" "worker" {
      role_name    = aws_iam_role.worker.name
      policy_names = [aws_iam_role_policy.read_orders.name]
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    for undone in role.undone:
        if undone.sure is not Truth.YES:
            yield undone.unsure
            continue
        yield Problem(
            message=f"`{undone.id}` attaches a policy to role `{role.id}`, and"
            f" `{undone.taker}` detaches it",
            at=undone.taker_at,
            fix=Fix(f"{undone.unsure.remedy}, or remove one of the two"),
            because=(Evidence(f"attached by `{undone.id}`", undone.at),),
            subject=undone.taker,
        )
