"""Plan JSON that is not as Terraform writes it is refused, in one line that says what is wrong."""

from __future__ import annotations

import json

import pytest
from scenarios import RECORDED, scenario

from checker.cli import main

PLAN = scenario("module-structured") / RECORDED / "plan.json"
ROOT = "configuration.root_module"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("configuration", [], "`configuration` is not an object"),
        (
            "configuration.provider_config",
            "aws",
            "`configuration.provider_config` is not an object",
        ),
        (
            "configuration.provider_config.aws",
            1,
            "`configuration.provider_config.aws` is not an object",
        ),
        (ROOT, "x", "is not an object"),
        (f"{ROOT}.resources", {}, f"`{ROOT}.resources` is not a list"),
        (f"{ROOT}.resources", [1], f"`{ROOT}.resources[0]` is not an object"),
        (f"{ROOT}.resources", [{}], f"`{ROOT}.resources[0].mode` is not a string"),
        (f"{ROOT}.outputs", {"a": None}, f"`{ROOT}.outputs.a` is not an object"),
        (f"{ROOT}.variables", {"a": 1}, f"`{ROOT}.variables.a` is not an object"),
        (f"{ROOT}.module_calls.queue.module", None, "queue.module` is not an object"),
        (f"{ROOT}.module_calls.queue.expressions", [], "queue.expressions` is not an object"),
        (f"{ROOT}.module_calls.queue.expressions.name", None, "expressions.name` is not an object"),
        (
            f"{ROOT}.module_calls.queue.expressions.name",
            [7],
            "expressions.name[0]` is not an object",
        ),
        (
            f"{ROOT}.module_calls.queue.expressions.name",
            {"references": 1},
            "expressions.name.references` is not a list",
        ),
        (f"{ROOT}.module_calls.queue.count_expression", 1, "count_expression` is not an object"),
        (f"{ROOT}.module_calls.queue.depends_on", 1, "depends_on` is not a list"),
    ],
)
def test_a_configuration_of_another_shape_is_refused(tmp_path, capsys, path, value, says):
    plan = json.loads(PLAN.read_text())
    *outer, last = path.split(".")
    inside = plan
    for name in outer:
        inside = inside[name]
    inside[last] = value
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert main(["plan", str(tmp_path / "plan.json")]) == 2
    error = capsys.readouterr().err.splitlines()[0]
    assert "no plan JSON that can be read" in error
    assert says in error


@pytest.mark.parametrize("name", ["resources", "module_calls", "outputs", "variables"])
def test_what_is_null_is_not_there(tmp_path, capsys, name):
    plan = json.loads(PLAN.read_text())
    if name == "module_calls":  # a mapping whose block is not there is refused
        plan["resource_changes"] = []
    plan["configuration"]["root_module"][name] = None
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert main(["plan", str(tmp_path / "plan.json")]) in (0, 1)
    assert "bug" not in capsys.readouterr().err


def nested(levels, inner):
    for _ in range(levels):
        inner = [{"block": inner}]
    return inner


def test_blocks_may_not_be_nested_without_end(tmp_path, capsys):
    plan = json.loads(PLAN.read_text())
    root = plan["configuration"]["root_module"]
    root["module_calls"]["queue"]["expressions"]["block"] = nested(200, [])
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert main(["plan", str(tmp_path / "plan.json")]) == 2
    assert "nested deeper than 50 levels" in capsys.readouterr().err


@pytest.mark.parametrize("levels", [100, 200, 300, 1000, 20_000])
def test_modules_may_not_call_modules_without_end(tmp_path, capsys, levels):
    plan = json.loads(PLAN.read_text())
    plan["configuration"]["root_module"] = "NAME"
    module = '{"module_calls":{"a":{"module":' * levels + "{}" + "}}}" * levels
    (tmp_path / "plan.json").write_text(json.dumps(plan).replace('"NAME"', module))
    assert main(["plan", str(tmp_path / "plan.json")]) in (0, 1, 2)
    assert "bug" not in capsys.readouterr().err


def test_the_text_of_an_expression_may_be_nested_and_is_unknown(tmp_path, capsys):
    plan = json.loads(PLAN.read_text())
    value = "${var.x}"
    for _ in range(800):
        value = [value]
    expressions = plan["configuration"]["root_module"]["module_calls"]["queue"]["expressions"]
    expressions["name"] = {"constant_value": value, "references": ["var.x"]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert main(["plan", str(tmp_path / "plan.json")]) in (0, 1)
    assert "bug" not in capsys.readouterr().err
