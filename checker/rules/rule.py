"""How a rule is written down, and what it may say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from inspect import cleandoc
from typing import Any, Generic, Literal, TypeAlias, TypeVar, overload

from checker.iam.explain import DecisionReason
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.shown import briefly
from checker.model import EventSource, EventSourceMapping, Inventory
from checker.records import dataclass
from checker.rules.fix import Fix
from checker.rules.settings import Settings

S = TypeVar("S")
E = TypeVar("E", bound=EventSource)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that a problem rests on, and where its ground was written.

    `quoted` is what stands there, if it is a statement; it tells whether the ground has changed.
    """

    text: str
    at: Location | None = None
    quoted: str = field(default="", compare=False)


def resting_on(reason: DecisionReason) -> Evidence:
    """Return what a decision rests on as evidence."""
    quoted = "" if reason.statement is None else reason.statement.content
    return Evidence(reason.text, reason.at, quoted)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule is sure is wrong.

    `subject` is the id of the thing to change and `mappings` the ids of the mappings it
    concerns, where these are not the thing that the rule was put to and its mappings. One that is
    `aside` concerns no mapping: it is a note of the root module.
    """

    message: str
    at: Location
    fix: Fix
    because: tuple[Evidence, ...] = ()
    subject: str = ""
    mappings: tuple[str, ...] = ()
    aside: bool = False


def with_place(value: Value[Any], unit: str = "") -> str:
    """Say a known value and where it comes from: `30 s (default, queue.tf:3)`.

    What exists in an account is its own place. Raises `NotKnown` if it is not known.
    """
    places = ["default"] if isinstance(value, Known) and value.default else []
    places += [str(value.at)] if value.at.line else []
    said = f"{briefly(value.get())}{unit}"
    return f"{said} ({', '.join(places)})" if places else said


SOURCE, PLAN, ACCOUNT, TEMPLATE = "source", "plan", "account", "template"
EVERYWHERE = (SOURCE, PLAN, ACCOUNT, TEMPLATE)
"""From what a rule may be able to tell."""

NONE: Mapping[str, int] = {}

MOST_SAID = 200
"""How many problems and unknowns of one thing are reported; that there are more is an unknown."""
Said: TypeAlias = Problem | Unknown
Check: TypeAlias = Callable[[S, Inventory, Settings], Iterator[Said]]
CheckOfSource: TypeAlias = Callable[[EventSourceMapping, E, Inventory, Settings], Iterator[Said]]
CheckOfAnySource: TypeAlias = Callable[
    [EventSourceMapping, Value[E], Inventory, Settings], Iterator[Said]
]


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """A named check on one kind of thing, with the page that explains it.

    `doc` is Markdown: one sentence, then the headings `## Why`, `## Fix` and `## Since`. `aws` says
    in a few words what AWS does, `works` from what it can tell: source, plan, account, template.
    `thresholds` are numbers that a rule policy may set, with their defaults.

    A rule on mappings may name the types of event sources that it is about: it is put to mappings
    of these only, and gets the source handed in. Where the source is unknown, so is the answer;
    unless the rule `takes_unknown`, and gets a `Value`.
    """

    name: str
    on: type[S]
    doc: str
    check: Callable[..., Iterator[Said]]
    aws: str = ""
    works: tuple[str, ...] = EVERYWHERE
    sources: tuple[type[EventSource], ...] = ()
    takes_unknown: bool = False
    thresholds: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first sentence of the page, in one line."""
        return " ".join(self.doc.split("\n\n", 1)[0].split())


AnyRule: TypeAlias = Rule[Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule, by its name, said of one thing, and which mappings that concerns.

    Silence is a pass.
    """

    rule: str
    subject: str
    mappings: tuple[str, ...]
    problems: tuple[Problem, ...]
    unknowns: tuple[Unknown, ...]


@overload
def rule(
    *,
    on: type[S],
    aws: str = "",
    works: tuple[str, ...] = EVERYWHERE,
    thresholds: Mapping[str, int] = NONE,
) -> Callable[[Check[S]], Rule[S]]: ...


@overload
def rule(
    *,
    on: type[EventSourceMapping],
    sources: tuple[type[E], ...],
    aws: str = "",
    works: tuple[str, ...] = EVERYWHERE,
    thresholds: Mapping[str, int] = NONE,
) -> Callable[[CheckOfSource[E]], Rule[EventSourceMapping]]: ...


@overload
def rule(
    *,
    on: type[EventSourceMapping],
    sources: tuple[type[E], ...],
    takes_unknown: Literal[True],
    aws: str = "",
    works: tuple[str, ...] = EVERYWHERE,
    thresholds: Mapping[str, int] = NONE,
) -> Callable[[CheckOfAnySource[E]], Rule[EventSourceMapping]]: ...


def rule(
    *,
    on: type[Any],
    sources: tuple[type[EventSource], ...] = (),
    takes_unknown: bool = False,
    aws: str = "",
    works: tuple[str, ...] = EVERYWHERE,
    thresholds: Mapping[str, int] = NONE,
) -> Callable[[Callable[..., Iterator[Said]]], Rule[Any]]:
    """Make a function a rule: its name names the rule, its docstring documents it."""

    def wrap(check: Callable[..., Iterator[Said]]) -> Rule[Any]:
        name = check.__name__.replace("_", "-")
        doc = cleandoc(check.__doc__ or "")
        return Rule(name, on, doc, check, aws, works, sources, takes_unknown, thresholds)

    return wrap
