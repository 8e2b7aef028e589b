"""Everything that a source found, and how one thing leads to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields
from datetime import date
from functools import cached_property
from typing import Literal, Protocol

from checker.iam.comparisons import BYTES_A_COMPARISON, FREE_COMPARISONS
from checker.iam.decisions import Decisions
from checker.knowledge.lookup import Lookup
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.trail import NoTrails, Trails
from checker.model.arns import alias_of, without_qualifier
from checker.model.cases import Answer, Question
from checker.model.clashes import NameClash
from checker.model.event_source import EventSource
from checker.model.identifiers import WrongIdentifier
from checker.model.named_mappings import NamedMappings
from checker.model.naming import in_one_place, key_arn, referred, thing_named
from checker.model.order import Order, RecordedOrder, makers
from checker.model.outside import managed_key, open_function, open_key, open_role
from checker.model.producers import Producer, Producers
from checker.model.queue import Queue, open_queue
from checker.model.rivals import Rivals
from checker.model.source_types import SOURCE_TYPES, open_source
from checker.model.template_form import TemplateForm
from checker.model.things import (
    Deployer,
    EarlierMapping,
    EventSourceMapping,
    Function,
    Key,
    Refusal,
    Role,
    Unread,
)
from checker.model.waivers import InlineWaiver
from checker.records import dataclass


class Cases(Protocol):
    """An input that can be read again with answers to what it leaves open."""

    @property
    def questions(self) -> Sequence[Question]:
        """What is open, each with its answers."""

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read the input with these answers; None where it is refused with them."""


SourceKind = Literal["terraform", "cloudformation", "account"]


