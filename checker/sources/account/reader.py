"""What mappings name, phase by phase: queues, functions, keys, roles, the organization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from checker.knowledge.partial import Known, Unknown, Value
from checker.model import (
    CALLER,
    RESOURCE,
    SOURCE_TYPES,
    Deployer,
    EventSource,
    EventSourceMapping,
    Function,
    Inventory,
    Key,
    Organization,
    Queue,
    Role,
)
from checker.sources.account.answers import Answers
from checker.sources.account.deployer import read_deployer
from checker.sources.account.functions import read_function
from checker.sources.account.keys import read_key
from checker.sources.account.organization import read_organization
from checker.sources.account.queues import read_queue
from checker.sources.account.roles import Roles

T = TypeVar("T")
Progress = Callable[[str, int, int, int], None]
"""Called for each step: what is read, how many are read, of how many, and how many calls."""
UNSEEN = "no service control policy or resource control policy denies the actions"
UNSEEN_ELSEWHERE = (
    "no service control policy or resource control policy that binds another account denies "
    "the actions"
)


def silent(_what: str, _done: int, _of: int, _calls: int) -> None:
    """Tell nobody."""


class AccountReader:
    """Reads each thing once; `caller` and `account` are those of the credentials."""

    def __init__(self, answers: Answers, progress: Progress = silent) -> None:
        identity = answers.clients.identity()
        self.answers = answers
        self.caller = identity["Arn"]
        self.account = identity["Account"]
        self.partition = self.caller.split(":")[1]
        self.region = answers.clients.region
        self.roles = Roles(answers, self.region)
        self._progress = progress

    def tell(self, what: str, done: int, of: int) -> None:
        """Tell how far a phase is."""
        self._progress(what, done, of, self.answers.clients.calls.total())

    def things(self, found: Inventory) -> Iterator[Inventory]:
        """Yield an inventory with more and more of what its mappings name; the last is whole."""
        found = replace(found, sources=self.queues(found.mappings))
        yield found
        found = replace(found, functions=self.functions(found.mappings))
        yield found
        found = replace(found, keys=self.keys(found))
        yield found
        arns = {str(f.role.value) for f in found.functions if isinstance(f.role, Known)}
        self.tell("reading roles", 0, len(arns))
        found = replace(found, roles=tuple(self.roles.read(sorted(arns), self.account)))
        self.tell("reading roles", len(arns), len(arns))
        yield found

    def queues(self, mappings: Iterable[EventSourceMapping]) -> tuple[Queue, ...]:
        """Return the queues of mappings, and the dead-letter queues of these."""
        arns = sorted({str(m.source.value) for m in mappings if isinstance(m.source, Known)})
        queues = self._each("queues", arns, lambda arn: read_queue(self.answers, arn))
        dead = sorted(set(targets(queues)) - set(arns))
        more = self._each("dead-letter queues", dead, lambda arn: read_queue(self.answers, arn))
        return (*queues, *more)

    def functions(self, mappings: Iterable[EventSourceMapping]) -> tuple[Function, ...]:
        """Return the functions of mappings, each as it is qualified."""
        arns = sorted({str(m.function.value) for m in mappings if isinstance(m.function, Known)})
        return tuple(self._each("functions", arns, lambda arn: read_function(self.answers, arn)))

    def keys(self, found: Inventory) -> tuple[Key, ...]:
        """Return the customer keys of queues and filters."""
        named = dict(key_names(found))
        arns = sorted(named)
        return tuple(self._each("keys", arns, lambda arn: read_key(self.answers, arn, named[arn])))

    def deployer(self, named: str) -> Deployer:
        """Return who creates mappings: an ARN, or CALLER."""
        return read_deployer(self.caller if named == CALLER else named, self.roles)

    def organization(self) -> Value[Organization]:
        """Return what the organization binds the account with."""
        return read_organization(self.answers, self.account, self.region)

    def _each(self, what: str, names: list[str], read: Callable[[str], T]) -> list[T]:
        found: dict[str, T] = {}

        def one(name: str) -> None:
            found[name] = read(name)
            self.tell(f"reading {what}", len(found), len(names))

        self.answers.each(one, names)
        return [found[name] for name in names]


def bound(found: Inventory, organization: Value[Organization] | None) -> Inventory:
    """Return an inventory with the policies of the organization, or with why they were not seen."""
    if not isinstance(organization, Known):
        return _assumed(found, organization)
    if organization.value.unseen is not None:
        found = _assumed(found, organization.value.unseen)
    account, scps, rcps = (
        organization.value.account,
        organization.value.scps,
        organization.value.rcps,
    )

    def ours(thing: EventSource | Key | Role) -> bool:
        return str(thing.arn).split(":")[4:5] == [account]

    things: tuple[EventSource | Key | Role, ...] = (*found.sources, *found.keys, *found.roles)
    if not all(map(ours, things)):
        found = replace(found, assumptions=(*found.assumptions, UNSEEN_ELSEWHERE))
    deployer = found.deployer
    if deployer is not None and isinstance(deployer.role, Known) and ours(deployer.role.value):
        role = Known(replace(deployer.role.value, scps=scps), deployer.role.at)
        deployer = replace(deployer, role=role)
    return replace(
        found,
        roles=tuple(replace(r, scps=scps) if ours(r) else r for r in found.roles),
        sources=tuple(replace(s, rcps=rcps) if ours(s) else s for s in found.sources),
        keys=tuple(replace(k, rcps=rcps) if ours(k) else k for k in found.keys),
        deployer=deployer,
    )


def _assumed(found: Inventory, unseen: Unknown | None) -> Inventory:
    why = "" if unseen is None else f" (they were not seen: {unseen.why})"
    return replace(found, assumptions=(*found.assumptions, UNSEEN + why))


def targets(queues: Iterable[Queue]) -> Iterator[str]:
    """Yield the ARNs of dead-letter queues."""
    for queue in queues:
        if isinstance(queue.redrive, Known) and queue.redrive.value is not None:
            target = queue.redrive.value.target
            if isinstance(target, Known) and str(target.value).count(":") == 5:  # noqa: PLR2004
                yield str(target.value)


def key_names(found: Inventory) -> Iterator[tuple[str, str]]:
    """Yield the ARN, or alias ARN, of each customer key with its Region."""
    for source in found.sources:
        if isinstance(source.kms_key, Known) and source.kms_key.value is not None:
            yield from _named(str(source.kms_key.value), str(source.arn))
    for one in found.mappings:
        if isinstance(one.filter_key, Known) and one.filter_key.value is not None:
            yield from _named(str(one.filter_key.value), one.id)


def _named(written: str, beside: str) -> Iterator[tuple[str, str]]:
    if written.endswith(tuple(str(each.managed_alias) for each in SOURCE_TYPES)):
        return
    fields = beside.split(":", 5)
    if not written.startswith("arn:") and len(fields) > RESOURCE:
        partition, _, region, account = fields[1:RESOURCE]
        kind = "" if written.startswith("alias/") else "key/"
        written = f"arn:{partition}:kms:{region}:{account}:{kind}{written}"
    if written.count(":") >= RESOURCE:
        yield written, written.split(":")[3]
