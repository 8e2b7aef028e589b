"""The law of partial knowledge, for whole deployments: what is hidden makes no answer another.

Each scenario is judged anew with arguments and blocks of it replaced by variables that have no
value. They could hold what was written, so what is sure then was found before, and what was found
before is found still or not known. `-m slow` hides more of each.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from random import Random

import pytest
from scenarios import RECORDED, SCENARIOS, expectation, scenario

from checker.cli import main

sys.path.append(str(Path(__file__).parent.parent / "tools"))

from fuzzing import hiding
from fuzzing.trial import Findings

FOLDERS = [each for each in SCENARIOS if list(each.glob("*.tf"))]


def judged(path, expected, capsys):
    """Return what `tfcheck plan` finds."""
    root = path if path.is_dir() else path.parent
    words = ["plan", str(path), "--format", "json", "--root", str(root)]
    words += ["--policy", expected.get("policy", "current")]
    for name, value in (expected.get("options") or {}).items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{name}", str(each)]
    assert main(words) in (0, 1, 2)
    report = json.loads(capsys.readouterr().out)
    return Findings.of(report)


def check(folder, expected, capsys, tmp_path, random):
    copy = tmp_path / "hidden"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.json", "*.tfplan", "*.jsonl"))
    before = judged(copy, expected, capsys)
    texts = {str(file): file.read_text() for file in sorted(copy.rglob("*.tf"))}
    every = [place for file, text in texts.items() for place in hiding.places(file, text)]
    apart = hiding.chosen(random, every)
    for file, text in hiding.hide(texts, apart, random).items():
        Path(file).write_text(text)
    after = judged(copy, expected, capsys)
    assert not list(hiding.compared(before, after)), apart


@pytest.mark.sampled(8)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_hidden_is_not_known(folder, capsys, tmp_path):
    expected = expectation(folder)
    check(folder, expected, capsys, tmp_path, Random(folder.name))  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "rule"),
    [
        # A statement of which nothing is known names no principal for sure.
        (
            "switched-off",
            "modules/queue-worker/iam.tf",
            "for_each = var.statements",
            "for_each = NAME",
            "document-invalid",
        ),
        # Of two elements that exclude each other either may be left out.
        (
            "deny-that-spares-the-role",
            "sqs.tf",
            'actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]',
            "actions = NAME\n not_actions = NAME",
            "role-cannot-read-queue",
        ),
        ("sid-with-a-space", "iam.tf", '"Read the queue"', "NAME", "document-invalid"),
        ("sid-with-a-space", "iam.tf", '"Read the queue"', '"Read${NAME}"', "document-invalid"),
        (
            "create-on-a-function",
            "deployer.tf",
            "Resource = aws_lambda_function.invoices.arn",
            "Resource = NAME",
            "statement-grants-nothing",
        ),
    ],
)
def test_what_may_be_refused_is_not_known(tmp_path, capsys, name, file, old, new, rule):
    shutil.copytree(scenario(name), tmp_path / "copy")
    path = tmp_path / "copy" / file
    assert old in path.read_text()
    # A variable of a module that is called would have to be given.
    value = "data.aws_ssm_parameter.hidden.value" if "/" in file else "var.hidden"
    hidden = path.read_text().replace(old, new.replace("NAME", value), 1)
    declared = 'data "aws_ssm_parameter" "hidden" {\n  name = "x"\n}\n'
    path.write_text(f"{hidden}\n{declared if '/' in file else VARIABLE}")
    expected = expectation(scenario(name))
    for sure, unknown, _ in judged(tmp_path / "copy", expected, capsys).mappings.values():
        assert rule in unknown
        assert rule not in sure


def test_a_sid_is_refused_for_the_part_of_it_that_is_known(tmp_path, capsys):
    shutil.copytree(scenario("sid-with-a-space"), tmp_path / "copy")
    path = tmp_path / "copy" / "iam.tf"
    text = path.read_text().replace('"Read the queue"', '"Read-${var.hidden}"')
    path.write_text(text + '\nvariable "hidden" {\n}\n')
    ((sure, _, _),) = judged(tmp_path / "copy", {}, capsys).mappings.values()
    assert "document-invalid" in sure


VARIABLE = 'variable "hidden" {\n}\n'
PLANNED = [folder for folder in SCENARIOS if (folder / RECORDED / "plan.json").exists()]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("folder", sorted(PLANNED), ids=lambda folder: folder.name)
def test_plan_json_alone_tells_less_and_nothing_else(folder, capsys):
    expected = expectation(folder)
    before = judged(folder, expected, capsys)
    options = {k: v for k, v in (expected.get("options") or {}).items() if k != "var"}
    after = judged(folder / RECORDED / "plan.json", expected | {"options": options}, capsys)
    assert before.mappings.keys() == after.mappings.keys()
    assert not list(hiding.compared(before, after))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_whatever_is_hidden_is_not_known(folder, capsys, tmp_path):
    expected = expectation(folder)
    for n in range(3):
        check(folder, expected, capsys, tmp_path, Random(f"{folder.name} {n}"))  # noqa: S311
