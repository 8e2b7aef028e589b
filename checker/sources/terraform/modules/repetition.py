"""Blocks with `count` or `for_each`: one instance, several, or nobody knows how many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import plain
from checker.knowledge.text import Text
from checker.sources.terraform.modules.expansion import Expansion, InstanceVariables, one_of_unknown
from checker.sources.terraform.values.instance_keys import (
    InstanceKey,
    Star,
    WithheldKey,
    instance_key,
)
from checker.sources.terraform.values.instance_lists import Instances, without_key
from checker.sources.terraform.values.partial_values import PartialMap
from checker.sources.terraform.values.terraform_values import (
    WITHHELD,
    Lazy,
    Marked,
    PlacedDict,
    PlacedTuple,
    TerraformValue,
)

Make: TypeAlias = Callable[[InstanceKey, InstanceVariables], Lazy]
"""What makes the instance of a key, in which some names stand for values: `each`, `count`."""
MOST_MET = 200
"""So many instances of a block are distinguished where the number of them is unknown."""


class UncountedBlock(Lazy):
    """A block with `count` or `for_each` of which it is unknown how many instances it has.

    `met` are the instances that were asked for by a known key. `resource` tells a resource or data
    source from a module call.
    """

    def __init__(self, expansion: Expansion, address: str, make: Make, *, resource: bool) -> None:
        self._resource = resource
        self.why = expansion.unknown or Hole(f"{address}[*]")
        self.uncertain = self.why
        self.counted = expansion.counted
        self.met: dict[InstanceKey, Lazy] = {}
        self._expansion, self._address, self._make = expansion, address, make

    def __str__(self) -> str:
        return self._address

    @cached_property
    def sample(self) -> Lazy:
        """Any one of the instances, under the key `[*]`; the only one, if there is one at most."""
        if self._expansion.single:
            return self._make(None, {})
        star = Hole(
            f"{self._address}[*].key", why=self.why.why, at=self.why.at, remedy=self.why.remedy
        )
        return self._make(Star.ANY, one_of_unknown(Text.of(star), self._address, self._expansion))

    def known(self) -> tuple[TerraformValue, ...]:
        """Return the instances that were asked for by a known key."""
        return tuple(self.met.values())

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return an attribute of a block with one instance or none, or a module of a name.

        It exists wherever Terraform accepts the reference. RefusedError for a resource of which
        there may be several.
        """
        if self._expansion.single:
            return self.sample.attribute(name, at)
        if self._resource:
            argument = "count" if self.counted else "for_each"
            raise without_key(self._address, argument, at)
        return self._any(name, at)

    def _any(self, name: str, at: Location) -> Hole:
        """Return an unknown: an attribute of nobody knows which."""
        return Hole(f"{self._address}.{name}", why=self.why.why, at=at, remedy=self.why.remedy)

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return one instance, which exists wherever Terraform accepts the reference."""
        of = instance_key(key)
        if isinstance(of, Hole):
            return self._any("[*]", at)
        if of in self.met:
            return self.met[of]
        made = self._make(of, one_of_unknown(key, self._address, self._expansion))
        if len(self.met) < MOST_MET:
            self.met[of] = made
        return made


def many(expansion: Expansion, address: str, make: Make, *, resource: bool) -> TerraformValue:
    """Return the one instance, a list or map of them, or an `UncountedBlock`."""
    if expansion.unknown is not None:
        return UncountedBlock(expansion, address, make, resource=resource)
    if expansion.disabled:
        return None
    if None in expansion.keys:
        return make(None, {})
    made = {key: make(key, variables) for key, variables in expansion.keys.items()}
    partial = next((key for key in made if isinstance(key, Text)), None)
    if partial is not None:
        named = [(key, one) for key, one in made.items() if isinstance(key, (str, Text))]
        return PartialMap(named, replace(partial.holes[0], name=address, kind=Kind.ANY))
    if expansion.counted:
        return Instances(address, made.values()) if resource else PlacedTuple(made.values())
    return PlacedDict({key: one for key, one in made.items() if isinstance(key, str)})


def keys_withheld(instances: TerraformValue) -> TerraformValue:
    """Return what `many` returned for an expression: marked if its keys are not to be shown."""
    if isinstance(instances, dict) and any(isinstance(key, WithheldKey) for key in instances):
        return Marked({plain(key): one for key, one in instances.items()}, WITHHELD)
    return instances


def instances_of(value: TerraformValue) -> Iterator[tuple[TerraformValue, Hole | None]]:
    """Yield the instances behind what `many` returned; with why, where their number is unknown."""
    if isinstance(value, UncountedBlock):
        yield value.sample, value.why
    elif isinstance(value, PartialMap):
        for _, element in value.entries:
            yield element, None
    elif isinstance(value, tuple):
        for element in value:
            yield element, None
    elif isinstance(value, dict):
        for element in value.values():
            yield element, None
    elif isinstance(value, Lazy):
        yield value, None
