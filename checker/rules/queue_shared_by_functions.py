"""The rule `queue-shared-by-functions`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it, each message reaches one")
def queue_shared_by_functions(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Several functions read one queue, and each message reaches only one of them.

    ## Why

    Mappings of one queue compete: SQS gives each message to the first that asks. To send every
    message to several functions, send it to an SNS topic with a queue for each.

    Source: Lambda guide, with-sqs; recorded against AWS (localstack/localstack). Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

    ## Fix

    ```terraform
    resource "aws_sns_topic_subscription" "second" {
      topic_arn = aws_sns_topic.orders.arn
      protocol  = "sqs"
      endpoint  = aws_sqs_queue.second.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    readers = inventory.mappings_reading(queue)
    given = {m.function.value: m for m in readers if isinstance(m.function, Known)}
    names = tuple(given)
    others = names[1:]
    rival = next((each for each in others if each.equals(names[0]) is Truth.NO), None)
    if rival is not None:
        yield _problem(queue, given[names[0]], given[rival])
        return
    unknowns = [m.function for m in readers if isinstance(m.function, Unknown)]
    unknowns += [each.why_unknown(given[each].at) for each in others]
    if unknowns and len(readers) > 1:
        why = f"it is unknown whether several functions read queue `{queue.id}`: {unknowns[0].why}"
        yield Unknown(why, unknowns[0].at, unknowns[0].remedy)


def _problem(queue: Queue, one: EventSourceMapping, other: EventSourceMapping) -> Problem:
    return Problem(
        message=f"several functions read queue `{queue.id}`: each message reaches one of them",
        at=queue.at,
        fix=Fix("give each function a queue of its own, or waive this"),
        because=(Evidence(f"`{one.id}` and `{other.id}` compete for its messages", one.at),),
    )
