"""Templates of one run that import from one another are read together."""

import json

import pytest
from sources.cloudformation.told import problems, rules, verdicts

from checker.cli import main

QUEUE = """\
Parameters: {Seconds: {Type: Number, Default: 180}}
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !Ref Seconds
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
Outputs:
  Arn: {Value: !GetAtt Orders.Arn, Export: {Name: orders-arn}}
  Url: {Value: !Ref Orders, Export: {Name: orders-url}}
"""
WORKER = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: queue
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
                Resource: !ImportValue orders-arn
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: code, S3Key: worker.zip}
      Handler: worker.handler
      Runtime: python3.12
      Timeout: 30
      Role: !GetAtt Role.Arn
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !ImportValue orders-arn, FunctionName: !Ref Orders}
Outputs:
  Role: {Value: !Ref Role, Export: {Name: worker-role}}
"""
ID = "worker.yaml:Mapping"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Check every template below a directory; return the report."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def checked(*arguments, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        main(["plan", ".", "--recursive", *arguments, "--format", "json", "--root", "."])
        return json.loads(capsys.readouterr()[0])

    return checked


def test_what_is_imported_is_what_another_template_exports(run):
    report = run(queue=QUEUE, worker=WORKER)
    assert verdicts(report) == {ID: "ready"}
    assert any("exports under that name" in each for each in report["assumptions"])


def test_alone_it_is_unknown(run):
    assert verdicts(run(worker=WORKER)) == {ID: "undecided"}


def test_a_fault_of_the_other_template_is_found_there(run):
    report = run(queue=QUEUE.replace("Default: 180", "Default: 10"), worker=WORKER)
    assert ("visibility-timeout-below-function-timeout", "queue.yaml") in problems(report)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("!Sub orders-arn", "ready"),
        ("!Join ['-', [orders, arn]]", "ready"),
        ("other-arn", "undecided"),
        ("!Ref Name", "undecided"),
        ("!Sub '${AWS::StackName}-arn'", "undecided"),
    ],
)
def test_the_name_decides(run, name, found):
    worker = WORKER.replace("!ImportValue orders-arn", f"{{'Fn::ImportValue': {name}}}")
    report = run(queue=QUEUE, worker="Parameters: {Name: {Type: String}}\n" + worker)
    assert verdicts(report) == {ID: found}


def test_a_name_that_two_templates_export_is_unknown(run):
    assert verdicts(run(queue=QUEUE, again=QUEUE, worker=WORKER)) == {ID: "undecided"}


def test_things_of_one_logical_id_in_two_templates_are_two(run):
    report = run(queue=QUEUE, worker=WORKER)
    assert "name-taken-twice" not in rules(report) | rules(report, "unknown")


def test_a_template_that_imports_nothing_is_read_alone(run):
    alone = QUEUE.replace("orders-", "alone-")
    report = run(queue=QUEUE, worker=WORKER, alone=alone)
    assert verdicts(report) == {ID: "ready"}


def test_what_both_cannot_be_deployed_without_is_there_in_time(run):
    """The role is of the stack of the queue, with a policy of its own there."""
    role, rest = WORKER[WORKER.index("  Role:") : WORKER.index("  Orders:")], WORKER
    first = role.index("      Policies:")
    policy = """\
  Access:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: queue
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
            Resource: !GetAtt Orders.Arn
"""
    export = "  Role: {Value: !GetAtt Role.Arn, Export: {Name: role-arn}}\n"
    queue = QUEUE.replace("Outputs:\n", role[:first] + policy + "Outputs:\n") + export
    worker = rest.replace(role, "").replace("!GetAtt Role.Arn", "!ImportValue role-arn")
    worker = worker[: worker.index("Outputs:")]
    assert verdicts(run(queue=queue, worker=worker)) == {ID: "ready"}


LATER = """\
Resources:
  Access:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: queue
      Roles: [!ImportValue worker-role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
            Resource: !ImportValue orders-arn
"""


def test_a_policy_of_a_stack_that_is_deployed_later_comes_too_late(run):
    first = WORKER.index("      Policies:")
    worker = WORKER[:first] + WORKER[WORKER.index("  Orders:\n") :]
    report = run(queue=QUEUE, worker=worker, later=LATER)
    (found,) = (e for e in report["findings"] if e["rule"] == "policy-attached-too-late")
    assert found["fix"] == "deploy the stack of `later.yaml` before that of `worker.yaml`"
    assert "role-cannot-read-queue" not in rules(report)


def test_stacks_that_import_from_one_another_end(run):
    queue = QUEUE + "  R: {Value: !ImportValue worker-role, Export: {Name: x}}\n"
    queue = queue.replace(
        "Resources:\n",
        "Resources:\n  T: {Type: 'A::B::C', Properties: {P: !ImportValue worker-role}}\n",
    )
    assert verdicts(run(queue=queue, worker=WORKER)) == {ID: "ready"}


def test_a_parameter_that_is_compared_is_tried_in_a_group_too(run):
    head = "Parameters: {Stage: {Type: String}}\nConditions: {Prod: !Equals [!Ref Stage, prod]}\n"
    worker = head + WORKER.replace("Timeout: 30", "Timeout: !If [Prod, 30, 20]")
    assert verdicts(run(queue=QUEUE, worker=worker)) == {ID: "ready"}


def test_another_region_has_other_exports(run, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "samconfig.toml").write_text(
        'version = 0.1\n[default.deploy.parameters]\nregion = "eu-west-1"\n'
    )
    (tmp_path / "sub" / "queue.yaml").write_text(QUEUE)
    assert verdicts(run(worker=WORKER)) == {ID: "undecided"}


NAMED = "FunctionName: !Ref"
CHANGES = {
    "sound": ("queue", "", ""),
    "visibility too short": ("queue", "Default: 180", "Default: 10"),
    "a queue for no mapping": (
        "queue",
        "Type: AWS::SQS::Queue\n    Prop",
        "Type: A::B::C\n    Prop",
    ),
    "a batch too large": ("worker", NAMED, f"BatchSize: 99999, {NAMED}"),
    "an action missing": ("worker", '"sqs:DeleteMessage", ', ""),
    "a batch without a window": (
        "worker",
        "FunctionName: !Ref",
        "BatchSize: 50, FunctionName: !Ref",
    ),
    "switched off": ("worker", NAMED, f"Enabled: false, {NAMED}"),
}
HIDDEN = {
    "the template": None,
    "the export": ("Export: {Name: orders-arn}", "Description: none"),
    "its name": ("Export: {Name: orders-arn}", "Export: {Name: !Ref Hidden}"),
    "its value": ("Value: !GetAtt Orders.Arn, Export", "Value: !Ref Hidden, Export"),
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_settled_stays_so_when_an_export_is_known(run, tmp_path, change, hidden):
    name, old, new = change
    files = {"queue": QUEUE, "worker": WORKER}
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    whole = run(**files)
    if hidden is None:
        (tmp_path / "queue.yaml").unlink()
        less = {"worker": files["worker"]}
    else:
        assert hidden[0] in files["queue"]
        text = files["queue"].replace(*hidden)
        text = text.replace("Parameters: {", "Parameters: {Hidden: {Type: String}, ", 1)
        less = files | {"queue": text}
    before = run(**less)
    (settled,), (known,) = (verdicts(each).values() for each in (before, whole))
    assert settled in {known, "undecided"} or (settled, known) == ("at-risk", "blocked")
    assert rules(before) <= rules(whole)
