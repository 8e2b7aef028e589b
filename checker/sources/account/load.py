"""An audit: every SQS mapping of an account, and only what these mappings name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from checker.model import (
    MANAGED_ALIAS,
    Deployer,
    Function,
    Inventory,
    Key,
    Mapping,
    Organization,
    Queue,
    Role,
    Unread,
)
from checker.partial import Known, Location, Unknown, Value
from checker.sources.account.answers import Answers, tried
from checker.sources.account.client import Access, Clients
from checker.sources.account.deployer import read_deployer
from checker.sources.account.functions import read_function
from checker.sources.account.keys import read_key
from checker.sources.account.mappings import mapping, reads_queue
from checker.sources.account.organization import read_organization
from checker.sources.account.queues import read_queue
from checker.sources.account.roles import Roles

T = TypeVar("T")
Progress = Callable[[str, int, int, int], None]
"""Told of each step: what is read, how many are read, of how many, and how many calls were made."""
UNSEEN = "no service control policy or resource control policy denies the actions"


@dataclass(frozen=True, slots=True)
class Audit:
    """What is to be audited; no Region is that of the profile or environment, `every` is all.

    `deployer` is an ARN, or `me` for the caller. `resume` is a file of answers.
    """

    access: Access = Access()  # noqa: RUF009 - it is frozen
    regions: tuple[str, ...] = ()
    every: bool = False
    assume_no_scp: bool = False
    deployer: str | None = None
    resume: Path | None = None


def load(audit: Audit, progress: Progress = lambda *_: None) -> Inventory:
    """Read the mappings of an account and everything that they name.

    Interrupted, it returns what is read so far, and says so among what is unread. UsageError
    without valid credentials.
    """
    clients = Clients(audit.access)
    identity = clients.identity()
    reader = _Reader(Answers(clients, audit.resume), identity, progress)
    regions = tuple(clients.regions()) if audit.every else audit.regions or (clients.region,)
    return reader.inventory(audit, regions)


class _Reader:
    """Reads things phase by phase; each phase asks for what the ones before name."""

    def __init__(self, answers: Answers, identity: dict[str, str], progress: Progress) -> None:
        self.answers = answers
        self.caller = identity["Arn"]
        self.account = identity["Account"]
        self.progress = progress
        self.unread: list[Unread] = []
        self.others = 0
        self.interrupted = False

    def inventory(self, audit: Audit, regions: tuple[str, ...]) -> Inventory:
        found = Inventory(kind="account", target=f"{self.account} in {', '.join(regions)}")
        organization: Value[Organization] | None = None
        roles = Roles(self.answers, self.answers.clients.region)
        try:
            mappings = tuple(self._mappings(regions))
            found = replace(found, mappings=mappings, other_sources=self.others)
            queues = self._queues(mappings)
            found = replace(found, queues=queues)
            functions = self._functions(mappings)
            found = replace(found, functions=functions)
            found = replace(found, keys=self._keys(found))
            arns = {str(f.role.value) for f in functions if isinstance(f.role, Known)}
            self.progress("roles", 0, len(arns), self._calls())
            found = replace(found, roles=tuple(roles.read(sorted(arns), self.account)))
            self.progress("roles", len(arns), len(arns), self._calls())
            if not audit.assume_no_scp:
                organization = read_organization(
                    self.answers, self.account, self.answers.clients.region
                )
            if audit.deployer is not None:
                found = replace(found, deployer=self._deployer(audit.deployer, roles))
        except KeyboardInterrupt:
            self.interrupted = True
            why = "the audit was interrupted: what follows is what was read until then"
            self.unread.append(Unread("the rest of the account", why))
        found = replace(found, unread=tuple(self.unread), interrupted=self.interrupted)
        return bound(found, organization)

    def _calls(self) -> int:
        return self.answers.clients.calls.total()

    def _mappings(self, regions: Iterable[str]) -> Iterator[Mapping]:
        for region in regions:
            at = Location(f"arn:aws:lambda:{region}:{self.account}:event-source-mapping")
            told = tried(lambda: self._listed(region), at, f"the mappings in {region}")  # noqa: B023
            if isinstance(told, Unknown):
                self.unread.append(Unread(region, f"{told.why}; {told.remedy}"))
                continue
            for each in told.value:
                if reads_queue(each):
                    yield mapping(each, region)
                else:
                    self.others += 1
            self.progress("mappings", len(told.value), len(told.value), self._calls())

    def _listed(self, region: str) -> list[dict[str, Any]]:
        return self.answers.ask_all(
            "lambda", region, "ListEventSourceMappings", "EventSourceMappings"
        )

    def _queues(self, mappings: Iterable[Mapping]) -> tuple[Queue, ...]:
        arns = sorted({str(m.source.value) for m in mappings if isinstance(m.source, Known)})
        queues = self._each("queues", arns, lambda arn: read_queue(self.answers, arn))
        dead = sorted(set(_targets(queues)) - set(arns))
        more = self._each("dead-letter queues", dead, lambda arn: read_queue(self.answers, arn))
        return (*queues, *more)

    def _functions(self, mappings: Iterable[Mapping]) -> tuple[Function, ...]:
        arns = sorted({str(m.function.value) for m in mappings if isinstance(m.function, Known)})
        return tuple(self._each("functions", arns, lambda arn: read_function(self.answers, arn)))

    def _keys(self, found: Inventory) -> tuple[Key, ...]:
        named = dict(_key_names(found))
        arns = sorted(named)
        return tuple(self._each("keys", arns, lambda arn: read_key(self.answers, arn, named[arn])))

    def _each(self, what: str, names: list[str], read: Callable[[str], T]) -> list[T]:
        found: dict[str, T] = {}

        def one(name: str) -> None:
            found[name] = read(name)
            self.progress(what, len(found), len(names), self._calls())

        self.answers.each(one, names)
        return [found[name] for name in names]

    def _deployer(self, named: str, roles: Roles) -> Deployer:
        arn = self.caller if named == "me" else named
        return read_deployer(arn, roles)


def bound(found: Inventory, organization: Value[Organization] | None) -> Inventory:
    """Return an inventory with the policies of the organization, or with why they were not seen."""
    if not isinstance(organization, Known):
        why = "" if organization is None else f" (they were not seen: {organization.why})"
        return replace(found, assumptions=(*found.assumptions, UNSEEN + why))
    account, scps, rcps = (
        organization.value.account,
        organization.value.scps,
        organization.value.rcps,
    )

    def ours(thing: Queue | Key | Role) -> bool:
        return str(thing.arn).split(":")[4:5] == [account]

    deployer = found.deployer
    if deployer is not None and isinstance(deployer.role, Known) and ours(deployer.role.value):
        role = Known(replace(deployer.role.value, scps=scps), deployer.role.at)
        deployer = replace(deployer, role=role)
    return replace(
        found,
        roles=tuple(replace(r, scps=scps) if ours(r) else r for r in found.roles),
        queues=tuple(replace(q, rcps=rcps) if ours(q) else q for q in found.queues),
        keys=tuple(replace(k, rcps=rcps) if ours(k) else k for k in found.keys),
        deployer=deployer,
    )


def _targets(queues: Iterable[Queue]) -> Iterator[str]:
    """Yield the ARNs of dead-letter queues."""
    for queue in queues:
        if isinstance(queue.redrive, Known) and queue.redrive.value is not None:
            target = queue.redrive.value.target
            if isinstance(target, Known) and str(target.value).count(":") == 5:  # noqa: PLR2004
                yield str(target.value)


def _key_names(found: Inventory) -> Iterator[tuple[str, str]]:
    """Yield the ARN, or alias ARN, of each customer key with its Region."""
    for queue in found.queues:
        if isinstance(queue.kms_key, Known) and queue.kms_key.value is not None:
            yield from _named(str(queue.kms_key.value), str(queue.arn))
    for one in found.mappings:
        if isinstance(one.filter_key, Known) and one.filter_key.value is not None:
            yield from _named(str(one.filter_key.value), one.id)


def _named(written: str, beside: str) -> Iterator[tuple[str, str]]:
    if written.endswith(str(MANAGED_ALIAS)):
        return
    partition, _, region, account = beside.split(":")[1:5]
    if not written.startswith("arn:"):
        kind = "" if written.startswith("alias/") else "key/"
        written = f"arn:{partition}:kms:{region}:{account}:{kind}{written}"
    yield written, written.split(":")[3]
