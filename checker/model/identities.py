"""Which texts name things that are surely different, whatever their names come to.

Two blocks of one configuration make two things: AWS gives no two things of an account and Region
one ARN, and refuses to make the second of a name. (SQS returns the queue that exists where its
attributes are the same; two blocks of one queue are then said to be two.) Instances of one block
are distinguished by their keys, but for the one that stands for all where the keys are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from checker.knowledge.partial import Known, Value
from checker.knowledge.text import Text
from checker.model.arns import without_qualifier
from checker.model.event_source import EventSource
from checker.model.things import Function, Key, Role

Made = TypeVar("Made", EventSource, Function, Role, Key)
MOST_OF_ONE_NAME = 8
"""So many things may have one ARN and still be distinguished from those of another."""
_KEY = re.compile(r'\[(?:\*|\d+|"(?:[^"\\]|\\.)*")\]')
ANY_KEY = "[*]"
"""The key of the instance that stands for all, where their keys are unknown."""


def _nowhere(_text: Text, _name: Text) -> bool:
    return False


class Identities:
    """The things that an input makes: what names each, with its address.

    `elsewhere` tells whether a text names a thing that the input does not make, given the name of
    one that it makes.
    """

    def __init__(
        self,
        named: Iterable[tuple[Text, str]],
        elsewhere: Callable[[Text, Text], bool] = _nowhere,
    ) -> None:
        self._elsewhere = elsewhere
        self._of: dict[Text, list[str]] = {}
        self._name: dict[Text, Text] = {}
        for name, address in named:
            self._of.setdefault(name, []).append(address)
            self._name.setdefault(name, name)

    @staticmethod
    def of(
        *things: Iterable[EventSource | Function | Role | Key],
        elsewhere: Callable[[Text, Text], bool] = _nowhere,
        others: Iterable[tuple[Text, str]] = (),
    ) -> Identities:
        """Return the identities of what the input makes of some things, by their ARNs.

        `others` are ARNs and ids of what it makes besides.
        """
        made = (each for each in chain.from_iterable(things) if each.closed)
        return Identities(chain(((each.arn, each.id) for each in made), others), elsewhere)

    def apart(self, one: Text, other: Text) -> bool:
        """Tell whether both texts surely name things, and not the same."""
        ours, theirs = self._named(one), self._named(other)
        if bool(ours) != bool(theirs):
            return self._elsewhere(other, one) if ours else self._elsewhere(one, other)
        if not ours or not theirs or max(len(ours), len(theirs)) > MOST_OF_ONE_NAME:
            return False
        return all(_apart(each, another) for each in ours for another in theirs)

    def settled(self, text: Text) -> bool:
        """Tell whether a text names a thing, and is apart from every other settled text."""
        named = self._of.get(text)
        return named is not None and len(named) == 1 and ANY_KEY not in named[0]

    def outside(self, text: Text) -> Text:
        """Return a text that surely names none of the things."""
        return text.among(_Outside(text, self))

    def another(self, name: Text, by: Text, address: str) -> bool:
        """Tell whether a reference took a text of another thing that has the name of this one."""
        return by.thing not in ("", address) and self.few(name) and by.thing in self._named(name)

    def few(self, name: Text) -> bool:
        """Tell whether things of a name are distinguished: several of them, and not too many."""
        return 1 < len(self._named(name)) <= MOST_OF_ONE_NAME

    def made(self, arn: Text) -> bool:
        """Tell whether a text names one of the things."""
        return bool(self._named(arn))

    def _named(self, arn: Text) -> list[str]:
        return self._of.get(arn) or self._of.get(without_qualifier(arn)) or []

    def given(self, things: Iterable[Made]) -> tuple[Made, ...]:
        """Return things whose ARNs differ from those of all others."""
        return tuple(replace(thing, arn=thing.arn.among(self)) for thing in things)

    def identified(self, value: Value[Text]) -> Value[Text]:
        """Return a text that may be the ARN of one of the things.

        What the holes of that ARN may hold is known of the text, too.
        """
        if not isinstance(value, Known):
            return value
        text = self._name.get(value.value, value.value)
        of = value.value
        return Known(replace(text, origin=of.origin, identities=self, thing=of.thing), value.at)


class _Outside:
    """A thing that an input does not make, beside those that it makes."""

    def __init__(self, name: Text, things: Identities) -> None:
        self._name, self._things = name, things

    def apart(self, one: Text, other: Text) -> bool:
        """Tell whether one text names this thing, and the other one that the input makes."""
        if one != self._name:
            one, other = other, one
        return one == self._name and self._things.made(other)

    def settled(self, text: Text) -> bool:
        """Tell whether a text is apart from every other settled text."""
        return text == self._name or self._things.settled(text)

    def outside(self, text: Text) -> Text:
        """Return a text that surely names none of the things."""
        return self._things.outside(text)


def _apart(id: str, other: str) -> bool:
    """Tell whether two addresses are surely those of two instances."""
    if ANY_KEY in id or ANY_KEY in other:
        return without_keys(id) != without_keys(other)
    return id != other


def without_keys(address: str) -> str:
    """Return an address without the keys of its instances: that of the block."""
    return _KEY.sub("", address)
