"""The rule `high-throughput-half-set`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules._made_queues import made_queues
from checker.rules.fifo_attribute_not_allowed import GROUP, LIMIT, PER_GROUP, SCOPE, given_of
from checker.rules.fix import set_attribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    aws="accepts it, the throughput stays normal",
    works=(SOURCE, PLAN, TEMPLATE),
)
def high_throughput_half_set(
    mapping: EventSourceMapping, _queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A FIFO queue has one of the two attributes that make its throughput high.

    ## Why

    High throughput takes deduplication per message group and a limit per message group. With the
    first alone AWS keeps the normal quota of 300 calls a second, and deduplicates per group all the
    same. The second alone AWS refuses (`fifo-attribute-not-allowed`).

    Source: SQS API reference, CreateQueue. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      fifo_queue            = true
      deduplication_scope   = "messageGroup"
      fifo_throughput_limit = "perMessageGroupId"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """
    for queue in made_queues(mapping, inventory):
        set_ = given_of(queue)
        scope, limit = set_.get(SCOPE), set_.get(LIMIT)
        if not isinstance(queue.fifo, Known) or not queue.fifo.value:
            continue
        if not isinstance(scope, Known) or scope.value != GROUP:
            continue
        if isinstance(limit, Unknown):
            yield limit.leaves(f"it is unknown whether `{LIMIT}` of `{queue.id}` is `{PER_GROUP}`")
        elif limit is None or limit.value != PER_GROUP:
            what = "is not set" if limit is None else f"is {with_place(limit)}"
            yield Problem(
                message=f"`{SCOPE}` of `{queue.id}` is {with_place(scope)}, but `{LIMIT}` {what}",
                at=scope.at,
                fix=set_attribute(queue.id, LIMIT, PER_GROUP),
                because=(Evidence("high throughput takes both", scope.at),),
                subject=queue.id,
            )
