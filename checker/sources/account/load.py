"""An audit: every SQS mapping of an account, and only what these mappings name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Location, Unknown, Value
from checker.model import EventSourceMapping, Inventory, Organization, Unread
from checker.records import dataclass
from checker.sources.account.answers import Answers, remedy, tried
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.mappings import mapping, reads_queue
from checker.sources.account.reader import AccountReader, Progress, bound, silent
from checker.sources.account.tags import tagged


@dataclass(frozen=True, slots=True)
class Audit:
    """What is to be audited; no Region is that of the profile or environment, `every` is all.

    `deployer` is an ARN, or `me` for the caller. `resume` is a file of answers.
    """

    access: Access = Access()
    regions: tuple[str, ...] = ()
    every: bool = False
    assume_no_scp: bool = False
    deployer: str | None = None
    resume: Path | None = None


def load(audit: Audit, progress: Progress = silent) -> Inventory:
    """Read the mappings of an account and everything that they name.

    Interrupted, it returns what is read so far, and says so among what is unread. UsageError
    without valid credentials.
    """
    clients = Clients(audit.access)
    answers = Answers(clients, audit.resume)
    reader = AccountReader(answers, progress)
    since = answers.belong(reader.account, datetime.now(tz=UTC))
    regions = _regions(clients) if audit.every else audit.regions or (clients.region,)
    found = read(reader, audit, regions)
    if since is None:
        return found
    assumed = f"nothing that `{audit.resume}` holds has changed since {since}"
    return replace(found, assumptions=(*found.assumptions, assumed))


def _regions(clients: Clients) -> tuple[str, ...]:
    """Return the Regions of the account; SourceError if they cannot be read."""
    try:
        found = tuple(clients.regions())
    except NotReadError as error:
        raise SourceError(
            f"the Regions of the account are unknown: {error}", hint=remedy(error)
        ) from None
    if not found:
        raise SourceError("the account has no Region with both Lambda and SQS")
    return found


BYTES_A_MAPPING = 20_000
"""How large the answers about one mapping are, at most as a rule: IAM keeps policies of 10 KB."""


def read(reader: AccountReader, audit: Audit, regions: tuple[str, ...]) -> Inventory:
    """Read the mappings in Regions, and everything that they name.

    SourceError if the mappings of no Region can be listed.
    """
    found = Inventory(kind="account", target=f"{reader.account} in {', '.join(regions)}")
    mappings = _Mappings(reader)
    organization: Value[Organization] | None = None
    interrupted = False
    try:
        found = replace(found, mappings=tuple(mappings.read(regions)))
        mappings.refuse_nothing(regions)
        for more in reader.things(found):
            found = more
        if not audit.assume_no_scp:
            organization = reader.organization()
        if audit.deployer is not None:
            found = replace(found, deployer=reader.deployer(audit.deployer))
    except KeyboardInterrupt:
        interrupted = True
        why = "the audit was interrupted: the report covers what was read until then"
        mappings.unread.append(Unread("the rest of the account", why))
    size = BYTES_A_MAPPING * len(found.mappings)
    found = replace(found, unread=tuple(mappings.unread), interrupted=interrupted, size=size)
    found = bound(replace(found, other_sources=mappings.others), organization)
    return found if interrupted else tagged(found, reader.answers)


class _Mappings:
    """The mappings of Regions; what cannot be listed is unread, other sources are counted."""

    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader
        self.unread: list[Unread] = []
        self._remedies: list[str] = []
        self.others = 0

    def read(self, regions: Sequence[str]) -> Iterator[EventSourceMapping]:
        """Yield every mapping of a queue."""
        for n, region in enumerate(regions):
            self._reader.tell(f"reading mappings of Region {region}", n, len(regions))
            at = Location(f"arn:aws:lambda:{region}:{self._reader.account}:event-source-mapping")
            answer = tried(partial(self._listed, region), at, f"the mappings in {region}")
            if isinstance(answer, Unknown):
                self.unread.append(Unread(region, f"{answer.why}; {answer.remedy}"))
                self._remedies.append(answer.remedy)
                continue
            for each in answer.value:
                if reads_queue(each):
                    yield mapping(each, region)
                else:
                    self.others += 1

    def refuse_nothing(self, regions: tuple[str, ...]) -> None:
        """Raise SourceError if nothing was listed in any Region."""
        if len(self.unread) == len(set(regions)):
            reasons = [Reason(each.why, each.id) for each in self.unread]
            raise SourceError(*reasons, hint=self._remedies[0])

    def _listed(self, region: str) -> list[dict[str, Any]]:
        found = self._reader.answers.ask_all(
            "lambda", region, "ListEventSourceMappings", "EventSourceMappings"
        )
        here = self._reader.partition, self._reader.account
        if not all(_is_of(each, *here) for each in found):
            why = "an invalid answer: it is of another account"
            raise NotReadError("lambda:ListEventSourceMappings", "", why)
        return list(_latest(found).values())


def _is_of(answer: dict[str, Any], partition: str, account: str) -> bool:
    """Tell whether a mapping is one of an account."""
    function, source = answer["FunctionArn"].split(":"), answer.get("EventSourceArn") or ""
    return (function[1], function[4]) == (partition, account) and (
        not source or source.split(":")[1] == partition
    )


def _latest(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return mappings by UUID; NotReadError if one hides another.

    One that changed between two pages stands on both, and the later is the truer; but its source
    never changes.
    """
    latest: dict[str, dict[str, Any]] = {}
    for each in found:
        other = latest.setdefault(each["UUID"], each)
        if other.get("EventSourceArn") != each.get("EventSourceArn"):
            why = "an invalid answer: two mappings have one UUID"
            raise NotReadError("lambda:ListEventSourceMappings", "", why)
        latest[each["UUID"]] = each
    return latest
