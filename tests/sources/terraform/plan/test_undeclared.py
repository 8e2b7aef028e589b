"""A plan that makes a mapping which no configuration declares is no pass, and quotes no secret."""

import json

import pytest

from checker.cli import main

SECRET = "hunter7QxZwvK9secretvalue"  # noqa: S105 - nobody's
TYPE = "aws_lambda_event_source_mapping"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"
PROVIDERS = {
    "aws": {
        "name": "aws",
        "full_name": "registry.terraform.io/hashicorp/aws",
        "expressions": {"region": {"constant_value": "eu-west-1"}},
    }
}


def change(address, actions=("create",), sensitive=(), **values):
    """Return a change of a mapping; `sensitive` names attributes."""
    after = {"event_source_arn": QUEUE, "function_name": "f", "batch_size": 20000, **values}
    return {
        "address": address,
        "mode": "managed",
        "type": TYPE,
        "name": "m",
        "provider_name": PROVIDERS["aws"]["full_name"],
        "change": {
            "actions": list(actions),
            "before": None if actions == ("create",) else after,
            "after": None if actions in {("delete",), ("forget",)} else after,
            "after_unknown": {},
            "after_sensitive": dict.fromkeys(sensitive, True),
        },
    }


def block(expressions=None):
    """Return what the configuration holds of the mapping."""
    return {
        "address": f"{TYPE}.m",
        "mode": "managed",
        "type": TYPE,
        "name": "m",
        "provider_config_key": "aws",
        "expressions": {"batch_size": {"constant_value": 20000}, **(expressions or {})},
    }


def plan(*changes, module=None, **more):
    """Return plan JSON of changes and the root module's configuration; None leaves it out."""
    made = {
        "format_version": "1.2",
        "terraform_version": "1.11.0",
        "planned_values": {},
        "resource_changes": list(changes),
        "configuration": {"provider_config": PROVIDERS, "root_module": module},
        **more,
    }
    if module is None:
        del made["configuration"]
    return made


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Check plan JSON, or with a configuration the directory beside it."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(shown, configuration=None, *words):
        (tmp_path / "plan.json").write_text(json.dumps(shown), "utf-8")
        target = ["plan.json"]
        if configuration is not None:
            (tmp_path / "main.tf").write_text(configuration, "utf-8")
            target = [".", "--plan", "plan.json"]
        code = main(["plan", *target, *words])
        given = capsys.readouterr()
        return code, given.out, given.err

    return run


INSIDE = {"module_calls": {"a": {"source": "./a", "module": {"resources": [block()]}}}}


@pytest.mark.parametrize(
    ("address", "module"),
    [
        (f"{TYPE}.m", None),
        (f"{TYPE}.m", {}),
        (f'{TYPE}.m["a.b[0]"]', {}),
        (f"{TYPE}.m[0]", {"resources": []}),
        (f"module.a.{TYPE}.m", {"resources": [block()]}),
        (f"{TYPE}.m", INSIDE),
        (f'module.data["x"].{TYPE}.m', {"resources": [block()]}),
    ],
)
@pytest.mark.parametrize("actions", [("create",), ("no-op",), ("update",), ("delete", "create")])
def test_a_mapping_that_only_the_plan_holds_is_not_passed_over(run, address, module, actions):
    code, out, err = run(plan(change(address, actions), module=module))
    assert (code, out) == (2, "")
    assert f"{json.dumps(address)[1:-1]}".replace("\\", "") in err
    assert "is in the plan, and not in the configuration" in err
    assert err.splitlines()[-1] == "nothing was checked"


@pytest.mark.parametrize("actions", [("delete",), ("forget",)])
def test_one_that_goes_need_not_be_in_the_configuration(run, actions):
    code, out, _ = run(plan(change(f"{TYPE}.m", actions), module={}))
    assert code == 0
    assert "no mapping" in out


@pytest.mark.parametrize("address", [f"{TYPE}.m", f"{TYPE}.m[0]", f'module.a["k"].{TYPE}.m[0]'])
def test_one_that_the_configuration_holds_is_checked(run, address):
    resource = (
        {**block(), "count_expression": {"constant_value": 1}} if "[0]" in address else block()
    )
    module = {"resources": [resource]}
    if address.startswith("module"):
        call = {"source": "./a", "for_each_expression": {}, "module": module}
        module = {"module_calls": {"a": call}}
    code, out, err = run(plan(change(address), module=module))
    assert code == 1, err
    assert "batch-size-out-of-range" in out


def test_a_plan_of_another_configuration_is_refused(run):
    code, _, err = run(plan(change(f"{TYPE}.m"), module={}), 'resource "aws_sqs_queue" "q" {}\n')
    assert code == 2
    assert "is in the plan, and not in the configuration" in err


def test_a_module_that_is_not_installed_says_so_itself(run):
    configuration = 'module "a" {\n  source = "x/y/z"\n}\n'
    _, out, err = run(plan(change(f"module.a.{TYPE}.m"), module={}), configuration)
    assert "is not installed" in out + err


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "gitlab", "markdown", "html"])
@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"function_name": SECRET, "sensitive": ["function_name"]}, {}),
        ({"event_source_arn": f"{QUEUE}{SECRET}", "sensitive": ["event_source_arn"]}, {}),
        ({"batch_size": SECRET, "sensitive": ["batch_size"]}, {}),
        ({}, {"variables": {"s": {"value": SECRET}}}),
        ({}, {"variables": {"s": {"value": {SECRET: [SECRET]}}}}),
    ],
)
def test_what_a_plan_marks_as_sensitive_is_in_no_report(run, values, more, form):
    expressions = {"function_name": {"references": ["var.s"]}} if more else {}
    module = {"resources": [block(expressions)], "variables": {"s": {"sensitive": True}}}
    shown = plan(change(f"{TYPE}.m", **values), module=module, **more)
    if more:
        del shown["resource_changes"][0]["change"]["after"]["function_name"]
    code, out, err = run(shown, None, "--format", form)
    assert code in {0, 1}
    assert SECRET not in out + err
