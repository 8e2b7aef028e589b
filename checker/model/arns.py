"""The fields of an ARN: partition, service, Region, account and resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

RESOURCE = 5
"""Which field of an ARN, from 0, names the resource."""


def arn_field(arn: Text, index: int) -> Text | None:
    """Return a field of an ARN, from 0; None if it is unknown where it begins and ends."""
    return arn.field(":", index, RESOURCE) if _colons(arn) >= RESOURCE else None


def region_of(arn: Text) -> Text | None:
    """Return the Region in an ARN; None if it is unknown."""
    return arn_field(arn, 3)


def account_of(arn: Text) -> Text | None:
    """Return the account in an ARN; None if it is unknown."""
    return arn_field(arn, 4)


def same_account(one: Text, other: Text) -> Truth:
    """Tell whether two ARNs are of one account."""
    first, second = account_of(one), account_of(other)
    return Truth.MAYBE if first is None or second is None else first.equals(second)


def alias_of(arn: Text) -> Text | None:
    """Return the alias name that an alias ARN holds; None for another ARN."""
    name = arn_field(arn, RESOURCE)
    start = name.parts[0] if name is not None and name.parts else ""
    return name if isinstance(start, str) and start.startswith("alias/") else None


def without_qualifier(arn: Text) -> Text:
    """Return a function's ARN without version or alias."""
    if _colons(arn) < _FUNCTION_FIELDS:
        return arn
    fields = arn.split(":")
    if fields is None or len(fields) <= _FUNCTION_FIELDS:
        return arn
    out = fields[0]
    for part in fields[1:_FUNCTION_FIELDS]:
        out = out + ":" + part
    return out.taken_of(arn.thing)


_FUNCTION_FIELDS = 7


def _colons(arn: Text) -> int:
    """Count the colons that are surely there."""
    return sum(part.count(":") for part in arn.parts if isinstance(part, str))
