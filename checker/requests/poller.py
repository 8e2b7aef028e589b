"""What Lambda's poller asks, as a session of the function's role, and who lets it be that role.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

from checker.iam.authorize import Layers
from checker.iam.context import NO_TAGS, Perhaps
from checker.iam.document import Documents
from checker.iam.request import ABSENT, NOWHERE, PUBLIC_ADDRESS, Caller, Context, KeyValue, Request
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.model import EventSource, Role, account_of, arn_field
from checker.requests.layers import boundary_of, session_of

SESSION: dict[str, KeyValue] = {
    "aws:SourceVpc": ABSENT,
    "aws:SourceVpcArn": ABSENT,
    "aws:SourceVpce": ABSENT,
    "aws:VpcSourceIp": ABSENT,
    "aws:VpceAccount": ABSENT,
    "aws:VpceOrgID": ABSENT,
    "aws:VpceOrgPaths": ABSENT,
    "aws:SourceArn": ABSENT,
    "aws:SourceAccount": ABSENT,
    "aws:SourceOrgID": ABSENT,
    "aws:SourceOrgPaths": ABSENT,
    "aws:FederatedProvider": ABSENT,
    "aws:MultiFactorAuthPresent": ABSENT,
    "aws:MultiFactorAuthAge": ABSENT,
    "aws:PrincipalServiceName": ABSENT,
    "aws:PrincipalIsAWSService": (Text.of("false"),),
    "aws:SecureTransport": (Text.of("true"),),
    "aws:SourceIp": (PUBLIC_ADDRESS,),
    "ec2:SourceInstanceARN": ABSENT,
    "lambda:SourceFunctionArn": ABSENT,
}
"""What is the same in every request of the poller: it comes from Lambda's own network, never
from the function's VPC, and not from the function's code."""


def poll(action: str, source: EventSource, role: Role) -> Request:
    """Return what Lambda's poller asks of an event source, as a session of the execution role."""
    return Request(
        caller=session_of(role),
        action=action,
        resource=source.arn,
        resource_account=account_of(source.arn),
        context=_POLLING,
        resource_tags=source.tags,
        sent_tags=NO_TAGS,
    )


_POLLING = Context(
    SESSION
    | {
        "aws:ViaAWSService": (Text.of("false"),),
        "aws:CalledVia": ABSENT,
        "aws:CalledViaFirst": ABSENT,
        "aws:CalledViaLast": ABSENT,
    }
)


def source_layers(source: EventSource, role: Role) -> Layers:
    """Return the documents that decide what a role may do with an event source."""
    return Layers(
        identity=role.identity,
        boundary=boundary_of(role),
        resource=source.policy,
        scps=role.scps,
        rcps=source.rcps,
    )


def assume(role: Role, function: Text | None = None) -> Request:
    """Return Lambda's request to assume the execution role; supposed to name a `function`'s ARN.

    A function and its role are of one account, and AWS's own trust policies for Lambda demand that
    `aws:SourceAccount` is that account.
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    https://github.com/aws/agent-toolkit-for-aws (deploying-custom-domain-rest-api)
    """
    caller = Caller.service("lambda.amazonaws.com")
    account = account_of(role.arn)
    keys = _ASSUMING if account is None else _ASSUMING | _source(role, account)
    if function is not None:
        keys = keys | {"aws:SourceArn": (function,)}
    return Request(
        caller=caller,
        action="sts:AssumeRole",
        resource=role.arn,
        resource_account=account,
        context=Context(keys),
        resource_tags=role.tags,
        sent_tags=NO_TAGS,
    )


_SOURCE = Unknown(
    "AWS does not document which source Lambda names when it assumes a role",
    NOWHERE,
    "drop the condition from the trust document",
)


def _source(role: Role, account: Text) -> dict[str, KeyValue]:
    """Return what Lambda tells of the function: its account, and perhaps its ARN."""
    partition = arn_field(role.arn, 1) or Text.of(Hole("partition", Kind.PARTITION))
    region = Hole(f"region of what Lambda runs as {role.arn}", Kind.REGION)
    name = Hole(f"what Lambda runs as {role.arn}")
    arn = Text.of("arn:", partition, ":lambda:", region, ":", account, ":", name)
    perhaps = Perhaps(_SOURCE.why, _SOURCE.at, _SOURCE.remedy, values=(arn,))
    return {"aws:SourceAccount": (account,), "aws:SourceArn": perhaps}


_ASSUMING: dict[str, KeyValue] = {
    "aws:SourceArn": _SOURCE,
    "aws:SourceAccount": _SOURCE,
    "sts:ExternalId": ABSENT,
    "aws:SecureTransport": (Text.of("true"),),
    "aws:SourceVpc": ABSENT,
    "aws:SourceVpce": ABSENT,
    "aws:MultiFactorAuthPresent": ABSENT,
}


def trust_layers(role: Role) -> Layers:
    """Return the trust document as the only one that decides who may assume a role."""
    if isinstance(role.trust, Known):
        return Layers(resource=Documents((role.trust.value,)))
    return Layers(resource=Documents((role.trust,)))
