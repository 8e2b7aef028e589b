"""Stacks of one assembly that name what another one creates, by a literal ARN or name."""

import json

import pytest
from assemblies import laid

from checker.cli import main
from checker.sources.cloudformation.connected import MOST_TOGETHER, connected
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.values.stack import RootStack

RULE = "visibility-timeout-below-function-timeout"
NAMED = "arn:aws:sqs:eu-west-1:111122223333:orders"


@pytest.fixture
def verdict(tmp_path, capsys):
    """Check two stacks, of which one names the queue of the other, as `change` says."""

    def of(change=lambda *_: None):
        folder = laid("two-stacks-by-output", tmp_path)
        paths = queue_path, workers_path = stacks(folder)
        queue, workers = (json.loads(each.read_text()) for each in paths)
        the_queue(queue)["QueueName"] = "orders"
        workers = replaced(workers, "Fn::GetStackOutput", NAMED)
        change(queue, workers)
        queue_path.write_text(json.dumps(queue, indent=1))
        workers_path.write_text(json.dumps(workers, indent=1))
        main(["plan", str(folder), "--root", str(tmp_path), "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        problems = {each["rule"] for each in report["findings"] if each["kind"] == "problem"}
        return report["mappings"][0]["verdict"], RULE in problems

    return of


def stacks(folder):
    workers = folder / "Workers.template.json"
    other = [each for each in folder.glob("*.template.json") if each != workers]
    assert len(other) == 1
    return other[0], workers


def the_queue(template):
    mapped = [
        each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in each.get("Properties", {})
    ]
    every = [e for e in template["Resources"].values() if e["Type"] == "AWS::SQS::Queue"]
    return (mapped or every)[0].setdefault("Properties", {})


def replaced(value, call, literal):
    if isinstance(value, dict):
        if call in value:
            return literal
        return {key: replaced(each, call, literal) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, call, literal) for each in value]
    return value


def test_a_literal_arn_is_the_queue_of_the_other_stack(verdict):
    assert verdict() == ("blocked", True)


def test_an_arn_put_together_is_the_queue_of_the_other_stack(verdict):
    def joined(_queue, workers):
        for each in workers["Resources"].values():
            if each["Type"] == "AWS::Lambda::EventSourceMapping":
                head = ["arn:", {"Ref": "AWS::Partition"}, ":sqs:eu-west-1:111122223333:orders"]
                each["Properties"]["EventSourceArn"] = {"Fn::Join": ["", head]}

    assert verdict(joined) == ("blocked", True)


@pytest.mark.parametrize("name", ["other", "orders2", {"Ref": "AWS::StackName"}])
def test_another_name_is_another_queue(verdict, name):
    def renamed(queue, _workers):
        the_queue(queue)["QueueName"] = name

    assert verdict(renamed) == ("undecided", False)


def test_a_queue_that_a_condition_may_leave_out_is_another_one(verdict):
    def conditioned(queue, _workers):
        queue.setdefault("Parameters", {})["On"] = {"Type": "String"}
        queue["Conditions"] = {"IsOn": {"Fn::Equals": [{"Ref": "On"}, "yes"]}}
        for each in queue["Resources"].values():
            if each["Type"] == "AWS::SQS::Queue":
                each["Condition"] = "IsOn"

    assert verdict(conditioned) == ("undecided", False)


def test_the_alias_of_a_key_is_named_by_its_last_part():
    given = StackInput(account="111122223333", region="eu-west-1")
    key = "Resources: {A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders}}}\n"
    queue = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: alias/orders}}}\n"
    roots = [
        RootStack(parse(text, f"{prefix}.yaml"), given, prefix)
        for prefix, text in (("key:", key), ("queue:", queue))
    ]
    assert [len(each) for each in connected(roots)] == [2]


def test_a_name_in_another_region_is_another_queue(verdict):
    def moved(_queue, workers):
        elsewhere = replaced_text(workers, NAMED, NAMED.replace("eu-west-1", "us-east-1"))
        workers.clear()
        workers.update(elsewhere)

    found, too_short = verdict(moved)
    assert not too_short
    assert found in {"blocked", "undecided"}


def test_many_stacks_that_name_one_queue_keep_their_imports():
    queue = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}}\n"
    outputs = "Outputs: {Arn: {Value: !GetAtt Q.Arn, Export: {Name: arn}}}\n"
    topic = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: %s}}}\n"
    given = StackInput(account="111122223333", region="eu-west-1")
    texts = [queue + outputs, topic % "!ImportValue arn", *[topic % f'"{NAMED}"'] * MOST_TOGETHER]
    roots = [
        RootStack(parse(text, f"{number}.yaml"), given, f"s{number}:")
        for number, text in enumerate(texts)
    ]
    few, many = connected(roots[:10]), connected(roots)
    assert [len(each) for each in few] == [10]
    assert [len(each) for each in many] == [2, *[1] * MOST_TOGETHER]
    assert many[0][1].after == {"s0:"}
    assert all(root.after <= {each.prefix for each in group} for group in many for root in group)


def replaced_text(value, old, new):
    return json.loads(json.dumps(value).replace(old, new))
