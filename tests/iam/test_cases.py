"""Cases of fixtures/iam: requests and documents, and what AWS's documentation says of them."""

import json
from pathlib import Path

import pytest

from checker.iam.actions import supports_rcp
from checker.iam.authorize import Layers, authorize
from checker.iam.document import Documents, parse
from checker.iam.request import ABSENT, Caller, CallerKind, Context, Request
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "iam"
CALLERS = {
    "role": Caller.role,
    "session": Caller.session,
    "user": Caller.user,
    "root": Caller.root,
    "service": Caller.service,
    "federated": Caller.federated,
    "federated-user": lambda arn: Caller(CallerKind.FEDERATED_USER, Text.of(arn)),
}
FIELDS = {
    "name",
    "says",
    "page",
    "caller",
    "action",
    "resource",
    "resource-account",
    "context",
    "identity",
    "boundary",
    "session",
    "resource-policy",
    "endpoint",
    "scps",
    "rcps",
    "allowed",
    "because",
}


def topics():
    return sorted(FOLDER.glob("*.json"))


def given():
    for path in topics():
        topic = json.loads(path.read_text("utf-8"))
        for case in topic["cases"]:
            whole = {**topic.get("defaults", {}), "page": topic["page"], **case}
            yield pytest.param(whole, id=f"{path.stem}: {case['name']}")


def caller_of(given):
    if given == "anonymous":
        return Caller.anonymous()
    if isinstance(given, str):
        return Caller.role(given)
    if "session" in given:
        return Caller.session(given["session"], given.get("role"))
    ((kind, arn),) = given.items()
    return CALLERS[kind](arn)


def layer(name, given):
    if given is None:
        return None
    listed = given if isinstance(given, list) else [given]
    return Documents(tuple(read(f"{name} {n}", document) for n, document in enumerate(listed, 1)))


def read(name, document):
    if "unknown" in document:
        return Unknown(document["unknown"], Location("case.json", 1, 1))
    found = parse(Text.of(json.dumps(document)), id=name, at=Location("case.json", 1, 1))
    return found.value if isinstance(found, Known) else found


def layers_of(case):
    def one(name):
        return layer(name, case.get(name))

    def levels(name):
        return tuple(layer(name, level) for level in case.get(name, ()))

    return Layers(
        identity=one("identity") or Documents(),
        boundary=one("boundary"),
        session=one("session"),
        resource=one("resource-policy"),
        scps=levels("scps"),
        rcps=levels("rcps"),
        endpoint=one("endpoint"),
    )


def request_of(case):
    account = case.get("resource-account")
    context = {
        key: ABSENT if values is None else tuple(Text.of(value) for value in values)
        for key, values in case.get("context", {}).items()
    }
    return Request(
        caller=caller_of(case["caller"]),
        action=case["action"],
        resource=Text.of(case["resource"]),
        resource_account=None if account is None else Text.of(account),
        context=Context(context),
    )


@pytest.mark.parametrize("case", list(given()))
def test_a_case_is_decided_as_the_documentation_says(case):
    assert not set(case) - FIELDS
    assert case["says"]
    assert case["page"].startswith("https://")
    decision = authorize(request_of(case), layers_of(case))
    assert decision.allowed is Truth[case["allowed"]], decision.because
    if "because" in case:
        assert any(case["because"] in reason.text for reason in decision.because)


def test_the_names_of_cases_are_distinguished():
    for path in topics():
        names = [case["name"] for case in json.loads(path.read_text("utf-8"))["cases"]]
        assert len(names) == len(set(names)), path


def test_a_resource_control_policy_binds_what_aws_listed_on_2026_09_26():
    assert all(map(supports_rcp, ("sqs", "kms", "sts", "s3", "dynamodb", "logs")))
    assert not any(map(supports_rcp, ("lambda", "kinesis", "kafka", "mq", "sns", "iam", "ec2")))
