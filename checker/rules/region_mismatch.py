"""The rule `region-mismatch`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import (
    SOURCE_TYPES,
    EventSourceMapping,
    Inventory,
    SourceType,
    region_of,
    type_of,
)
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the mapping")
def region_mismatch(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping, its queue and its function are not all in one Region.

    ## Why

    A mapping lives in the Region of the provider that creates it, and Lambda reads queues and
    calls functions of that Region only:

        InvalidParameterValueException: Event source region must match Lambda region us-east-1

    A function of another Region is not found. What AWS answers is not recorded; that it is
    `Function does not exist` is inference.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight). Confidence: high,
    low for a function of another Region.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

    ## Fix

    Give all three the same provider:

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      provider         = aws.ireland # as on the queue and the function
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_function.worker.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    source = inventory.source_of(mapping)
    kind = type_of(source.value) if isinstance(source, Known) else SOURCE_TYPES[0]
    yield from _compare(mapping, kind.noun, mapping.source, kind)
    yield from _compare(mapping, "function", mapping.function, kind)


def _compare(
    mapping: EventSourceMapping, what: str, arn: Value[Text], kind: SourceType
) -> Iterator[Said]:
    if isinstance(arn, Unknown):
        yield _unknown(what, arn)
        return
    if isinstance(mapping.region, Unknown):
        yield _unknown(what, mapping.region)
        return
    here, there = mapping.region.value, region_of(arn.value)
    if there is None:
        yield _unknown(what, arn.value.why_unknown(arn.at, "its ARN has none"))
        return
    same = here.equals(there)
    if same is Truth.NO:
        yield _mismatch(mapping, what, here, there, arn, kind)
    elif same is Truth.MAYBE:
        unknown = here.why_unknown(mapping.region.at) if here.holes else there.why_unknown(arn.at)
        yield _unknown(what, unknown)


def _unknown(what: str, unknown: Unknown) -> Unknown:
    return unknown.leaves(f"it is unknown whether the {what} is in the mapping's Region")


def _mismatch(
    mapping: EventSourceMapping,
    what: str,
    here: Text,
    there: Text,
    arn: Known[Text],
    kind: SourceType,
) -> Problem:
    text = f"Event source region must match Lambda region {here}"
    if what == "function":
        text = "Function does not exist"
    return Problem(
        message=f"the mapping is created in `{here}`, but its {what} is in `{there}`",
        at=arn.at,
        fix=Fix(
            f"create mapping, {kind.noun} and function with one provider (`provider = ...`):"
            f" all in `{here}`, or all in `{there}`"
        ),
        because=(
            Evidence(f"the {what} is `{arn.value}`", arn.at),
            Evidence(f"the mapping's Region is `{here}`", mapping.at),
            Evidence(f"AWS refuses the mapping: `{text}`"),
        ),
    )
