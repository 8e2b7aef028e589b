"""The rule `concurrency-above-default-quota`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, SetAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    takes_unknown=True,
    aws="refuses it unless the quota was raised",
    thresholds={"quota": 1000},
)
def concurrency_above_default_quota(
    mapping: EventSourceMapping, _queue: Value[Queue], _inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The mapping's maximum concurrency is above what an account has without asking.

    ## Why

    The API's own limit is 1000, and so is an account's quota of concurrent executions unless it was
    raised. Above it AWS refuses the mapping, or never reaches the number: which of the two is not
    recorded.

    Source: botocore's service model; Lambda guide, gettingstarted-limits;
    hashicorp/terraform-provider-aws issue 37975. Confidence: medium.

    <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      scaling_config {
        maximum_concurrency = 1000
      }
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    most = mapping.maximum_concurrency
    number = most.get()
    quota = settings.of(concurrency_above_default_quota, "quota")
    if number is not None and number > quota:
        yield Problem(
            message=f"the maximum concurrency is {with_place(most)}, above the default quota"
            f" of {quota}",
            at=most.at,
            fix=Fix(
                f"{HERE}, or request a higher quota and waive this",
                (SetAttribute(mapping.id, "maximum_concurrency", quota, ("scaling_config",)),),
            ),
            because=(Evidence("an account runs 1000 executions at once by default", most.at),),
        )
