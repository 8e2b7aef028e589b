"""In which order what an input creates is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from checker.iam.document import Document, UnknownDocument
from checker.knowledge.partial import Location, Unknown, Value
from checker.model.event_source import EventSource
from checker.model.things import Role


class Order(Protocol):
    """What is made before what, by the ids of things."""

    def unordered(self, id: str, others: Collection[str], at: Location) -> Value[tuple[str, ...]]:
        """Return those of the other things that may be made after the one."""


class RecordedOrder:
    """What an order answered, where it cannot be asked any more."""

    def __init__(
        self, answers: Iterable[tuple[str, frozenset[str], Value[tuple[str, ...]]]]
    ) -> None:
        self._answers = {(asked, others): answer for asked, others, answer in answers}

    def unordered(self, id: str, others: Collection[str], at: Location) -> Value[tuple[str, ...]]:
        """Return what was answered; unknown if it was not asked."""
        unasked = Unknown(f"what is made before `{id}` was not recorded", at)
        return self._answers.get((id, frozenset(others)), unasked)


def makers(role: Role, source: EventSource) -> tuple[str, ...]:
    """Return the ids of what attaches documents to a role and to what it reads, in their order.

    The two themselves are not among them.
    """
    documents = _attached((*role.identity.members, *source.policy.members))
    found = dict.fromkeys(map(maker, documents))
    return tuple(each for each in found if each not in {role.id, source.id})


def maker(document: Document | UnknownDocument) -> str:
    """Return the id of what attaches a document."""
    return document.via if isinstance(document, UnknownDocument) else document.via or document.id


def _attached(members: Iterable[object]) -> Iterator[Document | UnknownDocument]:
    """Yield the documents that the input attaches; what has no line is in the account already."""
    for member in members:
        if isinstance(member, Document | UnknownDocument):
            known = isinstance(member, Document)
            if member.via or (known and member.at.line):
                yield member
