"""What CloudFormation refuses of the form of a template."""

import pytest
from sources.cloudformation.judged import report_of

SOUND = """\
Parameters: {Size: {Type: Number, Default: 5}}
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: []}}]
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Handler: a.b, Runtime: python3.12, Role: !GetAtt Role.Arn}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Orders.Arn
      FunctionName: !Ref Worker
"""


def refused(text):
    found = report_of(text).findings
    return [each.message for each in found if each.rule == "configuration-invalid"]


def test_a_sound_template_is_not_refused():
    assert refused(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("VisibilityTimeout: 60", "VisibilityTimeout: ", "[/Resources/Orders/Properties/Visibil"),
        ("FunctionName: !Ref Worker", "FunctionName: ", "/FunctionName] 'null' values are not"),
        (
            "{Type: Number, Default: 5}",
            "{Default: 5}",
            "Every Parameters object must contain a Type",
        ),
        ("{Type: Number, Default: 5}", "x", "Every Parameters object must contain a Type member."),
        ("{PolicyName: p, ", "{", "[#/Policies/0: required key [PolicyName] not found]"),
        ("!Ref Worker", "!Ref AWS::Worker", "Unresolved resource dependencies [AWS::Worker]"),
        ("!Ref Worker", '!ImportValue {"Fn::Sub": "${Nothing}"}', "dependencies [Nothing]"),
        ("!Ref Worker", "!Base64 {Ref: Nothing}", "Unresolved resource dependencies [Nothing]"),
        ("!GetAtt Orders.Arn", "!GetAtt [!Sub Orders, Arn]", "names a resource and an attribute"),
        ("!Ref Worker", "{Ref: !Sub Worker}", "`Ref` names a parameter or a resource"),
        (" 60}", " {Fn::Length: [a, b]}}", "Encountered unsupported function: Fn::Length"),
        ("!GetAtt Orders.Arn", "!GetAtt Orders.Url", "does not support attribute type Url"),
    ],
)
def test_what_is_refused_is_said_in_its_words(old, new, text):
    assert old in SOUND
    (found,) = refused(SOUND.replace(old, new))
    assert text in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("!GetAtt Orders.Arn", "!GetAtt Orders.QueueUrl"),
        ("FunctionName: !Ref Worker", "FunctionName: !Sub '${Worker}${AWS::Region}'"),
        ("VisibilityTimeout: 60", "VisibilityTimeout: !Ref AWS::NoValue"),
    ],
)
def test_what_is_taken_is_not_refused(old, new):
    assert refused(SOUND.replace(old, new)) == []


def test_functions_of_language_extensions_are_taken_with_the_transform():
    text = SOUND.replace("!GetAtt Orders.Arn", "!GetAtt [!Sub Orders, Arn]")
    text = text.replace("!Ref Worker", "{Ref: !Sub Worker}")
    assert len(refused(text)) > 0
    assert refused("Transform: AWS::LanguageExtensions\n" + text) == []


def test_a_ref_names_the_attribute_of_any_template():
    text = SOUND.replace("Default: 5}", "Default: 5}, Name: {Type: String, Default: Arn}")
    assert refused(text.replace("!GetAtt Orders.Arn", "!GetAtt [Orders, !Ref Name]")) == []


def test_a_macro_may_work_out_what_cloudformation_does_not():
    text = SOUND.replace(" 60}", " {Fn::Length: [a, b]}}")
    (found,) = refused("Transform: OurMacro\n" + text)
    assert found.startswith("cannot decide `configuration-invalid`")


def test_what_a_transform_gets_may_be_empty():
    text = "Transform: [Macro]\n" + SOUND.replace("VisibilityTimeout: 60", "VisibilityTimeout: ")
    assert refused(text) == []
