"""A fix as a change of one line: what it changes, and that the finding is gone after it."""

from __future__ import annotations

import json
import shutil

import pytest
from scenarios import RECORDED, SCENARIOS, expectation

from checker.cli import main
from checker.edits.replacing import SourceText, replacement
from checker.knowledge.partial import Location
from checker.rules.fix import (
    AddToList,
    Reference,
    RemoveAttribute,
    Replacement,
    SetAttribute,
    ThroughCall,
)
from examples import some

QUEUE = """resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 30 # short
  timeout                    = var.timeout
  long                       = "${var.a}"
  list                       = [30]
  text                       = "a"
}

module "queue" {
  timeout = 30
}

resource "aws_sqs_queue" "other" { timeout = 30 }
\tresource "aws_sqs_queue" "indented" {
  timeout = 30
}
"""


def place(line, begin=None):
    """Where the attribute of a line stands."""
    text = QUEUE.split("\n")[line - 1]
    start = text.index(begin) if begin else len(text) - len(text.lstrip())
    end = len(text[start:].partition(" #")[0].partition(" }")[0]) + start
    return Location("a.tf", line, start + 1, line, end + 1)


def changed(edit, at):
    return replacement((edit,), at, SourceText(QUEUE))


def test_one_that_is_written_out_is_replaced_where_it_stands():
    edit = SetAttribute("module.a[0].aws_sqs_queue.orders[0]", "visibility_timeout_seconds", 360)
    old = "visibility_timeout_seconds = 30"
    new = "visibility_timeout_seconds = 360"
    assert changed(edit, place(3)) == Replacement(place(3), old, new)
    edit = SetAttribute("aws_sqs_queue.orders", "text", 'x"${y}\n')
    assert changed(edit, place(7)).new == f'text{" " * 23}= "x\\"$${{y}}\\n"'
    edit = SetAttribute("aws_sqs_queue.other", "timeout", True)
    assert changed(edit, place(14, "timeout")).new == "timeout = true"


def test_one_that_goes_takes_its_line_along():
    assert changed(RemoveAttribute("aws_sqs_queue.orders", "text"), place(7)).new == ""
    commented = RemoveAttribute("aws_sqs_queue.orders", "visibility_timeout_seconds")
    assert changed(commented, place(3)) is None
    assert changed(RemoveAttribute("aws_sqs_queue.other", "timeout"), place(14, "timeout")) is None


@pytest.mark.parametrize(
    "block",
    ['aws_sqs_queue.orders["a"]', "aws_sqs_queue.orders[0]", "module.m.aws_sqs_queue.orders",
     'r:module.m["a"].aws_sqs_queue.orders', "a/b:module.m.module.n.aws_sqs_queue.orders"],
)  # fmt: skip
def test_what_other_instances_of_the_block_may_need_does_not_go(block):
    assert changed(RemoveAttribute(block, "text"), place(7)) is None
    name = "visibility_timeout_seconds"
    assert changed(SetAttribute(block, "text", "b"), place(7)) is None
    assert changed(SetAttribute(block, name, 29), place(3)) is None
    assert changed(SetAttribute(block, name, 31), place(3)).new == f"{name} = 31"


def test_a_block_of_one_of_several_root_modules_is_known():
    edit = SetAttribute("envs/a.b:aws_sqs_queue.orders", "text", "b")
    assert changed(edit, place(7)).new == 'text                       = "b"'


