"""An answer of another thing than was asked for is none, whichever part of its name differs."""

from __future__ import annotations

import pytest

from checker.sources.account.identities import _CHECKS, answers_it

REGION, ACCOUNT, OTHER = "eu-west-1", "123456789012", "210987654321"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/read"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
ALIAS = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/orders"


def queue(arn):
    return {"Attributes": {"QueueArn": arn}}


def role(name, arn):
    return {"Role": {"RoleName": name, "Arn": arn}}


def key(id, arn):
    return {"KeyMetadata": {"KeyId": id, "Arn": arn}}


def mapping(function=FUNCTION, source=QUEUE, **more):
    return {"EventSourceMappings": [{"FunctionArn": function, "EventSourceArn": source, **more}]}


def version(name):
    return {"PolicyVersion": {"VersionId": name}}


# Of each operation: what is asked, what AWS answers, and answers of something else.
ASKED = [
    (
        "sqs:GetQueueAttributes",
        {"QueueUrl": f"http://aws/{ACCOUNT}/orders"},
        queue(QUEUE),
        [
            queue(QUEUE.replace("orders", "order")),
            queue(QUEUE.replace(REGION, "eu-west-2")),
            queue(QUEUE.replace(ACCOUNT, OTHER)),
        ],
    ),
    (
        "iam:GetRole",
        {"RoleName": "worker"},
        role("worker", ROLE),
        [role("other", ROLE), role("worker", f"{ROLE}2"), role("other", f"{ROLE}2")],
    ),
    (
        "iam:GetRolePolicy",
        {"RoleName": "worker", "PolicyName": "read"},
        {"RoleName": "worker", "PolicyName": "read"},
        [
            {"RoleName": "other", "PolicyName": "read"},
            {"RoleName": "worker", "PolicyName": "write"},
        ],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": FUNCTION},
        {"FunctionArn": FUNCTION},
        [
            {"FunctionArn": each}
            for each in (
                f"{FUNCTION}2",
                FUNCTION.replace(REGION, "eu-west-2"),
                FUNCTION.replace(ACCOUNT, OTHER),
                FUNCTION.replace("arn:aws:", "arn:aws-cn:"),
                FUNCTION.replace(":function:", ":layer:"),
                FUNCTION.rpartition(":")[0],
            )
        ],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": f"{FUNCTION}:live"},
        {"FunctionArn": f"{FUNCTION}:7"},
        [{"FunctionArn": f"{FUNCTION}2:7"}],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": "worker"},
        {"FunctionArn": FUNCTION},
        [{"FunctionArn": f"{FUNCTION}2"}, {"FunctionArn": FUNCTION.replace(REGION, "eu-west-2")}],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": f"{ACCOUNT}:function:worker"},
        {"FunctionArn": FUNCTION},
        [{"FunctionArn": f"{FUNCTION}2"}, {"FunctionArn": FUNCTION.replace(ACCOUNT, OTHER)}],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": "worker"},
        {"FunctionArn": FUNCTION},
        [{"FunctionArn": f"{FUNCTION}:7"}, {"FunctionArn": f"{FUNCTION}:7:8"}],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": "worker", "Qualifier": "7"},
        {"FunctionArn": f"{FUNCTION}:7"},
        [{"FunctionArn": f"{FUNCTION}:8"}, {"FunctionArn": f"{FUNCTION}:live"}],
    ),
    (
        "lambda:GetFunctionConfiguration",
        {"FunctionName": "worker", "Qualifier": "live"},
        {"FunctionArn": f"{FUNCTION}:7"},
        [{"FunctionArn": f"{FUNCTION}:old"}, {"FunctionArn": f"{FUNCTION}:$LATEST"}],
    ),
    (
        "kms:DescribeKey",
        {"KeyId": KEY},
        key("1234", KEY),
        [
            key("5678", KEY),
            key("1234", KEY.replace("key/", "alias/")),
            key("5678", KEY.replace("1234", "5678")),
            key("1234", KEY.replace(REGION, "eu-west-2")),
            key("1234", KEY.replace(ACCOUNT, OTHER)),
        ],
    ),
    ("kms:DescribeKey", {"KeyId": "1234"}, key("1234", KEY), [key("5678", KEY[:-4] + "5678")]),
    (
        "kms:DescribeKey",
        {"KeyId": ALIAS},
        key("1234", KEY),
        [key("1234", KEY.replace(ACCOUNT, OTHER)), key("1234", KEY.replace(REGION, "eu-west-2"))],
    ),
    (
        "kms:DescribeKey",
        {"KeyId": "alias/orders"},
        key("1234", KEY),
        [key("1234", KEY.replace(REGION, "eu-west-2")), key("5678", KEY)],
    ),
    (
        "kms:ListGrants",
        {"KeyId": KEY},
        {"Grants": [{"KeyId": KEY}, {"KeyId": "1234"}, {}]},
        [{"Grants": [{"KeyId": KEY}, {"KeyId": KEY[:-4] + "5678"}]}],
    ),
    (
        "lambda:ListEventSourceMappings",
        {},
        mapping(),
        [mapping(FUNCTION.replace(REGION, "eu-west-2")), mapping(source=None)],
    ),
    (
        "lambda:ListEventSourceMappings",
        {},
        mapping(source=None, SelfManagedEventSource={"Endpoints": {}}),
        [mapping(source=None, SelfManagedEventSource={})],
    ),
    (
        "lambda:ListEventSourceMappings",
        {"EventSourceArn": QUEUE},
        mapping(),
        [mapping(source=f"{QUEUE}2"), mapping(source=None)],
    ),
    (
        "iam:GetPolicy",
        {"PolicyArn": POLICY},
        {"Policy": {"Arn": POLICY}},
        [{"Policy": {"Arn": f"{POLICY}2"}}, {"Policy": {"Arn": POLICY.replace(ACCOUNT, OTHER)}}],
    ),
    ("iam:GetPolicyVersion", {"VersionId": "v2"}, version("v2"), [version("v1")]),
    (
        "organizations:DescribePolicy",
        {"PolicyId": "p-1"},
        {"Policy": {"PolicySummary": {"Id": "p-1"}}},
        [{"Policy": {"PolicySummary": {"Id": "p-2"}}}],
    ),
    (
        "organizations:ListParents",
        {"ChildId": "ou-a"},
        {"Parents": [{"Id": "r-x"}]},
        [{"Parents": [{"Id": "ou-a"}]}],
    ),
    (
        "organizations:ListPoliciesForTarget",
        {"Filter": "SERVICE_CONTROL_POLICY"},
        {"Policies": [{"Type": "SERVICE_CONTROL_POLICY"}]},
        [{"Policies": [{"Type": "SERVICE_CONTROL_POLICY"}, {"Type": "TAG_POLICY"}]}],
    ),
    (
        "sts:GetCallerIdentity",
        {},
        {"Arn": f"arn:aws:iam::{ACCOUNT}:user/x", "Account": ACCOUNT},
        [{"Arn": f"arn:aws:iam::{ACCOUNT}:user/x", "Account": OTHER}],
    ),
    (
        "ec2:DescribeRegions",
        {"AllRegions": False},
        {"Regions": [{"RegionName": "eu-west-2"}, {"RegionName": REGION}]},
        [{"Regions": [{"RegionName": "eu-west-2"}]}],
    ),
]


@pytest.mark.parametrize(("name", "words", "answer", "others"), ASKED)
def test_an_answer_is_of_what_was_asked_for(name, words, answer, others):
    assert answers_it(name, REGION, words, answer)
    assert [each for each in others if answers_it(name, REGION, words, each)] == []


def test_every_check_is_tried():
    assert {name for name, *_ in ASKED} == set(_CHECKS)
