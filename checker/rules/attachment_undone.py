"""The rule `attachment-undone`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.truth import Truth
from checker.model import Inventory, Role
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Role, aws="takes and gives by turns", works=(SOURCE, PLAN))
def attachment_undone(role: Role, _inventory: Inventory, _settings: Settings) -> Iterator[Said]:
    """The configuration attaches a policy to the role and takes it away again.

    ## Why

    Some resources leave nothing but what they list: `aws_iam_role_policies_exclusive`,
    `aws_iam_role_policy_attachments_exclusive`, the role's arguments `inline_policy` and
    `managed_policy_arns`, and `aws_iam_policy_attachment`, which takes its policy from everybody
    in the account whom it does not name. When the same configuration attaches something else,
    whichever is applied last wins, and the next apply turns it round. So the permission comes and
    goes.

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
            yield undone.doubt
            continue
        yield Problem(
            message=f"`{undone.id}` gives role `{role.id}` a policy that"
            f" `{undone.taker}` takes away",
            at=undone.taker_at,
            fix=Fix(f"{undone.doubt.remedy}, or remove one of the two"),
            because=(Evidence(f"attached by `{undone.id}`", undone.at),),
            subject=undone.taker,
        )
