"""Answers that have the right form and cannot be true: AWS would not give them.

What they hide or invent is unknown, or asked for once more; it is neither passed nor a problem.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from answered import ACCOUNT, Nobody

from checker.cli.verify import _said
from checker.errors import SourceError
from checker.knowledge.partial import Known, Location, Unknown
from checker.sources.account import pages
from checker.sources.account.answers import Answers
from checker.sources.account.client import NotReadError
from checker.sources.account.keys import read_key
from checker.sources.account.load import Audit, read
from checker.sources.account.mappings import mapping
from checker.sources.account.queues import read_queue
from checker.sources.account.reader import AccountReader
from checker.sources.account.roles import Roles
from checker.sources.account.verify import MappingState

REGION = "eu-west-1"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/read"
ONE = {
    "UUID": "a",
    "EventSourceArn": QUEUE,
    "FunctionArn": FUNCTION,
    "State": "Enabled",
    "BatchSize": 10,
}
METADATA = {"KeyId": "1234", "Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
METADATA["KeySpec"] = "SYMMETRIC_DEFAULT"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NONE = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


class Server(Nobody):
    """Clients that answer some operations."""

    def __init__(self, **answers):
        super().__init__(REGION)
        self.answers, self.asked = answers, []

    def call(self, service, region, operation, **words):
        self.asked.append(operation)
        if operation not in self.answers:
            return super().call(service, region, operation, **words)
        return self.answers[operation]

    def pages(self, service, region, operation, key, **words):
        return self.call(service, region, operation, **words)

    def details(self, region, kinds):
        return self.call("iam", region, "GetAccountAuthorizationDetails")


def listed(*mappings):
    """Return the mappings of an audit to which the server lists these."""
    answers = Answers(Server(ListEventSourceMappings=list(mappings)))
    return read(AccountReader(answers), Audit(assume_no_scp=True), (REGION,)).mappings


@pytest.mark.parametrize(
    "other",
    [
        {"FunctionArn": FUNCTION.replace(ACCOUNT, "210987654321")},
        {"FunctionArn": FUNCTION.replace("arn:aws:", "arn:aws-cn:")},
        {"EventSourceArn": QUEUE.replace("arn:aws:", "arn:aws-cn:")},
        # One of the two would hide the other.
        {"EventSourceArn": f"{QUEUE}2"},
    ],
)
def test_a_list_with_a_mapping_that_cannot_be_there_is_none(other):
    assert len(listed(ONE)) == 1
    for both in ([ONE, ONE | other], [ONE | other, ONE]):
        with pytest.raises(SourceError, match="an invalid answer"):
            listed(*both)


def test_of_a_mapping_that_changed_meanwhile_the_later_holds():
    (one,) = listed(ONE, ONE | {"FunctionArn": f"{FUNCTION}2"})
    assert str(one.function.value) == f"{FUNCTION}2"


@pytest.mark.parametrize(
    ("member", "word", "names"),
    [
        ("State", "enabled", ("state", "enabled")),
        ("State", "Running", ("state", "enabled")),
        ("State", "\ud800", ("state", "enabled")),
        ("FunctionResponseTypes", ["ReportAllFailures"], ("reports_failures",)),
    ],
)
def test_a_word_of_a_mapping_that_is_none_of_aws_is_unknown(member, word, names):
    found = mapping(ONE | {member: word}, REGION)
    assert all(isinstance(getattr(found, name), Unknown) for name in names)


@pytest.mark.parametrize(
    ("state", "enabled"),
    [(each, True) for each in ("Creating", "Enabling", "Enabled", "Updating", "Deleting")]
    + [(each, False) for each in ("Disabled", "Disabling")],
)
def test_every_state_of_aws_is_known(state, enabled):
    found = mapping(ONE | {"State": state}, REGION)
    assert (found.state.value, found.enabled.value) == (state, enabled)


@pytest.mark.parametrize("name", ["enabled", "Banana", "Enabled\u202e"])
def test_verify_calls_no_state_that_is_none_of_aws_a_state(capsys, name):
    watch = SimpleNamespace(queue=QUEUE, function=FUNCTION)
    assert _said(watch, MappingState(name)) == 1
    assert "is unknown: AWS calls it `" in capsys.readouterr().out
    assert _said(watch, MappingState("Enabled")) == 0


@pytest.mark.parametrize(
    ("described", "enabled", "symmetric"),
    [
        ({}, True, True),
        ({"KeyState": "PendingDeletion"}, False, True),
        ({"KeyState": "enabled"}, None, True),
        ({"KeySpec": "RSA_2048"}, True, False),
        ({"KeySpec": "ML_DSA_44", "KeyUsage": "SIGN_VERIFY"}, True, False),
        ({"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}, True, False),
        ({"KeySpec": "symmetric_default"}, True, None),
        ({"KeyUsage": "Banana"}, True, None),
    ],
)
def test_a_word_of_a_key_that_is_none_of_aws_is_unknown(described, enabled, symmetric):
    answers = Answers(Server(DescribeKey={"KeyMetadata": METADATA | described}))
    found = read_key(answers, KEY, REGION)
    for value, expected in ((found.enabled, enabled), (found.symmetric, symmetric)):
        assert (value.value if isinstance(value, Known) else None) == expected


def test_the_queue_of_another_partition_is_not_read():
    described = {"QueueArn": QUEUE, "VisibilityTimeout": "30", "MessageRetentionPeriod": "60"}
    for arn, is_known in ((QUEUE, True), (QUEUE.replace("arn:aws:", "arn:aws-cn:"), False)):
        answers = Answers(Server(GetQueueAttributes={"Attributes": described | {"QueueArn": arn}}))
        found = read_queue(answers, QUEUE)
        assert isinstance(found.visibility_timeout, Known) is is_known


def a_role(document):
    return {
        "RoleName": "worker",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": ALL,
        "RolePolicyList": [{"PolicyName": "x", "PolicyDocument": document}],
        "AttachedManagedPolicies": [{"PolicyArn": POLICY}],
    }


def a_policy(*versions):
    listed = [
        {"VersionId": f"v{n}", "IsDefaultVersion": True, "Document": each}
        for n, each in enumerate(versions)
    ]
    return {"Arn": POLICY, "PolicyVersionList": listed}


@pytest.mark.parametrize(
    ("roles", "policies", "asked"),
    [
        ([a_role(ALL)], [a_policy(ALL)], []),
        ([a_role(ALL), a_role(ALL)], [a_policy(ALL), a_policy(ALL)], []),
        ([a_role(NONE), a_role(ALL)], [a_policy(ALL)], ["GetRole"]),
        ([a_role(ALL)], [a_policy(NONE, ALL)], ["GetPolicy"]),
        ([a_role(ALL)], [a_policy(NONE), a_policy(ALL)], ["GetPolicy"]),
        ([a_role(ALL)], [a_policy()], ["GetPolicy"]),
    ],
)
def test_what_stands_twice_and_differs_is_asked_for_alone(roles, policies, asked):
    server = Server(GetAccountAuthorizationDetails={"RoleDetailList": roles, "Policies": policies})
    found = Roles(Answers(server), REGION)
    found.read_all(("Role", "LocalManagedPolicy"))
    members = found.role(ROLE).identity.members
    assert server.asked[1:] == asked
    assert any(isinstance(each, Unknown) for each in members) == bool(asked)


def test_a_user_that_stands_twice_and_differs_is_unknown():
    arn = f"arn:aws:iam::{ACCOUNT}:user/x"
    user = {"UserName": "x", "Arn": arn, "AttachedManagedPolicies": [], "GroupList": ["g"]}
    group = {"GroupName": "g", "AttachedManagedPolicies": []}
    more = {"GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": ALL}]}

    def read(users, groups):
        described = {"UserDetailList": users, "GroupDetailList": groups, "Policies": []}
        return Roles(Answers(Server(GetAccountAuthorizationDetails=described)), REGION).user(arn)

    assert not any(isinstance(each, Unknown) for each in read([user], [group]).identity.members)
    twice = [user, user | {"UserPolicyList": more["GroupPolicyList"]}]
    assert isinstance(read(twice, [group]), Unknown)
    (member,) = read([user], [group, group | more]).identity.members
    assert isinstance(member, Unknown)


def test_a_document_of_iam_says_nothing_twice(monkeypatch):
    """Of a member that stands twice the SDK leaves the last."""
    from urllib.parse import quote

    from checker.sources.account.documents import parsed as read_document
    from checker.sources.account.session import made

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    client = made(None, REGION).create_client("iam")
    once = json.dumps(ALL)
    twice = once.replace(
        '"Statement"', f'"Statement": {json.dumps(NONE["Statement"])}, "Statement"'
    )
    for text, is_known in ((once, True), (twice, False)):
        answer = {"RolePolicyList": [{"PolicyDocument": quote(text)}], "Arn": "a%20b"}
        answer = {"RoleDetailList": [answer]}
        model = client.meta.service_model.operation_model("GetAccountAuthorizationDetails")
        client.meta.events.emit(
            "after-call.iam.X", parsed=answer, model=model, http_response=None, context={}
        )
        (role,) = answer["RoleDetailList"]
        assert role == {"RolePolicyList": [{"PolicyDocument": text}], "Arn": "a%20b"}
        found = read_document(role["RolePolicyList"][0]["PolicyDocument"], "x", Location("x"))
        assert isinstance(found, Unknown) is not is_known


def test_all_pages_of_a_list_are_bounded_together(monkeypatch):
    monkeypatch.setattr(pages, "MOST_CHARACTERS", 10_000)
    paging = pages.PAGING["lambda:ListEventSourceMappings"]
    asked = []

    def ask(token):
        asked.append(token)
        members = [{"UUID": f"{len(asked)}-{n}"} for n in range(10)]
        return {"EventSourceMappings": members, "NextMarker": f"token-{len(asked)}"}

    with pytest.raises(pages.EndlessError, match="more than 10000 characters"):
        pages.pages(paging, ask)
    assert len(asked) < 50


def test_a_region_that_does_not_know_itself_is_none():
    from checker.sources.account.expected import fault

    described = {"Regions": [{"RegionName": "eu-west-2"}]}
    assert "another resource" in fault("ec2:DescribeRegions", REGION, {}, described)
    described["Regions"].append({"RegionName": REGION})
    assert fault("ec2:DescribeRegions", REGION, {}, described) is None


@pytest.mark.parametrize("time", [1e300, -1e300, 10**30, "99999999-99-99", [1], {}, "9" * 5000])
def test_a_time_that_is_none_ends_in_an_unknown(monkeypatch, time):
    """The SDK reads times that nobody asks for, and fails in ways of its own."""
    from botocore.parsers import create_parser
    from botocore.session import Session

    from checker.sources.account.client import Access, Clients

    model = Session().get_service_model("lambda").operation_model("ListEventSourceMappings")
    body = json.dumps({"EventSourceMappings": [ONE | {"LastModified": time}]}).encode()
    clients = Clients(Access())

    def parsed():
        described = {"status_code": 200, "headers": {}, "body": body}
        return create_parser("rest-json").parse(described, model.output_shape)

    with pytest.raises(NotReadError, match="an invalid answer"):
        clients._asked("lambda:ListEventSourceMappings", parsed, 2)
