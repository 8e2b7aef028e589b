"""A plan: what Terraform knew when it was made, and what it does not touch or takes away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from checker.partial import Hole, Text
from checker.sources.terraform.values import Value

INSTANCE = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_KEY = re.compile(r'\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]')
_ESCAPE = re.compile(r"\\(.)")


class Action(Enum):
    """What becomes of a resource."""

    NOTHING = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Change:
    """One resource instance of a plan: `after` are its attributes once the plan is applied.

    An attribute that is known only then is a Hole, one that is not set is None; `after` is empty
    for what is deleted. `sensitive` names attributes that no report may show.
    """

    address: str
    action: Action
    after: Mapping[str, Value]
    provider: str = ""
    sensitive: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """What a plan knows.

    `complete` says that the plan could be read, and so what it does not speak of is not there.
    `shown` says that there is no configuration beside it but the one that its JSON holds.
    `variables` are those of the root module; `unknown` says why they are not told, if so: no
    default may then be assumed. `changes` are all managed resources and the data sources that
    are read when it is applied, `read` the attributes of data sources that were read before.
    `accounts` and `regions` are those of provider configurations (`aws`, `module.a.aws.west`).
    """

    source: str
    complete: bool = False
    shown: bool = False
    variables: Mapping[str, Value] = field(default_factory=dict)
    unknown: Hole | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    read: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)

    def attributes(self, address: str) -> Mapping[str, Value]:
        """Return what is known of an instance, empty if the plan does not speak of it."""
        change = self.changes.get(address)
        return self.read.get(address, {}) if change is None else change.after

    def lives(self, address: str) -> bool:
        """Tell whether a managed resource is there once the plan is applied.

        An instance that the plan does not speak of is neither there nor made (`-target`).
        """
        if not self.complete:
            return True
        change = self.changes.get(address)
        return change is not None and change.action not in (Action.DELETE, Action.FORGET)

    def keys(self, address: str) -> tuple[int | str, ...]:
        """Return the instance keys of a block, or module call, that has `count` or `for_each`."""
        return tuple(self._keys.get(address, ()))

    @cached_property
    def _keys(self) -> dict[str, dict[int | str, None]]:
        found: dict[str, dict[int | str, None]] = {}
        for address in self.changes:
            for match in INSTANCE.finditer(address):
                keys = found.setdefault(address[: match.start()], {})
                keys[_key(match.group())] = None
        return found


def _key(written: str) -> int | str:
    match = _KEY.fullmatch(written)
    if match is None or match[1] is None:
        return int(written[1:-1])
    return _ESCAPE.sub(lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), match[1])


def is_known(value: Value) -> bool:
    """Tell whether a single value is known; collections are looked into by who reads them."""
    return not isinstance(value, Hole) and not (isinstance(value, Text) and value.holes)
