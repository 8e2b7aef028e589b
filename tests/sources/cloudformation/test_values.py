"""What the intrinsic functions of templates come to, in long and short form, YAML and JSON.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import json

import pytest

from checker.knowledge.partial import Unknown
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.values.nodes import text_of, written
from checker.sources.cloudformation.values.stack import RootStack, Stack

HEAD = """
Transform: AWS::LanguageExtensions
Parameters:
  Stage: {Type: String, Default: prod}
  Open: {Type: String}
  Thing: {Type: String, Default: Named}
  Attribute: {Type: String, Default: QueueName}
  Names: {Type: CommaDelimitedList, Default: "orders, mails"}
  OpenNames: {Type: CommaDelimitedList}
  Size: {Type: Number, Default: 5}
  Flag: {Type: String, Default: True}
  Account: {Type: String, Default: 012345678901}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /name/of/it}
  StoredList: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /name/of/it}
  Dynamic: {Type: String, Default: "{{resolve:ssm:/a/b}}"}
Mappings:
  Sizes:
    prod: {batch: 10, name: big, same: one}
    test: {batch: 5, name: small, same: one}
  Zones:
    eu-west-1: {zones: [a, b]}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  IsProd: !Equals [!Ref Stage, prod]
  Maybe: !Equals [!Ref Open, prod]
  MaybeOther: !Equals [!Ref Open, test]
  Flagged: !Equals [!Ref Flag, "true"]
  Both: !And [!Condition Always, !Condition IsProd]
  Either: !Or [!Condition Never, {Condition: Maybe}]
  SurelyEither: !Or [{Condition: Maybe}, {Condition: Always}]
  NotBoth: !And [{Condition: Maybe}, {Condition: Never}]
  Not: !Not [!Condition Never]
  Circle: !Not [!Condition OtherCircle]
  OtherCircle: !Not [!Condition Circle]
Resources:
  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
  Made: {Type: AWS::SQS::Queue}
  Worker: {Type: AWS::Lambda::Function, Properties: {FunctionName: worker}}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Worker, FunctionVersion: "1", Name: live}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: worker, Path: /app/}}
  Shared: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: shared}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  KeyAlias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders, TargetKeyId: !Ref Key}}
  Key: {Type: AWS::KMS::Key}
