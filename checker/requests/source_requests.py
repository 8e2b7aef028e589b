"""What reading an event source takes: one `SourceRequests` for each type of event source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checker.iam.authorize import Layers
from checker.iam.request import Request
from checker.model import EventSource, Pairs, Role, SourceType
from checker.records import dataclass
from checker.requests.poller import poll, source_layers


@dataclass(frozen=True, slots=True)
class SourceRequests:
    """What Lambda's poller, and the service in its name, ask of one type of event source.

    `actions` returns what the poller needs, given what the rule policy demands of execution roles.
    `asks` returns the request for an action, `layers` the documents that decide it. `context` is
    the encryption context with which the service decrypts what the source holds, `undecrypted` says
    what happens where the role may not decrypt.
    """

    of: SourceType
    actions: Callable[[Sequence[str]], Sequence[str]]
    context: Callable[[EventSource], Pairs]
    undecrypted: str
    asks: Callable[[str, EventSource, Role], Request] = poll
    layers: Callable[[EventSource, Role], Layers] = source_layers

    def asked(
        self, source: EventSource, role: Role, demanded: Sequence[str]
    ) -> Iterator[tuple[Request, Layers]]:
        """Yield each request of the poller, with what decides it."""
        for action in self.actions(demanded):
            yield self.asks(action, source, role), self.layers(source, role)
