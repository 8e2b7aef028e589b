"""ARNs of what is to be read: those that are none are distinguished before a call is made.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from typing import NamedTuple

from checker.sources.account.client import NotReadError

_FIELDS = 6
_GLOBAL = ("iam", "sts")


class Arn(NamedTuple):
    """The fields of an ARN; a global service has an empty Region."""

    partition: str
    region: str
    account: str
    resource: str


def split_arn(written: str, service: str) -> Arn:
    """Return the fields of an ARN of a service; NotReadError if it is none."""
    fields = written.split(":", _FIELDS - 1)
    if len(fields) == _FIELDS and fields[0] == "arn" and fields[2] == service:
        arn = Arn(fields[1], *fields[3:])
        if arn.account and arn.resource and (arn.region or service in _GLOBAL):
            return arn
    raise NotReadError("", "", f"`{written}` is not an ARN of {service}")


def principal_name(written: str, kind: str) -> str:
    """Return the name in the ARN of a role, or of a role's session; NotReadError if it is none.

    A role's path stands before its name, the name of a session after it.
    """
    service = "sts" if kind == "assumed-role" else "iam"
    fields = split_arn(written, service).resource.split("/")
    if len(fields) > 1 and fields[0] == kind and all(fields[1:]):
        return fields[1] if kind == "assumed-role" else fields[-1]
    raise NotReadError("", "", f"`{written}` is not an ARN of a {kind}")
