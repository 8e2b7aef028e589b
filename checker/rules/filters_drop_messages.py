"""The rule `filters-drop-messages`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge import jsontext
from checker.knowledge.json_nodes import JsonError, Members, UnknownJsonError
from checker.knowledge.partial import Unknown, Value
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    aws="accepts it, deletes messages",
    works=(SOURCE, PLAN, TEMPLATE),
)
def filters_drop_messages(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A filter deletes messages that are needed: those of another mapping, or all from SNS.

    ## Why

    A message that matches no filter of the mapping that received it is deleted from the queue. With
    two filtered mappings on one queue each takes messages away from the other, and nothing goes to
    the dead-letter queue.

    SNS wraps what it delivers to a queue in an envelope, in which the message is a string under
    `Message`. A pattern on the message's own keys then fits nothing, and everything is deleted;
    `raw_message_delivery = true` on the subscription leaves the envelope out.

    Source: Lambda guide, with-sqs-filtering; SNS guide, sns-large-payload-raw-message-delivery.
    Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html>
    <https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html>

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

    ## Since

    tfcheck 0.1.0. Filters exist since November 2021.
    """
    if not mapping.filters.get():
        return
    yield from _in_envelopes(mapping, queue)
    readers = inventory.mappings_reading(queue)
    for other in readers:
        if other is mapping:
            continue
        if isinstance(other.filters, Unknown):
            yield other.filters.leaves(f"it is unknown whether `{other.id}` filters the same queue")
        elif other.filters.value and inventory.precedes(other, mapping):
            yield Problem(
                message=f"`{other.id}` and `{mapping.id}` filter queue `{queue.id}`: each deletes"
                " messages that only the other matches",
                at=mapping.filters.at,
                fix=Fix("give each function a queue of its own"),
                because=(Evidence("the other filter", other.filters.at),),
                mappings=(other.id, mapping.id),
            )
            return  # the pairs of the others are reported of them


_ENVELOPE = {
    *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SequenceNumber"),
    *("SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes"),
}


def _in_envelopes(mapping: EventSourceMapping, queue: Queue) -> Iterator[Said]:
    """Yield a problem if every pattern asks for keys that no envelope of SNS has."""
    if not queue.subscriptions:
        return
    keys = [_keys(pattern) for pattern in mapping.filters.get()]
    if any(each is None or each & _ENVELOPE for each in keys):
        return
    for subscription in queue.subscriptions:
        if isinstance(subscription.raw, Unknown):
            yield subscription.raw
        elif not subscription.raw.value:
            yield Problem(
                message=f"`{subscription.id}` wraps messages in an SNS envelope, which no filter of"
                f" `{mapping.id}` matches, so all of them are deleted",
                at=mapping.filters.at,
                fix=Fix(
                    f"{HERE} in `{subscription.id}`",
                    (SetAttribute(subscription.id, "raw_message_delivery", value=True),),
                ),
                because=(Evidence("SNS wraps the messages of this subscription", subscription.at),),
            )


def _keys(pattern: Value[Text]) -> set[str] | None:
    """Return the keys of the body that a pattern asks for; None if none, or if it is unknown."""
    if isinstance(pattern, Unknown):
        return None
    try:
        node = jsontext.parse(pattern.value, pattern.at)
    except (UnknownJsonError, JsonError):
        return None  # filter-pattern-invalid speaks
    body = node.value.get("body") if isinstance(node.value, Members) else None
    if body is None or not isinstance(body.value, Members):
        return None
    return {key.literal or str(key) for key, _ in body.value.items} or None
