"""`Fn::GetStackOutput` among the stacks of one assembly, which apps of today use by default."""

import json

import pytest
from assemblies import laid

from checker.cli import main

RULE = "visibility-timeout-below-function-timeout"


@pytest.fixture
def verdict(tmp_path, capsys):
    """Check two stacks, of which one reads an output of the other as `changed` says."""

    def of(changed=dict):
        folder = laid("two-stacks-by-output", tmp_path)
        path = folder / "Workers.template.json"
        template = json.loads(path.read_text())
        for each in calls(template):
            changed(each)
        path.write_text(json.dumps(template, indent=1))
        main(["plan", str(folder), "--root", str(tmp_path), "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        problems = {each["rule"] for each in report["findings"] if each["kind"] == "problem"}
        return report["mappings"][0]["verdict"], RULE in problems

    return of


def calls(value):
    if isinstance(value, dict):
        if "Fn::GetStackOutput" in value:
            yield value["Fn::GetStackOutput"]
        for each in value.values():
            yield from calls(each)
    elif isinstance(value, list):
        for each in value:
            yield from calls(each)


def test_an_output_of_another_stack_is_its_value(verdict):
    assert verdict() == ("blocked", True)


def test_without_a_region_it_is_of_the_same(verdict):
    assert verdict(lambda call: call.pop("Region")) == ("blocked", True)


def test_a_region_may_be_the_pseudo_parameter(verdict):
    assert verdict(lambda call: call.update(Region={"Ref": "AWS::Region"})) == ("blocked", True)


@pytest.mark.parametrize(
    "change",
    [
        {"Region": "us-east-1"},
        {"StackName": "Other"},
        {"OutputName": "Other"},
        {"StackName": {"Ref": "BootstrapVersion"}},
        {"RoleArn": "arn:aws:iam::444455556666:role/reader"},
        {"StackName": []},
        {"OutputName": {"a": "b"}},
        {"StackName": "Workers"},
    ],
)
def test_what_is_not_surely_that_output_stays_unknown(verdict, change):
    assert verdict(lambda call: call.update(change)) == ("undecided", False)
