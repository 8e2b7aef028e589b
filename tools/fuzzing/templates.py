"""Kinds of input that are templates: mutated, hidden in part, with secrets, in an assembly."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from fuzzing import asked, secrets
from fuzzing.run import run
from fuzzing.trial import Findings, Trial

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
import assemblies
from sources.cloudformation import assembly_mutations, mutations

_NAME = "template.json"
_MADE: tuple[Any, ...] = (
    {"Ref": "Fuzzed"},
    {"Fn::Sub": "${Fuzzed}"},
    {"Fn::Sub": "a-${Fuzzed}-b"},
    {"Fn::Sub": ["${x}", {"x": {"Ref": "Fuzzed"}}]},
    {"Fn::Base64": {"Ref": "Fuzzed"}},
    {"Fn::Join": ["-", [{"Ref": "Fuzzed"}, "a"]]},
    {"Fn::Join": [{"Ref": "Fuzzed"}, ["a", "b"]]},
    {"Fn::Select": [0, {"Fn::Split": ["Q", {"Ref": "Fuzzed"}]}]},
    {"Fn::Split": ["Q", {"Ref": "Fuzzed"}]},
    {"Fn::Select": [{"Ref": "Fuzzed"}, ["a"]]},
    {"Fn::FindInMap": [{"Ref": "Fuzzed"}, "a", "b"]},
    {"Fn::FindInMap": ["a", {"Ref": "Fuzzed"}, "b"]},
    {"Fn::ToJsonString": {"a": {"Ref": "Fuzzed"}}},
    {"Fn::ImportValue": {"Ref": "Fuzzed"}},
    {"Fn::GetStackOutput": {"StackName": {"Ref": "Fuzzed"}, "OutputName": "a"}},
    {"Fn::If": [{"Ref": "Fuzzed"}, 1, 2]},
    {"Fn::Sub": "{{resolve:ssm:${Fuzzed}}}"},
    {"Ref": {"Ref": "Fuzzed"}},
    [{"Ref": "Fuzzed"}],
    {"a": {"Ref": "Fuzzed"}},
)
_COIN, _COULD_NOT = 0.5, 2


def template(trial: Trial) -> None:
    """A mutated template, and a value of it that `NoEcho` hides."""
    random = trial.random
    text = mutations.text_of(random)
    found = _with_secret(trial, random, text) if random.random() < _COIN else text
    trial.write(_NAME if found.lstrip()[:1] == "{" else "template.yaml", found)
    given = tuple(trial.words)
    (name,) = (each.name for each in trial.repository.iterdir())
    asked.plan(trial, f"repo/{name}", given)


def _with_secret(trial: Trial, random: Random, text: str) -> str:
    """Return a template whose parameter `Fuzzed` is a secret that stands at one to three places."""
    try:
        body = json.loads(text)
    except ValueError:
        return text
    if not isinstance(body, dict) or not isinstance(body.get("Parameters", {}), dict):
        return text
    secret = secrets.planted(random)
    trial.secrets.append(secret)
    every = [each for each in mutations.places(body) if len(each[2]) > 1]
    for _ in range(random.choice((1, 2, 3))):
        if every:
            container, key, path = random.choice(every)
            container[key] = copy.deepcopy(random.choice(_MADE))
            trial.said.append(f"{path} = {container[key]}")
            every = [each for each in mutations.places(body) if len(each[2]) > 1]
    parameter = {"Type": random.choice(("String", "CommaDelimitedList")), "NoEcho": True}
    if random.random() < _COIN:
        parameter["Default"] = secret
    else:
        trial.words += ["--parameter", f"Fuzzed={secret}"]
    body.setdefault("Parameters", {})["Fuzzed"] = parameter
    return json.dumps(body)


def assembly(trial: Trial) -> None:
    """A recorded assembly of the CDK of which files are mutated."""
    name = trial.random.choice(assemblies.ASSEMBLIES)
    output = assemblies.laid(name, trial.repository)
    assembly_mutations.changed(trial.random, output)
    trial.said.append(name)
    asked.plan(trial, f"repo/{output.name}")


def hidden(trial: Trial) -> None:
    """A template in which values are hidden, and nothing else changed."""
    full, less = mutations.hidden(trial.random)
    before = Trial(trial.folder, Random(0))
    before.prepare()
    before.write(_NAME, full)
    before.words = ["plan", f"repo/{_NAME}", "--format", "json"]
    outcome = run(before)
    if outcome.code != _COULD_NOT:
        trial.quiet = Findings.of(outcome.report)
    trial.prepare()
    trial.write(_NAME, less)
    asked.plan(trial, f"repo/{_NAME}")
