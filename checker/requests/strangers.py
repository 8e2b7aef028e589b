"""What strangers can send: requests whose context anyone with the internet or an account arranges.

A condition that all of one kind of stranger satisfy closes nothing. See
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from checker.iam.request import ABSENT, PUBLIC_ADDRESS, Context, KeyValue
from checker.knowledge.text import Text
from checker.records import dataclass

_ACCOUNT = "593804172650"
_ORGANIZATION = "o-zq7x5stranger"
_PATHS = f"{_ORGANIZATION}/r-zq7x/ou-zq7x-stranger0/"
_IPV6 = "2c0f:fff1:5:7::1"
_VPC = "vpc-0f5e7ranger00zq7x"

_LACKING: dict[str, KeyValue] = dict.fromkeys(
    (
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceName",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "aws:CalledVia",
        "aws:MultiFactorAuthPresent",
    ),
    ABSENT,
)
"""What a request from the internet without credentials lacks."""
_CARRIED: dict[str, KeyValue] = {
    "aws:SecureTransport": (Text.of("true"),),
    "aws:SourceIp": (PUBLIC_ADDRESS,),
    "aws:PrincipalIsAWSService": (Text.of("false"),),
    "aws:ViaAWSService": (Text.of("false"),),
}
_ROLE = {
    "aws:PrincipalAccount": _ACCOUNT,
    "aws:PrincipalArn": f"arn:aws:iam::{_ACCOUNT}:role/zq7x-stranger",
    "aws:PrincipalOrgID": _ORGANIZATION,
    "aws:PrincipalOrgPaths": _PATHS,
    "aws:MultiFactorAuthPresent": "true",
}
_NETWORK = {
    "aws:SourceVpc": _VPC,
    "aws:SourceVpcArn": f"arn:aws:ec2:us-east-1:{_ACCOUNT}:vpc/{_VPC}",
    "aws:SourceVpce": "vpce-0f5e7ranger00zq7x",
    "aws:VpceAccount": _ACCOUNT,
    "aws:VpceOrgID": _ORGANIZATION,
    "aws:VpceOrgPaths": _PATHS,
}
_RESOURCES = (
    f"arn:aws:sns:us-east-1:{_ACCOUNT}:zq7x-stranger",
    "arn:aws:s3:::zq7x-stranger",
    f"arn:aws:events:us-east-1:{_ACCOUNT}:rule/zq7x-stranger",
)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Someone who may send a request: `who` for a message, and the condition keys of it."""

    who: str
    context: Context


@cache
def strangers(action: str) -> tuple[Stranger, ...]:
    """Return who may send a request for an action of SQS: without credentials first."""
    return tuple(Stranger(who, Context(keys)) for who, keys in _strangers(action))


def _strangers(action: str) -> Iterator[tuple[str, Mapping[str, KeyValue]]]:
    yield "everyone", _CARRIED | _LACKING
    yield "everyone", _CARRIED | _LACKING | _texts({"aws:SourceIp": _IPV6})
    role = _CARRIED | _LACKING | _texts(_ROLE)
    yield "everyone with an AWS account", role
    yield "everyone with a VPC endpoint", role | _texts(_NETWORK) | {"aws:SourceIp": ABSENT}
    if action != "SendMessage":
        return  # on behalf of a resource a service only sends
    for arn in _RESOURCES:
        service = arn.split(":")[2]
        keys = {
            "aws:SourceArn": arn,
            "aws:SourceAccount": _ACCOUNT,
            "aws:SourceOrgID": _ORGANIZATION,
            "aws:SourceOrgPaths": _PATHS,
            "aws:PrincipalServiceName": f"{service}.amazonaws.com",
            "aws:PrincipalIsAWSService": "true",
        }
        given = _CARRIED | _LACKING | _texts(keys) | {"aws:SourceIp": ABSENT}
        yield "everyone with an AWS account", given


def _texts(keys: Mapping[str, str]) -> dict[str, KeyValue]:
    return {key: (Text.of(value),) for key, value in keys.items()}
