"""The queues that the input makes for a mapping: its own, and that one's dead-letter queue."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import EventSourceMapping, Inventory, Queue


def made_queues(mapping: EventSourceMapping, inventory: Inventory) -> Iterator[Queue]:
    """Yield the queues of a mapping that are known and made: those that exist AWS has taken."""
    source = inventory.source_of(mapping)
    if not isinstance(source, Known) or not isinstance(source.value, Queue):
        return
    queues = [source.value]
    failures = source.value.failures
    if isinstance(failures, Known) and failures.value is not None:
        dead = inventory.queue(Known(failures.value, failures.at))
        queues += [dead.value] if isinstance(dead, Known) else []
    for n, queue in enumerate(queues):
        if queue.closed and all(queue is not other for other in queues[:n]):
            yield queue
