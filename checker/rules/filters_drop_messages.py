"""The rule `filters-drop-messages`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, Mapping
from checker.partial import Unknown
from checker.rule import Evidence, Problem, Said, rule
from checker.settings import Settings


@rule(on=Mapping)
def filters_drop_messages(
    mapping: Mapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Several mappings with filters read one queue, and each deletes what it does not want.

    ## Why

    A message that matches no filter of the mapping that received it is deleted from the queue. With
    two filtered mappings on one queue each takes messages away from the other, and nothing goes to
    the dead-letter queue.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html>

    ## Fix

    Give each function a queue, and let an SNS topic filter what goes where:

    ```terraform
    resource "aws_sns_topic_subscription" "orders" {
      topic_arn     = aws_sns_topic.all.arn
      protocol      = "sqs"
      endpoint      = aws_sqs_queue.orders.arn
      filter_policy = jsonencode({ kind = ["order"] })
    }
    ```
    """
    queue = inventory.queue_of(mapping).get()
    readers = inventory.mappings_reading(queue)
    if len(readers) < _SEVERAL or not mapping.filters.get():
        return
    for other in readers:
        if other is mapping:
            continue
        if isinstance(other.filters, Unknown):
            why = f"whether `{other.id}` filters the same queue is not told: {other.filters.why}"
            yield Unknown(why, other.filters.at, other.filters.remedy)
        elif other.filters.value and inventory.precedes(other, mapping):
            yield Problem(
                message=f"`{other.id}` and `{mapping.id}` filter queue `{queue.id}`: each deletes"
                " what the other wants",
                at=mapping.filters.at,
                fix="give each function a queue of its own",
                because=(Evidence("the other filter", other.filters.at),),
                mappings=(other.id, mapping.id),
            )


_SEVERAL = 2
