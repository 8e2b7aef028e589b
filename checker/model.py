"""What tfcheck knows about a deployment, whichever source it came from.

A thing is *closed* when the input creates it: only what the input attaches to it exists. It is
*open* when the input only refers to it: what the input does not show of it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from checker.iam.document import Document, Documents
from checker.partial import Hole, Kind, Known, Location, Text, Truth, Unknown, Value


@dataclass(frozen=True, slots=True)
class Redrive:
    """Where a queue sends a message that was received too often, and after how many receives."""

    target: Value[Text]
    receive_count: Value[int]
    at: Location


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue.

    Times are in seconds. `policy` holds the queue's own policy; `kms_key` is the key as written
    (id, ARN, alias name or alias ARN), None for a queue without a KMS key.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    fifo: Value[bool]
    visibility_timeout: Value[int]
    retention: Value[int]
    kms_key: Value[Text | None]
    managed_sse: Value[bool]
    redrive: Value[Redrive | None]
    policy: Documents


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function; `arn` has no qualifier, `timeout` is in seconds."""

    id: str
    arn: Text
    at: Location
    closed: bool
    timeout: Value[int]
    role: Value[Text]
    reserved_concurrency: Value[int | None]


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role with every document attached to it (a user, where it is the deployer).

    `trust` is the role's trust document; `boundary` is None where there is no permissions
    boundary.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    identity: Documents
    boundary: Value[Document | None]
    trust: Value[Document]


@dataclass(frozen=True, slots=True)
class Grant:
    """A KMS grant: who may do which operations (`Decrypt`, ...) with the key."""

    id: str
    grantee: Value[Text]
    operations: Value[tuple[str, ...]]
    constrained: Value[bool]
    at: Location


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key; `aliases` are alias names (`alias/orders`).

    `managed` is true for AWS managed keys. A key without a policy of its own has `policy` with
    the document that KMS gives it, which delegates to the account.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    aliases: tuple[Text, ...]
    managed: Value[bool]
    enabled: Value[bool]
    symmetric: Value[bool]
    policy: Value[Document]
    grants: tuple[Grant, ...]
    more_grants: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """An event source mapping: this queue feeds this function.

    `function` is the function's full ARN, with the qualifier if one is named. `region` is the
    Region that the mapping is created in. `unsure` says why it is not told how many of these
    there are, in which case the id ends in `[*]`. `tagged` tells whether tags are set on it.
    `tool` is what creates it: `terraform` calls more operations than a person at the console.
    """

    id: str
    at: Location
    source: Value[Text]
    function: Value[Text]
    region: Value[Text]
    batch_size: Value[int]
    batching_window: Value[int]
    enabled: Value[bool]
    tagged: Value[bool]
    unsure: Unknown | None = None


