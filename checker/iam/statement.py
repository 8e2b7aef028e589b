"""One statement of a policy document, as written.

What the input does not tell of a statement stays in it as an `Unknown`: such a part matches
perhaps, and never disappears.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TypeAlias

from checker.iam.operators import Test
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.records import dataclass


class Effect(Enum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalKind(Enum):
    """The key under which a principal stands; everybody (`"*"`) stands under AWS."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL = "CanonicalUser"


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal that a statement names."""

    kind: PrincipalKind
    value: Text


@dataclass(frozen=True, slots=True)
class UnknownPrincipal(Unknown):
    """Whom a statement names under one kind is unknown, and not that it names somebody."""


@dataclass(frozen=True, slots=True)
class PossibleEntry(Unknown):
    """An entry that may be in its list or not, and others that are fillings of the same text."""

    entry: Text = field(default=Text(()), compare=False)


@dataclass(frozen=True, slots=True)
class PossiblePrincipal(UnknownPrincipal):
    """A principal that a statement may name or not, beside others."""

    principal: Principal | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a condition: the request's value must pass `test` against `values`."""

    test: Test
    key: Text
    values: tuple[Text | Unknown, ...]
    at: Location


Entries: TypeAlias = tuple[Text | Unknown, ...]
Principals: TypeAlias = tuple[Principal | Unknown, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document.

    Of `actions` and `not_actions`, `resources` and `not_resources`, `principals` and
    `not_principals` at most one is set; None means that the element is not there. `document` is
    the id of the document, `version` its version as written (empty if it has none). `unread` says
    why nothing at all is known of the statement, if so.
    """

    effect: Effect | Unknown
    at: Location
    actions: Entries | None = None
    not_actions: Entries | None = None
    resources: Entries | None = None
    not_resources: Entries | None = None
    principals: Principals | None = None
    not_principals: Principals | None = None
    conditions: tuple[Condition | Unknown, ...] = ()
    sid: Text | Unknown | None = None
    document: str = ""
    version: str | Unknown = "2012-10-17"
    unread: Unknown | None = None
    _content: list[str] = field(default_factory=list, compare=False, repr=False)
    _services: list[frozenset[str] | None] = field(default_factory=list, compare=False, repr=False)

    @property
    def services(self) -> frozenset[str] | None:
        """The services whose actions the statement names, in lower case; None if it may name any.

        They are asked for once a mapping, and a statement may name very many actions.
        """
        if not self._services:
            self._services.append(self._named_services())
        return self._services[0]

    def _named_services(self) -> frozenset[str] | None:
        found: set[str] = set()
        if self.actions is None:
            return None
        for entry in self.actions:
            first = entry.parts[0] if isinstance(entry, Text) and entry.parts else ""
            service, colon, _ = (first if isinstance(first, str) else "").partition(":")
            if not colon or "*" in service or "?" in service:
                return None
            found.add(service.lower())
        return frozenset(found)

    @property
    def unknown_principal(self) -> UnknownPrincipal | None:
        """A principal that it names and of which only the kind is known, if there is one."""
        for each in (*(self.principals or ()), *(self.not_principals or ())):
            if isinstance(each, UnknownPrincipal):
                return each
            if isinstance(each, Principal) and each.value.is_open:
                unknown = each.value.why_unknown(self.at)
                return UnknownPrincipal(unknown.why, unknown.at, unknown.remedy)
        return None

    def __str__(self) -> str:
        return f"`{self.document}`" + (f" (`{self.sid}`)" if isinstance(self.sid, Text) else "")

    @property
    def content(self) -> str:
        """What it says, whatever its place, document and `Sid`: equal statements say the same."""
        if not self._content:
            self._content.append(self._said())
        return self._content[0]

    def _said(self) -> str:
        parts = (self.actions, self.not_actions, self.resources, self.not_resources)
        said = [_listed(part) for part in (*parts, self.principals, self.not_principals)]
        tests = (
            each.why
            if isinstance(each, Unknown)
            else f"{each.test} {each.key} {_listed(each.values)}"
            for each in self.conditions
        )
        return "; ".join([str(self.effect), *said, *tests])


def _listed(entries: tuple[object, ...] | None) -> str:
    if entries is None:
        return "-"
    return ", ".join(
        f"{each.kind.value} {each.value}"
        if isinstance(each, Principal)
        else each.why
        if isinstance(each, Unknown)
        else str(each)
        for each in entries
    )
