"""What Lambda tests when a function is made: requests in the name of the function's role.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
"""

from __future__ import annotations

from checker.iam.authorize import Layers
from checker.iam.context import NO_TAGS
from checker.iam.document import Documents
from checker.iam.request import Context, Request
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.model import Function, Role, account_of, arn_field, region_of
from checker.requests.layers import boundary_of, session_of
from checker.requests.poller import SESSION

NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
)
"""What connects a function to a VPC; `DescribeNetworkInterfaces` takes no resource."""
TRACING = ("xray:PutTraceSegments",)
"""What a function that is traced needs so that Lambda makes it; it takes no resource."""
DEAD_LETTERS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish"}
"""What sends to a function's dead-letter target, by the service of that."""
_WITH_RESOURCE = frozenset({"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"})


def _testing(function: Function) -> Context:
    """Return the keys of a test, which Lambda makes in the function's own Region.

    Every request carries `aws:RequestedRegion`.
    """
    region = region_of(function.arn)
    return Context(SESSION if region is None else SESSION | {"aws:RequestedRegion": (region,)})


def creation(action: str, function: Function, role: Role, target: Text | None) -> Request:
    """Return what Lambda asks as a session of a role when it makes a function.

    `target` is what is asked for, if there is one already.
    """
    resource = target
    if resource is None:
        resource = _interface(function) if action in _WITH_RESOURCE else Text.of("*")
    return Request(
        caller=session_of(role),
        action=action,
        resource=resource,
        resource_account=account_of(role.arn if target is None else target),
        context=_testing(function),
        sent_tags=NO_TAGS,
    )


def role_layers(role: Role, resource: Documents | None = None) -> Layers:
    """Return the documents that decide what a role may do, besides the resource's own."""
    return Layers(
        identity=role.identity, boundary=boundary_of(role), resource=resource, scps=role.scps
    )


def _interface(function: Function) -> Text:
    """Return the ARN of a network interface that is yet to be made, or of its subnet or group."""
    partition = arn_field(function.arn, 1) or Text.of(Hole("partition", Kind.PARTITION))
    region = arn_field(function.arn, 3) or Text.of(Hole("region", Kind.REGION))
    account = account_of(function.arn) or Text.of(Hole("account", Kind.ACCOUNT))
    why = f"it is known only when `{function.id}` is made"
    kind = Hole(f"what {function.id} needs in its VPC", Kind.NAME, why)
    name = Hole(f"id of what {function.id} needs in its VPC", Kind.NAME, why)
    return Text.of("arn:", partition, ":ec2:", region, ":", account, ":", kind, "/", name)
