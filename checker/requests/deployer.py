"""What the deployer asks of Lambda."""

from __future__ import annotations

from checker.iam.authorize import Layers
from checker.iam.request import ABSENT, Caller, Context, KeyValue, Request
from checker.model import Mapping, Role, account_of, arn_field
from checker.partial import Hole, Kind, Known, Text, Truth
from checker.requests.layers import (
    boundary_of,
)

_ON_MAPPING = frozenset(
    f"lambda:{name}".lower()
    for name in (
        "GetEventSourceMapping",
        "UpdateEventSourceMapping",
        "DeleteEventSourceMapping",
        "ListTags",
        "TagResource",
        "UntagResource",
    )
)
_UNTAGGED = frozenset({"lambda:listtags", "lambda:untagresource"})


def deploy(action: str, mapping: Mapping, deployer: Role) -> Request:
    """Return what the deployer asks of Lambda in order to create a mapping.

    Creating takes no resource, so only `Resource: "*"` allows it; what is asked afterwards names
    the new mapping, whose UUID nobody knows yet.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    function = mapping.function
    region = mapping.region
    keys: dict[str, KeyValue] = {
        "aws:SecureTransport": (Text.of("true"),),
        "aws:ViaAWSService": (Text.of("false"),),
        "aws:RequestedRegion": (region.value,) if isinstance(region, Known) else region,
    }
    if action.lower() not in _UNTAGGED:
        keys["lambda:FunctionArn"] = (function.value,) if isinstance(function, Known) else function
        if isinstance(mapping.tagged, Known) and not mapping.tagged.value:
            keys["aws:TagKeys"] = ABSENT
    account = account_of(deployer.arn)
    resource = Text.of("*")
    if action.lower() in _ON_MAPPING:
        resource = _mapping_arn(mapping, deployer)
    user = (arn_field(deployer.arn, 5) or Text.of()).like(Text.of("user/*")) is Truth.YES
    caller = Caller.user(deployer.arn) if user else Caller.role(deployer.arn)
    return Request(caller, action, resource, account, Context(keys))


def deployer_layers(deployer: Role) -> Layers:
    """Return the documents that decide what the deployer may do."""
    return Layers(identity=deployer.identity, boundary=boundary_of(deployer), scps=deployer.scps)


def _mapping_arn(mapping: Mapping, deployer: Role) -> Text:
    region = mapping.region
    where: Text | Hole = Hole("region of the mapping", Kind.REGION)
    if isinstance(region, Known):
        where = region.value
    elif region.why:
        where = Hole("region of the mapping", Kind.REGION, region.why, region.at, region.remedy)
    uuid = Hole(f"uuid of {mapping.id}", Kind.NAME, "AWS makes the mapping's UUID", mapping.at)
    partition = arn_field(deployer.arn, 1) or Text.of(Hole("partition", Kind.PARTITION))
    account = account_of(deployer.arn) or Text.of(Hole("account of the deployer", Kind.ACCOUNT))
    start = Text.of("arn:", partition, ":lambda:", where, ":", account)
    return Text.of(start, ":event-source-mapping:", uuid)
