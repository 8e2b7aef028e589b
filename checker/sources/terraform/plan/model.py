"""A plan as the rest of the program sees it, wherever it was read from.

Values are decoded when they are asked for, so that a plan of many resources costs what is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from enum import Enum
from functools import cached_property, partial
from typing import TYPE_CHECKING

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.plan.holes import unreadable
from checker.sources.terraform.values.terraform_values import TerraformValue

if TYPE_CHECKING:
    from checker.sources.terraform.plan.configuration import Configuration

Path = tuple[str | int, ...]
"""Where in a value something is: attribute names, keys and indexes; `()` is the whole."""


class Action(Enum):
    """What is done to an object; UNKNOWN where the plan cannot be read there."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    DELETE_THEN_CREATE = "delete, create"
    CREATE_THEN_DELETE = "create, delete"
    FORGET = "forget"
    CREATE_THEN_FORGET = "create, forget"
    UNKNOWN = "unknown"


class Mode(Enum):
    """How the plan was made: `-destroy`, `-refresh-only` or neither."""

    NORMAL = "normal"
    DESTROY = "destroy"
    REFRESH_ONLY = "refresh only"


@dataclass(frozen=True, slots=True)
class Sides:
    """What a change makes of an object: its attributes before and after, None for no object.

    A Hole stands for a side that cannot be read. The sensitive paths may name more than is
    secret, never less than the plan marks.
    """

    action: Action
    before: TerraformValue
    after: TerraformValue
    before_sensitive: frozenset[Path] = frozenset()
    after_sensitive: frozenset[Path] = frozenset()


def unknown(address: str, why: str, at: Location) -> Sides:
    """Return the sides of a change that cannot be read."""
    hole = unreadable(address, why, at)
    whole: frozenset[Path] = frozenset([()])
    return Sides(Action.UNKNOWN, hole, hole, whole, whole)


@dataclass(frozen=True)
class Change:
    """What a plan does to the object at an address, as Terraform prints it.

    `provider` is the provider's source (`registry.terraform.io/hashicorp/aws`) and
    `provider_config` its configuration's address, empty where it is unknown. `deposed` is the
    key of an object that an earlier replacement left behind: it is not the object at the address.
    """

    address: str
    decode: Callable[[], Sides] = field(repr=False, compare=False)
    provider: str = ""
    provider_config: str = ""
    deposed: str = ""

    @cached_property
    def _sides(self) -> Sides:
        return self.decode()

    @property
    def action(self) -> Action:
        """What is done."""
        return self._sides.action

    @property
    def before(self) -> TerraformValue:
        """The attributes before, None if there is no object yet; see `Sides`."""
        return self._sides.before

    @property
    def after(self) -> TerraformValue:
        """The attributes after, None if there is no object any more; see `Sides`."""
        return self._sides.after

    @property
    def before_sensitive(self) -> frozenset[Path]:
        """Where in `before` secrets stand."""
        return self._sides.before_sensitive

    @property
    def after_sensitive(self) -> frozenset[Path]:
        """Where in `after` secrets stand."""
        return self._sides.after_sensitive

    def secrets(self) -> Iterator[TerraformValue]:
        """Yield every value, before and after, that no report may show."""
        sides = self._sides
        for value, paths in (
            (sides.before, sides.before_sensitive),
            (sides.after, sides.after_sensitive),
        ):
            for path in paths:
                yield _found(value, path)


def by_address(
    changes: Iterable[Change], at: Location
) -> tuple[dict[str, Change], tuple[Change, ...]]:
    """Return changes by their address, and those of objects that a replacement left behind.

    What changes an object twice cannot be read.
    """
    current: dict[str, Change] = {}
    deposed: list[Change] = []
    for change in changes:
        own = change.address
        if change.deposed:
            deposed.append(change)
        elif own in current:
            current[own] = Change(own, partial(unknown, own, "it is there twice", at))
        else:
            current[own] = change
    return current, tuple(deposed)


