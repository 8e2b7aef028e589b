"""`AWS::Lambda::Permission` in templates: of which function it is, and whether it does nothing."""

import pytest
from sources.cloudformation.judged import found, report_of

TEMPLATE = """\
Parameters:
  Open: {Type: String}
  Switch: {Type: String}
  Other: {Type: String}
Conditions:
  Perhaps: !Equals [!Ref Switch, !Ref Other]
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: a}, Role: "arn:aws:iam::111122223333:role/worker"}
  Another:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: a}, Role: "arn:aws:iam::111122223333:role/worker"}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Worker}}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      {FunctionName: !Ref Worker, FunctionVersion: !GetAtt Version.Version, Name: live}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Worker}
  Permission:
    Type: AWS::Lambda::Permission
    CONDITION
    Properties: {FunctionName: FUNCTION, Action: "lambda:InvokeFunction", Principal: PRINCIPAL}
"""
SQS = "sqs.amazonaws.com"
RULE = ["permission-does-nothing"]


def said(function, principal, condition=""):
    text = TEMPLATE.replace("FUNCTION", function, 1).replace("PRINCIPAL", principal)
    report = report_of(text.replace("    CONDITION\n", condition))
    rules = {kind: found(report, kind, "note") for kind in ("problem", "unknown")}
    return [kind for kind, names in rules.items() if set(RULE) <= set(names)]


@pytest.mark.parametrize(
    "function",
    [
        *("!Ref Worker", "!GetAtt Worker.Arn", "!Ref Live", "!Ref Version"),
        *('!Sub "${Worker}:live"', '!Sub "${AWS::AccountId}:function:${Worker}"'),
    ],
)
def test_a_permission_for_sqs_does_nothing(function):
    assert said(function, SQS) == ["problem"]


def test_a_permission_for_another_service_is_used():
    assert said("!Ref Worker", "s3.amazonaws.com") == []


def test_a_permission_of_another_function_is_none_of_this_one():
    assert said("!Ref Another", SQS) == []


def test_what_is_unknown_of_a_permission_stays_unknown():
    assert said("!Ref Open", SQS) == ["unknown"]
    assert said("!Ref Worker", "!Ref Open") == ["unknown"]
    assert said("!Ref Worker", SQS, "    Condition: Perhaps\n") == ["unknown"]
