"""Functions, roles, keys and the mappings between them."""

from __future__ import annotations

from typing import TypeAlias

from checker.iam.context import Tags
from checker.iam.document import Document, Documents
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model.function_options import FunctionOptions
from checker.model.ranges import GivenValue
from checker.records import dataclass

NOWHERE = Location("")
_UNSET: Known[None] = Known(None, NOWHERE, default=True)


@dataclass(frozen=True, slots=True)
class Permission:
    """A statement of a function's resource policy: who may invoke it.

    `unsure` says why it may be one of another function, if so.
    """

    id: str
    principal: Value[Text]
    at: Location
    unsure: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function; `arn` has no qualifier, `timeout` is in seconds.

    `dead_letter` is the target of its own dead-letter configuration, None if there is none.
    `environment` are its environment variables; they may hold secrets, so no message shows one.
    `more_environment` says why there may be others.
    `loops` tells whether its recursion configuration lets it call itself without an end.
    `given` are values of which AWS takes some only; `managed` tells whether it runs on managed
    instances, for which AWS takes more.
    `options` are what AWS tests besides when it makes the function.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    timeout: Value[int]
    role: Value[Text]
    reserved_concurrency: Value[int | None]
    dead_letter: Value[Text | None] = _UNSET
    environment: tuple[tuple[str, Value[Text]], ...] = ()
    permissions: tuple[Permission, ...] = ()
    loops: Value[bool] = Known(value=False, at=NOWHERE, default=True)
    more_environment: Unknown | None = None
    given: tuple[GivenValue, ...] = ()
    managed: Value[bool] = Known(value=False, at=NOWHERE, default=True)
    options: FunctionOptions = FunctionOptions()


@dataclass(frozen=True, slots=True)
class Undone:
    """What attaches a document to a role, and what takes it away, surely or perhaps.

    `unsure` says what that leaves open.
    """

    id: str
    at: Location
    taker: str
    taker_at: Location
    sure: Truth
    unsure: Unknown


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role with every document attached to it (a user, where it is the deployer).

    `trust` is the role's trust document; `boundary` is None where there is no permissions
    boundary. `undone` are attachments that another part of the input takes away. `scps` are the
    service control policies that bind its account, level by level. `also` are other texts that
    surely are its ARN, such as what a data source of its name reads. `tags` are the role's own,
    None where nothing is known of them; `unique_id` is the one that AWS gives it (`AROA...`).
    `given` are its values for arguments for which AWS takes some only.
    """

    id: str
    arn: Text
    at: Location
    closed: bool
    identity: Documents
    boundary: Value[Document | None]
    trust: Value[Document]
    undone: tuple[Undone, ...] = ()
    scps: tuple[Documents, ...] = ()
    also: tuple[Text, ...] = ()
    tags: Tags | None = None
    unique_id: Text | None = None
    given: tuple[GivenValue, ...] = ()


Pairs: TypeAlias = tuple[tuple[Text, Text], ...]
"""Keys and values of an encryption context."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A KMS grant: who may do which operations (`Decrypt`, ...) with the key, and when.

    A request's encryption context must have the pairs of `subset`, and no others than those of
    `equal`; None where the grant does not demand that.
    """

    id: str
    grantee: Value[Text]
    operations: Value[tuple[str, ...]]
    at: Location
    equal: Value[Pairs | None] = _UNSET
    subset: Value[Pairs | None] = _UNSET


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key; `aliases` are alias names (`alias/orders`).

    `more_aliases` says why there may be other aliases, if so. `managed` is true for AWS managed
    keys. A key without a policy of its own has `policy` with the document that KMS gives it, which
    delegates to the account. `rcps` and `tags` are as with queues, `also` as with roles. `state`
    says in KMS's words what a key is that is not enabled, `expires` when its imported material
    does, as a timestamp of RFC 3339; None if it does not. `multi_region` tells that keys of other
    Regions may have its ID.
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
    rcps: tuple[Documents, ...] = ()
    also: tuple[Text, ...] = ()
    tags: Tags | None = None
    more_aliases: Unknown | None = None
    state: str = "Disabled"
    expires: Value[Text | None] = _UNSET
    multi_region: Value[bool] = Known(value=False, at=NOWHERE, default=True)


@dataclass(frozen=True, slots=True)
class Pollers:
    """The pollers that a mapping keeps ready, None where a bound is not set."""

    least: Value[int | None]
    most: Value[int | None]
    at: Location


@dataclass(frozen=True, slots=True)
class Foreign:
    """An argument that only mappings of other sources take; unknown where it may be unset."""

    name: str
    at: Location
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """An event source mapping: this queue feeds this function.

    `function` is the function's full ARN, with the qualifier if one is named. `region` is the
    Region that the mapping is created in. `unsure` says why it is unknown how many of these
    there are, in which case the id ends in `[*]`, or whether the same is there already. `tagged`
    tells whether tags are set on it, `tags` which, None where nothing is known of them.
    `maximum_concurrency` bounds the function's invocations by this mapping, `reports_failures`
    tells whether the function answers which messages of a batch failed, `foreign` are arguments
    that AWS does not take for a queue, `filters` the patterns of which a message must match one,
    `filter_key` the ARN of the KMS key that encrypts them, None for one that AWS owns.
    `state` is that of a mapping that exists, `transition` what AWS says of how it came about.
    `given` are values of which AWS takes some only. `alias` is the id of the alias of this input
    that its function names, empty where none surely is it.
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
    maximum_concurrency: Value[int | None] = _UNSET
    pollers: Value[Pollers | None] = _UNSET
    reports_failures: Value[bool] = Known(value=False, at=NOWHERE, default=True)
    foreign: tuple[Foreign, ...] = ()
    filters: Value[tuple[Value[Text], ...]] = Known((), NOWHERE, default=True)
    filter_key: Value[Text | None] = _UNSET
    state: Value[str | None] = _UNSET
    transition: str = ""
    tags: Tags | None = None
    given: tuple[GivenValue, ...] = ()
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of the input that was not read.

    `mappings` tells that it is a module, in which mappings may hide.
    """

    id: str
    why: str
    at: Location | None = None
    mappings: bool = False


@dataclass(frozen=True, slots=True)
class EarlierMapping:
    """A mapping that an update deletes after it has created another of its queue and function.

    `unsure` says why it may not be one of them.
    """

    id: str
    at: Location
    unsure: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Terraform refuses of a configuration, in its words: the heading and the text.

    `address` is the local, variable, module call or block in which it stands at `at`. `unsure` says
    why it is not sure to be refused, if so, and `remedy` what settles that.
    """

    summary: str
    why: str
    at: Location
    address: str = ""
    unsure: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.summary}: {self.why}" if self.why else self.summary


@dataclass(frozen=True, slots=True)
class Organization:
    """What binds an account: service and resource control policies, level by level.

    `unseen` says why some of them were not shown, where the credentials lack the permission.
    """

    account: str
    scps: tuple[Documents, ...] = ()
    rcps: tuple[Documents, ...] = ()
    unseen: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Gone(Unknown):
    """A thing does not exist any more."""


CALLER = "me"
"""How the deployer is named who is the caller."""


@dataclass(frozen=True, slots=True)
class Deployer:
    """Who creates the mappings: as it was named, and the principal if that is known."""

    id: str
    role: Value[Role]
