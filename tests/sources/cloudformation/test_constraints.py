"""Constraints of parameters: what is given is a usage error, a default refuses the template."""

import time

import pytest
from sources.cloudformation.judged import found, report_of, verdicts

from checker.cli import main

TEMPLATE = """\
Parameters:
  Given: {Type: %s}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {Tags: [{Key: a, Value: !Sub "${Given}"}]}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: worker}
"""
CASES = [
    ("String, AllowedPattern: '[a-z]+'", "abc", ""),
    ("String, AllowedPattern: '[a-z]+'", "abc1", "matches `[a-z]+`"),
    ("String, AllowedPattern: '^arn:.*$'", "orders", "matches `^arn:.*$`"),
    ("String, AllowedPattern: 'a|b'", "ab", "matches `a|b`"),
    ("String, AllowedPattern: '(?=a).*'", "b", ""),  # RE2 does not read it
    ("String, AllowedPattern: '[a-z&&[^b]]+'", "b", ""),  # Java reads it in another way
    ("String, AllowedPattern: '('", "b", ""),
    ("String, MinLength: 3", "abc", ""),
    ("String, MinLength: 3", "ab", "has at least 3 characters"),
    ("String, MaxLength: '3'", "abcd", "has at most 3 characters"),
    ("String, MinLength: many", "a", ""),
    ("Number", "10", ""),
    ("Number", "-1.5e3", ""),
    ("Number", "ten", "is a number"),
    ("Number", "nan", "is a number"),
    ("Number", "", "is a number"),
    ("Number, MinValue: 2", "1", "is not less than 2"),
    ("Number, MinValue: 2", "2.0", ""),
    ("Number, MaxValue: 10", "10.5", "is not greater than 10"),
    ("Number, MaxValue: 10", "9", ""),
    ("Number, MaxLength: 1", "10", ""),
    ("List<Number>", "1,2, 3", ""),
    ("List<Number>, MaxValue: 2", "1,2, 3", "is not greater than 2"),
    ("CommaDelimitedList, AllowedPattern: '[a-z]+'", "a,b", ""),
    ("CommaDelimitedList, AllowedPattern: '[a-z]+'", "a,1", "matches `[a-z]+`"),
    ("CommaDelimitedList, AllowedValues: [a, b]", "a,c", "is one of `a`, `b`"),
    ("String, AllowedValues: [true, false]", "true", ""),
    ("String, AllowedValues: [true, false]", "yes", "is one of `true`, `false`"),
]


@pytest.mark.parametrize(("type_", "value", "wanted"), CASES)
def test_a_value_that_is_given_keeps_the_constraints_of_its_parameter(
    type_, value, wanted, tmp_path, capsys
):
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE % type_)
    code = main(["plan", str(path), "--root", str(tmp_path), "--parameter", f"Given={value}"])
    said = capsys.readouterr().err
    if wanted:
        assert (code, "nothing was checked" in said) == (2, True)
        assert f"parameter `Given` {wanted}" in said
    else:
        assert code != 2, said


@pytest.mark.parametrize(("type_", "value", "wanted"), CASES)
def test_a_default_that_breaks_a_constraint_refuses_the_template(type_, value, wanted):
    report = report_of(TEMPLATE % f"{type_}, Default: '{value}'")
    refused = found(report, "problem", "error") == ["configuration-invalid"]
    assert refused is bool(wanted)
    assert (verdicts(report) == {"Mapping": "blocked"}) is bool(wanted)


def test_the_description_of_a_constraint_is_what_cloudformation_answers():
    type_ = "String, Default: x, MinLength: 3, ConstraintDescription: three letters or more"
    messages = [each.message for each in report_of(TEMPLATE % type_).findings]
    text = "Parameter 'Given' failed to satisfy constraint: three letters or more"
    assert any(text in each for each in messages)


def test_a_value_that_is_not_shown_is_not_quoted(tmp_path, capsys):
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE % "String, NoEcho: true, MinLength: 12")
    arguments = ["--root", str(tmp_path), "--parameter", "Given=swordfish"]
    assert main(["plan", str(path), *arguments]) == 2
    assert "swordfish" not in "".join(capsys.readouterr())


def test_a_hostile_pattern_takes_no_time():
    begun = time.process_time()
    value = "a" * 4000 + "!"
    report = report_of(TEMPLATE % f"String, AllowedPattern: '(a+)+$', Default: '{value}'")
    assert time.process_time() - begun < 2
    assert found(report, "problem", "error") == ["configuration-invalid"]
