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


CONDITIONS = """\
Conditions:
  IsProd: !Equals [!Ref Size, 5]
  IsBig: CONDITION
"""


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("!Equals [!Ref Orders, x]", "[Orders]. Cannot reference resources in the Conditions"),
        ("!Equals [!GetAtt Orders.Arn, x]", "Unresolved dependencies [Orders]"),
        ("!Equals [!Sub '${Sise}-x', x]", "Unresolved dependencies [Sise]"),
        ("!Not [!Condition IsProf]", "dependency IsProf in the Conditions block"),
        ("!Not [{Condition: IsBig}]", "Circular dependency between conditions: [IsBig]"),
        ("!Equals [!Ref Size]", "`Fn::Equals` takes two values"),
        ("!And [!Condition IsProd]", "`Fn::And` takes 2 to 10 conditions"),
        ("!Or " + str([{"Condition": "IsProd"}] * 11), "`Fn::Or` takes 2 to 10 conditions"),
        ("!Not [!Condition IsProd, !Condition IsProd]", "`Fn::Not` takes one condition"),
    ],
)
def test_conditions_that_are_refused(condition, text):
    (found,) = refused(CONDITIONS.replace("CONDITION", condition) + SOUND)
    assert text in found


@pytest.mark.parametrize(
    "condition",
    [
        "!Equals [!Sub '${Size}-${AWS::Region}', 5-eu-west-1]",
        "!Equals [!Sub ['${a}', {a: !Ref Size}], '5']",
        "!And [!Condition IsProd, !Not [{Condition: IsProd}]]",
        "!Condition IsProd",
        "!Equals [!Join ['', [!Ref AWS::StackName, x]], x]",
    ],
)
def test_conditions_that_are_not_refused(condition):
    assert refused(CONDITIONS.replace("CONDITION", condition) + SOUND) == []


def test_a_choice_by_a_condition_that_is_not_declared_is_refused():
    (found,) = refused(SOUND.replace(" 60}", " !If [IsProd, 60, 70]}"))
    assert "Unresolved condition dependency IsProd in the Resources block" in found


def test_a_condition_of_a_resource_does_not_leave_a_mapping_out():
    text = CONDITIONS.replace("CONDITION", "!Equals [!Ref Orders, x]") + SOUND
    report = report_of(
        text.replace("    Properties:\n      Ev", "    Condition: IsBig\n    Properties:\n      Ev")
    )
    assert [each.verdict.value for each in report.mappings] == ["blocked"]


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ("FifoQueue: true, QueueName: orders", "must end with .fifo suffix"),
        ("FifoQueue: 'true', QueueName: !Sub '${AWS::StackName}-orders'", "end with .fifo suffix"),
        ("QueueName: orders.fifo", "Can only include alphanumeric characters"),
        ("QueueName: !Sub '${AWS::StackName}.fifo'", "Can only include alphanumeric characters"),
        ("QueueName: 'all orders'", "Can only include alphanumeric characters"),
        ("QueueName: " + 81 * "a", "1 to 80 in length"),
    ],
)
def test_names_of_queues_that_sqs_refuses(properties, text):
    (found,) = refused(SOUND.replace("VisibilityTimeout: 60", properties))
    assert text in found


@pytest.mark.parametrize(
    "properties",
    [
        "FifoQueue: true",
        "FifoQueue: true, QueueName: orders.fifo",
        "FifoQueue: true, QueueName: !Sub '${AWS::StackName}.fifo'",
        "FifoQueue: true, QueueName: !Ref AWS::StackName",
        "QueueName: !Sub '${AWS::StackName}-orders'",
        "QueueName: " + 80 * "a",
    ],
)
def test_names_of_queues_that_sqs_takes(properties):
    assert refused(SOUND.replace("VisibilityTimeout: 60", properties)) == []
