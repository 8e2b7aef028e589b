"""The decisions of one run: each is made once, and all of them within a bound."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from checker.iam.authorize import Decision, Layers, authorize
from checker.iam.comparisons import MOST_COMPARISONS, Comparisons
from checker.iam.document import Document, Documents
from checker.iam.request import Request
from checker.knowledge.text import Text

T = TypeVar("T")
_FEW = 8
"""So many documents are distinguished one by one, more of them by their list."""


class Decisions:
    """Decides requests, and remembers what it has decided.

    `today` is the day of the run, by UTC: no request is made before it. A decision past the bound
    is MAYBE unless what was compared before settles it.
    """

    def __init__(self, most: int = MOST_COMPARISONS, today: date | None = None) -> None:
        self.comparisons = Comparisons(most)
        self._today = today
        # layers and requests are kept, so that nothing else takes the identity of a part
        self._made: dict[Hashable, tuple[Layers, Request, Any]] = {}
        self._said: dict[tuple[Hashable, int], tuple[object, Any]] = {}

    def __reduce__(self) -> tuple[type[Decisions], tuple[int, date | None]]:
        """Begin anew in another process, where identities mean nothing."""
        return Decisions, (self.comparisons.most, self._today)

    def authorize(self, request: Request, layers: Layers) -> Decision:
        """Decide a request as AWS does, in three truths; `authorize` says how."""
        return self.once("", request, layers, lambda: self.decide(request, layers))

    def decide(self, request: Request, layers: Layers) -> Decision:
        """Decide a request that nobody asks again: layers that are made up on the way."""
        return authorize(self.dated(request), layers, self.comparisons)

    def dated(self, request: Request) -> Request:
        """Return a request that is made on the day of the run or later, if the day is known."""
        if self._today is None or request.since is not None:
            return request
        midnight = datetime.combine(self._today, time(), UTC)
        return replace(request, since=Decimal(int(midnight.timestamp())))

    def once(
        self, question: Hashable, request: Request, layers: Layers, work: Callable[[], T]
    ) -> T:
        """Work out the answer to a question on a request and its layers, unless it is known."""
        key = (question, _request(request), _layers(layers))
        found = self._made.get(key)
        if found is None:
            found = layers, request, work()
            self._made[key] = found
        answer: T = found[2]
        return answer

    def once_of(self, question: Hashable, thing: object, work: Callable[[], T]) -> T:
        """Work out the answer to a question on one thing, such as a role, unless it is known."""
        key = (question, id(thing))
        found = self._said.get(key)
        if found is None:
            found = thing, work()
            self._said[key] = found
        answer: T = found[1]
        return answer


def _request(request: Request) -> Hashable:
    caller, owner = request.caller, request.resource_account
    return (
        request.action,
        _text(request.resource),
        None if owner is None else _text(owner),
        caller.kind,
        _text(caller.arn),
        None if caller.role_arn is None else _text(caller.role_arn),
        None if caller.unique_id is None else _text(caller.unique_id),
        id(caller.tags),
        id(request.context),
        id(request.resource_tags),
        id(request.resource_aliases),
        id(request.sent_tags),
        request.since,
    )


def _text(text: Text) -> Hashable:
    """Return a text with what its holes may hold and why they are not known."""
    if len(text.parts) == 1 and isinstance(text.parts[0], str):
        return text.parts[0]
    return text, tuple((hole.kind, hole.why, hole.at, hole.remedy) for hole in text.holes)


def _layers(layers: Layers) -> Hashable:
    return (
        _documents(layers.identity),
        _documents(layers.boundary),
        _documents(layers.session),
        _documents(layers.resource),
        tuple(map(_documents, layers.scps)),
        tuple(map(_documents, layers.rcps)),
        _documents(layers.endpoint),
    )


def _documents(documents: Documents | None) -> Hashable:
    if documents is None:
        return None
    members = documents.members
    if len(members) > _FEW:
        return id(members), id(documents.unseen)
    ids = (
        (id(each.memo), id(each.unsure)) if isinstance(each, Document) else id(each)
        for each in members
    )
    return tuple(ids), id(documents.unseen)
