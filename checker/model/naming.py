"""Which thing a text names: by its ARN, or by a key's id or alias."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from checker.knowledge.holes import Kind
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model.arns import RESOURCE, arn_field
from checker.model.event_source import EventSource
from checker.model.identities import MOST_OF_ONE_NAME
from checker.model.queue import Queue
from checker.model.things import Function, Key, Role

T = TypeVar("T")
Thing = TypeVar("Thing", Queue, EventSource, Function, Role, Key)


def thing_named(
    things: Lookup[Thing], arn: Value[Text], opened: Callable[[Text, Location], Thing]
) -> Value[Thing]:
    """Look a thing up by its ARN; two ARNs that differ only by a hole may be one thing.

    Of several things of one ARN a reference names its block.
    """
    if isinstance(arn, Unknown):
        return arn
    named = referred(things.named(arn.value), arn.value, lambda thing: thing.id)
    if named:
        return Known(named[-1], arn.at)
    try:
        maybe = [thing.id for thing in islice(things.perhaps(arn.value), 3)]
    except TooManyError as error:
        return Unknown(f"it is unknown which thing `{arn.value}` is: {error}", arn.at)
    if maybe or arn.value.split(":") is None:
        unknown = arn.value.unknown(arn.at)
        if unknown is not None and unknown.why:
            return unknown
        names = ", ".join(f"`{name}`" for name in maybe)
        return Unknown(f"it is unknown whether `{arn.value}` and {names} are the same", arn.at)
    return Known(opened(arn.value, arn.at), arn.at)


def referred(named: Sequence[T], by: Text, address: Callable[[T], str]) -> Sequence[T]:
    """Return those of several things of one name that a text names: of a reference its block."""
    if not by.thing or not 1 < len(named) <= MOST_OF_ONE_NAME:
        return named
    return [each for each in named if address(each) == by.thing] or named


def key_arn(written: Text, beside: Text) -> Text | None:
    """Return the ARN that a key id, an alias or an ARN stands for; None if that is unknown."""
    first = written.parts[0] if written.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        return written
    if not isinstance(first, str) and first.kind not in (Kind.NAME, Kind.PART):
        return None
    fields = beside.split(":", RESOURCE)
    if fields is None or len(fields) <= RESOURCE:
        return None
    kind = "" if isinstance(first, str) and first.startswith("alias/") else "key/"
    return Text.of("arn:", fields[1], ":kms:", fields[3], ":", fields[4], ":", kind, written)


def in_one_place(key: Text, alias: Text) -> bool:
    """Tell whether a key and an alias are surely of one account and Region."""
    pairs = ((arn_field(key, i), arn_field(alias, i)) for i in (3, 4))
    return all(
        one is not None and other is not None and one.equals(other) is Truth.YES
        for one, other in pairs
    )
