"""`--recursive` over units of Terragrunt: plan JSON, rendered units, and units alone."""

import json
import shutil
from pathlib import Path

import pytest

from checker.cli import main
from tests.sources.terraform.test_terragrunt import MODULE, READ, unit

PLAN = Path(__file__).resolve().parents[3] / "fixtures" / "plans" / "first" / "plan.json"


@pytest.fixture
def root(tmp_path):
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def run(root, capsys):
    def run(*words):
        code = main(("plan", str(root), "--recursive", *words, "--format", "json"))
        out = capsys.readouterr()
        return " ".join(out.err.split()) if code == 2 else json.loads(out.out)

    return run


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def verdicts(report):
    return {row["id"]: row["verdict"] for row in report["mappings"]}


def test_the_plans_of_units_are_read_each_under_its_path(root, run, capsys):
    for name in ("a", "b/c"):
        (root / name).mkdir(parents=True)
        shutil.copy(PLAN, root / name / "tfplan.json")
    found = verdicts(run())
    main(("plan", str(PLAN), "--format", "json"))
    alone = verdicts(json.loads(capsys.readouterr().out))
    assert found == {f"{name}:{at}": said for name in ("a", "b/c") for at, said in alone.items()}


def test_rendered_units_are_read_and_their_modules_are_no_roots(root, run):
    put(root / "modules/queue/main.tf", MODULE)
    for name, actions in (("a", READ), ("b", READ[:1])):
        rendered = unit(inputs={"timeout": 180, "actions": actions})
        put(
            root / "live" / name / "terragrunt.rendered.json",
            json.dumps(rendered).replace("../modules", "../../modules"),
        )
        put(root / "live" / name / "terragrunt.hcl", "")
    assert verdicts(run()) == {
        "live/a:aws_lambda_event_source_mapping.m": "at-risk",
        "live/b:aws_lambda_event_source_mapping.m": "blocked",
    }


def test_a_unit_alone_is_unread_beside_what_can_be_read(root, run):
    put(root / "app/main.tf", MODULE)
    put(root / "live/terragrunt.hcl", "")
    report = run()
    assert list(verdicts(report)) == ["app:aws_lambda_event_source_mapping.m"]
    (unknown,) = (each for each in report["unread"] if each["id"] == "live")
    assert "terragrunt render" in unknown["why"]
    assert main(("plan", str(root), "--recursive", "--strict", "--var", "timeout=180")) == 1


def test_nothing_but_units_alone_is_nothing_checked(root, run):
    put(root / "a/terragrunt.hcl", "")
    put(root / "b/terragrunt.stack.hcl", "")
    said = run()
    assert "terragrunt render" in said
    assert "nothing was checked" in said


def test_what_a_unit_leaves_in_its_cache_is_not_read(root, run):
    put(root / "a/.terragrunt-cache/x/tfplan.json", PLAN.read_text())
    put(root / "a/terragrunt.hcl", "")
    assert "nothing was checked" in run()


@pytest.mark.parametrize("words", [("--var", "timeout=1"), ("--var-file", "x.tfvars")])
def test_variables_of_units_cannot_be_changed(words, root, run):
    put(root / "a/tfplan.json", PLAN.read_text())
    assert "a unit has its variables" in run(*words)


@pytest.mark.parametrize("name", ["tfplan.json", "terragrunt.rendered.json"])
def test_a_unit_that_cannot_be_read_is_unread(name, root, run):
    put(root / "a" / name, "{")
    assert f"a/{name}" in run()
    put(root / "b/tfplan.json", PLAN.read_text())
    report = run()
    assert report["mappings"]
    assert any(f"a/{name}" in unknown["id"] for unknown in report["unread"])
