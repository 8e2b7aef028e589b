"""The rule `role-cannot-trace`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Function, Inventory
from checker.requests import TRACING
from checker.rules._creation import Demand, demanded
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function at times", works=(SOURCE, PLAN, TEMPLATE))
def role_cannot_trace(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function is traced, and its role is not allowed to send traces to X-Ray.

    ## Why

    With the tracing mode `Active` Lambda may test when the function is made whether the execution
    role is allowed to send traces. Refused is then the function, and there is no mapping:

        InvalidParameterValueException: The provided execution role does not have permissions to call PutTraceSegments on XRAY

    The text is recorded several times, last in 2020. Public configurations that are deployed without
    the permission speak against it, so that it is unsure whether AWS refuses today (confidence M):
    the rule is a warning, and at the least there are no traces. The guide asks for
    `xray:PutTelemetryRecords` as well; that Lambda tests it is not recorded. Both take no resource:
    only `Resource = "*"` allows them. `PassThrough`, the default, needs nothing.

    Source: Lambda guide, services-xray; functionalone/serverless-iam-roles-per-function issue
    39. Confidence: medium.

    <https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html>
    <https://github.com/functionalone/serverless-iam-roles-per-function/issues/39>

    ## Fix

    ```terraform
    resource "aws_iam_role_policy_attachment" "traces" {
      role       = aws_iam_role.worker.name
      policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    demand = Demand(
        actions=TRACING,
        needed=function.options.tracing,
        where=f"for function `{function.id}`, whose tracing mode is `Active`",
        open_point=f"it is unknown whether the tracing mode of `{function.id}` is `Active`",
        evidence=_refusal,
    )
    yield from demanded(demand, function, inventory)


def _refusal(_action: str) -> tuple[Evidence, ...]:
    text = "The provided execution role does not have permissions to call PutTraceSegments on XRAY"
    return (Evidence(f"AWS may answer: `{text}`"),)
