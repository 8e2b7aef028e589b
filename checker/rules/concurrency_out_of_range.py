"""The rule `concurrency-out-of-range`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="refuses the mapping")
def concurrency_out_of_range(
    mapping: EventSourceMapping, _queue: Value[Queue], inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping's maximum concurrency is not one that AWS takes for this function.

    ## Why

    It is at least 2, and at most what the function reserves:

        InvalidParameterValueException: MaximumConcurrency: 100 is greater than Function Reserved Concurrency: 5

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight); botocore's
    service model. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      scaling_config {
        maximum_concurrency = 5
      }
    }
    ```

    ## Since

    tfcheck 0.1.0. Maximum concurrency exists since January 2023.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    most = mapping.maximum_concurrency
    if isinstance(most, Known) and most.value is None:
        return
    number = most.get()
    if number is None:
        return
    if number < _LEAST:
        yield Problem(
            message=f"the maximum concurrency is {with_place(most)}, below {_LEAST}",
            at=most.at,
            fix=Fix(f"{HERE}, or more", (_set(mapping, _LEAST),)),
            because=(Evidence("AWS takes 2 and more", most.at),),
        )
        return
    function = inventory.function_of(mapping).get()
    reserved = function.reserved_concurrency
    kept = reserved.get()
    if kept is not None and number > kept:
        text = f"MaximumConcurrency: {number} is greater than Function Reserved Concurrency: {kept}"
        yield Problem(
            message=f"the maximum concurrency is {with_place(most)}, but function `{function.id}`"
            f" reserves {with_place(reserved)}",
            at=most.at,
            fix=Fix(
                f"{HERE}, or increase the reserved concurrency", (_set(mapping, max(kept, _LEAST)),)
            ),
            because=(
                Evidence("the reserved concurrency", reserved.at),
                Evidence(f"AWS refuses the mapping: `{text}`"),
            ),
        )


_LEAST = 2


def _set(mapping: EventSourceMapping, bound: int) -> SetAttribute:
    return SetAttribute(mapping.id, "maximum_concurrency", bound, ("scaling_config",))
