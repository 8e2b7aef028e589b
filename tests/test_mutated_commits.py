"""`--changed-since` on some of the commits that `tools/mutate_commits.py` makes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"
sys.path.append(str(TOOLS))

import mutate_commits  # noqa: E402 - the folder comes first
from mutating import oracle, trial  # noqa: E402
from mutating.change import Change  # noqa: E402
from mutating.configurations import changes, configurations  # noqa: E402
from mutating.places import PLACES  # noqa: E402
from mutating.trial import tried  # noqa: E402


def test_there_are_as_many_as_are_promised():
    every = list(changes())
    assert len({str(each) for each in every}) == len(every)
    assert len(configurations()) >= 22
    assert sum(each.breaking for each in every) > 150
    assert sum(not each.breaking for each in every) > 60
    names = " ".join(map(str, every))
    assert all(f"-{place}-" in names for place in PLACES)


@pytest.mark.parametrize("name", ["orders:action-", "registry-", "orders-broken:moved"])
def test_some_of_them(capsys, name):
    every = {"orders:action-": 5, "registry-": 9, "orders-broken:moved": 2}[name]
    code = mutate_commits.main(["--only", name, "--every", str(every)])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "0 missed" in said
    assert "0 blamed" in said


@pytest.mark.parametrize(("then", "known"), [("~> 2.0", True), ("1.0.0", False)])
def test_an_installed_module_serves_the_commit_if_it_calls_its_version(tmp_path, then, known):
    (faulty,) = (each for each in configurations() if each.name == "registry-with-faults")
    after = dict(faulty.files)
    before = after | {"main.tf": after["main.tf"].replace('"~> 2.1"', f'"{then}"')}
    outcome = tried(Change(faulty, "bump", before, after, breaking=False), tmp_path)
    assert (outcome.faults == ()) is known
    code, said = trial.said(tmp_path, "--changed-since", "HEAD~1")
    assert code == int(not known)
    assert len(said["compared"]["unread"]) == (0 if known else 2)
    assert bool(said["findings"]) is not known


def test_a_breakage_that_is_not_said_is_seen(tmp_path, monkeypatch):
    """The oracle is of its own: a comparison that knows everything is found out."""
    from checker.policy import comparison

    breaking = next(each for each in changes() if each.breaking)
    monkeypatch.setattr(comparison, "_known", lambda ours, _: (each.finding for each in ours))
    monkeypatch.setattr(comparison, "_worse", lambda *_: ())
    outcome = tried(breaking, tmp_path)
    assert outcome.counts
    assert len(outcome.faults) > 2


def test_blame_is_seen(tmp_path, monkeypatch):
    from checker.policy import comparison

    every = (each for each in changes() if not each.breaking)
    neutral = next(each for each in every if each.configuration.name == "orders-broken")
    monkeypatch.setattr(comparison, "_known", lambda *_: ())
    assert tried(neutral, tmp_path).faults


def test_the_oracle_sees_each_way_to_be_worse():
    def report(verdict, message="is not allowed to `sqs:DeleteMessage`"):
        finding = {"rule": "r", "kind": "problem", "waived": None, "mappings": ["m"]}
        finding["message"] = message
        return {"mappings": [{"id": "m", "verdict": verdict}], "findings": [finding]}

    assert oracle.worse(report("ready"), report("blocked")) == {"m": "ready"}
    assert oracle.worse(report("blocked"), report("undecided")) == {}
    more = report("blocked", "is not allowed to `sqs:DeleteMessage` or `sqs:ReceiveMessage`")
    assert oracle.new(report("blocked"), more) == {("r", "m", "sqs:ReceiveMessage")}
    assert oracle.new(more, report("blocked")) == set()