Thing = TypeVar("Thing", Queue, Function, Role, Key)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of the input that was not read, so that a mapping may hide in it."""

    id: str
    why: str
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Deployer:
    """Who creates the mappings: as it was named, and the principal if that could be told."""

    id: str
    role: Value[Role]


SourceKind = Literal["terraform", "cloudformation", "account"]


@dataclass(frozen=True)
class Inventory:
    """Everything that a source found, and how to look it up.

    `other_sources` counts the event source mappings that read something else than SQS.
    """

    kind: SourceKind = "terraform"
    target: str = "."
    mappings: tuple[Mapping, ...] = ()
    queues: tuple[Queue, ...] = ()
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    keys: tuple[Key, ...] = ()
    deployer: Deployer | None = None
    unread: tuple[Unread, ...] = ()
    assumptions: tuple[str, ...] = ()
    other_sources: int = 0

    def queue_of(self, mapping: Mapping) -> Value[Queue]:
        """Return the queue that a mapping reads."""
        return _found(self._queues, mapping.source, open_queue)

    def function_of(self, mapping: Mapping) -> Value[Function]:
        """Return the function that a mapping feeds, whatever its qualifier."""
        if isinstance(mapping.function, Unknown):
            return mapping.function
        unqualified = Known(without_qualifier(mapping.function.value), mapping.function.at)
        return _found(self._functions, unqualified, open_function)

    def role_of(self, function: Function) -> Value[Role]:
        """Return the role that a function runs as."""
        return _found(self._roles, function.role, open_role)

    def queue(self, arn: Value[Text]) -> Value[Queue]:
        """Return the queue with this ARN; an open one if the input only refers to it."""
        return _found(self._queues, arn, open_queue)

    def key_of(self, queue: Queue) -> Value[Key | None]:
        """Return the KMS key of a queue; None if it has none.

        SQS looks a key id or an alias up in the queue's own Region and account.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        """
        if isinstance(queue.kms_key, Unknown):
            return queue.kms_key
        written, at = queue.kms_key.value, queue.kms_key.at
        if written is None:
            return Known(None, at)
        arn = _key_arn(written, queue)
        if arn is None:
            return written.untold(at, f"`{written}` names no KMS key")
        alias = _alias_of(arn)
        if alias is None:
            return _found(self._keys, Known(arn, at), open_key)
        if alias == MANAGED_ALIAS:
            return Known(managed_key(arn, at), at)
        named = [key for key in self.keys if alias in key.aliases and _beside(key.arn, arn)]
        return Known(named[0] if len(named) == 1 else open_key(arn, at), at)

    @cached_property
    def _keys(self) -> dict[Text, Key]:
        return {key.arn: key for key in self.keys}

    @cached_property
    def _queues(self) -> dict[Text, Queue]:
        return {queue.arn: queue for queue in self.queues}

    @cached_property
    def _functions(self) -> dict[Text, Function]:
        return {function.arn: function for function in self.functions}

    @cached_property
    def _roles(self) -> dict[Text, Role]:
        return {role.arn: role for role in self.roles}


def _found(
    things: dict[Text, Thing], arn: Value[Text], opened: Callable[..., Thing]
) -> Value[Thing]:
    """Look a thing up by its ARN; two ARNs that differ only by a hole may be one thing."""
    if isinstance(arn, Unknown):
        return arn
    if arn.value in things:
        return Known(things[arn.value], arn.at)
    maybe = [t.id for k, t in things.items() if k.equals(arn.value) is not Truth.NO]
    if maybe or arn.value.split(":") is None:
        unknown = arn.value.unknown(arn.at)
        if unknown is not None and unknown.why:
            return unknown
        names = ", ".join(f"`{name}`" for name in maybe[:3])
        return Unknown(f"`{arn.value}` and {names} may be one thing or two", arn.at)
    return Known(opened(arn.value, arn.at), arn.at)


def arn_field(arn: Text, index: int) -> Text | None:
    """Return a field of an ARN, from 0; None if it cannot be told where it begins and ends."""
    fields = arn.split(":", _RESOURCE)
    return fields[index] if fields is not None and len(fields) > _RESOURCE else None


def region_of(arn: Text) -> Text | None:
    """Return the Region in an ARN; None if it cannot be told."""
    return arn_field(arn, 3)


def account_of(arn: Text) -> Text | None:
    """Return the account in an ARN; None if it cannot be told."""
    return arn_field(arn, 4)


def same_account(one: Text, other: Text) -> Truth:
    """Tell whether two ARNs are of one account."""
    first, second = account_of(one), account_of(other)
    return Truth.MAYBE if first is None or second is None else first.equals(second)


_RESOURCE = 5
MANAGED_ALIAS = Text.of("alias/aws/sqs")
"""The alias of the key that AWS manages for SQS."""


def _key_arn(written: Text, queue: Queue) -> Text | None:
    """Return the ARN that a key id, an alias or an ARN stands for; None if that is not told."""
    first = written.parts[0] if written.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        return written
    if not isinstance(first, str) and first.kind not in (Kind.NAME, Kind.PART):
        return None
    fields = queue.arn.split(":", _RESOURCE)
    if fields is None or len(fields) <= _RESOURCE:
        return None
    kind = "" if isinstance(first, str) and first.startswith("alias/") else "key/"
    return Text.of("arn:", fields[1], ":kms:", fields[3], ":", fields[4], ":", kind, written)