@dataclass(frozen=True)
class Inventory:
    """Everything that a source found, and how to look it up.

    `sources` are queues and whatever else mappings may read; `other_sources` counts the event
    source mappings that read something that is not checked. `secrets`
    are values that the input marks as sensitive: no report shows them. `prefix` begins every id
    where several root modules are checked in one run. `order` is that in which the things are
    made, None where they exist. `interrupted` says that reading was stopped before its end.
    `assumed` are the roles that the mappings' providers assume, None for one that assumes none.
    `size` is how large the input is, in bytes: a large one may take more comparisons. `today` is
    the day of the run, by UTC; None where no date is to be compared with it. `refusals` are what
    Terraform refuses of it, so that nothing of it goes out. `moves` are old and new ids of things
    that the input says were renamed. `clashes` are blocks that make things of one name,
    `wrong_identifiers` arguments that name a thing as AWS does not take it. `earlier` are, by the
    ids of new mappings, those of a stack that an update deletes after it creates them. `form` is
    how templates are written. `cases` read it again with answers to what it leaves open. `trails`
    tell where its values come from; they stay behind where the inventory travels. `constructs` are
    the constructs of the CDK that made things, by their ids; None where no program made the input.
    """

    kind: SourceKind = "terraform"
    target: str = "."
    mappings: tuple[EventSourceMapping, ...] = ()
    sources: tuple[EventSource, ...] = ()
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    keys: tuple[Key, ...] = ()
    producers: tuple[Producer, ...] = ()
    deployer: Deployer | None = None
    assumed: frozenset[Text | None] = frozenset()
    provider: tuple[int, int] | None = None
    unread: tuple[Unread, ...] = ()
    assumptions: tuple[str, ...] = ()
    other_sources: int = 0
    secrets: frozenset[str] = frozenset()
    prefix: str = ""
    order: Order | None = None
    waivers: tuple[InlineWaiver, ...] = ()
    interrupted: bool = False
    size: int = 0
    today: date | None = None
    refusals: tuple[Refusal, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    clashes: tuple[NameClash, ...] = ()
    wrong_identifiers: tuple[WrongIdentifier, ...] = ()
    earlier: Mapping[str, tuple[EarlierMapping, ...]] = field(default_factory=dict)
    form: TemplateForm = field(default_factory=TemplateForm)
    cases: Cases | None = None
    constructs: Mapping[str, str] | None = None
    trails: Trails = field(default_factory=NoTrails, compare=False, repr=False)

    @cached_property
    def decisions(self) -> Decisions:
        """What decides the permissions of this run."""
        return Decisions(FREE_COMPARISONS + self.size // BYTES_A_COMPARISON, self.today)

    def __getstate__(self) -> dict[str, object]:
        """Return what travels to another process: all but what can only be asked here.

        The order in which things are made is worked out; the input cannot be read again there.
        """
        order = None if self.order is None else RecordedOrder(self._orders(self.order))
        fields_ = {each.name: getattr(self, each.name) for each in fields(self)}
        return fields_ | {"order": order, "cases": None}

    def _orders(self, order: Order) -> Iterator[tuple[str, frozenset[str], Value[tuple[str, ...]]]]:
        """Yield for each mapping what of that which gives its role permissions comes too late."""
        for mapping in self.mappings:
            source, function = self.source_of(mapping), self.function_of(mapping)
            role = self.role_of(function.value) if isinstance(function, Known) else function
            if isinstance(source, Known) and isinstance(role, Known):
                others = makers(role.value, source.value)
                yield mapping.id, frozenset(others), order.unordered(mapping.id, others, mapping.at)

    def source_of(self, mapping: EventSourceMapping) -> Value[EventSource]:
        """Return what a mapping reads."""
        found = self._source_of.get(mapping.id)
        if found is None:
            found = thing_named(self._sources, mapping.source, open_source)
            self._source_of[mapping.id] = found
        return found

    @cached_property
    def _source_of(self) -> dict[str, Value[EventSource]]:
        return {}

    def function_of(self, mapping: EventSourceMapping) -> Value[Function]:
        """Return the function that a mapping feeds, whatever its qualifier."""
        found = self._function_of.get(mapping.id)
        if found is None:
            found = self._look_up_function(mapping)
            self._function_of[mapping.id] = found
        return found

    @cached_property
    def _function_of(self) -> dict[str, Value[Function]]:
        return {}

    def _look_up_function(self, mapping: EventSourceMapping) -> Value[Function]:
        if isinstance(mapping.function, Unknown):
            return mapping.function
        if self._functions.named(mapping.function.value):
            return thing_named(self._functions, mapping.function, open_function)
        unqualified = Known(without_qualifier(mapping.function.value), mapping.function.at)
        return thing_named(self._functions, unqualified, open_function)

    def role_of(self, function: Function) -> Value[Role]:
        """Return the role that a function runs as."""
        return self.role_named(function.role)

    def role_named(self, arn: Value[Text]) -> Value[Role]:
        """Return the role with this ARN; an open one if the input only refers to it."""
        return thing_named(self._roles, arn, open_role)

    def queue(self, arn: Value[Text]) -> Value[Queue]:
        """Return the queue with this ARN; an open one if the input only refers to it."""
        return thing_named(self._queues, arn, open_queue)

    def takes_dead_letters(self, queue: Queue) -> bool:
        """Tell whether a queue surely is a dead-letter queue itself: by others, or as it says."""
        allow = queue.redrive_allow
        named = isinstance(allow, Known) and allow.value is not None and bool(allow.value.sources)
        return named or queue.arn in self._dead_letter_targets

    @cached_property
    def _dead_letter_targets(self) -> frozenset[Text]:
        targets = (each.failures for each in self.queues)
        known = (each.value for each in targets if isinstance(each, Known))
        return frozenset(each for each in known if each is not None)

    @cached_property
    def queues(self) -> tuple[Queue, ...]:
        """The queues among the event sources."""
        return tuple(each for each in self.sources if isinstance(each, Queue))

    def key_of(self, source: EventSource) -> Value[Key | None]:
        """Return the KMS key of an event source; None if it has none.

        A service looks a key id or an alias up in the Region and account of its resource.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        """
        return self.key_named(source.kms_key, source.arn)

    def key_named(self, key: Value[Text | None], beside: Text) -> Value[Key | None]:
        """Return the key that an id, alias or ARN names in the account and Region of an ARN."""
        if isinstance(key, Unknown):
            return key
        written, at = key.value, key.at
        if written is None:
            return Known(None, at)
        arn = key_arn(written, beside)
        if arn is None:
            return written.why_unknown(at, f"`{written}` names no KMS key")
        alias = alias_of(arn)
        if alias is None:
            return thing_named(self._keys, Known(arn, at), open_key)
        if any(alias == each.managed_alias for each in SOURCE_TYPES):
            return Known(managed_key(alias, arn, at), at)
        found = referred(self._by_alias.get(alias, ()), written, lambda each: each[0])
        named = [key for _, key in found if in_one_place(key.arn, arn)]
        return Known(named[0] if len(named) == 1 else open_key(arn, at), at)

    def mappings_of(self, function: Function) -> tuple[EventSourceMapping, ...]:
        """Return the mappings that surely feed a function, whatever its qualifier."""
        return self._fed.of(function, without_qualifier(function.arn))

    @cached_property
    def _fed(self) -> NamedMappings:
        named = ((each, each.function) for each in self.mappings)
        return NamedMappings(
            ((without_qualifier(of.value), m) for m, of in named if isinstance(of, Known)),
            frozenset(each.id for each in self.functions if each.closed),
        )

    def mappings_reading(self, source: EventSource) -> tuple[EventSourceMapping, ...]:
        """Return the mappings that surely read an event source."""
        return self._reading.of(source, source.arn)

    @cached_property
    def _reading(self) -> NamedMappings:
        named = ((each, each.source) for each in self.mappings)
        return NamedMappings(
            ((of.value, mapping) for mapping, of in named if isinstance(of, Known)),
            frozenset(each.id for each in self.sources if each.closed),
        )

    @cached_property
    def rivals(self) -> Rivals:
        """Which mappings may join the same queue to the same function."""
        return Rivals(self.mappings)

    def precedes(self, one: EventSourceMapping, other: EventSourceMapping) -> bool:
        """Tell whether a mapping stands before another."""
        return self._places[one.id] < self._places[other.id]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {mapping.id: n for n, mapping in enumerate(self.mappings)}

    @cached_property
    def _by_alias(self) -> dict[Text, list[tuple[str, Key]]]:
        """The keys by the names of their aliases, each with the alias's own address."""
        found: dict[Text, list[tuple[str, Key]]] = {}
        for key in self.keys:
            for alias in dict.fromkeys(key.aliases):
                found.setdefault(alias, []).append((alias.thing, key))
        return found

    @cached_property
    def senders(self) -> Producers:
        """The producers, by the queue that they send to."""
        return Producers(self.producers)

    @cached_property
    def _keys(self) -> Lookup[Key]:
        return Lookup((arn, key) for key in self.keys for arn in (*key.also, key.arn))

    @cached_property
    def _sources(self) -> Lookup[EventSource]:
        return Lookup((source.arn, source) for source in self.sources)

    @cached_property
    def _queues(self) -> Lookup[Queue]:
        return Lookup((queue.arn, queue) for queue in self.queues)

    @cached_property
    def _functions(self) -> Lookup[Function]:
        return Lookup((function.arn, function) for function in self.functions)

    @cached_property
    def _roles(self) -> Lookup[Role]:
        return Lookup((arn, role) for role in self.roles for arn in (*role.also, role.arn))
