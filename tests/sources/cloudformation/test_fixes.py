"""Fixes of templates: in the language of the file, and in words of CloudFormation and SAM."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from sources.cloudformation.judged import report_of, verdicts

from checker import yaml
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.sam.plain import plain

HERE = Path(__file__).parent
TEMPLATES = sorted((HERE / "templates").glob("*.yaml"))
OF_TERRAFORM = re.compile(
    r"jsonencode|\baws_[a-z]|Terraform|`[^`]* = [^`]*`|`[a-z]+_[a-z_]+`|provider\b|--live|--var\b"
)
NOT_ONE = re.compile(r"[a-z0-9-]+:[A-Za-z*]+|arn:.*|--.*")
"""What stands in backticks and is none: an action, an ARN, an option."""


@cache
def reports(language):
    return [report_of(as_json(path) if language == "json" else path.read_text())
            for path in TEMPLATES]  # fmt: skip


def as_json(path):
    sections = parse(path.read_text(), "template.yaml").sections
    return json.dumps({name: plain(node) for name, node in sections.items()}, indent=1)


def fixes(language):
    for report in reports(language):
        yield from (each.fix for each in report.findings if each.fix and each.kind == "problem")


def snippets(language):
    for fix in fixes(language):
        for quoted in fix.split("`")[1::2]:
            if re.search("[:{]", quoted) and not NOT_ONE.fullmatch(quoted):
                yield quoted


def braced(snippet):
    return snippet if snippet.startswith("{") else f"{{{snippet}}}"


def test_what_a_fix_writes_in_a_json_template_is_json():
    found = {braced(each) for each in snippets("json")}
    assert all(json.loads(each) for each in found)
    assert any("Fn::GetAtt" in each for each in found)


def test_what_a_fix_writes_in_a_yaml_template_is_yaml():
    found = {braced(each) for each in snippets("yaml")}
    assert all(yaml.parse(each).entries for each in found)
    assert any("!GetAtt" in each for each in found)


@pytest.mark.parametrize("language", ["yaml", "json"])
def test_nothing_that_is_said_of_a_template_speaks_of_terraform(language):
    said = [
        text
        for report in reports(language)
        for each in report.findings
        for text in (each.message, each.fix or "", *(because.text for because in each.because))
    ]
    assert [text for text in said if OF_TERRAFORM.search(text)] == []
    assert len(said) > 100


SERVERLESS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 180
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Dead:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 1209600}
  Key: {Type: AWS::KMS::Key}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: worker.handle
      Runtime: python3.12
      Timeout: 5
      POLICIES
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Worker}
"""
LACKING = {
    "the queue": (
        "VisibilityTimeout: 180",
        "{SQSPollerPolicy: {QueueName: !GetAtt Orders.QueueName}}",
    ),
    "the key": (
        "VisibilityTimeout: 180\n      KmsMasterKeyId: !Ref Key",
        "{KMSDecryptPolicy: {KeyId: !Ref Key}}",
    ),
}


@pytest.mark.parametrize("what", LACKING)
def test_a_function_of_sam_gets_its_permission_by_a_policy_template(what):
    pytest.importorskip("samtranslator")
    queue, policy = LACKING[what]
    text = SERVERLESS.replace("VisibilityTimeout: 180", queue)
    others = [each for name, (_, each) in LACKING.items() if name != what]
    lacking = report_of(text.replace("POLICIES", f"Policies: [{', '.join(others)}]"))
    (fix,) = [each.fix for each in lacking.findings if each.severity.value == "error"]
    assert fix == f"add to `Policies` of `Worker`: `{policy}`"
    mended = report_of(text.replace("POLICIES", f"Policies: [{', '.join([*others, policy])}]"))
    assert verdicts(mended) == {"Mapping": "ready"}


def test_an_event_of_sam_is_given_the_arn_of_its_queue():
    pytest.importorskip("samtranslator")
    event = "Events: {Take: {Type: SQS, Properties: {Queue: !Ref Orders}}}"
    text = SERVERLESS.replace("POLICIES", event).split("  Mapping:")[0]
    report = report_of(text)
    (fix,) = [each.fix for each in report.findings if each.severity.value == "error"]
    assert fix == "`Queue: !GetAtt Orders.Arn` in `Worker`"
    assert verdicts(report_of(text.replace("!Ref Orders", "!GetAtt Orders.Arn"))) == {
        "WorkerTake": "ready"
    }


def test_a_role_that_the_template_writes_itself_gets_a_statement():
    pytest.importorskip("samtranslator")
    role = "Role: !GetAtt WorkerRole.Arn"
    more = """\
  WorkerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
"""
    report = report_of(SERVERLESS.replace("POLICIES", role) + more)
    (fix,) = [each.fix for each in report.findings if each.severity.value == "error"]
    assert fix.startswith("add to a policy of `WorkerRole`: `{Effect: Allow, Action: [sqs:")
