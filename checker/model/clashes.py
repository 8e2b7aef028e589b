"""Blocks of one input that make things of one name."""

from __future__ import annotations

from checker.knowledge.partial import Location, Unknown, Value
from checker.knowledge.text import Text
from checker.records import dataclass

QUEUE_POLICY = "the policy of queue"
"""The kind of a policy that two blocks write for one queue; its name is the queue's id."""


@dataclass(frozen=True, slots=True)
class NamedBlock:
    """A block that makes a thing, by its address."""

    id: str
    at: Location


@dataclass(frozen=True, slots=True)
class NameClash:
    """Two blocks that make a thing of one kind and name, in one account and Region.

    `kind` is what AWS calls the thing (`function`), `arn` its ARN if it has one, `error` what AWS
    answers to the second. It is `refused` where AWS does not let two blocks manage one thing; where
    it does, both manage the same. `unsure` says why it is unknown whether both are there, if so.
    """

    kind: str
    name: Text
    first: NamedBlock
    second: NamedBlock
    arn: Text
    error: str
    refused: Value[bool]
    unsure: Unknown | None = None
