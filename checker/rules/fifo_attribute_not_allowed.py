"""The rule `fifo-attribute-not-allowed`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Unknown, Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules._made_queues import made_queues
from checker.rules.fix import HERE, Fix, RemoveAttribute, set_attribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings

SCOPE, LIMIT = "deduplication_scope", "fifo_throughput_limit"
GROUP, PER_GROUP = "messageGroup", "perMessageGroupId"
_NAMES = {SCOPE: "DeduplicationScope", LIMIT: "FifoThroughputLimit"}
_HALF = (
    "Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit to"
    " perMessageGroupId, the DeduplicationScope must be messageGroup."
)


@rule(
    on=EventSourceMapping, sources=(Queue,), aws="refuses the queue", works=(SOURCE, PLAN, TEMPLATE)
)
def fifo_attribute_not_allowed(
    mapping: EventSourceMapping, _queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A standard queue has an attribute of FIFO queues, or a FIFO queue half of two that go together.

    ## Why

    Only a FIFO queue has `deduplication_scope` and `fifo_throughput_limit`:

        InvalidAttributeValue: You can specify the DeduplicationScope only when FifoQueue is set to true.

    and a limit per message group takes deduplication per message group:

        InvalidAttributeValue: Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.

    `terraform validate` and `plan` do not notice. Of `content_based_deduplication` on a standard
    queue, which `terraform plan` refuses, `configuration-invalid` speaks. The queue and its
    dead-letter queue are looked at.

    Source: recorded against AWS (badmintoncryer/cdk-preflight, localstack/localstack); SQS API
    reference, CreateQueue. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

    ## Fix

    Remove the attributes, or make the queue FIFO:

    ```terraform
    resource "aws_sqs_queue" "orders" {
      name                  = "orders.fifo"
      fifo_queue            = true
      deduplication_scope   = "messageGroup"
      fifo_throughput_limit = "perMessageGroupId"
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    for queue in made_queues(mapping, inventory):
        set_ = given_of(queue)
        if isinstance(queue.fifo, Unknown):
            for name in set_:
                why = f"it is unknown whether `{queue.id}` is a FIFO queue, and may have `{name}`"
                yield queue.fifo.leaves(why)
        elif queue.fifo.value:
            yield from _half(queue, set_)
        else:
            for name, value in set_.items():
                yield _not_allowed(queue, name, value)


def given_of(queue: Queue) -> dict[str, Value[int | str]]:
    """Return what a queue is given of the two attributes of high throughput."""
    return {
        each.range.argument: each.value for each in queue.given if each.range.argument in _NAMES
    }


def _not_allowed(queue: Queue, name: str, value: Value[int | str]) -> Said:
    if isinstance(value, Unknown):
        why = f"it is unknown whether `{name}` of the standard queue `{queue.id}` is null"
        return value.leaves(why)
    text = f"You can specify the {_NAMES[name]} only when FifoQueue is set to true."
    return Problem(
        message=f"`{name}` of the standard queue `{queue.id}` is {with_place(value)}",
        at=value.at,
        fix=Fix(HERE, (RemoveAttribute(queue.id, name),), safe=True),
        because=(Evidence(f"AWS refuses the queue: `{text}`", value.at),),
        subject=queue.id,
    )


def _half(queue: Queue, given: dict[str, Value[int | str]]) -> Iterator[Said]:
    """Say that a limit per message group is without deduplication per message group."""
    limit, scope = given.get(LIMIT), given.get(SCOPE)
    if limit is None:
        return
    if scope is not None and not isinstance(scope, Unknown) and scope.value == GROUP:
        return
    if isinstance(limit, Unknown):
        yield limit.leaves(f"it is unknown whether `{LIMIT}` of `{queue.id}` fits `{SCOPE}`")
    elif limit.value != PER_GROUP:
        return
    elif isinstance(scope, Unknown):
        yield scope.leaves(f"it is unknown whether `{SCOPE}` of `{queue.id}` is `{GROUP}`")
    else:
        what = "is not set" if scope is None else f"is {with_place(scope)}"
        yield Problem(
            message=f"`{LIMIT}` of `{queue.id}` is {with_place(limit)}, but `{SCOPE}` {what}",
            at=limit.at,
            fix=set_attribute(queue.id, SCOPE, GROUP),
            because=(Evidence(f"AWS refuses the queue: `{_HALF}`", limit.at),),
            subject=queue.id,
        )
