"""What is read again for each that names it is bounded in all: states, and modules of units."""

from __future__ import annotations

import json

import pytest

from checker.cli import main
from checker.sources.terraform import states, units_below
from checker.sources.terraform.values import budget
from tests.sources.terraform.test_terragrunt import MODULE, READ, unit

READING = """
data "terraform_remote_state" "s" {
  for_each = toset(["0", "1", "2", "3"])
  backend  = "local"
  config   = { path = "../r${each.key}/terraform.tfstate" }
}
output "queue" {
  value = "arn:aws:sqs:eu-west-1:123456789012:orders"
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = data.terraform_remote_state.s["1"].outputs.queue
  policy    = "{}"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = data.terraform_remote_state.s["0"].outputs.queue
  function_name    = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
}
"""


@pytest.fixture
def run(tmp_path, capsys):
    (tmp_path / ".git").mkdir()

    def run(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        main(["plan", str(tmp_path), "--recursive", "--format=json"])
        return json.loads(capsys.readouterr().out)

    return run


def unknowns(report):
    return {unknown["id"]: unknown["why"] for unknown in report["unread"]}


@pytest.mark.parametrize("bound", ["MOST_OPENED", "MOST_FOLLOWED", "MOST_READINGS"])
def test_who_reads_whose_state_is_followed_to_a_bound_for_all(run, monkeypatch, bound):
    files = {f"r{n}/main.tf": READING for n in range(4)}
    assert unknowns(run(files)) == {}
    monkeypatch.setattr(states, bound, 5)
    found = unknowns(run(files))
    assert found
    assert all("not all that share states with it are read" in why for why in found.values())


@pytest.mark.parametrize(("bound", "most"), [("MOST_MAPPINGS", 1), ("MOST_BYTES", 2_000)])
def test_units_beyond_what_one_run_reads_are_unread_and_named(run, monkeypatch, bound, most):
    rendered = json.dumps(unit(inputs={"timeout": 180, "actions": READ}))
    files = {f"live/{n}/terragrunt.rendered.json": rendered for n in range(5)}
    files["modules/queue/main.tf"] = files["live/modules/queue/main.tf"] = MODULE
    whole = run(files)
    assert len(whole["mappings"]) == 5
    assert unknowns(whole) == {}
    monkeypatch.setattr(units_below, bound, most)
    cut = run(files)
    assert 0 < len(cut["mappings"]) < 5
    assert len(cut["mappings"]) + len(cut["unread"]) == 5
    assert all("check a directory further down" in why for why in unknowns(cut).values())


@pytest.mark.slow
def test_what_units_take_to_work_out_is_bounded_for_all_together(run, monkeypatch):
    rendered = json.dumps(unit(inputs={"timeout": 180, "actions": READ}))
    files = {f"live/{n}/terragrunt.rendered.json": rendered for n in range(6)}
    work = "[for a in range(1000) : [for b in range(20) : a]]"
    burning = f"length({work}) == 1000 ? var.timeout : 30"
    files["live/modules/queue/main.tf"] = MODULE.replace("= var.timeout", f"= {burning}")
    assert "steps to work out" not in json.dumps(run(files))
    monkeypatch.setattr(budget, "FREE_STEPS", 150_000)
    bound = run(files)
    assert "steps to work out" in json.dumps(bound)
    assert len(bound["mappings"]) == 6


def test_the_size_of_a_unit_is_that_of_what_it_reads(run, monkeypatch):
    """A budget for many units is no size of one."""
    rendered = json.dumps(unit(inputs={"timeout": 180, "actions": READ}))
    files = {f"live/{n}/terragrunt.rendered.json": rendered for n in range(5)}
    files["live/modules/queue/main.tf"] = MODULE
    monkeypatch.setattr(units_below, "STEPS_A_UNIT", units_below.MOST_BYTES)
    assert len(run(files)["mappings"]) == 5
