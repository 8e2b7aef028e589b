"""`Fn::ForEach`: what it makes of a mapping's members for each value of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Protocol, Self, TypeVar

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Location, Unknown
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import FOR_EACH, words
from checker.sources.cloudformation.values.nodes import text_of
from checker.yaml import Sequence, YamlMapping, YamlNode

MOST_DEEP = 5
"""How many loops CloudFormation takes in one another."""
MOST_TURNS = 10_000
"""How often the loops of a template may run, all in all."""
_LOOP = 3  # an identifier, a collection and what is made of each


class UnknownLoopError(Exception):
    """It is unknown what a loop makes; it is `wrong` where CloudFormation refuses the loop."""

    def __init__(self, unknown: Unknown, *, wrong: bool = False) -> None:
        super().__init__(unknown.why)
        self.unknown = unknown
        self.wrong = wrong


class EndlessLoopError(UnknownLoopError):
    """Loops run more often than they are worked out."""


class LoopRun(Protocol):
    """What works out values where loops have given values to their identifiers."""

    @property
    def loops(self) -> Mapping[str, str]:
        """The values of the identifiers."""

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""

    def value(self, node: YamlNode) -> JsonNode | None:
        """Return what a node comes to; None for `AWS::NoValue`."""

    def looped(self, written: str) -> str:
        """Return a word with the identifiers filled in."""

    def may_loop(self) -> bool:
        """Tell whether the template has the transform that loops need."""

    def turn(self, loop: YamlNode, loops: Mapping[str, str]) -> bool:
        """Tell whether the template's budget has this turn of a loop, which counts once."""

    def inside(self, loops: Mapping[str, str]) -> Self:
        """Return the same with other values of the identifiers."""


SameRun = TypeVar("SameRun", bound=LoopRun)


@dataclass(frozen=True, slots=True)
class LoopMember(Generic[SameRun]):
    """A member of a mapping: its name, its node, and what works out values in it."""

    name: str
    node: YamlNode
    of: SameRun


def is_loop(name: str) -> bool:
    """Tell whether a key of a mapping is a loop, which makes others."""
    return name.startswith(f"{FOR_EACH}::")


def looped_members(
    entries: Iterable[tuple[str, YamlNode]], of: SameRun
) -> Iterator[LoopMember[SameRun]]:
    """Yield the members of a mapping, with those that its loops make.

    Raises UnknownLoopError where it is unknown what a loop makes.
    """
    for name, node in entries:
        if not is_loop(name):
            yield LoopMember(of.looped(name), node, of)
            continue
        for run, body in turns(name, node, of):
            inner = ((key.text, each) for key, each in body.entries)
            yield from looped_members(inner, run)


def turns(name: str, node: YamlNode, of: SameRun) -> Iterator[tuple[SameRun, YamlMapping]]:
    """Yield each turn of a loop, and the mapping of which it makes members."""
    at = of.place(node)
    parts = node.items if isinstance(node, Sequence) else ()
    identifiers = words(parts[0]) if parts else ()
    body = parts[2] if len(parts) == _LOOP else None
    if not identifiers or not isinstance(body, YamlMapping) or not of.may_loop():
        why = f"`{name}` takes an identifier, a collection and a mapping, and needs the transform"
        raise UnknownLoopError(Unknown(f"{why} AWS::LanguageExtensions", at), wrong=True)
    if len(of.loops) >= MOST_DEEP:
        why = f"more than {MOST_DEEP} loops in one another"
        raise UnknownLoopError(Unknown(why, at), wrong=True)
    for value in _collection(name, parts[1], of):
        loops = {**of.loops, identifiers[0].text: value}
        if not of.turn(node, loops):
            raise EndlessLoopError(Unknown(f"`{name}` runs too often to be worked out", at))
        yield of.inside(loops), body


def _collection(name: str, node: YamlNode, of: LoopRun) -> Iterator[str]:
    found = of.value(node)
    items = None if found is None else found.value
    why = f"the collection of `{name}` is unknown"
    if not isinstance(items, tuple):
        unknown = items if isinstance(items, Unknown) else Unknown(why, of.place(node))
        raise UnknownLoopError(unknown.leaves(why) if isinstance(items, Unknown) else unknown)
    for each in items:
        text = text_of(each)
        if isinstance(text, Unknown):
            raise UnknownLoopError(text.leaves(why))
        if not text.literal:
            raise UnknownLoopError(text.why_unknown(each.at, "it is empty").leaves(why))
        yield text.literal


NO_VALUE = "\N{REPLACEMENT CHARACTER}"
"""The value of an identifier whose collection is unknown: no name has it."""


def identifier(node: YamlNode) -> str | None:
    """Return the identifier of a loop; None where it is none."""
    parts = node.items if isinstance(node, Sequence) else ()
    return next((each.text for each in words(parts[0] if parts else None)), None)
