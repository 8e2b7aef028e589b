"""Put every rule to everything it is about.

Only what a mapping uses is checked: a source that feeds nothing is none of our business. Where
the input does not tell which source, function or role a mapping uses, the rules about that
thing answer with an unknown for the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from checker.iam.comparisons import BYTES_A_COMPARISON, FREE_COMPARISONS, Comparisons
from checker.knowledge.partial import Known, Location, NotKnown, Unknown, Value
from checker.knowledge.text import Text
from checker.model import (
    SOURCE_TYPES,
    EventSource,
    EventSourceMapping,
    Function,
    InlineWaiver,
    Inventory,
    Key,
    Role,
    SourceKind,
    Spent,
)
from checker.records import dataclass
from checker.rules.rule import (
    ACCOUNT,
    MOST_SAID,
    PLAN,
    SOURCE,
    TEMPLATE,
    AnyRule,
    Problem,
    Result,
)
from checker.rules.settings import Settings

_KINDS: dict[SourceKind, set[str]] = {
    "terraform": {SOURCE, PLAN},
    "cloudformation": {TEMPLATE},
    "account": {ACCOUNT},
}


def check(
    inventory: Inventory,
    rules: Iterable[AnyRule],
    settings: Settings,
    answers: AnswerCount | None = None,
) -> tuple[Result, ...]:
    """Return one result for each rule and each thing it is about, passes included.

    Rules that cannot tell from such a source are not put to it. `answers` are those of a run that
    checks several inputs.
    """
    seen: dict[_About, tuple[_Subject, ...]] = {}
    results: list[Result] = []
    answers = answers or AnswerCount(None if inventory.kind == "account" else MOST_ANSWERS)
    kinds = _KINDS[inventory.kind]
    for rule in rules:
        if kinds.isdisjoint(rule.works):
            continue
        about = rule.on, rule.sources
        if about not in seen:
            seen[about] = tuple(_subjects(inventory, *about))
        subjects = seen[about]
        for n, subject in enumerate(subjects):
            if answers.spent(n):
                results.append(_left_out(rule, subjects[n:], inventory, answers))
                break
            results.append(_put(rule, subject, inventory, settings))
            answers.count(results[-1])
    return tuple(results)


MOST_THINGS = 4_000
"""How many things of one configuration, such as mappings, a rule is put to."""
MOST_ANSWERS = 400_000
"""How many answers the rules may give on one input, passes included."""
FREE_ANSWERS = 150_000
BYTES_AN_ANSWER = 5
"""How many they may give where a run checks several inputs: so many, and one for so many bytes."""
A_FINDING = 5
"""So many answers a problem or an unknown counts for there: it differs from root to root."""
COMPARISONS_AN_INPUT = 100
"""How many comparisons of statements each input adds to what a run may make."""


@dataclass(slots=True)
class AnswerCount:
    """The answers that the rules gave; `most` is None where what is checked is no input."""

    most: int | None
    a_finding: int = 1
    given: int = 0

    def spent(self, asked: int) -> bool:
        """Tell whether a rule that was put to so many things is put to no more."""
        return self.most is not None and (asked >= MOST_THINGS or self.given >= self.most)

    def count(self, result: Result) -> None:
        """Count what a rule answered of one thing."""
        self.given += 1 + self.a_finding * (len(result.problems) + len(result.unknowns))


def in_one_run(inventories: Sequence[Inventory]) -> AnswerCount | None:
    """Let inputs share what bounds a run: answers and comparisons; None where there is no second.

    Several root modules read the same files, so that the largest size stands for all of them.
    """
    inputs = [each for each in inventories if each.kind != "account"]
    if len(inputs) < 2:  # noqa: PLR2004 - a second one
        return None
    size = max(each.size for each in inputs)
    more = size // BYTES_A_COMPARISON + COMPARISONS_AN_INPUT * len(inputs)
    comparisons = Comparisons(FREE_COMPARISONS + more)
    for each in inputs:
        each.decisions.comparisons = comparisons
    return AnswerCount(FREE_ANSWERS + size // BYTES_AN_ANSWER, A_FINDING)


def _left_out(
    rule: AnyRule, subjects: Sequence[_Subject], inventory: Inventory, answers: AnswerCount
) -> Result:
    """Return one result for all things that a rule is not put to any more."""
    mappings = tuple(dict.fromkeys(each for subject in subjects for each in subject.mappings))
    bound = f"more than {MOST_THINGS} things to check, or {answers.most} answers of rules"
    why = f"{bound}: `{rule.name}` was not checked on {len(subjects)}"
    at = inventory.mappings[0].at if inventory.mappings else Location(inventory.target)
    unknown = Unknown(why, at, "check fewer mappings in one run")
    return Result(rule.name, inventory.target, mappings, (), (unknown,))


@dataclass(frozen=True, slots=True)
class _Subject:
    """A thing, or why it is not known which; its id and the ids of the mappings that use it."""

    thing: object | Unknown
    id: str
    mappings: tuple[str, ...]


def _put(rule: AnyRule, subject: _Subject, inventory: Inventory, settings: Settings) -> Result:
    problems: list[Problem] = []
    unknowns: list[Unknown] = []
    if isinstance(subject.thing, Unknown):
        unknowns.append(subject.thing)
    else:
        try:
            for n, said in enumerate(_asked(rule, subject.thing, inventory, settings)):
                if n == MOST_SAID:
                    unknowns.append(_more(subject, said))
                    break
                match said:
                    case Problem():
                        problems.append(said)
                    case Unknown():
                        unknowns.append(said)
        except NotKnown as hole:
            unknowns.append(hole.unknown)
    return Result(rule.name, subject.id, subject.mappings, tuple(problems), tuple(unknowns))


def _asked(
    rule: AnyRule, thing: object, inventory: Inventory, settings: Settings
) -> Iterator[Problem | Unknown]:
    """Ask a rule of a thing, with the event source handed in if it names sources.

    Raises NotKnown for an unknown source that the rule does not take.
    """
    if not rule.sources or not isinstance(thing, EventSourceMapping):
        return rule.check(thing, inventory, settings)
    source = inventory.source_of(thing)
    handed = source if rule.takes_unknown else source.get()
    return rule.check(thing, handed, inventory, settings)


def _more(subject: _Subject, said: Problem | Unknown) -> Unknown:
    why = f"more than {MOST_SAID} problems and unknowns of `{subject.id}`: the rest is not reported"
    return Unknown(why, said.at, "fix those that are reported, and run again")


_About: TypeAlias = tuple[type[Any], tuple[type[EventSource], ...]]


def _subjects(
    inventory: Inventory, kind: type[Any], sources: tuple[type[EventSource], ...]
) -> Iterator[_Subject]:
    if kind is EventSourceMapping:
        for mapping in inventory.mappings:
            if not sources or _may_read(inventory.source_of(mapping), sources):
                yield _Subject(mapping, mapping.id, (mapping.id,))
    elif kind is InlineWaiver:
        yield from (_Subject(waiver, str(waiver.at), ()) for waiver in inventory.waivers)
    elif kind is Spent:
        return  # what became of waivers is known once the findings are judged
    elif kind is Inventory:
        ids = tuple(mapping.id for mapping in inventory.mappings)
        yield _Subject(inventory, inventory.target, ids)
    else:
        yield from _used(inventory, kind)


def _may_read(source: Value[EventSource], sources: tuple[type[EventSource], ...]) -> bool:
    """Tell whether a source is of one of some types; an unknown one is taken for the first type."""
    if isinstance(source, Known):
        return isinstance(source.value, sources)
    return issubclass(SOURCE_TYPES[0].things, sources)


def _used(inventory: Inventory, kind: type[Any]) -> Iterator[_Subject]:
    """Yield every thing of this kind that some mapping uses, once, then what is not known."""
    things: dict[tuple[Text, str], EventSource | Function | Role | Key] = {}
    users: dict[tuple[Text, str], list[str]] = {}
    unknown: list[_Subject] = []
    for mapping in inventory.mappings:
        match _thing_of(inventory, mapping, kind):
            case Known(None):
                pass
            case Known(thing):
                # two things of the input may have one ARN
                named = thing.arn, thing.id if thing.closed else ""
                things.setdefault(named, thing)
                users.setdefault(named, []).append(mapping.id)
            case Unknown() as hole:
                unknown.append(_Subject(hole, mapping.id, (mapping.id,)))
    for named, thing in things.items():
        yield _Subject(thing, thing.id, tuple(dict.fromkeys(users[named])))
    yield from unknown


def _thing_of(inventory: Inventory, mapping: EventSourceMapping, kind: type[Any]) -> Value[Any]:
    """Return the thing of this kind that a mapping uses; None if it uses none."""
    if issubclass(kind, EventSource):
        source = inventory.source_of(mapping)
        return source if _may_read(source, (kind,)) else Known(None, mapping.at)
    if kind is Key:
        source = inventory.source_of(mapping)
        return inventory.key_of(source.value) if isinstance(source, Known) else source
    function = inventory.function_of(mapping)
    if kind is Function or isinstance(function, Unknown):
        return function
    if kind is Role:
        return inventory.role_of(function.value)
    raise TypeError(f"no rule can be about a {kind.__name__}")
