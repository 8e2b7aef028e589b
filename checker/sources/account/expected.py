"""What the answer of each operation holds: a table, by which every answer is checked once.

It demands what AWS always sends and what is read of the answer; other members are fine. An answer
of another thing than was asked for is none. Facts: the API references of the services.
"""

from __future__ import annotations

from typing import Any

from checker.sources.account.identities import Words, answers_it
from checker.sources.account.pages import PAGING
from checker.sources.account.shapes import (
    Boolean,
    Integer,
    ListOf,
    MapOf,
    PolicyDocument,
    Record,
    Shape,
    String,
)

_TEXT, _ANY_TEXT, _NUMBER = String(), String(empty=True), Integer()
_DOCUMENT = PolicyDocument()
_ACCOUNT = String(r"\d{12}")
_FIELD = r"[\w.-]+"
_DIGITS = String(r"\d{1,9}")
_UUID = String("[0-9a-fA-F-]{1,64}")


def _arn(service: str) -> String:
    # The account of a policy that AWS manages is `aws`.
    return String(rf"arn:{_FIELD}:{service}:[\w-]*:(\d*|aws):[!-~]+")


_BOUNDARY = Record({"PermissionsBoundaryArn": _arn("iam")})
_ATTACHED = Record({"PolicyArn": _arn("iam")})
_TAGS = ListOf(Record({"Key": _TEXT, "Value": _ANY_TEXT}))
_INLINE = Record({"PolicyName": _TEXT, "PolicyDocument": _DOCUMENT})
_ROLE = Record(
    {
        "RoleName": _TEXT,
        "Arn": _arn("iam"),
        "Path": _TEXT,
        "RoleId": _TEXT,
        "AssumeRolePolicyDocument": _DOCUMENT,
    },
    {"PermissionsBoundary": _BOUNDARY, "Tags": _TAGS},
)
_VERSION = Record({"VersionId": _TEXT, "Document": _DOCUMENT})
_MEMBERS: dict[str, Shape] = {
    "EventSourceMappings": Record(
        {"UUID": _UUID, "FunctionArn": _arn("lambda"), "State": _TEXT, "BatchSize": _NUMBER},
        {
            "EventSourceMappingArn": _arn("lambda"),
            "EventSourceArn": _arn(r"[\w-]+"),
            "SelfManagedEventSource": Record({}),
            "MaximumBatchingWindowInSeconds": _NUMBER,
            "StateTransitionReason": _ANY_TEXT,
            "LastProcessingResult": _ANY_TEXT,
            "FunctionResponseTypes": ListOf(_TEXT),
            "KMSKeyArn": _arn("kms"),
            "ScalingConfig": Record({}, {"MaximumConcurrency": _NUMBER}),
            "ProvisionedPollerConfig": Record(
                {}, {"MinimumPollers": _NUMBER, "MaximumPollers": _NUMBER}
            ),
            "FilterCriteria": Record({}, {"Filters": ListOf(Record({}, {"Pattern": _ANY_TEXT}))}),
            "FilterCriteriaError": Record({}, {"ErrorCode": _ANY_TEXT}),
        },
    ),
    "AttachedPolicies": _ATTACHED,
    "PolicyNames": _TEXT,
    "Grants": Record(
        {"GrantId": _TEXT, "Operations": ListOf(_TEXT)},
        {"KeyId": _TEXT, "GranteePrincipal": _TEXT, "Constraints": MapOf(MapOf(_ANY_TEXT))},
    ),
    "Tags": Record({"TagKey": _TEXT, "TagValue": _ANY_TEXT}),
    "Parents": Record({"Id": String(r"(r|ou)-[\w-]+"), "Type": _TEXT}),
    "RoleDetailList": Record(
        {
            "RoleName": _TEXT,
            "Arn": _arn("iam"),
            "AssumeRolePolicyDocument": _DOCUMENT,
            "RolePolicyList": ListOf(_INLINE),
            "AttachedManagedPolicies": ListOf(_ATTACHED),
        },
        {"PermissionsBoundary": _BOUNDARY, "RoleId": _TEXT, "Tags": _TAGS},
    ),
    "UserDetailList": Record(
        {"UserName": _TEXT, "Arn": _arn("iam"), "AttachedManagedPolicies": ListOf(_ATTACHED)},
        {
            "GroupList": ListOf(_TEXT),
            "UserPolicyList": ListOf(_INLINE),
            "PermissionsBoundary": _BOUNDARY,
            "UserId": _TEXT,
            "Tags": _TAGS,
        },
    ),
    "GroupDetailList": Record(
        {"GroupName": _TEXT, "AttachedManagedPolicies": ListOf(_ATTACHED)},
        {"GroupPolicyList": ListOf(_INLINE)},
    ),
}
_POLICY = Record(
    {
        "Arn": _arn("iam"),
        "PolicyVersionList": ListOf(
            Record({"VersionId": _TEXT, "IsDefaultVersion": Boolean()}, {"Document": _DOCUMENT})
        ),
    }
)
_TARGETED = Record({"Id": _TEXT, "Arn": _arn("organizations"), "Name": _TEXT, "Type": _TEXT})
_CONFIGURATION = Record(
    {"FunctionArn": _arn("lambda"), "Role": _arn("iam"), "Timeout": _NUMBER},
    {
        "DeadLetterConfig": Record({}, {"TargetArn": _ANY_TEXT}),
        "Environment": Record({}, {"Variables": MapOf(_ANY_TEXT)}),
    },
)
COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
"""Attributes that count a queue's messages."""
_COUNTED = Record({"QueueArn": _arn("sqs"), **dict.fromkeys(COUNTS, _DIGITS)})
_ATTRIBUTES = Record(
    {
        "QueueArn": _arn("sqs"),
        "VisibilityTimeout": _DIGITS,
        "MessageRetentionPeriod": _DIGITS,
    },
    {
        "SqsManagedSseEnabled": String("true|false"),
        "KmsMasterKeyId": _ANY_TEXT,
        "Policy": String(empty=True, most=500_000),
        "RedrivePolicy": _ANY_TEXT,
        "RedriveAllowPolicy": _ANY_TEXT,
    },
)
ANSWERS: dict[str, Record] = {
    "ec2:DescribeRegions": Record({"Regions": ListOf(Record({"RegionName": _TEXT}), least=1)}),
    "iam:GetPolicy": Record(
        {"Policy": Record({"Arn": _arn("iam"), "DefaultVersionId": String(r"v\d+")})}
    ),
    "iam:GetPolicyVersion": Record({"PolicyVersion": _VERSION}),
    "iam:GetRole": Record({"Role": _ROLE}),
    "iam:GetRolePolicy": Record(
        {"RoleName": _TEXT, "PolicyName": _TEXT, "PolicyDocument": _DOCUMENT}
    ),
    "kms:DescribeKey": Record(
        {
            "KeyMetadata": Record(
                {
                    "KeyId": _TEXT,
                    "Arn": _arn("kms"),
                    "KeyManager": String("AWS|CUSTOMER"),
                    "KeyState": _TEXT,
                },
                {"KeyUsage": _TEXT, "KeySpec": _TEXT, "CustomerMasterKeySpec": _TEXT},
            )
        }
    ),
    "kms:GetKeyPolicy": Record({"Policy": _DOCUMENT}),
    "lambda:GetFunctionConcurrency": Record({}, {"ReservedConcurrentExecutions": _NUMBER}),
    "lambda:GetFunctionConfiguration": _CONFIGURATION,
    "lambda:GetFunctionRecursionConfig": Record({"RecursiveLoop": String("Allow|Terminate")}),
    "organizations:DescribeOrganization": Record(
        {"Organization": Record({"MasterAccountId": _ACCOUNT})}
    ),
    "organizations:DescribePolicy": Record(
        {"Policy": Record({"PolicySummary": Record({"Id": _TEXT}), "Content": _DOCUMENT})}
    ),
    "sqs:GetQueueAttributes": Record({"Attributes": MapOf(String(empty=True, most=500_000))}),
    "sqs:ListQueueTags": Record({}, {"Tags": MapOf(_ANY_TEXT)}),
    "sqs:SendMessage": Record({"MessageId": _TEXT}),
    "sts:GetCallerIdentity": Record(
        {"Account": _ACCOUNT, "Arn": String(rf"arn:{_FIELD}:(iam|sts)::\d{{12}}:.+")}
    ),
}
"""What an answer holds, by operation; those that come by pages have theirs in `PAGING`."""
_MEMBERS_OF: dict[str, dict[str, Shape]] = {
    "organizations:ListPoliciesForTarget": {"Policies": _TARGETED},
    "iam:GetAccountAuthorizationDetails": {**_MEMBERS, "Policies": _POLICY},
}
_LISTS = {
    "User": "UserDetailList",
    "Group": "GroupDetailList",
    "Role": "RoleDetailList",
    "LocalManagedPolicy": "Policies",
}


