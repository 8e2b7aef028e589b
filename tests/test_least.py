"""The least documents allow what is asked, and nothing can be left out of them."""

import json
import re
from dataclasses import replace

import pytest

from checker.cli import main
from checker.iam.actions import exists
from checker.iam.authorize import Layers, authorize
from checker.iam.document import Documents, parse
from checker.knowledge.partial import Known, Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.least import LeastStatement, as_hcl, as_json, for_audit, for_deployer, for_role
from checker.model import EventSourceMapping, open_key, open_queue, open_role
from checker.requests import decrypt, deploy, poll
from checker.rules.settings import Settings
from checker.sources.account.allowed import READING

AT = Location("least.json", 1, 1)
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:worker"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
ROLE = open_role(Text.of("arn:aws:iam::111122223333:role/worker"), AT)
THE_QUEUE, THE_KEY = open_queue(Text.of(QUEUE), AT), open_key(Text.of(KEY), AT)


def allows(grants, request):
    document = parse(Text.of(as_json(grants)), id="least", at=AT).value
    root = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    root["Principal"] = {"AWS": "arn:aws:iam::111122223333:root"}
    key = parse(Text.of(json.dumps({"Version": "2012-10-17", "Statement": root})), id="k", at=AT)
    resource = Documents((key.value,)) if request.service == "kms" else None
    layers = Layers(identity=Documents((document,)), resource=resource)
    return authorize(request, layers).allowed is Truth.YES


def shortened(grants):
    """Yield the grants with one action left out, and which."""
    for number, grant in enumerate(grants):
        for action in grant.actions:
            left = tuple(each for each in grant.actions if each != action)
            rest = [*grants[:number], *grants[number + 1 :]]
            if left:
                rest.append(LeastStatement(grant.sid, left, grant.resource, grant.conditions))
            yield action, tuple(rest)


def asked_of_the_role():
    reads = [poll(action, THE_QUEUE, ROLE) for action in Settings().role_required]
    return {request.action: request for request in [*reads, decrypt(THE_KEY, THE_QUEUE, ROLE)]}


def test_the_roles_document_is_enough_and_nothing_of_it_is_too_much():
    grants, asked = for_role(QUEUE, KEY, Settings()), asked_of_the_role()
    assert all(allows(grants, request) for request in asked.values())
    for action, less in shortened(grants):
        assert not allows(less, asked[action])


def test_the_deployers_document_is_enough_and_nothing_of_it_is_too_much():
    mapping = EventSourceMapping(
        id="m",
        at=AT,
        source=Known(Text.of(QUEUE), AT),
        function=Known(Text.of(FUNCTION), AT),
        region=Known(Text.of("eu-west-1"), AT),
        batch_size=Known(10, AT),
        batching_window=Known(0, AT),
        enabled=Known(value=True, at=AT),
        tagged=Known(value=False, at=AT),
    )
    settings = replace(Settings(), deployer_console=())
    actions = (*settings.deployer_required, *settings.deployer_terraform)
    asked = {action: deploy(action, mapping, ROLE) for action in actions}
    grants = for_deployer(FUNCTION, settings)
    assert all(allows(grants, request) for request in asked.values())
    for action, less in shortened(grants):
        assert not allows(less, asked[action])


def test_an_audit_asks_only_to_read_what_exists():
    assert all(exists(action) for action in READING)
    assert all(re.fullmatch(r"\w+:(Get|List|Describe)\w+", action) for action in READING)
    (grant,) = for_audit()
    assert grant.actions == READING


def test_both_languages_say_the_same(tmp_path):
    grants = for_role(QUEUE, KEY, Settings())
    hcl = as_hcl("role", grants)
    (tmp_path / "main.tf").write_text(hcl)
    from checker.sources.terraform.configuration.files import Files
    from checker.sources.terraform.given import Given
    from checker.sources.terraform.load import open_root
    from checker.sources.terraform.modules.project import Project
    from checker.sources.terraform.resources.walk import Walk

    root = open_root(Project(tmp_path, Files(tmp_path)), "t", Given())
    (found,) = Walk(root).of("aws_iam_policy_document", "data")
    known = json.loads(str(found.instance.attribute("json", AT)))
    assert known["Statement"][0]["Resource"] == QUEUE
    assert sorted(known["Statement"][0]["Action"]) == sorted(Settings().role_required)
    assert known["Statement"][1]["Condition"] == {
        "StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("role", "--queue", QUEUE), 0, '"sqs:DeleteMessage"'),
        (("role", "--queue", QUEUE, "--format", "hcl"), 0, "aws_iam_policy_document"),
        (("role", "--queue", QUEUE, "--policy", "aws-2019"), 0, '"sqs:ChangeMessageVisibility"'),
        (("deployer", "--function", FUNCTION), 0, '"lambda:FunctionArn"'),
        (("deployer", "--function", FUNCTION, "--policy", "aws-2019"), 0, "ListFunctions"),
        (("audit",), 0, '"lambda:ListEventSourceMappings"'),
        (("role",), 2, "`--queue ARN` is missing"),
        (("role", "--queue", "orders"), 2, "is not an ARN"),
        (("deployer", "--function", QUEUE), 2, "is not an ARN of that service"),
    ],
)
def test_the_command_prints_a_document_or_says_what_is_missing(words, code, said, capsys):
    assert main(("permissions", *words)) == code
    written = capsys.readouterr()
    assert said in written.out + written.err
