"""Nested stacks whose templates are in the repository: read as parts of the stack around them."""

import json

import pytest
from sources.cloudformation.told import problems, rules, verdicts

from checker.cli import main

ROLE = """\
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
                Resource: QUEUE
"""
FUNCTION = """\
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: code, S3Key: worker.zip}
      Handler: worker.handler
      Runtime: python3.12
      Timeout: 30
      Role: !GetAtt Role.Arn
"""
MAPPING = """\
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: QUEUE, FunctionName: WORKER}
"""
QUEUE = """\
Parameters:
  Seconds: {Type: Number, Default: 180}
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !Ref Seconds
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
Outputs:
  QueueARN: {Value: !GetAtt Orders.Arn}
"""
NESTED = """\
  SQSQueue:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./queue.yaml}
"""
ARN = "!GetAtt SQSQueue.Outputs.QueueARN"
ROOT = "Resources:\n" + NESTED + ROLE + FUNCTION + MAPPING
ROOT = ROOT.replace("QUEUE", ARN).replace("WORKER", "!Ref Worker")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Check `template.yaml` beside other files; return the exit code, the report and the rest."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def checked(root, *arguments, **files):
        for name, text in {"template.yaml": root, **files}.items():
            path = tmp_path / "repository" / name.replace("__", "/").replace("_yaml", ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.chdir(tmp_path / "repository")
        code = main(["plan", "template.yaml", *arguments, "--format", "json", "--root", "."])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return checked


def test_a_queue_of_a_nested_stack_is_decided_by_its_template(run):
    code, report, _ = run(ROOT, queue_yaml=QUEUE)
    assert code == 0
    assert verdicts(report) == {"Mapping": "ready"}
    assert report["unread"] == []


def test_a_fault_in_a_nested_template_is_found_there(run):
    _, report, _ = run(ROOT, queue_yaml=QUEUE.replace("Default: 180", "Default: 10"))
    assert verdicts(report) == {"Mapping": "blocked"}
    assert ("visibility-timeout-below-function-timeout", "queue.yaml") in problems(report)


def test_what_is_passed_decides(run):
    passed = ROOT.replace("./queue.yaml}", "./queue.yaml, Parameters: {Seconds: 20}}")
    _, report, _ = run(passed, queue_yaml=QUEUE)
    assert "visibility-timeout-below-function-timeout" in rules(report)


def test_what_is_passed_may_be_unknown(run):
    passed = ROOT.replace("./queue.yaml}", "./queue.yaml, Parameters: {Seconds: !Ref Time}}")
    passed = "Parameters: {Time: {Type: Number}}\n" + passed
    _, report, _ = run(passed, queue_yaml=QUEUE)
    assert verdicts(report) == {"Mapping": "undecided"}
    assert "visibility-timeout-below-function-timeout" in rules(report, "unknown")
    _, report, _ = run(passed, "--parameter", "Time=20", queue_yaml=QUEUE)
    assert verdicts(report) == {"Mapping": "blocked"}


MAPS = (
    "Parameters:\n  Queue: {Type: String}\n  Name: {Type: String}\nResources:\n"
    + MAPPING.replace("QUEUE", "!Ref Queue").replace("WORKER", "!Ref Name")
)
AROUND = (
    "Resources:\n"
    + NESTED
    + ROLE.replace("QUEUE", ARN)
    + FUNCTION
    + """\
  Maps:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: maps/maps.yaml
      Parameters: {Queue: !GetAtt SQSQueue.Outputs.QueueARN, Name: !Ref Worker}
"""
)


def test_a_mapping_of_a_nested_stack_is_decided_by_what_is_passed(run):
    _, report, _ = run(AROUND, queue_yaml=QUEUE, maps__maps_yaml=MAPS)
    assert verdicts(report) == {"Maps/Mapping": "ready"}
    assert report["mappings"][0]["location"]["file"] == "maps/maps.yaml"


def test_one_template_that_is_nested_twice_makes_two_queues(run):
    second = NESTED.replace("SQSQueue", "Second") + MAPPING.replace("Mapping:", "More:")
    text = ROOT + second.replace("QUEUE", "!GetAtt Second.Outputs.QueueARN").replace(
        "WORKER", "!Ref Worker"
    )
    _, report, _ = run(text, queue_yaml=QUEUE)
    assert verdicts(report) == {"Mapping": "ready", "More": "blocked"}
    assert "duplicate-mapping" not in rules(report) | rules(report, "unknown")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("https://bucket.s3.amazonaws.com/queue.yaml", "is not in this repository"),
        ("./missing.yaml", "No such file"),
        ("../outside.yaml", "outside"),
        ("/etc/passwd", "outside"),
        ("template.yaml", "nests itself"),
        ("sub", "is a directory"),
    ],
)
def test_a_nested_stack_out_of_reach_is_not_read(run, tmp_path, path, why):
    (tmp_path / "outside.yaml").write_text(QUEUE)
    (tmp_path / "repository" / "sub").mkdir(parents=True)
    code, report, _ = run(ROOT.replace("./queue.yaml", path))
    assert code == 0
    assert verdicts(report) == {"Mapping": "undecided"}
    (unread,) = report["unread"]
    assert unread["id"] == "SQSQueue"
    assert why in unread["why"]