def fault(name: str, region: str | None, words: Words, answer: object) -> str | None:
    """Return what is wrong with the answer of an operation; None if nothing is."""
    found = ANSWERS[name].fault(answer, "")
    if found is None and name == "sqs:GetQueueAttributes":
        attributes = _ATTRIBUTES if words.get("AttributeNames") == ["All"] else _COUNTED
        found = Record({"Attributes": attributes}).fault(answer, "")
    return found or _other(name, region, words, answer)


def page_fault(name: str, region: str | None, words: Words, page: object) -> str | None:
    """Return what is wrong with a page of an answer; None if nothing is."""
    paging = PAGING[name]
    flag: dict[str, Shape] = {paging.flag: Boolean()} if paging.flag else {}
    token: dict[str, Shape] = {paging.received: _ANY_TEXT}
    return Record(flag, token).fault(page, "") or list_fault(name, region, words, page)


def list_fault(name: str, region: str | None, words: Words, lists: object) -> str | None:
    """Return what is wrong with the lists of an answer, of one page or of all."""
    shapes = _MEMBERS_OF.get(name, _MEMBERS)
    asked = [_LISTS[kind] for kind in words.get("Filter", ())] if _filtered(name) else None
    keys = PAGING[name].keys if asked is None else tuple(asked)
    every: dict[str, Shape] = {key: ListOf(shapes[key]) for key in keys}
    return Record(every).fault(lists, "") or _other(name, region, words, lists)


def _filtered(name: str) -> bool:
    return name == "iam:GetAccountAuthorizationDetails"


def _other(name: str, region: str | None, words: Words, answer: Any) -> str | None:  # noqa: ANN401 - it has its shape by now
    of_it = answers_it(name, region or "", words, answer)
    return None if of_it else "it is about another resource than the request"