@pytest.mark.parametrize(
    ("edit", "at"),
    [
        (SetAttribute("aws_sqs_queue.orders", "timeout", 1), place(4)),
        (SetAttribute("aws_sqs_queue.orders", "long", 1), place(5)),
        (SetAttribute("aws_sqs_queue.orders", "list", 1), place(6)),
        (SetAttribute("aws_sqs_queue.orders", "name", 1), place(3)),
        (SetAttribute("aws_sqs_queue.another", "visibility_timeout_seconds", 1), place(3)),
        (SetAttribute("aws_sqs_queue.indented", "timeout", 1), place(16)),
        (SetAttribute("aws_sqs_queue.orders", "timeout", 1), place(11)),
        (SetAttribute("aws_sqs_queue.orders", "name", Reference("x", "queue")), place(2)),
        (SetAttribute("aws_sqs_queue.orders", "name", ("a",)), place(2)),
        (AddToList("aws_sqs_queue.orders", "list", 1), place(6)),
        (ThroughCall("module.queue", SetAttribute("module.queue", "timeout", 1)), place(11)),
        (SetAttribute("aws_sqs_queue.orders", "name", 1), Location("a.tf", 2)),
        (SetAttribute("aws_sqs_queue.orders", "name", 1), Location("a.tf", 2, 3, 4, 5)),
        (SetAttribute("aws_sqs_queue.orders", "name", 1), Location("a.tf", 900, 3, 900, 5)),
        (SetAttribute("aws_sqs_queue.orders", "name", 1), Location("arn:aws:sqs:x")),
    ],
)
def test_what_takes_more_than_a_line_is_none(edit, at):
    assert changed(edit, at) is None


def test_several_edits_and_a_line_that_shows_not_all_of_itself_are_none():
    edit = SetAttribute("aws_sqs_queue.orders", "visibility_timeout_seconds", 360)
    assert replacement((edit, edit), place(3), SourceText(QUEUE)) is None
    for sign in ("\u202e", "\x1b", "\u200b", "x" * 600):
        text = SourceText(QUEUE.replace("# short", f"# {sign}"))
        assert replacement((edit,), place(3), text) is None


def with_fixes():
    """Scenarios without options whose recorded report has a change of one line."""
    for folder in SCENARIOS:
        file, given = folder / RECORDED / "report.json", expectation(folder)
        if '"fixes"' in file.read_text() and not given.keys() & {"options", "policy"}:
            yield folder


def checked(folder, capsys):
    main(["plan", str(folder), "--root", str(folder), "--format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("folder", some(list(with_fixes()), 3), ids=lambda folder: folder.name)
def test_after_the_change_of_the_line_the_finding_is_gone(folder, tmp_path, capsys):
    shutil.copytree(folder, tmp_path / "x", ignore=shutil.ignore_patterns(RECORDED))
    before = checked(tmp_path / "x", capsys)
    fixed = [each for each in before["findings"] if "fixes" in each]
    assert fixed
    for finding in fixed:
        (change,) = finding["fixes"]
        at = change["location"]
        file = tmp_path / "x" / at["file"]
        text = file.read_text()
        lines = text.split("\n")
        line = lines[at["line"] - 1]
        begin, end = at["column"] - 1, at["end-column"] - 1
        assert line[begin:end] == change["old"]
        lines[at["line"] - 1 : at["line"]] = (
            [line[:begin] + change["new"] + line[end:]] if change["new"] else []
        )
        file.write_text("\n".join(lines))
        after = checked(tmp_path / "x", capsys)
        known = {(f["rule"], f["kind"], f["subject"]) for f in before["findings"]}
        now = {(f["rule"], f["kind"], f["subject"]) for f in after["findings"]}
        assert (finding["rule"], finding["kind"], finding["subject"]) not in now
        assert now < known
        file.write_text(text)


@pytest.mark.parametrize("folder", some(list(with_fixes()), 3), ids=lambda folder: folder.name)
def test_sarif_has_the_same_changes_as_json(folder, capsys):
    found = [fix for each in checked(folder, capsys)["findings"] for fix in each.get("fixes", ())]
    main(["plan", str(folder), "--root", str(folder), "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    given = [fix for each in run["results"] for fix in each.get("fixes", ())]
    assert len(given) == len(found) > 0
    for fix, change in zip(given, found, strict=True):
        (file,), at = fix["artifactChanges"], change["location"]
        (replaced,) = file["replacements"]
        assert file["artifactLocation"]["uri"] == at["file"]
        assert replaced["deletedRegion"] == {
            "startLine": at["line"],
            "startColumn": at["column"],
            "endLine": at["end-line"],
            "endColumn": at["end-column"],
        }
        assert replaced.get("insertedContent", {"text": ""})["text"] == change["new"]
