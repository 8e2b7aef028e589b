"""Is the caller one of the principals that a statement names, and in which form?

The form matters: a grant to the account only delegates to the account's own documents, a grant
to a role is limited by the role's boundary, a direct grant by neither.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.iam.request import Caller, CallerKind, arn_field, last_segment
from checker.iam.statement import PossiblePrincipal, Principal, PrincipalKind, Statement
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of
from checker.records import dataclass

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


@dataclass(frozen=True, slots=True)
class Named:
    """Whether the caller is named directly, as a session of its role, or through its account."""

    direct: Truth = NO
    role: Truth = NO
    account: Truth = NO

    @property
    def at_all(self) -> Truth:
        """Whether it is named in any form."""
        return self.direct | self.role | self.account

    def __or__(self, other: Named) -> Named:
        return Named(
            self.direct | other.direct, self.role | other.role, self.account | other.account
        )

    def __and__(self, truth: Truth) -> Named:
        return Named(self.direct & truth, self.role & truth, self.account & truth)


NOBODY = Named()
PERHAPS = Named(MAYBE, MAYBE, MAYBE)


def named_by(statement: Statement, caller: Caller, *, bounded: Truth) -> Named:
    """Tell how a statement of a resource's policy names the caller, by either element.

    `bounded` tells whether the caller has a permissions boundary, with which `NotPrincipal`
    denies everybody. A statement without either element names nobody.
    """
    if statement.principals is not None:
        return union(named(principal, caller) for principal in statement.principals)
    if statement.not_principals is not None:
        return Named(direct=_others(statement, caller, bounded))
    return NOBODY


def union(found: Iterable[Named]) -> Named:
    """Join what several principals of one list say."""
    result = NOBODY
    for one in found:
        result |= one
    return result


def named(principal: Principal | Unknown, caller: Caller) -> Named:
    """Tell how one principal of a policy names the caller."""
    if isinstance(principal, PossiblePrincipal) and principal.principal is not None:
        return named(principal.principal, caller) & MAYBE
    if isinstance(principal, Unknown):
        return PERHAPS
    value = principal.value
    if principal.kind is PrincipalKind.SERVICE:
        return Named(direct=_provider(value, caller, CallerKind.SERVICE))
    if principal.kind is PrincipalKind.FEDERATED:
        return Named(direct=_provider(value, caller, CallerKind.FEDERATED))
    if principal.kind is PrincipalKind.CANONICAL:
        # a canonical id stands for an account, but which one no input tells
        return Named(account=NO if caller.account is None else MAYBE)
    everybody = value.equals(_STAR)
    if everybody is YES or caller.account is None:
        return Named(direct=everybody)
    return Named(everybody | _itself(value, caller), _role(value, caller), _account(value, caller))


_STAR = Text.of("*")


def _provider(value: Text, caller: Caller, kind: CallerKind) -> Truth:
    """Compare a service's or provider's name; a `*` in its place is not documented."""
    if caller.kind is not kind:
        return NO
    return value.equals(caller.arn) | (value.equals(_STAR) & MAYBE)


def _account(value: Text, caller: Caller) -> Truth:
    account = caller.account
    if account is None:
        return NO
    root = Text.of("arn:", caller.partition, ":iam::", account, ":root")
    return value.equals(account) | value.equals(root)


def _itself(value: Text, caller: Caller) -> Truth:
    if caller.kind is CallerKind.ROLE:
        return _some_session(value, caller.arn)
    if _is_unique_id(value):
        return MAYBE
    found = value.equals(caller.arn)
    if caller.kind is CallerKind.FEDERATED_USER:
        # which user asked for the session is unknown
        return found | (value.like(_users(caller)) & MAYBE)
    return found


def _users(caller: Caller) -> Text:
    return Text.of("arn:*:iam::", caller.account or "*", ":user/*")


def _is_unique_id(value: Text) -> bool:
    """Tell whether a principal is a role's or user's unique id, which no configuration shows."""
    return value.literal is not None and value.literal.startswith(("AROA", "AIDA"))


def _role(value: Text, caller: Caller) -> Truth:
    if caller.kind is CallerKind.ROLE:
        return MAYBE if _is_unique_id(value) else value.equals(caller.arn)
    if caller.kind is not CallerKind.SESSION:
        return NO
    if caller.role_arn is not None:
        return value.equals(caller.role_arn)
    return _role_of_session(value, caller.arn)


def _some_session(value: Text, role: Text) -> Truth:
    """Tell whether a principal may be one of a role's sessions: which one calls is unknown."""
    if value.literal is not None and ":assumed-role/" not in value.literal:
        return NO
    return _role_of_session(role, value) & MAYBE


def _role_of_session(role: Text, session: Text) -> Truth:
    """Compare a role with a session by partition, account and name: a session has no path."""
    name, called = last_segment(role), last_segment(session, 1)
    account, other = arn_field(role, 4), arn_field(session, 4)
    partition, home = arn_field(role, 1), arn_field(session, 1)
    if name is None or called is None:
        return _shape(role, ":iam::*:role/*") & _shape(session, ":sts::*:assumed-role/*")
    if account is None or other is None or partition is None or home is None:
        return MAYBE
    kinds = _shape(role, ":iam::*:role/*") & _shape(session, ":sts::*:assumed-role/*")
    return all_of((kinds, name.equals(called), account.equals(other), partition.equals(home)))


def _shape(arn: Text, rest: str) -> Truth:
    return arn.like(Text.of("arn:*" + rest))


def _others(statement: Statement, caller: Caller, bounded: Truth) -> Truth:
    """Tell whether `NotPrincipal` leaves the caller in.

    AWS asks to list the account besides the principal itself, which of a session is its role;
    whoever is listed in part is perhaps denied. Whoever has a permissions boundary is denied,
    whatever is listed.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    listed = union(named(principal, caller) for principal in statement.not_principals or ())
    if caller.account is None:
        return ~listed.direct
    forms = [listed.account]
    if caller.kind in (CallerKind.ROLE, CallerKind.SESSION):
        forms.append(listed.role)
    elif caller.kind is not CallerKind.ROOT:
        forms.append(listed.direct)
    left = _star_listed(statement) | all_of(forms)
    out = ~left if left is listed.at_all else MAYBE
    return out | bounded


def _star_listed(statement: Statement) -> Truth:
    found = NO
    for principal in statement.not_principals or ():
        if isinstance(principal, Unknown):
            found |= MAYBE
        elif principal.kind is PrincipalKind.AWS:
            found |= principal.value.equals(_STAR)
    return found
