"""What one run may do is bounded over all root modules and units together, not for each.

What lies beyond is unread or unknown, with the bound named.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from samples import a_mapping, an_inventory

from checker import check as checking
from checker.check import check, in_one_run
from checker.cli import main
from checker.iam.comparisons import Comparisons
from checker.knowledge.partial import Known
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, InlineWaiver
from checker.rules.rule import rule
from checker.rules.settings import Settings
from checker.sources.terraform import root_work
from checker.sources.terraform.root_work import work_of
from checker.sources.terraform.values import budget
from tests.sources.terraform.test_terragrunt import MODULE, READ, unit

MOST_SECONDS = 30
MOST_MEMORY = 1_500 * 1024 * 1024
STATES = """
terraform {{
  backend "s3" {{
    bucket = "b"
    key    = "r{n}"
    region = "eu-west-1"
  }}
}}
data "terraform_remote_state" "d" {{
  for_each = toset([for i in range(900) : tostring(i)])
  backend  = "s3"
  config   = {{ bucket = "b", key = "r${{each.key}}", region = "eu-west-1" }}
}}
output "x" {{
  value = data.terraform_remote_state.d["{next}"].outputs.x
}}
resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = data.terraform_remote_state.d["{next}"].outputs.x
  function_name    = "f"
}}
"""
MAPPING = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  function_name    = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
}
"""
BURNING = """
locals {
  burn = length([for a in range(1000) : [for b in range(1000) : a * b]]) > 1 ? "a" : "b"
}
resource "aws_lambda_event_source_mapping" "n" {
  event_source_arn = local.burn
  function_name    = local.burn
}
"""


def states():
    return {f"r{n}/main.tf": STATES.format(n=n, next=(n + 1) % 900) for n in range(900)}


def units():
    rendered = json.dumps(unit(inputs={"timeout": 180, "actions": READ}))
    files = {f"live/u{n}/terragrunt.rendered.json": rendered for n in range(900)}
    return {**files, "live/modules/queue/main.tf": MODULE + BURNING}


def callers():
    statement = '{ Effect = "Allow", Action = [for n in range(1000) : "sqs:Get${n}"] }'
    role = f"""
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})
}}
resource "aws_iam_role" "r" {{
  assume_role_policy = "{{}}"
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}}
resource "aws_lambda_event_source_mapping" "m" {{
  count            = 20
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  function_name    = aws_lambda_function.f.arn
}}
"""
    call = 'module "m" {\n  source = "../module"\n}\n'
    return {"module/main.tf": role, **{f"r{n}/main.tf": call for n in range(2_000)}}