def test_stacks_that_nest_one_another_end(run):
    other = NESTED.replace("queue.yaml", "template.yaml")
    _, report, _ = run(ROOT, queue_yaml="Resources:\n" + other)
    assert any("nests itself" in each["why"] for each in report["unread"])


def test_many_nested_stacks_are_bounded(run):
    body = "Resources:\n" + "".join(
        NESTED.replace("SQSQueue", f"N{n}").replace("queue.yaml", "next.yaml") for n in range(9)
    )
    files = {f"n{n}_yaml": body.replace("next", f"n{n + 1}") for n in range(1, 9)}
    _, report, _ = run(ROOT.replace("queue.yaml", "n1.yaml"), **files)
    assert any("200 in all" in each["why"] for each in report["unread"])


def test_a_template_that_is_none_ends_the_run(run):
    code, report, err = run(ROOT, queue_yaml="Resources: [")
    assert (code, report) == (2, None)
    assert "queue.yaml" in err


def test_a_nested_stack_that_may_be_there(run):
    condition = "Parameters: {Stage: {Type: String}}\nConditions: {Prod: !Equals [!Ref Stage, p]}\n"
    text = condition + AROUND.replace("  Maps:\n", "  Maps:\n    Condition: Prod\n")
    short = QUEUE.replace("Default: 180", "Default: 10")
    _, report, _ = run(text, queue_yaml=short, maps__maps_yaml=MAPS)
    assert verdicts(report) == {"Maps/Mapping": "blocked"}
    for stage, found in (("p", {"Maps/Mapping": "ready"}), ("q", {})):
        _, report, _ = run(
            text, "--parameter", f"Stage={stage}", queue_yaml=QUEUE, maps__maps_yaml=MAPS
        )
        assert verdicts(report) == found


POLICY = """\
Parameters: {Role: {Type: String}, Queue: {Type: String}}
Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: queue
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
            Resource: !Ref Queue
Outputs:
  Done: {Value: !Ref Policy}
"""
BARE = ROLE[: ROLE.index("      Policies:")]
LATE = (
    "Resources:\n"
    + NESTED
    + BARE
    + FUNCTION
    + MAPPING.replace("QUEUE", ARN).replace("WORKER", "!Ref Worker")
    + """\
  Access:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: policy.yaml
      Parameters: {Role: !Ref Role, Queue: !GetAtt SQSQueue.Outputs.QueueARN}
"""
)


def test_a_policy_of_a_nested_stack_may_come_too_late(run):
    _, report, _ = run(LATE, queue_yaml=QUEUE, policy_yaml=POLICY)
    assert "policy-attached-too-late" in rules(report)
    assert "role-cannot-read-queue" not in rules(report)
    waits = LATE.replace("  Mapping:\n", "  Mapping:\n    DependsOn: Access\n")
    _, report, _ = run(waits, queue_yaml=QUEUE, policy_yaml=POLICY)
    assert verdicts(report) == {"Mapping": "ready"}


def test_a_nested_stack_begins_after_what_it_depends_on(run):
    text = LATE.replace(MAPPING.replace("QUEUE", ARN).replace("WORKER", "!Ref Worker"), "")
    maps = AROUND[AROUND.index("  Maps:") :]
    _, report, _ = run(text + maps, queue_yaml=QUEUE, policy_yaml=POLICY, maps__maps_yaml=MAPS)
    assert "policy-attached-too-late" in rules(report)
    waits = maps.replace("  Maps:\n", "  Maps:\n    DependsOn: Access\n")
    _, report, _ = run(text + waits, queue_yaml=QUEUE, policy_yaml=POLICY, maps__maps_yaml=MAPS)
    assert verdicts(report) == {"Maps/Mapping": "ready"}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("{Name: x}", "Parameters: [Queue] must have values"),
        ("{Queue: x, Name: x, Other: x}", "Parameters: [Other] do not exist in the template"),
    ],
)
def test_parameters_that_a_nested_stack_does_not_take_are_refused(run, given, text):
    passed = AROUND.replace("{Queue: !GetAtt SQSQueue.Outputs.QueueARN, Name: !Ref Worker}", given)
    code, report, _ = run(passed, queue_yaml=QUEUE, maps__maps_yaml=MAPS)
    assert code == 1
    assert any(text in each["message"] for each in report["findings"])


def test_an_output_that_is_not_there_is_refused(run):
    _, report, _ = run(ROOT.replace("Outputs.QueueARN", "Outputs.Arn"), queue_yaml=QUEUE)
    assert "configuration-invalid" in rules(report)


