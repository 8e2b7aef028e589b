"""The condition keys that a request carries: those listed, and those of its tags.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Final, TypeAlias, final

from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass

NOWHERE = Location("request")
"""The place of what no file tells: the request itself."""


@final
class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""A key that the request surely does not carry."""


@dataclass(frozen=True, slots=True)
class Perhaps(Unknown):
    """A key that a request may carry: then with these values."""

    values: tuple[Text, ...] = ()


KeyValue: TypeAlias = tuple[Text, ...] | Absent | Unknown


@dataclass(frozen=True, slots=True)
class Context:
    """The condition keys of a request, by name in any case.

    A value is one text for each value of the key, `ABSENT`, or an `Unknown` if neither the value
    nor whether the key is there is known.
    """

    keys: Mapping[str, KeyValue] = field(default_factory=dict)
    _lower: dict[str, KeyValue] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lower", {k.lower(): v for k, v in self.keys.items()})

    def find(self, name: str) -> KeyValue | None:
        """Return what is listed for a key, given in lower case; None if it is not listed."""
        return self._lower.get(name)


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a principal or resource, or those that a request sends.

    `known` are keys and values. `hidden` are patterns of keys of which it is unknown whether they
    are set, or to what, each with the reason. `others` says why there may be tags of other keys
    than those of `known`: AWS keeps no two whose keys differ by case alone.
    """

    known: tuple[tuple[Text, Text], ...] = ()
    hidden: tuple[tuple[Text, Unknown], ...] = ()
    others: Unknown | None = None

    def find(self, key: str) -> KeyValue:
        """Return the value of a tag: letters of any case are the same in a condition key.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
        """
        wanted = Text.of(key.lower())
        for pattern, why in self.hidden:
            if wanted.like(pattern.lower()) is not Truth.NO:
                return why
        found = [
            (each, value)
            for each, value in self.known
            if each.lower().equals(wanted) is not Truth.NO
        ]
        if not found:
            return ABSENT if self.others is None else self.others
        sure = [value for each, value in found if each.literal is not None]
        if len(sure) == len(found) and len(set(sure)) == 1:
            return (sure[0],)
        names = ", ".join(f"`{each}`" for each, _ in found)
        return Unknown(f"which of the tags {names} counts as `{key}` is unknown", NOWHERE)

    @property
    def keys(self) -> KeyValue:
        """The value of `aws:TagKeys`."""
        for _, why in self.hidden:
            return why
        if self.others is not None:
            return self.others
        return tuple(key for key, _ in self.known) or ABSENT


NO_TAGS = Tags()
"""The tags of what surely has none."""


def hidden_tags(why: Unknown) -> Tags:
    """Return tags of which nothing is known."""
    return Tags(hidden=((Text.of("*"), why),))