def _alias_of(arn: Text) -> Text | None:
    """Return the alias name that an alias ARN holds; None for another ARN."""
    name = arn_field(arn, _RESOURCE)
    start = name.parts[0] if name is not None and name.parts else ""
    return name if isinstance(start, str) and start.startswith("alias/") else None


def _beside(key: Text, alias: Text) -> bool:
    """Tell whether a key and an alias are surely of one account and Region."""
    pairs = ((arn_field(key, i), arn_field(alias, i)) for i in (3, 4))
    return all(
        one is not None and other is not None and one.equals(other) is Truth.YES
        for one, other in pairs
    )


def without_qualifier(arn: Text) -> Text:
    """Return a function's ARN without version or alias."""
    fields = arn.split(":")
    if fields is None or len(fields) <= _FUNCTION_FIELDS:
        return arn
    out = fields[0]
    for part in fields[1:_FUNCTION_FIELDS]:
        out = out + ":" + part
    return out


_FUNCTION_FIELDS = 7


def _unseen(arn: Text, at: Location, what: str) -> Unknown:
    why = f"`{arn}` is not created by this input, so {what} not told"
    return Unknown(why, at, "check it together with the configuration that creates it")


def open_queue(arn: Text, at: Location) -> Queue:
    """Return a queue of which only the ARN is known; the name tells whether it is FIFO."""
    attribute = _unseen(arn, at, "its attributes are")
    tail = arn.parts[-1] if arn.parts else ""
    fifo = Known(tail.endswith(".fifo"), at) if isinstance(tail, str) else attribute
    return Queue(
        id=str(arn),
        arn=arn,
        at=at,
        closed=False,
        fifo=fifo,
        visibility_timeout=attribute,
        retention=attribute,
        kms_key=attribute,
        managed_sse=attribute,
        redrive=attribute,
        policy=Documents(unseen=_unseen(arn, at, "its policy is")),
    )


def open_function(arn: Text, at: Location) -> Function:
    """Return a function of which only the ARN is known."""
    attribute = _unseen(arn, at, "its configuration is")
    return Function(
        id=str(arn),
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
        id=str(arn),
        arn=arn,
        at=at,
        closed=False,
        identity=Documents(unseen=_unseen(arn, at, "its documents are")),
        boundary=Known(None, at),
        trust=_unseen(arn, at, "its trust document is"),
    )


def open_key(arn: Text, at: Location) -> Key:
    """Return a key of which only the ARN, or the ARN of an alias, is known.

    The name of an alias tells whether AWS manages the key: only AWS makes `alias/aws/...`.
    """
    attribute = _unseen(arn, at, "its attributes are")
    alias = _alias_of(arn)
    managed: Value[bool] = attribute
    if alias is not None and alias.like(Text.of("alias/aws/*")) is not Truth.MAYBE:
        managed = Known(alias.like(Text.of("alias/aws/*")) is Truth.YES, at)
    return Key(
        id=str(arn),
        arn=arn if alias is None else _behind(arn),
        at=at,
        closed=False,
        aliases=() if alias is None else (alias,),
        managed=managed,
        enabled=attribute,
        symmetric=attribute,
        policy=_unseen(arn, at, "its key policy is"),
        grants=(),
        more_grants=_unseen(arn, at, "its grants are"),
    )


def managed_key(arn: Text, at: Location) -> Key:
    """Return the key that AWS manages for SQS, given the ARN of its alias."""
    return Key(
        id="alias/aws/sqs",
        arn=_behind(arn),
        at=at,
        closed=False,
        aliases=(MANAGED_ALIAS,),
        managed=Known(value=True, at=at),
        enabled=Known(value=True, at=at),
        symmetric=Known(value=True, at=at),
        policy=_unseen(arn, at, "its key policy is"),
        grants=(),
    )


def _behind(alias: Text) -> Text:
    """Return the ARN of the key behind an alias; which one it is, is a hole."""
    fields = alias.split(":", _RESOURCE)
    if fields is None or len(fields) <= _RESOURCE:
        return alias
    key = Hole(f"key of {alias}", Kind.NAME, f"which key `{fields[_RESOURCE]}` names is not told")
    return Text.of("arn:", fields[1], ":kms:", fields[3], ":", fields[4], ":key/", key)
