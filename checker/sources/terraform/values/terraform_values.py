"""Terraform's values as Python's.

| Terraform        | Python                                              |
|------------------|-----------------------------------------------------|
| null, bool       | `None`, `bool`                                      |
| number           | `int` where it is whole, else `Decimal`             |
| string           | `str`; `Text` where part of it is unknown, or where it remembers its origin |
| list             | `List`, a `tuple`                                   |
| tuple            | `PlacedTuple`, a `tuple`                            |
| map              | `Map`, a `dict` with `str` keys, in insertion order |
| object           | `PlacedDict`, a `dict`                              |
| set              | `Set`                                               |
| unknown          | `Hole`: a value of any type with the name of what it is |
| a whole resource, module, `var` | `Lazy`: its attributes are worked out when asked for |
| sensitive, ephemeral | `Marked`: a value that no report shows, nor what is made of it |

A plain `tuple` is a list or a tuple, a plain `dict` a map or an object, where which is unknown;
only equality and the conversion of defaults tell them apart. A value may hold unknowns at any
depth. Values are never changed in place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import Self, TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.language.evaluation_errors import EvaluationError

TerraformValue: TypeAlias = (
    "bool | int | Decimal | str | Text | tuple[TerraformValue, ...]"
    " | dict[str, TerraformValue] | Set | Lazy | Marked | Hole | None"
)


@dataclass(frozen=True, slots=True)
class Type:
    """A type constraint: `name` is one of string number bool any list set map tuple object.

    `element` is what a list, set or map holds, `items` what a tuple holds, `attributes` what an
    object holds, by name. `optional` are the attributes that may be missing, with their defaults.
    See https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
    """

    name: str
    element: Type | None = None
    items: tuple[Type, ...] = ()
    attributes: tuple[tuple[str, Type], ...] = ()
    optional: Mapping[str, TerraformValue] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        if self.element is not None:
            return f"{self.name}({self.element})"
        if self.name == "tuple":
            return f"tuple([{', '.join(map(str, self.items))}])"
        if self.name == "object":
            parts = (
                f"{name} = optional({kind}, {self.optional[name]!r})"
                if name in self.optional
                else f"{name} = {kind}"
                for name, kind in self.attributes
            )
            return f"object({{{', '.join(parts)}}})"
        return self.name


class List(tuple["TerraformValue", ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """A list; `element` is the type of its elements, None where it was unknown."""

    weight = 0
    depth = 0
    element: Type | None

    def __new__(cls, items: Iterable[TerraformValue] = (), element: Type | None = None) -> Self:
        """Return a list of items, all of one type."""
        made = super().__new__(cls, items)
        made.element = element
        return made


class PlacedTuple(tuple["TerraformValue", ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """A tuple; `at` is the place of its bracket and `places` those of its items, if known."""

    weight = 0
    depth = 0
    at: Location | None
    places: tuple[Location, ...] | None

    def __new__(
        cls,
        items: Iterable[TerraformValue] = (),
        at: Location | None = None,
        places: tuple[Location, ...] | None = None,
    ) -> Self:
        """Return a tuple of items."""
        made = super().__new__(cls, items)
        made.at = at
        made.places = places
        return made


class Map(dict[str, "TerraformValue"]):
    """A map; `element` is the type of its elements, None where it was unknown."""

    weight = 0
    depth = 0

    def __init__(
        self, items: Mapping[str, TerraformValue] | None = None, element: Type | None = None
    ) -> None:
        super().__init__(items or {})
        self.element = element


class PlacedDict(dict[str, "TerraformValue"]):
    """An object; `at` is the place of its brace and `places` those of its keys, if known."""

    weight = 0
    depth = 0

    def __init__(
        self,
        items: Mapping[str, TerraformValue] | None = None,
        at: Location | None = None,
        places: Mapping[str, Location] | None = None,
    ) -> None:
        super().__init__(items or {})
        self.at = at
        self.places: Mapping[str, Location] = places or {}


@dataclass(frozen=True, slots=True)
class Set:
    """A set: its members without doubles, in Terraform's order (strings and numbers sorted).

    Members that hold unknowns are surely different from each other; `ordered` is false where
    their order is not known.
    """

    members: tuple[TerraformValue, ...]
    element: Type | None = field(default=None, compare=False)
    ordered: bool = field(default=True, compare=False)


SENSITIVE = frozenset({"sensitive"})
EPHEMERAL = frozenset({"ephemeral"})
WITHHELD = frozenset({"withheld"})
"""The marks: Terraform's two, and that of what the user withholds, which the input cannot lift."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that no report shows; `marks` are some of `sensitive`, `ephemeral`, `withheld`.

    `value` is no `Marked` itself, but a collection may hold some without being one.
    """

    value: TerraformValue
    marks: frozenset[str] = SENSITIVE


class Lazy(ABC):
    """A thing whose attributes are worked out when asked for: `var`, a resource, a module.

    It is a value wherever one may stand. `uncertain` says why an element of it may turn out not to
    exist, which only `try` can see. `counted` tells whether the keys of an unknown number of
    elements are numbers, None for one that has no unknown number. `weight` and `depth` are those of
    what is kept in it, see size_limits.py.
    """

    weight = 1
    depth = 0
    uncertain: Hole | None = None
    counted: bool | None = None

    @property
    def sample(self) -> TerraformValue:
        """Any one of its elements, if it has an unknown number of them; else None."""
        return None

    def kept(self) -> tuple[TerraformValue, ...]:
        """Return the values that are kept in it: elements that are in it, or may be."""
        return ()

    def known(self) -> tuple[TerraformValue, ...]:
        """Return those of an unknown number of elements that are known to be there."""
        return ()

    @abstractmethod
    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return one attribute."""

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return one element, which of a thing that is one is an attribute: `module.a["name"]`."""
        name = key.literal if isinstance(key, Text) else key
        if isinstance(name, str):
            return self.attribute(name, at)
        raise EvaluationError(f"`{self}` has no elements to index")

    def whole(self) -> dict[str, TerraformValue] | Hole:
        """Return all that it holds; a Hole where that is not known."""
        return self.as_hole()

    def as_hole(self) -> Hole:
        """Return the unknown that it is as a whole, for who asks for none of its elements."""
        why = f"the elements of `{self}` are unknown"
        if self.uncertain is None:
            return Hole(str(self), why=f"{why}: only those that are asked for by name")
        why = f"{why}: {self.uncertain.why}"
        return replace(self.uncertain, name=str(self), why=why)

    def chosen(self, names: Iterable[str]) -> dict[str, TerraformValue] | Hole:  # noqa: ARG002 - see above
        """Return those attributes of some names that it has; a Hole where that is not known."""
        return self.whole()


class ThingsByName(Lazy):
    """What a reference begins with before it names a thing: `var`, `data`, a resource type."""

    @abstractmethod
    def unfinished(self, at: Location) -> Hole:
        """Note that a reference ends with it, which Terraform refuses, and return an unknown."""


def inside(value: TerraformValue) -> tuple[TerraformValue, ...]:
    """Return the values that a collection holds, empty for anything else."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, dict):
        return tuple(value.values())
    if isinstance(value, Marked):
        return (value.value,)
    return value.members if isinstance(value, Set) else ()


def whole_hole(value: TerraformValue) -> Hole | None:
    """Return the hole that a value is as a whole, be it a text of nothing else; None for others."""
    part = value.parts[0] if isinstance(value, Text) and len(value.parts) == 1 else value
    return part if isinstance(part, Hole) else None


def holes(value: TerraformValue) -> tuple[Hole, ...]:
    """Return every hole in a value, at any depth and in order; empty if it is wholly known."""
    found: list[Hole] = []
    pending: list[TerraformValue] = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, Lazy):
            current = current.whole()
        if isinstance(current, Hole):
            found.append(current)
        elif isinstance(current, Text):
            found.extend(current.holes)
        else:
            pending.extend(reversed(inside(current)))
    return tuple(found)


def first_hole(value: TerraformValue) -> Hole | None:
    """Return the first hole in a value, at any depth, or None if it is wholly known."""
    pending: list[TerraformValue] = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, Lazy):
            current = current.whole()
        if isinstance(current, Hole):
            return current
        if isinstance(current, Text):
            if current.holes:
                return current.holes[0]
        else:
            pending.extend(reversed(inside(current)))
    return None
