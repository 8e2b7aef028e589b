"""What a data source is known from the account: only of the thing that its arguments name."""

from __future__ import annotations

import json

import pytest
from answered import ACCOUNT, Nobody

from checker.sources.account import live as module
from checker.sources.account.client import Access, NotReadError
from checker.sources.account.identities import answers_it
from checker.sources.account.live import Live

REGION, OTHER = "eu-west-1", "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/read"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
DOCUMENT = {"Version": "2012-10-17", "Statement": []}


def role(arn=ROLE):
    return {"Role": {"RoleName": "worker", "Arn": arn, "RoleId": "AROA", "Path": "/"}}


def function(arn=FUNCTION, timeout=3):
    return {"FunctionArn": arn, "Role": ROLE, "Timeout": timeout}


def key(arn=KEY):
    return {"KeyMetadata": {"KeyId": "1234", "Arn": arn}}


def policies(*arns, document=DOCUMENT):
    versions = [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}]
    listed = [{"Arn": arn, "PolicyVersionList": versions} for arn in arns]
    return {"RoleDetailList": [], "Policies": listed}


class Server(Nobody):
    """Clients that give one answer to everything, checked as the real ones check it."""

    def __init__(self, answer):
        super().__init__(REGION)
        self.answer, self.words = answer, {}

    def call(self, service, region, operation, **words):
        self.words = words
        if operation == "GetPolicy":
            return {"Policy": {"Arn": words["PolicyArn"], "DefaultVersionId": "v1"}}
        if operation == "GetPolicyVersion":
            return {"PolicyVersion": self.answer["Policies"][0]["PolicyVersionList"][0]}
        if not answers_it(f"{service}:{operation}", region, words, self.answer):
            raise NotReadError(operation, "", "of another thing")
        return self.answer

    def details(self, region, kinds):
        return self.answer


@pytest.fixture
def described(monkeypatch):
    """What a data source of a type is told, where the account gives an answer."""

    def described(type_, arguments, answer):
        server = Server(answer)
        monkeypatch.setattr(module, "Clients", lambda _: server)
        return Live(Access()).data(type_, arguments, REGION), server.words

    return described


ASKED = [
    ("aws_iam_role", {"name": "worker"}, role, ROLE),
    ("aws_lambda_function", {"function_name": "worker"}, function, FUNCTION),
    ("aws_lambda_function", {"function_name": f"{ACCOUNT}:function:worker"}, function, FUNCTION),
    ("aws_lambda_function", {"function_name": FUNCTION}, function, FUNCTION),
    ("aws_kms_key", {"key_id": "1234"}, key, KEY),
    ("aws_kms_key", {"key_id": KEY}, key, KEY),
    ("aws_kms_alias", {"name": "alias/orders"}, key, KEY),
    ("aws_iam_policy", {"name": "read"}, policies, POLICY),
]


@pytest.mark.parametrize(("type_", "arguments", "answer", "arn"), ASKED)
def test_an_answer_of_another_account_tells_nothing(described, type_, arguments, answer, arn):
    assert arn in described(type_, arguments, answer(arn))[0].values()
    for old, new in ((ACCOUNT, OTHER), ("arn:aws:", "arn:aws-cn:")):
        if old == ACCOUNT or not str(next(iter(arguments.values()))).startswith(ACCOUNT):
            assert described(type_, arguments, answer(arn.replace(old, new)))[0] == {}, new


@pytest.mark.parametrize(("type_", "arguments", "answer", "arn"), ASKED)
def test_an_answer_of_another_name_tells_nothing(described, type_, arguments, answer, arn):
    if type_ != "aws_kms_alias":  # which key it stands for, only the answer says
        assert described(type_, arguments, answer(f"{arn}2"))[0] == {}


@pytest.mark.parametrize(
    ("type_", "arguments", "arn"),
    [
        ("aws_lambda_function", {"function_name": FUNCTION.replace(ACCOUNT, OTHER)}, FUNCTION),
        ("aws_kms_key", {"key_id": KEY.replace(ACCOUNT, OTHER)}, KEY),
    ],
)
def test_a_thing_of_another_account_is_asked_for_by_its_arn(described, type_, arguments, arn):
    answer = function if type_ == "aws_lambda_function" else key
    theirs = arn.replace(ACCOUNT, OTHER)
    assert described(type_, arguments, answer(theirs))[0]["arn"] == theirs
    assert described(type_, arguments, answer(arn))[0] == {}


def test_a_policy_that_two_have_the_name_of_is_unknown(described):
    twice = policies(POLICY, POLICY.replace("policy/", "policy/team/"))
    assert described("aws_iam_policy", {"name": "read"}, twice)[0] == {}
    assert described("aws_iam_policy", {"name": "read"}, policies())[0] == {}
    assert described("aws_iam_policy", {"name": "read"}, policies(POLICY, POLICY))[0] != {}


def test_a_version_of_a_function_is_asked_for_as_that_version(described):
    arguments = {"function_name": "worker", "qualifier": "7"}
    found, words = described("aws_lambda_function", arguments, function(f"{FUNCTION}:7", 60))
    assert words == {"FunctionName": "worker", "Qualifier": "7"}
    assert found == {"arn": FUNCTION, "role": ROLE, "timeout": "60"}
    assert described("aws_lambda_function", arguments, function(f"{FUNCTION}:8"))[0] == {}


@pytest.mark.parametrize(
    "document", ["no JSON", "null", '{"version": "2012-10-17", "statement": []}', "[]"]
)
def test_a_document_that_aws_would_not_take_is_unknown(described, document):
    sound = described("aws_iam_policy", {"arn": POLICY}, policies(POLICY))[0]
    assert json.loads(sound["policy"]) == DOCUMENT
    found = described("aws_iam_policy", {"arn": POLICY}, policies(POLICY, document=document))[0]
    assert found == {"arn": POLICY}