"""
GIVEN = StackInput(account="111122223333", region="eu-west-1")


def stack(text, given=GIVEN):
    return Stack(RootStack(parse(text, "template.yaml"), given))


def value(expression, given=GIVEN):
    """Return a value as text, `?` if it is unknown, None if it is `AWS::NoValue`."""
    made = stack(HEAD + f"  It: {{Type: 'A::B::C', Properties: {{P: {expression}}}}}\n", given)
    found = made.property(made.resources["It"], "P")
    if found is None:
        return None
    if isinstance(found.value, (tuple,)) or hasattr(found.value, "items"):
        text = written(found)
        return "?" if text.literal is None else json.loads(text.literal)
    text = text_of(found)
    return "?" if isinstance(text, Unknown) or text.literal is None else text.literal


CASES = [
    # Ref
    ("!Ref Stage", "prod"),
    ("{Ref: Stage}", "prod"),
    ('{"Ref": "Stage"}', "prod"),
    ("!Ref Open", "?"),
    ("!Ref Size", "5"),
    ("!Ref Names", ["orders", "mails"]),
    ("!Ref OpenNames", "?"),
    ("!Ref Flag", "true"),
    ("!Ref Account", "012345678901"),
    ("!Ref Stored", "?"),
    ("!Ref StoredList", "?"),
    ("!Ref Dynamic", "?"),
    ("!Ref AWS::Region", "eu-west-1"),
    ("!Ref AWS::AccountId", "111122223333"),
    ("!Ref AWS::Partition", "aws"),
    ("!Ref AWS::URLSuffix", "amazonaws.com"),
    ("!Ref AWS::StackName", "?"),
    ("!Ref AWS::StackId", "?"),
    ("!Ref AWS::NotificationARNs", "?"),
    ("!Ref AWS::NoValue", None),
    ("!Ref Named", "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
    ("!Ref Made", "?"),
    ("!Ref Worker", "worker"),
    ("!Ref Live", "arn:aws:lambda:eu-west-1:111122223333:function:worker:live"),
    ("!Ref Role", "worker"),
    ("!Ref Shared", "arn:aws:iam::111122223333:policy/shared"),
    ("!Ref Topic", "arn:aws:sns:eu-west-1:111122223333:news"),
    ("!Ref KeyAlias", "alias/orders"),
    ("!Ref Key", "?"),
    ("!Ref NoSuchThing", "?"),
    # Fn::GetAtt
    ("!GetAtt Named.Arn", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ("!GetAtt [Named, Arn]", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ("{Fn::GetAtt: [Named, Arn]}", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ("{Fn::GetAtt: Named.Arn}", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ('{"Fn::GetAtt": ["Named", "QueueName"]}', "orders"),
    ("!GetAtt Named.QueueUrl", "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
    ("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/app/worker"),
    ("!GetAtt Role.RoleId", "?"),
    ("!GetAtt Live.AliasArn", "arn:aws:lambda:eu-west-1:111122223333:function:worker:live"),
    ("!GetAtt Topic.TopicName", "news"),
    ("!GetAtt Shared.PolicyArn", "arn:aws:iam::111122223333:policy/shared"),
    ("!GetAtt NoSuchThing.Arn", "?"),
    # Functions that make the names
    ("!GetAtt [!Ref Thing, Arn]", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ("!GetAtt [Named, !Ref Attribute]", "orders"),
    ("!GetAtt [!Ref Open, Arn]", "?"),
    ("{Ref: !Sub '${Thing}'}", "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
    ("{Ref: {Fn::Join: ['', [Wor, ker]]}}", "worker"),
    ("{Ref: !Ref Open}", "?"),
    # Fn::Sub
    ("!Sub '${Stage}-x'", "prod-x"),
    ("{Fn::Sub: '${Stage}-x'}", "prod-x"),
    ("!Sub '${!Literal}-x'", "${Literal}-x"),
    ("!Sub '${Named.Arn}'", "arn:aws:sqs:eu-west-1:111122223333:orders"),
    ("!Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:a'",
     "arn:aws:sqs:eu-west-1:111122223333:a"),
    ("!Sub ['${A}-${Stage}', {A: !Ref Size}]", "5-prod"),
    ("!Sub ['${Stage}', {Stage: mine}]", "mine"),
    ("!Sub '${Open}'", "?"),
    ("!Sub '{{resolve:ssm:/${Stage}/x}}'", "?"),
    ("!Sub '${Dynamic}-x'", "?"),
    ("!Sub '$Stage {x} $${Stage}'", "$Stage {x} $prod"),
    ("!Sub ['${A}', {A: !If [Maybe, a, b]}]", "?"),
    ("!Sub '${Flag}'", "true"),
    # Fn::Join, Fn::Split, Fn::Select
    ("!Join ['-', [a, !Ref Stage]]", "a-prod"),
    ("{Fn::Join: ['', [a, b]]}", "ab"),
    ("!Join [',', !Ref Names]", "orders,mails"),
    ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
    ("!Join ['', ['{{resolve:', 'ssm:/a}}']]", "?"),
    ("!Join ['-', [a, !If [Maybe, b, !Ref AWS::NoValue]]]", "?"),
    ("!Split [',', 'a,b']", ["a", "b"]),
    ("!Split ['--', 'a--b']", ["a", "b"]),
    ("!Select [1, [a, b]]", "b"),
    ("!Select ['1', [a, b]]", "b"),
    ("!Select [5, [a, b]]", "?"),
    ("!Select [0, !Ref Names]", "orders"),
    ("!Select [!Ref Open, [a, b]]", "?"),
    ("!Select [5, !Split [':', !GetAtt Named.Arn]]", "orders"),
    ("!Select [1, [!If [Maybe, x, !Ref AWS::NoValue], b, c]]", "?"),
    ("!Select [0, !Split ['/', !Sub '${Stage}/${Open}']]", "?"),
    # Fn::Base64, Fn::Length, Fn::ToJsonString, Fn::Cidr
    ("!Base64 ab", "YWI="),
    ("{Fn::Base64: !Ref Open}", "?"),
    ("{Fn::Length: [a, b]}", "2"),
    ("{Fn::Length: !Ref Names}", "2"),
    ("{Fn::Length: !Ref OpenNames}", "?"),
    ("{Fn::Length: [a, !If [Maybe, b, !Ref AWS::NoValue]]}", "?"),
    ("{Fn::ToJsonString: {a: [1, true, !Ref Stage]}}", '{"a":[1,true,"prod"]}'),
    ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
    # Fn::FindInMap
    ("!FindInMap [Sizes, !Ref Stage, name]", "big"),
    ("{Fn::FindInMap: [Sizes, test, batch]}", "5"),
    ("!FindInMap [Sizes, !Ref Open, name]", "?"),
    ("!FindInMap [Sizes, !Ref Open, same]", "one"),
    ("!FindInMap [Sizes, prod, !Ref Open]", "?"),
    ("!FindInMap [!Ref Open, prod, name]", "?"),
    ("!FindInMap [Sizes, none, name]", "?"),
    ("!FindInMap [Sizes, none, name, {DefaultValue: other}]", "other"),
    ("!FindInMap [Sizes, prod, name, {DefaultValue: other}]", "big"),
    ("!FindInMap [Sizes, !Ref Open, same, {DefaultValue: other}]", "?"),
    ("!FindInMap [NoSuch, prod, name]", "?"),
    ("!FindInMap [Zones, !Ref AWS::Region, zones]", ["a", "b"]),
    ("!Select [1, !FindInMap [Zones, !Ref AWS::Region, zones]]", "b"),
    # Fn::If
    ("!If [IsProd, a, b]", "a"),
    ("{Fn::If: [Never, a, b]}", "b"),
    ("!If [Maybe, a, b]", "?"),
    ("!If [Maybe, a, a]", "a"),
    ("!If [Maybe, [a, b], [a, b]]", ["a", "b"]),
    ("!If [Maybe, {A: 1}, {A: 1}]", {"A": 1}),
    ("!If [Never, a, !Ref AWS::NoValue]", None),
    ("!If [Maybe, a, !Ref AWS::NoValue]", "?"),
    ("!If [NoSuchCondition, a, b]", "?"),
    ("[a, !If [Never, b, !Ref AWS::NoValue], c]", ["a", "c"]),
    ("{A: !If [Never, b, !Ref AWS::NoValue]}", {}),
    # conditions
    ("!If [Both, a, b]", "a"),
    ("!If [Either, a, b]", "?"),
    ("!If [SurelyEither, a, b]", "a"),
    ("!If [NotBoth, a, b]", "b"),
    ("!If [Not, a, b]", "a"),
    ("!If [Flagged, a, b]", "a"),
    ("!If [Circle, a, b]", "?"),
    # what other stacks and the account know
    ("!ImportValue x", "?"),
    ("{Fn::ImportValue: !Sub '${Stage}-x'}", "?"),
    ("{Fn::GetStackOutput: {StackName: a, OutputName: b}}", "?"),
    ("!Transform {Name: AWS::Include, Parameters: {Location: x}}", "?"),
    ("{A: b, Fn::Transform: {Name: AWS::Include}}", "?"),
    ("'{{resolve:ssm:/a}}'", "?"),
    ("'{{resolve:secretsmanager:a:SecretString:b}}'", "?"),
    ("'a-{{resolve:ssm:/a}}-b'", "?"),
    ("!GetAZs eu-west-1", "?"),
    ("!NoSuchFunction a", "?"),
    # plain values
    ("true", "true"),
    ("012345678901", "012345678901"),
    ("2012-10-17", "2012-10-17"),
    ("007", "7"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wanted"), CASES)
def test_an_expression_comes_to_what_cloudformation_makes_of_it(expression, wanted):
    assert value(expression) == wanted


@pytest.mark.parametrize(
    ("type_", "expression", "service"),
    [
        ("AWS::Kinesis::Stream", "!GetAtt Other.Arn", "kinesis"),
        ("AWS::DynamoDB::Table", "!GetAtt Other.StreamArn", "dynamodb"),
        ("AWS::MSK::Cluster", "!Ref Other", "kafka"),
        ("AWS::AmazonMQ::Broker", "!GetAtt Other.Arn", "mq"),
    ],
)
def test_the_service_of_another_event_source_is_known(type_, expression, service):
    text = HEAD + f"  Other: {{Type: {type_}}}\n"
    text += f"  It: {{Type: 'A::B::C', Properties: {{P: {expression}}}}}\n"
    made = stack(text)
    found = text_of(made.property(made.resources["It"], "P"))
    assert str(found).startswith(f"arn:aws:{service}:eu-west-1:111122223333:")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("!Select [1, !Cidr ['10.0.0.0/16', 2, 8]]", "10.0.1.0/24"),
        ("!Select [5, !Cidr ['10.0.0.0/24', 6, 5]]", "10.0.0.160/27"),
        ("!Select [0, {'Fn::Cidr': ['2001:db8::/56', 1, 64]}]", "2001:db8::/64"),
        ("!Select [0, !Cidr ['10.0.0.0/24', 9, 5]]", "?"),
        ("!Select [0, !Cidr ['10.0.0.0/24', x, 5]]", "?"),
        ("!Select [0, !Cidr ['nonsense', 1, 5]]", "?"),
        ("!Select [0, !Cidr ['10.0.0.0/24', 1, 99]]", "?"),
        ("!Select [0, !Cidr ['0.0.0.0/0', 99999999999, 1]]", "?"),
        ("!Select [0, !Cidr [!Ref Open, 1, 5]]", "?"),
    ],
)
def test_blocks_of_addresses_are_cut(expression, found):
    assert value(expression) == found
