"""Templates changed at random give an answer or a reason, and hidden values settle nothing."""

import json
import re
import time

import pytest
from sources.cloudformation.mutations import tried

from checker.cli import main
from examples import examples

SEED = 18
MOST_SECONDS = 20


@pytest.mark.sampled(1)
def test_mutated_templates_give_no_traceback_and_hidden_values_change_nothing_settled():
    wrong = [(n, why) for n in range(examples(1500)) if (why := tried(SEED, n))]
    assert not wrong


QUEUE = {"Type": "AWS::SQS::Queue"}
MAPPING = {
    "Type": "AWS::Lambda::EventSourceMapping",
    "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Q0", "Arn"]}, "FunctionName": "worker"},
}


def chain(number, sub):
    """Return resources of which each has a name made of the one before."""
    found = {"Q0": named("a")}
    for n in range(1, number):
        name = {"Fn::Sub": sub.replace("N", f"${{Q{n - 1}.QueueName}}")}
        found[f"Q{n}"] = named(name)
    return found


def named(name):
    return {**QUEUE, "Properties": {"QueueName": name}}


def nested(depth, inner):
    for _ in range(depth):
        inner = {"Fn::Join": ["", [inner, inner]]}
    return inner


HOSTILE = {
    "a chain of names": chain(490, "N"),
    "names that double": chain(490, "NN"),
    "a circle": {
        f"Q{n}": named({"Fn::GetAtt": [f"Q{(n + 1) % 50}", "QueueName"]})
        for n in range(50)
    },
    "calls in calls": {"Q0": named(nested(14, "a"))},
    "a long text": {"Q0": named({"Fn::Sub": "${AWS::Region}" * 50_000})},
    "many braces": {"Q0": named({"Fn::Sub": "${" * 200_000})},
    "many dynamic references": {"Q0": named("{{resolve:" * 50_000)},
    "loops in loops": {
        "Q0": QUEUE,
        "Fn::ForEach::A": ["A", [str(n) for n in range(200)], {
            "Fn::ForEach::B": ["B", [str(n) for n in range(200)], {
                "Fn::ForEach::C": ["C", [str(n) for n in range(200)], {"Q${A}${B}${C}": QUEUE}],
            }],
        }],
    },
    "a loop over itself": {"Q0": {"Type": "AWS::SQS::Queue", "Properties": {
        "Fn::ForEach::A": ["A", [{"Fn::GetAtt": ["Q0", "QueueName"]}], {"${A}": "a"}],
    }}},
    "a loop in properties without end": {"Q0": {"Type": "AWS::SQS::Queue", "Properties": {
        "Fn::ForEach::A": ["A", [str(n) for n in range(300)], {
            "Fn::ForEach::B": ["B", [str(n) for n in range(300)], {"Tag${A}${B}": 1}],
        }],
    }}},
    "too many resources": {f"Q{n}": QUEUE for n in range(600)},
    "many mappings": {f"M{n}": MAPPING for n in range(300)} | {"Q0": QUEUE},
}  # fmt: skip
"""Resources of templates that would take a naive reader for ever."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_ends(name, tmp_path, capsys):
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"Mapping": MAPPING, **HOSTILE[name]},
    }
    path = tmp_path / "template.yaml"
    path.write_text(json.dumps(template))
    begun = time.process_time()
    code = main(["plan", str(path), "--root", str(tmp_path)])
    assert time.process_time() - begun < MOST_SECONDS
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert code in {0, 1, 2}
    assert (code == 2) == ("nothing was checked" in said.err)
    assert not re.search("^ready", said.out, re.MULTILINE)


def test_a_bomb_of_aliases_is_refused(tmp_path, capsys):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = tmp_path / "template.yaml"
    path.write_text("Metadata:\n  " + "\n  ".join(lines) + "\nResources: {}\n")
    assert main(["plan", str(path), "--root", str(tmp_path)]) == 2
    assert "more than 100000 values" in capsys.readouterr().err


NO_TEMPLATES = (
    *("", "Resources: 1", "Resources: {A: 1}", "- a", "Resources:\n\t- a", "{", "x" * 1_100_000),
    "Resources: {A: {Type: 1}, A: {Type: 2}}",
)


@pytest.mark.parametrize("text", NO_TEMPLATES, ids=lambda text: text[:20])
def test_what_is_no_template_is_not_checked(text, tmp_path, capsys):
    path = tmp_path / "template.yaml"
    path.write_text(text)
    assert main(["plan", str(path), "--root", str(tmp_path)]) == 2
    assert "nothing was checked" in capsys.readouterr().err
