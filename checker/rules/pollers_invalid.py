"""The rule `pollers-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Value
from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import HERE, Fix, RemoveAttribute
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), takes_unknown=True, aws="refuses the mapping")
def pollers_invalid(
    mapping: EventSourceMapping, _queue: Value[Queue], _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping's provisioned pollers are out of range, or stand beside a maximum concurrency.

    ## Why

        InvalidParameterValueException: MinimumPollers should be between [2, 200] and MaximumPollers should be between [MinimumPollers, 10000]
        InvalidParameterValueException: Provisioned mode for SQS ESM does not support maximum concurrency feature. Use MaximumPollers as the control mechanism and remove maximum concurrency.

    Terraform takes what AWS refuses, and refuses some of what AWS takes. Another page of the Lambda
    guide still says that 2,000 pollers are the most.

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight); Lambda guide,
    with-sqs. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      provisioned_poller_config {
        minimum_pollers = 2
        maximum_pollers = 20
      }
    }
    ```

    ## Since

    tfcheck 0.1.0. Provisioned pollers for SQS exist since November 2025.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    pollers = mapping.pollers.get()
    if pollers is None:
        return
    least, most = pollers.least.get(), pollers.most.get()
    low = _DEFAULT_LEAST if least is None else least
    high = _DEFAULT_MOST if most is None else most
    if not _LEAST <= low <= _MOST_LEAST or not low <= high <= _MOST:
        yield Problem(
            message=f"provisioned pollers from {low} to {high} are out of range",
            at=pollers.at,
            fix=Fix("`minimum_pollers = 2` and `maximum_pollers = 200`, the defaults"),
            because=(Evidence(f"AWS refuses the mapping: `{_RANGE}`", pollers.at),),
        )
    concurrency = mapping.maximum_concurrency.get()
    if concurrency is not None:
        yield Problem(
            message=f"provisioned pollers and a maximum concurrency of"
            f" {with_place(mapping.maximum_concurrency)} are both set",
            at=pollers.at,
            fix=Fix(
                f"{HERE}, and limit the concurrency by `maximum_pollers`",
                (RemoveAttribute(mapping.id, "scaling_config"),),
            ),
            because=(Evidence(f"AWS refuses the mapping: `{_BOTH}`", pollers.at),),
        )


_LEAST, _MOST_LEAST, _MOST = 2, 200, 10_000
_DEFAULT_LEAST, _DEFAULT_MOST = 2, 200
_RANGE = (
    "MinimumPollers should be between [2, 200] and MaximumPollers should be between"
    " [MinimumPollers, 10000]"
)
_BOTH = (
    "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use MaximumPollers"
    " as the control mechanism and remove maximum concurrency."
)
