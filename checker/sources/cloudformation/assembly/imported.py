"""Roles that an app imports, and to which its stack attaches nothing.

`Role.fromRoleArn` with `mutable: false`, or of another account, and `withoutPolicyUpdates()` take
no policy, and the app says nothing of it: what grants give is in no template.
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.Role.html#static-fromwbrrolewbrarnscope-id-rolearn-options
"""

from __future__ import annotations

from dataclasses import replace

from checker.iam.document import Documents
from checker.knowledge.partial import Unknown
from checker.model import Inventory, Role

_REMEDY = (
    "allow it where the role is created: grants of this app do not reach a role that is imported"
    " with `mutable: false`, is of another account, or is `withoutPolicyUpdates()`"
)


def explained(found: Inventory) -> Inventory:
    """Return an inventory that says of such roles that the stack attaches no policy to them."""
    return replace(found, roles=tuple(map(_role, found.roles)))


def _role(role: Role) -> Role:
    if role.closed or role.identity.members or role.identity.unseen is None:
        return role
    arn, at = role.arn, role.identity.unseen.at
    why = (
        f"`{arn}` is imported, and the stack attaches no policy to it, so its policies are unknown"
    )
    return replace(role, identity=Documents(unseen=Unknown(why, at, _REMEDY)))
