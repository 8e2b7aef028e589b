"""Two things that exist, as if they were mapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.errors import UsageError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import CALLER, EventSourceMapping, Inventory, Organization
from checker.records import dataclass
from checker.sources.account.answers import Answers, tried
from checker.sources.account.client import Access, Clients
from checker.sources.account.mappings import mapping
from checker.sources.account.reader import AccountReader, bound
from checker.sources.account.tags import tagged

_FIELDS = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """A queue (ARN, URL or name) and a function (ARN or name), and how they would be mapped.

    `batch_size` is a number of messages, `window` in seconds; None is AWS's default.
    """

    queue: str
    function: str
    batch_size: int | None = None
    window: int | None = None
    maximum_concurrency: int | None = None
    filters: tuple[str, ...] = ()
    reports_failures: bool = False


def load_pair(
    access: Access, pair: Pair, *, assume_no_scp: bool
) -> tuple[Inventory, EventSourceMapping]:
    """Read both and what they name; return them with the mapping that there would be.

    The inventory holds the mappings that the queue has already, too. UsageError for a name that
    is none, or without valid credentials.
    """
    reader = AccountReader(Answers(Clients(access)))
    queue = queue_arn(pair.queue, reader)
    function = function_arn(pair.function, reader, queue.split(":")[3])
    wanted = _mapping(pair, queue, function)
    found = Inventory(kind="account", target=f"{queue} to {function}", mappings=(wanted,))
    existing = tried(
        lambda: list_mappings(reader.answers, queue, function.split(":")[3]),
        Location(queue),
        "which mappings the queue has",
    )
    if isinstance(existing, Unknown):
        # It may be a duplicate of one that is there.
        wanted = replace(wanted, unsure=existing)
        found = replace(found, mappings=(wanted,))
    else:
        region = function.split(":")[3]
        others = tuple(mapping(each, region) for each in existing.value)
        found = replace(found, mappings=(*others, wanted))
    for each in reader.things(found):
        found = each
    organization: Value[Organization] | None = None if assume_no_scp else reader.organization()
    found = replace(found, deployer=reader.deployer(CALLER))
    return tagged(bound(found, organization), reader.answers), wanted


def list_mappings(answers: Answers, queue: str, region: str) -> list[dict[str, Any]]:
    """Return the mappings that a queue has in a Region."""
    return answers.ask_all(
        "lambda",
        region,
        "ListEventSourceMappings",
        "EventSourceMappings",
        EventSourceArn=queue,
    )


def queue_arn(named: str, reader: AccountReader) -> str:
    """Return a queue's ARN by its ARN, URL or name; UsageError if it is none of these."""
    if named.startswith("arn:"):
        if named.split(":")[2:3] != ["sqs"] or len(named.split(":")) != _FIELDS:
            raise UsageError(f"`{named}` is not a queue's ARN")
        return named
    partition = reader.caller.split(":")[1]
    if "://" in named:
        host, account, name = _url(named)
        region = host.split(".")[1] if host.startswith("sqs.") else reader.region
        return f"arn:{partition}:sqs:{region}:{account}:{name}"
    return f"arn:{partition}:sqs:{reader.region}:{reader.account}:{named}"


def _url(named: str) -> tuple[str, str, str]:
    parts = named.partition("://")[2].split("/")
    if len(parts) != 3:  # noqa: PLR2004 - host, account and name
        raise UsageError(f"`{named}` is not a queue's URL")
    return parts[0], parts[1], parts[2]


def function_arn(named: str, reader: AccountReader, region: str) -> str:
    """Return a function's ARN by its ARN or name, with the qualifier if one is named."""
    if named.startswith("arn:"):
        fields = named.split(":")
        if fields[2:3] != ["lambda"] or fields[5:6] != ["function"] or not all(fields[3:]):
            raise UsageError(f"`{named}` is not a function's ARN")
        return named
    partition = reader.caller.split(":")[1]
    return f"arn:{partition}:lambda:{region}:{reader.account}:function:{named}"


def _mapping(pair: Pair, queue: str, function: str) -> EventSourceMapping:
    at = Location("command line")
    filters = tuple(Known(Text.of(each), at) for each in pair.filters)
    return EventSourceMapping(
        id=f"{queue} -> {function}",
        at=Location(queue),
        source=Known(Text.of(queue), at),
        function=Known(Text.of(function), at),
        region=Known(Text.of(function.split(":")[3]), at),
        batch_size=_number(pair.batch_size, 10, at),
        batching_window=_number(pair.window, 0, at),
        enabled=Known(value=True, at=at),
        tagged=Known(value=False, at=at),
        maximum_concurrency=Known(pair.maximum_concurrency, at),
        reports_failures=Known(pair.reports_failures, at),
        filters=Known(filters, at),
    )


def _number(written: int | None, default: int, at: Location) -> Known[int]:
    return Known(default if written is None else written, at, default=written is None)


def states(answers: Answers, queue: str, function: str) -> Iterator[dict[str, Any]]:
    """Yield the mappings between a queue and a function, as they are now."""
    region = function.split(":")[3]
    for each in list_mappings(answers, queue, region):
        if each.get("FunctionArn") == function:
            yield each
