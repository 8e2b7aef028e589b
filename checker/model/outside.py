"""Things that the input only refers to: nothing but their ARN is known."""

from __future__ import annotations

from checker.iam.context import hidden_tags
from checker.iam.document import Documents
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import KNOWN_ELSEWHERE, Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model.arns import RESOURCE, alias_of
from checker.model.things import Function, Key, Role


def unseen(arn: Text, at: Location, what: str) -> Unknown:
    """Return what is said of something that the input only refers to."""
    why = f"`{arn}` is not created by this input, so {what} unknown"
    return Unknown(why, at, KNOWN_ELSEWHERE)


def open_function(arn: Text, at: Location) -> Function:
    """Return a function of which only the ARN is known."""
    attribute = unseen(arn, at, "its configuration is")
    return Function(
        id=arn.id,
        arn=arn,
        at=at,
        closed=False,
        timeout=attribute,
        role=attribute,
        reserved_concurrency=attribute,
    )


def open_role(arn: Text, at: Location) -> Role:
    """Return a role of which only the ARN is known."""
    return Role(
        id=arn.id,
        arn=arn,
        at=at,
        closed=False,
        identity=Documents(unseen=unseen(arn, at, "its documents are")),
        boundary=Known(None, at),
        trust=unseen(arn, at, "its trust document is"),
        tags=hidden_tags(unseen(arn, at, "its tags are")),
    )


def open_key(arn: Text, at: Location) -> Key:
    """Return a key of which only the ARN, or the ARN of an alias, is known.

    The name of an alias tells whether AWS manages the key: only AWS makes `alias/aws/...`.
    """
    attribute = unseen(arn, at, "its attributes are")
    alias = alias_of(arn)
    managed: Value[bool] = attribute
    if alias is not None and alias.like(Text.of("alias/aws/*")) is not Truth.MAYBE:
        managed = Known(alias.like(Text.of("alias/aws/*")) is Truth.YES, at)
    return Key(
        id=arn.id,
        arn=arn if alias is None else _behind(arn),
        at=at,
        closed=False,
        aliases=() if alias is None else (alias,),
        managed=managed,
        enabled=attribute,
        symmetric=attribute,
        policy=unseen(arn, at, "its key policy is"),
        grants=(),
        more_grants=unseen(arn, at, "its grants are"),
        tags=hidden_tags(unseen(arn, at, "its tags are")),
        more_aliases=unseen(arn, at, "its aliases are"),
    )


def managed_key(alias: Text, arn: Text, at: Location) -> Key:
    """Return the key that AWS manages for a service, given its alias and the ARN of that."""
    return Key(
        id=str(alias),
        arn=_behind(arn),
        at=at,
        closed=False,
        aliases=(alias,),
        managed=Known(value=True, at=at),
        enabled=Known(value=True, at=at),
        symmetric=Known(value=True, at=at),
        policy=unseen(arn, at, "its key policy is"),
        grants=(),
    )


def _behind(alias: Text) -> Text:
    """Return the ARN of the key behind an alias; which one it is, is a hole."""
    fields = alias.split(":", RESOURCE)
    if fields is None or len(fields) <= RESOURCE:
        return alias
    key = Hole(f"key of {alias}", Kind.NAME, f"it is unknown which key `{fields[RESOURCE]}` names")
    return Text.of("arn:", fields[1], ":kms:", fields[3], ":", fields[4], ":key/", key)
