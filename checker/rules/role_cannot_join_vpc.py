"""The rule `role-cannot-join-vpc`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Function, Inventory
from checker.requests import NETWORK
from checker.rules._creation import Demand, demanded
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def role_cannot_join_vpc(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function is in a VPC, and its role is not allowed to manage network interfaces.

    ## Why

    Lambda connects a function to a VPC by network interfaces that it makes in the name of the
    execution role. When the function is made or changed it tests the role, and without the
    permission there is no function, so no mapping:

        InvalidParameterValueException: The provided execution role does not have permissions to call CreateNetworkInterface on EC2

    The role needs `ec2:CreateNetworkInterface`, `ec2:DescribeNetworkInterfaces` and
    `ec2:DeleteNetworkInterface`. `DescribeNetworkInterfaces` takes no resource: only
    `Resource = "*"` allows it; for the others the guide of 2023 gives
    `arn:aws:ec2:us-west-2:123456789012:*/*`. The tests carry `aws:RequestedRegion`, which is in
    every request. The guide lists `ec2:DescribeSubnets`,
    `ec2:AssignPrivateIpAddresses` and `ec2:UnassignPrivateIpAddresses` as well; nobody recorded
    that Lambda tests them, so this rule does not ask for them. The text for
    `CreateNetworkInterface` is recorded many times (confidence H), that the other two are tested
    in the same way is the guide's list and inference (confidence M). Statements that deny these
    actions to the function's code by `lambda:SourceFunctionArn` do not concern Lambda itself.

    Source: Lambda guide, configuration-vpc; daniel-cottone/serverless-es-logs issue 145 and
    many others. Confidence: high, medium for actions other than CreateNetworkInterface.

    <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions>

    ## Fix

    ```terraform
    resource "aws_iam_role_policy_attachment" "vpc" {
      role       = aws_iam_role.worker.name
      policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    demand = Demand(
        actions=NETWORK,
        needed=function.options.vpc,
        where=f"for function `{function.id}`, which is in a VPC",
        open_point=f"it is unknown whether function `{function.id}` is in a VPC",
        evidence=_refusal,
    )
    yield from demanded(demand, function, inventory)


def _refusal(action: str) -> tuple[Evidence, ...]:
    name = action.partition(":")[2]
    text = f"The provided execution role does not have permissions to call {name} on EC2"
    return (Evidence(f"AWS answers: `{text}`"),)