def test_a_circle_through_a_nested_stack_ends(run):
    passed = ROOT.replace("./queue.yaml}", f"./queue.yaml, Parameters: {{Seconds: {ARN}}}}}")
    code, report, _ = run(passed, queue_yaml=QUEUE.replace("!GetAtt Orders.Arn", "!Ref Seconds"))
    assert code in {0, 1}
    assert set(verdicts(report).values()) <= {"undecided", "blocked"}


def test_a_waiver_in_a_nested_template_is_for_what_stands_there(run):
    short = QUEUE.replace("!Ref Seconds", "10")
    rule = "visibility-timeout-below-function-timeout"
    waived = short.replace("  Orders:", f"  Orders: # tfcheck: ignore[{rule}] tested")
    second = NESTED.replace("SQSQueue", "Second")
    _, report, _ = run(ROOT + second, queue_yaml=waived)
    (found,) = (each for each in report["findings"] if each["rule"] == rule)
    assert found["waived"]
    assert "waiver-unused" not in rules(report)


def test_what_is_hidden_in_a_nested_stack_is_not_shown(run):
    child = QUEUE.replace("Default: 180}", "NoEcho: true}")
    passed = ROOT.replace("./queue.yaml}", "./queue.yaml, Parameters: {Seconds: 73915}}")
    _, report, err = run(passed, queue_yaml=child)
    assert "73915" not in json.dumps(report) + err


def test_an_application_of_sam_is_read_by_its_path(run):
    pytest.importorskip("samtranslator")
    text = "Transform: AWS::Serverless-2016-10-31\n" + ROOT
    text = text.replace("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
    text = text.replace("TemplateURL", "Location")
    _, report, _ = run(text, queue_yaml=QUEUE)
    assert verdicts(report) == {"Mapping": "ready"}


def before(run, tmp_path, then, now, *arguments):
    (tmp_path / "repository").mkdir(exist_ok=True)
    (tmp_path / "repository" / "then.yaml").write_text(then)
    return run(now, "--before", "then.yaml", *arguments, queue_yaml=QUEUE)


EARLIER = "earlier-mapping-still-exists"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("  Mapping:", "  Renamed:"), True),
        (("X", "X"), False),
        (("FunctionName: !Ref Worker", "FunctionName: other"), False),
        (("Timeout: 30", "Timeout: 40"), False),
    ],
    ids=["renamed", "unchanged", "another function", "an update in place"],
)
def test_what_an_update_creates_before_it_deletes(run, tmp_path, change, found):
    code, report, _ = before(run, tmp_path, ROOT, ROOT.replace(*change))
    assert (EARLIER in rules(report)) is found
    assert EARLIER not in rules(report, "unknown")
    assert code == int(found)


def test_a_queue_that_is_new_has_no_earlier_mapping(run, tmp_path):
    now = ROOT.replace("  Mapping:", "  Renamed:").replace("SQSQueue", "NewQueue")
    _, report, _ = before(run, tmp_path, ROOT, now)
    assert EARLIER not in rules(report) | rules(report, "unknown")


def test_a_queue_that_is_replaced_has_no_earlier_mapping(run, tmp_path):
    then = ROOT.replace(ARN, "!GetAtt Own.Arn") + "  Own: {Type: AWS::SQS::Queue}\n"
    now = then.replace("  Mapping:", "  Renamed:")
    _, report, _ = before(run, tmp_path, then, now)
    assert EARLIER in rules(report)
    replaced = now.replace("AWS::SQS::Queue}", "AWS::SQS::Queue, Properties: {FifoQueue: true}}")
    _, report, _ = before(run, tmp_path, then, replaced)
    assert EARLIER not in rules(report) | rules(report, "unknown")


def test_an_event_of_sam_that_is_renamed_is_a_new_mapping(run, tmp_path):
    pytest.importorskip("samtranslator")
    then = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: a.b
      Runtime: python3.12
      Events: {Queue: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}
"""
    _, report, _ = before(run, tmp_path, then, then.replace("Events: {Queue:", "Events: {Orders:"))
    assert EARLIER in rules(report)
    assert verdicts(report) == {"WorkerOrders": "blocked"}


def test_a_nested_stack_of_the_earlier_template_may_be_out_of_reach(run, tmp_path):
    (tmp_path / "then.yaml").write_text(ROOT)
    now = ROOT.replace("  Mapping:", "  Renamed:")
    _, report, _ = run(now, "--before", str(tmp_path / "then.yaml"), queue_yaml=QUEUE)
    assert EARLIER in rules(report, "unknown")


def test_the_earlier_template_is_one_and_can_be_read(run, tmp_path):
    assert before(run, tmp_path, "Resources: [", ROOT)[0] == 2
    assert before(run, tmp_path, ROOT, ROOT, "--recursive")[0] == 2
    code, _, err = run(ROOT, "--before", "missing.yaml", queue_yaml=QUEUE)
    assert (code, "missing.yaml" in err) == (2, True)
