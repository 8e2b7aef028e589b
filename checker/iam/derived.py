"""Condition keys that follow from who calls and what is asked for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable

from checker.iam.request import (
    ABSENT,
    NOWHERE,
    CallerKind,
    KeyValue,
    Request,
    arn_field,
    last_segment,
)
from checker.partial import Hole, Kind, Text, Unknown

_TYPES = {
    CallerKind.ROLE: "AssumedRole",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.USER: "User",
    CallerKind.ROOT: "Account",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def value_of(request: Request, name: str) -> KeyValue:
    """Return a condition key of a request.

    What is not listed in the context is worked out from caller and resource; what cannot be
    worked out is unknown.
    """
    lower = name.lower()
    listed = request.context.find(lower)
    if listed is not None:
        return listed
    rule = _RULES.get(lower)
    derived = None if rule is None else rule(request)
    if derived is not None:
        return derived
    return Unknown(f"whether the request carries `{name}` is not told", NOWHERE)


def _principal_arn(request: Request) -> KeyValue:
    arn = request.caller.principal_arn
    return ABSENT if arn is None else (arn,)


def _principal_account(request: Request) -> KeyValue:
    account = request.caller.account
    return ABSENT if account is None else (account,)


def _caller_account(request: Request) -> KeyValue | None:
    account = request.caller.account
    return None if account is None else (account,)


def _principal_type(request: Request) -> KeyValue | None:
    kind = _TYPES.get(request.caller.kind)
    return None if kind is None else (Text.of(kind),)


def _is_service(request: Request) -> KeyValue:
    return (Text.of("true" if request.caller.kind is CallerKind.SERVICE else "false"),)


def _service_name(request: Request) -> KeyValue:
    return (request.caller.arn,) if request.caller.kind is CallerKind.SERVICE else ABSENT


def _only_services(request: Request) -> KeyValue | None:
    return None if request.caller.kind is CallerKind.SERVICE else ABSENT


def _resource_account(request: Request) -> KeyValue | None:
    owner = request.owner
    return None if owner is None else (owner,)


def _region(request: Request) -> KeyValue | None:
    region = arn_field(request.resource, 3)
    return None if region is None else (region,)


def _username(request: Request) -> KeyValue:
    caller = request.caller
    if caller.kind is not CallerKind.USER:
        return ABSENT
    name = last_segment(caller.arn)
    if name is None:
        return (Text.of(Hole(f"name of {caller.arn}", why="the user's name is not told")),)
    return (name,)


def _token_time(request: Request) -> KeyValue | None:
    """Temporary credentials carry the time at which they were issued, which nobody can tell."""
    caller = request.caller
    if caller.kind not in (CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED_USER):
        return None
    why = "when the credentials were issued is known only when they are used"
    return (Text.of(Hole(f"aws:TokenIssueTime of {caller.arn}", Kind.PART, why), "Z"),)


_RULES: dict[str, Callable[[Request], KeyValue | None]] = {
    "aws:principalaccount": _principal_account,
    "aws:principalarn": _principal_arn,
    "aws:principalisawsservice": _is_service,
    "aws:principalservicename": _service_name,
    "aws:principaltype": _principal_type,
    "aws:requestedregion": _region,
    "aws:resourceaccount": _resource_account,
    "aws:sourceaccount": _only_services,
    "aws:sourcearn": _only_services,
    "aws:sourceorgid": _only_services,
    "aws:sourceorgpaths": _only_services,
    "aws:tokenissuetime": _token_time,
    "aws:username": _username,
    "kms:calleraccount": _caller_account,
}
