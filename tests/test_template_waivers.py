"""What waives rules in a template, and which of it counts."""

import json

import pytest
from repositories import commit, git, new

from checker.cli import main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:{queue}
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 10
  Worker:{function}
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        # tfcheck: ignore[batch-size-out-of-range] this is not a comment of YAML
        pass
      Handler: worker.handler
      Runtime: python3.12
      Timeout: 60
      Policies:
        - SQSPollerPolicy: {{QueueName: !GetAtt Orders.QueueName}}
      Events:
        Queue:{event}
          Type: SQS
          Properties:
            Queue: !GetAtt Orders.Arn
            BatchSize: 100
Outputs:
  Queue: {{Value: !Ref Orders}}
"""
BATCH, TIMEOUT = "batch-size-out-of-range", "visibility-timeout-below-function-timeout"


def template(queue="", function="", event=""):
    return TEMPLATE.format(queue=queue, function=function, event=event)


@pytest.fixture
def checked(tmp_path, monkeypatch, capsys):
    """Check a template; return the exit code and the problems with their waivers."""
    monkeypatch.chdir(tmp_path)

    def run(text, *arguments, name="template.yaml"):
        (tmp_path / name).write_text(text)
        code = main(["plan", name, "--format", "json", *arguments])
        report = json.loads(capsys.readouterr()[0])
        findings = [each for each in report["findings"] if each["kind"] == "problem"]
        return code, {each["rule"]: each.get("waived") for each in findings}

    return run


def test_without_a_waiver_both_are_found(checked):
    code, found = checked(template())
    assert code == 1
    assert (found[BATCH], found[TIMEOUT]) == (None, None)


@pytest.mark.parametrize("at", ["function", "event"])
def test_a_comment_at_a_function_or_an_event_waives_what_is_made_of_it(checked, at):
    _, found = checked(template(**{at: f" # tfcheck: ignore[{BATCH}] the window comes later"}))
    assert found[BATCH]["reason"] == "the window comes later"
    assert found[TIMEOUT] is None


def test_a_comment_at_a_queue_waives_what_stands_in_it_alone(checked):
    _, found = checked(template(queue=f" # tfcheck: ignore[{BATCH}, {TIMEOUT}] known"))
    assert found[BATCH] is None
    assert found[TIMEOUT]["reason"] == "known"


def test_a_comment_stands_above_what_it_is_about(checked):
    above = template().replace("  Worker:", f"  # tfcheck: ignore[{BATCH}] known\n  Worker:")
    assert checked(above)[1][BATCH]["reason"] == "known"


def test_a_comment_in_a_property_stands_at_nothing(checked):
    inside = template().replace("BatchSize: 100", f"BatchSize: 100 # tfcheck: ignore[{BATCH}] no")
    _, found = checked(inside)
    assert found[BATCH] is None
    assert "waiver-unused" in found


@pytest.mark.parametrize(
    "written",
    [
        f"[{BATCH} known until=2999-01-31]",
        f"{BATCH} known until=2999-01-31",
        f"[{{rule: {BATCH}, reason: known, until: 2999-01-31}}]",
    ],
)
def test_metadata_of_a_resource_waives_as_a_comment_does(checked, written):
    metadata = f"\n    Metadata: {{tfcheck: {{ignore: {written}}}}}"
    _, found = checked(template(function=metadata))
    assert (found[BATCH]["reason"], found[BATCH]["until"]) == ("known", "2999-01-31")
    assert found[TIMEOUT] is None


@pytest.mark.parametrize(
    "written",
    [f"[{BATCH} known until=2001-01-31]", "[no-such-rule known]", "[{reason: a}]", "[[1]]", "[3]"],
)
def test_metadata_that_can_waive_nothing_is_said(checked, written):
    _, found = checked(template(function=f"\n    Metadata: {{tfcheck: {{ignore: {written}}}}}"))
    assert found[BATCH] is None
    assert "waiver-unused" in found


def test_metadata_of_the_template_stands_at_no_resource(checked):
    _, found = checked(template() + f"Metadata: {{tfcheck: {{ignore: [{BATCH} known]}}}}\n")
    assert found[BATCH] is None
    assert "waiver-unused" in found


@pytest.mark.parametrize("indent", [None, 2])
def test_json_on_one_line_waives_for_its_resource_alone(checked, indent):
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 10}}
    queue["Metadata"] = {"tfcheck": {"ignore": [f"{BATCH} known", f"{TIMEOUT} known"]}}
    mapping = {
        "EventSourceArn": {"Fn::GetAtt": ["Orders", "Arn"]},
        "FunctionName": "worker",
        "BatchSize": 100,
    }
    resources = {
        "Orders": queue,
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
    }
    text = json.dumps({"Resources": resources}, indent=indent)
    _, found = checked(text, name="template.json")
    assert found[BATCH] is None
    resources["Mapping"]["Metadata"] = queue.pop("Metadata")
    _, found = checked(json.dumps({"Resources": resources}, indent=indent), name="template.json")
    assert found[BATCH]["reason"] == "known"


def test_inline_waivers_can_be_left_aside(checked):
    text = template(function=f" # tfcheck: ignore[{BATCH}] known")
    assert checked(text, "--no-inline-waivers")[1][BATCH] is None


def test_a_waiver_that_the_base_does_not_have_is_only_proposed(checked, tmp_path):
    waived = template(function=f" # tfcheck: ignore[{BATCH}] known")
    new(tmp_path)
    (tmp_path / "template.yaml").write_text(template())
    commit(tmp_path)
    git("branch", "before", at=tmp_path)
    (tmp_path / "template.yaml").write_text(waived)
    commit(tmp_path)
    git("branch", "after", at=tmp_path)
    assert checked(waived, "--base", "before")[1][BATCH] is None
    assert checked(waived, "--base", "after")[1][BATCH]["reason"] == "known"
    moved = waived.replace("Resources:", "Description: moved\nResources:")
    assert checked(moved, "--base", "after")[1][BATCH]["reason"] == "known"


def test_findings_that_an_earlier_commit_has_are_left_out(checked, tmp_path):
    new(tmp_path)
    (tmp_path / "template.yaml").write_text(template().replace("BatchSize: 100", "BatchSize: 10"))
    commit(tmp_path)
    git("branch", "before", at=tmp_path)
    code, found = checked(template(), "--changed-since", "before")
    assert code == 1
    assert BATCH in found
    assert TIMEOUT not in found
