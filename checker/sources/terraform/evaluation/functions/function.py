"""What a function is, and what is done alike for every call: arity, nulls, types, unknowns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Protocol, TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import carried
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.language.evaluation_errors import (
    UnknownResultError,
)
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    inside,
)

MOST_MARKS = 1000
"""How many combining marks may follow each other in a text that is brought to normal form."""
MOST_CHARACTERS = 10_000_000
"""How long a text may be that a function makes."""


class FunctionScope(Protocol):
    """What a function may know of the place where it is called."""

    @property
    def at(self) -> Location:
        """The place of the call."""

    @property
    def base(self) -> str:
        """The root module's directory, as `path.root` gives it."""

    @property
    def marked(self) -> bool:
        """Whether anything at all in this run is sensitive or ephemeral."""

    @property
    def spent(self) -> int:
        """How many steps the run has taken so far."""

    def spend(self, steps: int) -> None:
        """Take steps of the run's budget before doing work; ExhaustedError if too few are left."""

    def unique(self) -> str:
        """Return a name that no other call has."""

    def read_file(self, path: str) -> bytes:
        """Return a file's bytes; EvaluationError if it is missing or may not be read."""

    def locate_file(self, path: str) -> str:
        """Return the name that locations in the file bear."""

    def file_exists(self, path: str) -> bool:
        """Tell whether a file exists; EvaluationError if that may not be asked."""

    def list_files(self, path: str, pattern: str) -> list[str]:
        """Return the files below a directory that match a pattern, relative to it."""


Cost: TypeAlias = Callable[..., int]


def linear(*arguments: TerraformValue) -> int:
    """Return the steps of a call that makes no more than it is given, at some speed."""
    return sum(map(weight, arguments))


def constant(*_: TerraformValue) -> int:
    """Return the steps of a call that looks at no more than one element."""
    return 1


def elements(*arguments: TerraformValue) -> int:
    """Return the steps of a call that goes through the elements of collections, not into them."""
    return sum(1 + len(inside(argument)) for argument in arguments)


@dataclass(frozen=True, slots=True)
class TerraformFunction:
    """One function.

    `takes` are the types of its parameters: `string`, `number`, `bool`, `any`, `list(any)` and so
    on; `?` after a type admits null, `*` after the last one any number of arguments. A function
    that is not `partial` is never called with an unknown in its arguments; one that is gets holes
    inside `any` parameters and collections, and `Text` for strings. `call` takes the converted
    arguments one by one, before them the scope if the function is `scoped`, and may raise
    EvaluationError or NotTold; texts keep their origin if it is `placed`. One
    that takes collections of which a part is known (partial_values.py) has `parts`; it gets a hole
    for a list or set, too, of which nothing is known. `returns` is
    the type of the result and `kind` what a text that is unknown may hold.

    `cost` takes the converted arguments, too, and returns how many steps the call takes at most
    (see budget.py), which are taken from the run's budget before it; what only shows during the
    call is spent by the call itself, before it does it. All in all it is no less than what the call
    makes, as a test holds for every function: what the result weighs, or as `makes` tells where the
    result shares the elements of the arguments (`elements`) or is one of them (`constant`).
    """

    name: str
    call: Callable[..., TerraformValue]
    takes: tuple[str, ...]
    partial: bool = False
    returns: str = "any"
    kind: Kind = Kind.ANY
    scoped: bool = False
    placed: bool = False
    parts: bool = False
    cost: Cost = linear
    makes: Callable[[TerraformValue], int] = weight


def normal_form(text: str) -> str:
    """Return a string in Unicode's normal form C, as all of Terraform's strings are."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    if len(text) > MOST_MARKS and _marks().search(text):
        raise UnknownResultError(f"a text with more than {MOST_MARKS} combining marks in a row")
    return carried(text, unicodedata.normalize("NFC", text))


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds a long run of combining marks: sorting them takes quadratic time."""
    marks = "".join(
        chr(code) for code in range(0x300, 0x1E944 + 7) if unicodedata.combining(chr(code))
    )
    return re.compile(f"[{marks}]{{{MOST_MARKS},}}")


def plain(value: TerraformValue) -> TerraformValue:
    """Turn texts without holes into strings and whole things into what they hold, at any depth."""
    if isinstance(value, Lazy):
        value = value.whole()
    if isinstance(value, Text):
        return value if value.literal is None else value.literal
    if isinstance(value, (str, int, Hole)) or value is None:
        return value
    if isinstance(value, List):
        return List(map(plain, value), value.element)
    if isinstance(value, PlacedTuple):
        return PlacedTuple(map(plain, value), value.at, value.places)
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Set):
        return Set(tuple(map(plain, value.members)), value.element, value.ordered)
    if isinstance(value, dict):
        made = {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, Map):
            return Map(made, value.element)
        if isinstance(value, PlacedDict):
            return PlacedDict(made, value.at, value.places)
        return made
    return value


def too_long() -> UnknownResultError:
    """Return what is raised for a text that would be too long."""
    return UnknownResultError(f"the result is longer than {MOST_CHARACTERS} characters")