@pytest.mark.slow
@pytest.mark.parametrize("files", [states, units, callers])
def test_a_product_over_many_roots_is_bounded(tmp_path, files):
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

    write(tmp_path, files())
    done = subprocess.run(
        [sys.executable, "-m", "checker", "plan", str(tmp_path), "--recursive", "--format=json"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )
    assert done.returncode in (0, 1), "it took too long, or too much memory"
    report = json.loads(done.stdout)
    assert "more than" in json.dumps([report["unread"], report["findings"]])


def write(place, files):
    (place / ".git").mkdir()
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


def run(place, capsys):
    code = main(["plan", str(place), "--recursive", "--format=json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("kind", "free"), [("roots", 1_500), ("units", 500)])
def test_what_is_beyond_the_steps_of_a_run_is_unread_with_the_bound(
    tmp_path, capsys, monkeypatch, kind, free
):
    if kind == "roots":
        files = {f"r{n}/main.tf": MAPPING for n in range(6)}
    else:
        rendered = json.dumps(unit(inputs={"timeout": 180, "actions": READ}))
        files = {f"live/u{n}/terragrunt.rendered.json": rendered for n in range(6)}
        files["live/modules/queue/main.tf"] = MODULE
    write(tmp_path, files)
    assert run(tmp_path, capsys)[1]["unread"] == []
    monkeypatch.setattr(budget, "FREE_STEPS", 0)
    monkeypatch.setattr(budget, "FREE_ROOT_STEPS", free)
    report = run(tmp_path, capsys)[1]
    assert 0 < len(report["mappings"]) < 6
    assert len(report["mappings"]) + len(report["unread"]) == 6
    assert all("steps of work that one run may take" in gap["why"] for gap in report["unread"])


def test_nothing_was_checked_where_no_root_is_within_the_steps(tmp_path, capsys, monkeypatch):
    write(tmp_path, {"a/main.tf": 'resource "aws_sqs_queue" "q" {}\n', "b/main.tf": MAPPING})
    monkeypatch.setattr(budget, "FREE_STEPS", 0)
    monkeypatch.setattr(budget, "FREE_ROOT_STEPS", -budget.A_ROOT)
    assert main(["plan", str(tmp_path), "--recursive"]) == 2
    assert "nothing was checked" in capsys.readouterr().err


def test_a_root_that_wastes_steps_takes_none_of_the_others_away(tmp_path, capsys):
    write(tmp_path, {"a/main.tf": BURNING, "b/main.tf": MAPPING})
    report = run(tmp_path, capsys)[1]
    assert report["unread"] == []
    assert {row["id"].partition(":")[0] for row in report["mappings"]} == {"a", "b"}


def steps_of(inventory, *, resources=0, documents=0, read_again=0):
    instances, policies = SimpleNamespace(blocks=resources), SimpleNamespace(work=documents)
    return work_of(inventory, SimpleNamespace(instances=instances, policies=policies), read_again)


def test_a_root_counts_with_what_is_in_it():
    (one,) = many = (a_mapping("m"),)
    waiver = InlineWaiver(("duplicate-mapping",), "a", "", one.at)
    mapping = steps_of(an_inventory(mappings=many))
    assert 0 <= mapping - root_work.A_CHECK - root_work.A_MAPPING < 100
    assert steps_of(an_inventory(mappings=many * 3)) - mapping >= 2 * root_work.A_MAPPING
    assert steps_of(an_inventory(mappings=(), waivers=(waiver,))) == root_work.A_WAIVER
    nothing = an_inventory(mappings=())
    assert steps_of(nothing, resources=2) == 2 * root_work.A_RESOURCE
    assert steps_of(nothing, documents=7) == 7
    assert steps_of(nothing, read_again=root_work.SCANNED) == 1


def test_a_root_counts_with_the_length_of_its_names():
    long = replace(a_mapping("m"), source=Known(Text.of("a" * 10_000), a_mapping("m").at))
    more = steps_of(an_inventory(mappings=(long,))) - root_work.A_MAPPING
    assert more >= 10_000 // root_work.REPORTED


# What rules may say


@rule(on=EventSourceMapping)
def sound(_mapping, _inventory, _settings):
    """It is sound."""
    return iter(())


def inputs(number, kind="terraform"):
    return [an_inventory(kind=kind, mappings=(a_mapping(f"m{n}"),)) for n in range(number)]


def test_answers_are_shared_by_all_inputs_and_what_is_beyond_is_unknown(monkeypatch):
    monkeypatch.setattr(checking, "FREE_ANSWERS", 2)
    several = inputs(4)
    answers = in_one_run(several)
    results = [result for each in several for result in check(each, [sound], Settings(), answers)]
    assert [len(result.unknowns) for result in results] == [0, 0, 1, 1]
    assert "2 answers of rules" in results[-1].unknowns[0].why


def test_a_larger_input_may_have_more_answers():
    small, large = (in_one_run([an_inventory(size=size)] * 2) for size in (0, 1_000))
    assert large.most - small.most == 1_000 // checking.BYTES_AN_ANSWER


def test_comparisons_are_shared_by_all_inputs():
    several = inputs(3)
    in_one_run(several)
    first = several[0].decisions.comparisons
    assert isinstance(first, Comparisons)
    assert all(each.decisions.comparisons is first for each in several)


@pytest.mark.parametrize("several", [inputs(1), inputs(3, kind="account")])
def test_one_input_and_accounts_have_their_own_bounds(several):
    assert in_one_run(several) is None