def _found(value: TerraformValue, path: Path) -> TerraformValue:
    """Return what stands at a path, or what stands as far along it as there is anything."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, tuple) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return value
    return value


class Deferred(Mapping[str, TerraformValue]):
    """A mapping whose values are decoded when they are asked for; `load` gives their decoders."""

    def __init__(self, load: Callable[[], Mapping[str, Callable[[], TerraformValue]]]) -> None:
        self._load = load
        self._known: dict[str, TerraformValue] = {}

    @cached_property
    def _decoders(self) -> Mapping[str, Callable[[], TerraformValue]]:
        return self._load()

    def __getitem__(self, key: str) -> TerraformValue:
        if key not in self._known:
            self._known[key] = self._decoders[key]()
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._decoders

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoders)

    def __len__(self) -> int:
        return len(self._decoders)


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """Where a module of the configuration came from; `directory` is relative to the root module."""

    key: str
    source: str
    directory: str


_KEPT = {Action.NO_OP, Action.READ, Action.UPDATE}


@dataclass(frozen=True)
class Plan:
    """What a plan tells.

    `why_unknown` says why nothing but files is known, and is empty otherwise. `mode` and
    `workspace` are None where they are unknown. `complete` is false where the plan leaves something
    for a later one (`-target`, deferred changes). `variables` are the root module's, as they were
    given: not converted to their types. `set_later` are those whose value the plan does not keep.
    `lists_defaults` tells whether `variables` holds those too that were left at their default.
    `changes` are by address, `deposed` those of objects left behind. `prior` are the attributes of
    every object in the refreshed prior state by address, data sources included, and
    `prior_providers` the addresses of their provider configurations by that of their block.
    `configuration` is what plan JSON tells of it; `files` is what a saved plan holds: the bytes of
    each module's files by the module's key (`a.b`, empty for the root) and their name. `size` is
    that of the plan file, in bytes. `doubtful_objects` says of objects why they may not be as they
    are recorded. `is_state` says that this is no plan but a state, all of it in `prior`.
    """

    at: Location
    why_unknown: str = ""
    terraform_version: str = ""
    mode: Mode | None = None
    workspace: str | None = None
    complete: bool = False
    errored: bool = False
    variables: Mapping[str, TerraformValue] = field(default_factory=dict)
    set_later: frozenset[str] = frozenset()
    lists_defaults: bool = False
    changes: Mapping[str, Change] = field(default_factory=dict)
    deposed: tuple[Change, ...] = ()
    prior: Mapping[str, TerraformValue] = field(default_factory=dict)
    prior_providers: Mapping[str, TerraformValue] = field(default_factory=dict)
    configuration: Configuration | None = None
    modules: Mapping[str, ModuleSource] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    size: int = 0
    doubtful_objects: Mapping[str, str] = field(default_factory=dict)
    is_state: bool = False

    def inputs(self, declared: Iterable[str]) -> dict[str, TerraformValue]:
        """Return the values of the root module's variables, given the names that it declares.

        A variable that is missing was left at its default. One that the plan does not tell is a
        Hole: a default is never assumed.
        """
        found: dict[str, TerraformValue] = {}
        for name in declared:
            if self.why_unknown:
                found[name] = self._unset(name, self.why_unknown)
            elif name in self.set_later:
                why = "its value is set again when the plan is applied"
                found[name] = self._unset(name, f"variable `{name}` is ephemeral: {why}")
            elif name in self.variables:
                found[name] = self.variables[name]
            elif self.lists_defaults:
                found[name] = self._unset(name, f"the plan does not hold variable `{name}`")
        return found

    def _unset(self, name: str, why: str) -> Hole:
        return Hole(f"var.{name}", why=why, at=self.at)

    def attributes(self, address: str) -> TerraformValue:
        """Return what the object at an address is once the plan is applied.

        None where the plan tells of no such object, or deletes it; a Hole where it cannot be read.
        """
        change = self.changes.get(address)
        return self.prior.get(address) if change is None else change.after

    def replaces(self, address: str) -> bool:
        """Tell whether the plan may make the object at an address anew."""
        change = self.changes.get(address)
        return change is not None and change.action not in _KEPT

    def deletes(self, address: str) -> bool:
        """Tell whether the plan surely deletes the object at an address and puts none there."""
        change = self.changes.get(address)
        return change is not None and change.action is Action.DELETE
