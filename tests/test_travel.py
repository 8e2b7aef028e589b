"""What passes between the steps of a run goes to another process and back unchanged."""

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from samples import a_mapping, a_problem, an_inventory, place, saying
from scenarios import SCENARIOS, expectation

from checker.check import check
from checker.cli.main import main
from checker.model import InlineWaiver
from checker.policy import judge, load, merge
from checker.reports import json as json_report
from checker.reports.report import Severity
from checker.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 28)
POLICY = load("strict", [rule.name for rule in RULES])


def there_and_back(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - it is ours


@pytest.fixture
def read(monkeypatch, capsys):
    """Return the inventories of a run of a scenario, as the command reads them."""
    kept = []

    def checked(inventory, rules, settings):
        kept.append(inventory)
        return check(inventory, rules, settings)

    def read(folder):
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr("checker.cases.check_by_cases", checked)
        expected = expectation(folder)
        words = ["plan", folder.relative_to(ROOT).as_posix(), "--root", "."]
        for name, value in (expected.get("options") or {}).items():
            for each in value if isinstance(value, list) else [value]:
                words += [f"--{name}"] if each is True else [f"--{name}", each]
        main(words)
        capsys.readouterr()
        return kept

    return read


def named(edit):
    """Return the id of the thing that an edit is of."""
    return next(
        getattr(edit, name) for name in ("block", "holder", "spared") if hasattr(edit, name)
    )


def is_of_the_input(edit, ids):
    """Tell whether an edit is of a thing of the input, by the ids of these."""
    of = named(edit)
    return of in ids or of.startswith("arn:") or any(each.startswith(f"{of}.") for each in ids)


def ids_of(inventory):
    """Return the ids of all that an edit may be of."""
    things = (*inventory.sources, *inventory.functions, *inventory.roles, *inventory.keys)
    things += inventory.mappings
    things += tuple(each for one in inventory.functions for each in one.permissions)
    things += tuple(each for queue in inventory.queues for each in queue.subscriptions)
    return {each.id for each in things}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_scenario_is_checked_alike_in_another_process_and_edits_are_of_its_things(folder, read):
    rules = POLICY.select(RULES)
    for inventory in read(folder):
        away = there_and_back(inventory)
        results = check(inventory, rules, POLICY.settings)
        assert check(away, rules, POLICY.settings) == results
        assert there_and_back(results) == results
        report = judge(inventory, results, POLICY, TODAY)
        assert json_report.render(judge(away, results, POLICY, TODAY)) == json_report.render(report)
        assert there_and_back(report) == report
        ids = ids_of(inventory)
        edits = [each for one in results for found in one.problems for each in found.fix.edits]
        assert [each for each in edits if not is_of_the_input(each, ids)] == []


def report_on(target, *rules, waivers=(), **changes):
    inventory = an_inventory(target=target, waivers=waivers, **changes)
    return judge(inventory, check(inventory, rules, NAMED.settings), NAMED, TODAY)


NAMED = replace(POLICY, severities={**POLICY.severities, "mapping-disabled": Severity.ERROR})


def waiver(*rules, start=1):
    at = place(9, "shared/main.tf")
    return InlineWaiver(
        rules, "why", "", at, ids=frozenset({"aws_sqs_queue.b"}), start=start, end=20
    )


def test_one_cause_in_two_root_modules_is_one_finding_with_both_mappings():
    shared = a_problem("shared", subject="aws_sqs_queue.b")
    first = report_on("a", saying("mapping-disabled", shared))
    second = report_on("b", saying("mapping-disabled", shared), mappings=(a_mapping("other"),))
    whole = merge([first, second], NAMED, target=".")
    (finding,) = whole.findings
    assert finding.mappings == (first.mappings[0].id, second.mappings[0].id)
    assert (whole.target, whole.summary.mappings, whole.summary.errors) == (".", 2, 1)


def test_the_order_of_reports_changes_no_more_than_the_order_of_mappings():
    reports = [
        report_on(name, saying("mapping-disabled", a_problem(name)), mappings=(a_mapping(name),))
        for name in ("a", "b", "c")
    ]
    assert merge(reports, NAMED, target=".") == merge(reports[::-1], NAMED, target=".")


def test_a_comment_is_unused_only_if_no_root_module_uses_it():
    comment = waiver("mapping-disabled")
    unused = report_on("a", saying("mapping-disabled"), waivers=(comment,))
    used = report_on(
        "b", saying("mapping-disabled", a_problem(subject="aws_sqs_queue.b")), waivers=(comment,)
    )
    assert [each.rule for each in unused.findings] == ["waiver-unused"]
    assert not [each for each in merge([unused, used], NAMED).findings if each.waived is None]
    both = merge([unused, unused], NAMED)
    assert [each.rule for each in both.findings] == ["waiver-unused"]


def test_a_comment_is_wrong_only_if_it_is_so_in_each_root_module():
    lost = report_on(
        "a", saying("mapping-disabled"), waivers=(waiver("mapping-disabled", start=0),)
    )
    placed = report_on(
        "b",
        saying("mapping-disabled", a_problem(subject="aws_sqs_queue.b")),
        waivers=(waiver("mapping-disabled"),),
    )
    assert "neither at a resource" in lost.findings[0].message
    assert not [each for each in merge([lost, placed], NAMED).findings if each.waived is None]
