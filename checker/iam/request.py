"""A request as AWS sees it: who calls, which action, on what, with which context keys.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from enum import Enum

from checker.iam.context import ABSENT, NOWHERE, Absent, Context, KeyValue, Tags
from checker.iam.operators import PUBLIC_ADDRESS
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.records import dataclass

__all__ = [
    "ABSENT",
    "NOWHERE",
    "PUBLIC_ADDRESS",
    "Absent",
    "Caller",
    "CallerKind",
    "Context",
    "KeyValue",
    "Request",
    "Tags",
]


class CallerKind(Enum):
    """What kind of principal calls.

    ROLE is some session of a role, unknown which; SESSION is one known session of a role, and
    FEDERATED_USER one from `sts:GetFederationToken`. FEDERATED comes from a web or SAML identity
    provider. ROOT is the account's root user.
    """

    ROLE = "role"
    SESSION = "session"
    USER = "user"
    ROOT = "root"
    FEDERATED_USER = "federated user"
    FEDERATED = "federated"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


_WITHOUT_ACCOUNT = frozenset({CallerKind.FEDERATED, CallerKind.SERVICE, CallerKind.ANONYMOUS})
_ACCOUNT_FIELD = 4
_ARN_CUTS = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal that calls: `arn` is its ARN, or a service's or provider's name.

    `role_arn` is the role's own ARN (with its path) of a session, if it is known. `tags` are those
    of the principal (`aws:PrincipalTag`), None where nothing is known of them; `unique_id` is the
    role's or user's (`AROA...`), if it is known.
    """

    kind: CallerKind
    arn: Text
    role_arn: Text | None = None
    tags: Tags | None = None
    unique_id: Text | None = None

    @staticmethod
    def role(arn: Text | str) -> Caller:
        """Return some session of a role."""
        return Caller(CallerKind.ROLE, Text.of(arn))

    @staticmethod
    def user(arn: Text | str) -> Caller:
        """Return an IAM user."""
        return Caller(CallerKind.USER, Text.of(arn))

    @staticmethod
    def root(arn: Text | str) -> Caller:
        """Return the root user of an account (`arn:aws:iam::A:root`)."""
        return Caller(CallerKind.ROOT, Text.of(arn))

    @staticmethod
    def session(arn: Text | str, role: Text | str | None = None) -> Caller:
        """Return one session of a role (`arn:aws:sts::A:assumed-role/NAME/SESSION`)."""
        return Caller(CallerKind.SESSION, Text.of(arn), None if role is None else Text.of(role))

    @staticmethod
    def service(name: str) -> Caller:
        """Return an AWS service, such as `lambda.amazonaws.com`."""
        return Caller(CallerKind.SERVICE, Text.of(name))

    @staticmethod
    def federated(provider: Text | str) -> Caller:
        """Return somebody whom a web or SAML identity provider vouches for."""
        return Caller(CallerKind.FEDERATED, Text.of(provider))

    @staticmethod
    def anonymous() -> Caller:
        """Return a caller without credentials."""
        return Caller(CallerKind.ANONYMOUS, Text.of("*"))

    @property
    def account(self) -> Text | None:
        """The caller's account; None for services, providers and anonymous callers."""
        if self.kind in _WITHOUT_ACCOUNT:
            return None
        return arn_field(self.arn, _ACCOUNT_FIELD) or self._hidden("account", Kind.ACCOUNT)

    @property
    def partition(self) -> Text:
        """The caller's partition."""
        return arn_field(self.arn, 1) or self._hidden("partition", Kind.PARTITION)

    @property
    def principal_arn(self) -> Text | None:
        """What `aws:PrincipalArn` holds: a role's own ARN for its sessions; None if absent."""
        if self.kind in _WITHOUT_ACCOUNT:
            return None
        if self.kind is not CallerKind.SESSION:
            return self.arn
        if self.role_arn is not None:
            return self.role_arn
        name = last_segment(self.arn, 1)
        if name is None or self.account is None:
            return Text.of(Hole(f"role of {self.arn}", why="the session's role is unknown"))
        path = Hole(f"path of the role of {self.arn}", why="a session's ARN holds no role path")
        return Text.of("arn:", self.partition, ":iam::", self.account, ":role/", path, name)

    def _hidden(self, what: str, kind: Kind) -> Text:
        return Text.of(Hole(f"{what} of {self.arn}", kind, f"`{self.arn}` is not known yet"))


def arn_field(arn: Text, index: int) -> Text | None:
    """Return one of the first five fields of an ARN; None if it is empty or is unknown."""
    field_ = arn.field(":", index, _ARN_CUTS)
    return field_ if field_ is not None and field_.parts else None


def last_segment(arn: Text, skip: int = 0) -> Text | None:
    """Return the last part of an ARN between slashes, or one further left; None if unknown."""
    parts = arn.split("/")
    return None if parts is None or len(parts) <= skip + 1 else parts[-1 - skip]


@dataclass(frozen=True, slots=True)
class Request:
    """An action on a resource; `resource` is `*` for an action that takes none.

    `resource_account` is the account that owns the resource; None means the one in the ARN.
    `resource_tags` and `resource_aliases` are those of the resource, `sent_tags` those that the
    request itself sends; None where nothing is known of them. `since` is the earliest time at which
    it is made, in seconds since 1970.
    """

    caller: Caller
    action: str
    resource: Text
    resource_account: Text | None = None
    context: Context = field(default_factory=Context)
    resource_tags: Tags | None = None
    resource_aliases: KeyValue | None = None
    sent_tags: Tags | None = None
    since: Decimal | None = None

    @property
    def owner(self) -> Text | None:
        """The account of the resource: its owner if known, else the ARN's; None if unknown."""
        if self.resource_account is not None:
            return self.resource_account
        if self.resource.literal == "*":
            return self.caller.account
        return arn_field(self.resource, _ACCOUNT_FIELD)

    @property
    def service(self) -> str:
        """The action's service prefix, in lower case."""
        return self.action.partition(":")[0].lower()
