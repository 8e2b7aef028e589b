"""Trails of values: the cases of fixtures/trails, and what is asked of any trail."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checker.cli import main
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.trail import NoTrails, TrailStep, primary
from checker.model import Inventory
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load
from checker.sources.terraform.recursive import find_below, load_below
from checker.sources.terraform.trails import following, tracing

FIXTURES = Path(__file__).parents[3] / "fixtures" / "trails"
QUEUE = 'resource "aws_sqs_queue" "q" {\n'
CASES = yaml.safe_load((FIXTURES / "cases.yaml").read_text("utf-8"))


def laid(folder, case):
    """Write a case's files; return where is asked, and the lines that the trail must have."""
    marks = {}
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        comment = r" *#\d$" if name.endswith("json") else r"$^"
        path.write_text(re.sub(comment, "", text, flags=re.MULTILINE))
        for number, line in enumerate(text.splitlines(), 1):
            if found := re.search(r"#(\d)$", line):
                column = len(line) - len(line.lstrip()) + 1
                marks[int(found[1])] = (name, number, column)
    ask = case.get("ask") or marks[1]
    lines = case.get("lines") or [f"{name}:{line}" for _, (name, line, _) in sorted(marks.items())]
    return Location(*ask), lines


def lines_of(trail):
    return [f"{step.at.source}:{step.at.line}" for step in trail]


@pytest.mark.parametrize("name", CASES)
def test_a_trail_is_as_the_documentation_says(name, tmp_path):
    case = CASES[name]
    at, lines = laid(tmp_path, case)
    inventory = load(tmp_path, tmp_path)
    known = inventory.trails.of(at, (case["about"],) if "about" in case else ())
    assert lines_of(known) == lines
    assert known[0].at == at
    assert all(step.is_tracked for step in known)


def test_the_last_word_counts(tmp_path):
    at, _ = laid(tmp_path, CASES["a line of terraform.tfvars"])
    named = tmp_path / "named.tfvars.json"
    named.write_text('{"other": {"delay": 2},\n "delay":\n 3}')

    def ends(**given):
        return load(tmp_path, tmp_path, Given(**given)).trails.of(at)[-1]

    environment = {"TF_VAR_delay": "5", "TF_VAR_other": "1"}
    assert ends(environment=environment).kind == "tfvars"
    found = ends(environment=environment, var_files=[named])
    assert (found.kind, found.at.line) == ("tfvars", 3)
    words = ["delay=1", "delay=2"]
    assert ends(var_files=[named], variables=words).at == Location("--var delay")
    (tmp_path / "terraform.tfvars").unlink()
    assert ends(environment=environment).at == Location("environment variable TF_VAR_delay")
    assert not ends(environment=environment).is_tracked


def installed(folder):
    """Lay a module as `terraform init` installs one; return where its value stands."""
    module = folder / ".terraform" / "modules" / "queue"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(
        QUEUE + "  visibility_timeout_seconds = local.timeout\n}\n"
        'locals {\n  timeout = var.timeout\n}\nvariable "timeout" {\n  default = 30\n}\n'
    )
    (folder / ".terraform/modules/modules.json").write_text(
        '{"Modules":[{"Key":"queue","Source":"registry.terraform.io/terraform-aws-modules/sqs/aws",'
        '"Version":"4.2.1","Dir":".terraform/modules/queue"}]}'
    )
    return Location(".terraform/modules/queue/main.tf", 2, 3)


@pytest.mark.parametrize(
    ("argument", "place"),
    [("  timeout = local.t\n", "main.tf:4"), ("", "main.tf:1")],
    ids=["given", "left at its default"],
)
def test_the_primary_place_is_the_innermost_that_the_repository_tracks(argument, place, tmp_path):
    at = installed(tmp_path)
    (tmp_path / "main.tf").write_text(
        'module "queue" {\n  source = "terraform-aws-modules/sqs/aws"\n  version = "4.2.1"\n'
        f"{argument}}}\nlocals {{\n  t = 30\n}}\n"
    )
    known = load(tmp_path, tmp_path).trails.of(at, ("module.queue.aws_sqs_queue.q",))
    assert [step.installed for step in known[:3]] == [True, True, True]
    assert str(primary(known).at) == place
    step = primary(known)
    said = ("argument", "timeout", "queue") if argument else ("call", "queue", "")
    assert (step.kind, step.name, step.call) == said


