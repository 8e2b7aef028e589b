"""What the deployer asks of Lambda."""

from __future__ import annotations

from dataclasses import replace

from checker.iam.authorize import Layers
from checker.iam.context import NO_TAGS, NOWHERE, Tags, hidden_tags
from checker.iam.match import action_applies
from checker.iam.request import Caller, CallerKind, Context, KeyValue, Request
from checker.iam.statement import Effect
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Key, Role, account_of, arn_field
from checker.requests.filters import filter_key_layers
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


def deploy(action: str, mapping: EventSourceMapping, deployer: Role) -> Request:
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
    on_mapping = action.lower() in _ON_MAPPING
    return Request(
        caller=_caller(deployer),
        action=action,
        resource=_mapping_arn(mapping, deployer) if on_mapping else Text.of("*"),
        resource_account=account_of(deployer.arn),
        context=Context(keys),
        resource_tags=_tags(mapping) if on_mapping else None,
        sent_tags=_sent(action.lower(), mapping),
    )


_TAGGING = frozenset({"lambda:createeventsourcemapping", "lambda:tagresource"})
_UNTAGGING = "lambda:untagresource"


def _sent(action: str, mapping: EventSourceMapping) -> Tags | None:
    """Return the tags that a request sends; None if they are not known."""
    if action in _TAGGING:
        return _tags(mapping)
    return None if action == _UNTAGGING else NO_TAGS


def _tags(mapping: EventSourceMapping) -> Tags | None:
    if mapping.tags is None and isinstance(mapping.tagged, Known) and not mapping.tagged.value:
        return NO_TAGS
    return mapping.tags


def _caller(deployer: Role) -> Caller:
    """Return the deployer as a caller.

    A session may carry tags of its own where the role's trust policy allows `sts:TagSession`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    user = (arn_field(deployer.arn, 5) or Text.of()).like(Text.of("user/*")) is Truth.YES
    tags = deployer.tags if user or not _tags_its_sessions(deployer) else _OF_SESSIONS
    kind = CallerKind.USER if user else CallerKind.ROLE
    return Caller(kind, deployer.arn, tags=tags, unique_id=deployer.unique_id)


def _tags_its_sessions(deployer: Role) -> bool:
    """Tell whether a role's sessions may carry tags of their own."""
    if isinstance(deployer.trust, Unknown):
        return True
    return any(
        statement.effect is not Effect.DENY
        and action_applies(statement, "sts:TagSession") is not Truth.NO
        for statement in deployer.trust.value.statements
    )


_OF_SESSIONS = hidden_tags(
    Unknown(
        "it is unknown whether the session of the deployer carries tags of its own"
        " (`sts:TagSession`)",
        NOWHERE,
        "take the condition on `aws:PrincipalTag` out of the deployer's policy",
    )
)


def deployer_layers(deployer: Role) -> Layers:
    """Return the documents that decide what the deployer may do."""
    return Layers(identity=deployer.identity, boundary=boundary_of(deployer), scps=deployer.scps)


FILTER_KEY = ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt")
"""What the deployer needs on the key that is to encrypt a mapping's filters."""


def encrypt_filters(action: str, key: Key, deployer: Role) -> Request:
    """Return what Lambda asks of a key in the deployer's name when it keeps filters encrypted.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    keys: dict[str, KeyValue] = {"aws:SecureTransport": (Text.of("true"),)}
    return Request(
        caller=_caller(deployer),
        action=action,
        resource=key.arn,
        resource_account=account_of(key.arn),
        context=Context(keys),
        resource_tags=key.tags,
        sent_tags=NO_TAGS,
    )


def deployer_key_layers(deployer: Role, key: Key) -> Layers:
    """Return the documents that decide what the deployer may do with a key, but its grants."""
    own = filter_key_layers(key)
    return replace(deployer_layers(deployer), resource=own.resource, rcps=key.rcps)


def _mapping_arn(mapping: EventSourceMapping, deployer: Role) -> Text:
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
