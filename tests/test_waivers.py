"""Waivers that stand in the input, as comments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenarios import scenario

from checker.cli import main

ROOT = Path(__file__).parent.parent
BROKEN = "visibility-timeout-below-function-timeout"


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A copy of a scenario with two faults in the current directory."""
    monkeypatch.chdir(tmp_path)
    folder = Path("m")
    folder.mkdir()
    for file in scenario("orders-broken").glob("*.tf"):
        (folder / file.name).write_text(file.read_text())
    return folder


def above(file, header, comment):
    text = file.read_text()
    assert header in text
    file.write_text(text.replace(header, f"{comment}\n{header}", 1))


QUEUE = 'resource "aws_sqs_queue" "orders" {'
MAPPING = 'resource "aws_lambda_event_source_mapping" "orders" {'


def report(capsys, *words):
    code = main(["plan", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def found(report, waived=None):
    wanted = ("role-cannot-read-queue", BROKEN, "waiver-unused", "waiver-without-reason")
    return sorted(
        each["rule"]
        for each in report["findings"]
        if each["rule"] in wanted and waived in (None, each["waived"] is not None)
    )


@pytest.mark.parametrize("word", ["#", "//"])
def test_a_comment_above_the_resource_waives(broken, capsys, word):
    above(broken / "queue.tf", QUEUE, f"{word} tfcheck: ignore[{BROKEN}] it is being replaced")
    _, said = report(capsys, "m")
    assert found(said, waived=True) == [BROKEN]
    waived = next(each for each in said["findings"] if each["waived"])["waived"]
    assert waived["reason"] == "it is being replaced"
    assert waived["location"]["line"] == 1


def test_a_comment_on_the_line_of_the_resource_waives(broken, capsys):
    file = broken / "queue.tf"
    comment = f"{QUEUE} # tfcheck: ignore[{BROKEN}] it is being replaced"
    file.write_text(file.read_text().replace(QUEUE, comment))
    assert found(report(capsys, "m")[1], waived=True) == [BROKEN]


def test_a_comment_at_the_mapping_waives_what_concerns_it(broken, capsys):
    rules = f"role-cannot-read-queue, {BROKEN}"
    above(broken / "function.tf", MAPPING, f"# tfcheck: ignore[{rules}] soon gone")
    code, said = report(capsys, "m")
    assert found(said, waived=True) == ["role-cannot-read-queue", BROKEN]
    assert code == 0
    assert said["mappings"][0]["verdict"] == "ready"


def test_a_comment_at_the_call_of_a_module_waives_inside_it(broken, capsys):
    Path("main.tf").write_text(
        f'# tfcheck: ignore[{BROKEN}] of another team\nmodule "orders" {{\n  source = "./m"\n}}\n'
    )
    assert found(report(capsys, ".")[1], waived=True) == [BROKEN]


def test_a_comment_at_something_else_waives_nothing_and_is_reported(broken, capsys):
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}] too far\n")
    _, said = report(capsys, "m")
    assert found(said) == ["role-cannot-read-queue", BROKEN, "waiver-unused"]
    assert found(said, waived=True) == []


def test_other_comments_may_stand_between(broken, capsys):
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}] kept\n# the queue of orders")
    assert found(report(capsys, "m")[1], waived=True) == [BROKEN]


def test_past_its_day_it_waives_nothing_and_says_so(broken, capsys):
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}] kept until=2020-01-01")
    code, said = report(capsys, "m")
    assert code == 1
    assert found(said) == ["role-cannot-read-queue", BROKEN, "waiver-unused"]
    message = next(e["message"] for e in said["findings"] if e["rule"] == "waiver-unused")
    assert "2020-01-01" in message


def test_without_a_reason_it_waives_and_is_a_finding(broken, capsys):
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}] until=2999-01-01")
    _, said = report(capsys, "m")
    assert found(said, waived=True) == [BROKEN]
    assert "waiver-without-reason" in found(said)


def test_an_option_forbids_them_all(broken, capsys):
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}]")
    _, said = report(capsys, "m", "--no-inline-waivers")
    assert found(said) == ["role-cannot-read-queue", BROKEN]
    assert found(said, waived=True) == []


def test_an_unknown_is_not_waived_in_place(broken, capsys):
    text = (broken / "queue.tf").read_text()
    (broken / "queue.tf").write_text(
        text.replace("= 30", "= var.seconds") + 'variable "seconds" {\n  type = number\n}\n'
    )
    above(broken / "queue.tf", QUEUE, f"# tfcheck: ignore[{BROKEN}] no matter")
    _, said = report(capsys, "m")
    unknown = next(e for e in said["findings"] if e["rule"] == BROKEN)
    assert (unknown["kind"], unknown["waived"]) == ("unknown", None)


def test_a_waiver_of_a_rule_that_is_off_is_not_judged(broken, capsys):
    above(broken / "queue.tf", QUEUE, "# tfcheck: ignore[fifo-queue-unsupported] only in 2019")
    assert "waiver-unused" not in found(report(capsys, "m")[1])


def test_many_comments_cost_no_more_than_their_number(broken, capsys):
    comments = f"# tfcheck: ignore[{BROKEN}] again\n" * 20_000
    (broken / "queue.tf").write_text(comments + (broken / "queue.tf").read_text())
    assert BROKEN in found(report(capsys, "m")[1], waived=True)