def test_a_state_of_another_root_module_is_followed(tmp_path):
    remote = "terraform_remote_state.net"
    state = 'bucket = "b"\n    key = "k"\n    region = "eu-west-1"\n'
    files = {
        "net/main.tf": f'terraform {{\n  backend "s3" {{\n    {state}  }}\n}}\n'
        'output "delay" {\n  value = local.delay\n}\nlocals {\n  delay = 3\n}\n',
        "app/main.tf": f"{QUEUE}  delay_seconds = data.{remote}.outputs.delay\n}}\n"
        f'data "terraform_remote_state" "net" {{\n  backend = "s3"\n  config = {{\n    {state}'
        '  }\n}\nresource "aws_lambda_event_source_mapping" "m" {\n  function_name = "f"\n'
        "  event_source_arn = aws_sqs_queue.q.arn\n}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    found = load_below(find_below(tmp_path, tmp_path))
    (app,) = (each for each in found if each.target.endswith("app"))
    known = app.trails.of(Location("app/main.tf", 2, 3))
    assert lines_of(known) == ["app/main.tf:2", "app/main.tf:4", "net/main.tf:9", "net/main.tf:12"]


def test_a_value_is_asked_by_its_place(tmp_path):
    at, lines = laid(tmp_path, CASES["a chain of locals"])
    known = load(tmp_path, tmp_path).trails
    assert lines_of(known.of(Known(31, at))) == lines_of(known.of(Unknown("why", at))) == lines


def test_what_is_no_place_in_a_file_has_no_trail(tmp_path):
    (tmp_path / "main.tf").write_text(QUEUE + "}\n")
    known = load(tmp_path, tmp_path).trails
    for at in (
        Location("arn:aws:sqs:eu-west-1:1:q"),
        Location("other.tf", 3, 1),
        Location("main.tf", 99, 1),
    ):
        assert known.of(at) == (TrailStep("place", "", at),)
    assert Inventory().trails.of(Location("main.tf", 1, 1))[0].kind == "place"


def test_trails_stay_behind_where_an_inventory_travels(tmp_path):
    (tmp_path / "main.tf").write_text(QUEUE + "}\n")
    inventory = load(tmp_path, tmp_path)
    there = pickle.loads(pickle.dumps(inventory))  # noqa: S301 - made above
    assert there.trails == NoTrails() != inventory.trails


# Hostile input: a trail is as long as it is allowed to be, and no longer.


def asked(tmp_path, text):
    (tmp_path / "main.tf").write_text("locals {\n" + text + "}\n" + QUEUE + "}\n")
    inventory = load(tmp_path, tmp_path)
    return inventory.trails, inventory.trails.of(Location("main.tf", 2, 3))


def test_ten_thousand_locals_in_a_chain(tmp_path):
    chain = "".join(f"  l{n} = local.l{n + 1}\n" for n in range(10_000))
    _, known = asked(tmp_path, chain + "  l10000 = 1\n")
    assert len(known) == following.MOST_STEPS


@pytest.mark.parametrize(
    "line",
    [
        "  l{0} = [local.l{1}, local.l{1}]\n",
        "  l{0} = [local.l{1}[0], local.l{1}[1], local.l{1}]\n",
        "  l{0} = {{ for k, v in local.l{1} : k => local.l{1}[k] }}\n",
        "  l{0} = merge(local.l{1}, {{ a = local.l{1} }})\n",
        '  l{0} = "${{local.l{1}}}${{local.l{1}}}"\n',
        "  l{0} = local.x ? local.l{1} : local.l{1}\n",
        "  l{0} = try(local.l{1}.a.a.a, local.l{1})\n",
    ],
)
def test_a_fan_out_is_bounded(line, tmp_path):
    text = "".join(line.format(n, n + 1) for n in range(60))
    (tmp_path / "main.tf").write_text(f"locals {{\n{text}  l60 = [1]\n}}\n")
    inventory = load(tmp_path, tmp_path)
    known = inventory.trails.of(Location("main.tf", 2, 3))
    assert len(known) <= following.MOST_STEPS
    left = inventory.trails._tracing._left
    assert tracing.MOST_LEADS - following.MOST_LEADS - 1 <= left < tracing.MOST_LEADS


def test_all_trails_of_a_run_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(tracing, "MOST_LEADS", 10)
    known, first = asked(tmp_path, "".join(f"  l{n} = local.l{n + 1}\n" for n in range(30)))
    assert len(first) > 3
    assert len(known.of(Location("main.tf", 3, 3))) == 1


def test_a_trail_takes_nothing_of_the_budget_of_the_run(tmp_path):
    known, _ = asked(tmp_path, '  a = local.b["x"]\n  b = { for n in range(1000) : n => n }\n')
    budget = known._root.project.budget
    before = budget.spent
    known.of(Location("main.tf", 3, 3))
    known.of(Location("main.tf", 2, 3))
    assert budget.spent == before


def test_nothing_is_done_before_a_trail_is_asked_for(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(tracing.Tracing, "__init__", lambda *_: asked.append("made"))
    monkeypatch.setattr(tracing.Tracing, "trail", lambda *_: asked.append("asked"))
    at, _ = laid(tmp_path, CASES["a module two deep"])
    main(["plan", str(tmp_path), "--root", str(tmp_path)])
    inventory = load(tmp_path, tmp_path)
    assert asked == []
    inventory.trails.of(at)
    inventory.trails.of(at)
    assert asked == ["made", "asked", "asked"]


def test_a_start_does_not_load_what_traces():
    code = "import checker.sources.terraform.load, sys; print(*sys.modules)"
    known = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    room = "checker.sources.terraform.trails"
    assert {m for m in known.stdout.split() if m.startswith(room)} == {room, f"{room}.trails"}
