"""The deployer in an account: a role or user with every document, or the caller's own."""

from __future__ import annotations

from checker.knowledge.partial import Known, Location, Unknown
from checker.model import Deployer, Role
from checker.sources.account.roles import Roles


def read_deployer(arn: str, roles: Roles) -> Deployer:
    """Return the principal with an ARN; that of a session is its role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    at = Location(arn)
    kind = arn.split(":", 5)[-1]
    if kind == "root":
        why = "the account's root user needs no document, and service control policies bind it"
        return Deployer(arn, Unknown(why, at, "work as a role"))
    if kind.startswith("assumed-role/"):
        return Deployer(arn, _known(roles.session(arn), at))
    if kind.startswith("user/"):
        return Deployer(arn, _known(roles.user(arn), at))
    return Deployer(arn, _known(roles.role(arn), at))


def _known(role: Role | Unknown, at: Location) -> Known[Role] | Unknown:
    return role if isinstance(role, Unknown) else Known(role, at)
