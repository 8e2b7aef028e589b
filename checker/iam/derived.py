"""Condition keys that follow from who calls and what is asked for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from checker.iam.operators import Clock
from checker.iam.request import (
    ABSENT,
    NOWHERE,
    CallerKind,
    KeyValue,
    Request,
    Tags,
    arn_field,
    last_segment,
)
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text

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
    derived = _tag(request, lower) if rule is None else rule(request)
    if derived is not None:
        return derived
    return Unknown(f"it is unknown whether the request carries `{name}`", NOWHERE)


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
        return (Text.of(Hole(f"name of {caller.arn}", why="the user's name is unknown")),)
    return (name,)


def _tag(request: Request, name: str) -> KeyValue | None:
    """Return the tag that a key names (`aws:principaltag/team`); None if nothing is known."""
    kind, slash, key = name.partition("/")
    if not slash:
        return None
    if kind == "aws:principaltag" and request.caller.account is None:
        return ABSENT
    tags: dict[str, Tags | None] = {
        "aws:principaltag": request.caller.tags,
        "aws:resourcetag": request.resource_tags,
        "aws:requesttag": request.sent_tags,
    }
    found = tags.get(kind)
    return None if found is None else found.find(key)


def _tag_keys(request: Request) -> KeyValue | None:
    return None if request.sent_tags is None else request.sent_tags.keys


def _aliases(request: Request) -> KeyValue | None:
    return request.resource_aliases


def _user_id(request: Request) -> KeyValue | None:
    """Return `aws:userid`: of a session the role's unique id, a colon and the session's name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    caller = request.caller
    if caller.unique_id is None:
        return None
    if caller.kind is CallerKind.USER:
        return (caller.unique_id,)
    if caller.kind not in (CallerKind.ROLE, CallerKind.SESSION):
        return None
    why = "the name of the session is known only when the role is assumed"
    name: Text | None = None
    if caller.kind is CallerKind.SESSION:
        name = last_segment(caller.arn)
    hole = Hole(f"session name of {caller.arn}", Kind.NAME, why)
    return (Text.of(caller.unique_id, ":", hole if name is None else name),)


_DAY = 86_400


def _now(request: Request) -> KeyValue | None:
    """Return the time of the request: whenever it is made, it is not before the run."""
    if request.since is None:
        return None
    why = "the time at which the request is made is unknown"
    return (Text.of(Clock("time of the request", Kind.NAME, why, since=request.since)),)


def _token_time(request: Request) -> KeyValue | None:
    """Return when temporary credentials were issued: at most half a day before they are used.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
    """
    caller = request.caller
    if caller.kind not in (CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED_USER):
        return None
    why = "when the credentials were issued is known only when they are used"
    name = f"aws:TokenIssueTime of {caller.arn}"
    if request.since is None or caller.kind is CallerKind.FEDERATED_USER:
        return (Text.of(Hole(name, Kind.PART, why), "Z"),)
    since = request.since - Decimal(_DAY)
    return (Text.of(Clock(name, Kind.NAME, why, since=since)),)


_RULES: dict[str, Callable[[Request], KeyValue | None]] = {
    "aws:currenttime": _now,
    "aws:epochtime": _now,
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
    "aws:tagkeys": _tag_keys,
    "aws:tokenissuetime": _token_time,
    "aws:userid": _user_id,
    "aws:username": _username,
    "kms:calleraccount": _caller_account,
    "kms:resourcealiases": _aliases,
}
