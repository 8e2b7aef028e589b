"""IAM policy documents: what a document says, each statement with its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.partial import Location, Text, Unknown, Value


class Effect(Enum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document; `id` is what the user calls it (`aws_iam_role_policy.worker`, an ARN)."""

    id: str
    at: Location
    statements: tuple[object, ...] = ()
    version: str = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one layer.

    A member may be unknown as a whole: it may then allow or deny anything. `unseen` says that
    further documents may exist out of sight: they may allow; that they do not deny is a named
    assumption of the report.
    """

    members: tuple[Document | Unknown, ...] = ()
    unseen: Unknown | None = None


def parse(text: Text, *, id: str, at: Location) -> Value[Document]: ...
