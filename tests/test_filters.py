"""Baselines: what is known is not reported."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from scenarios import scenario

from checker.cli import main

ROOT = Path(__file__).parent.parent


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A copy of a scenario with two errors in the current directory, which is a repository."""
    monkeypatch.chdir(tmp_path)
    for file in scenario("orders-broken").glob("*.tf"):
        Path(file.name).write_text(file.read_text())
    git("init", "-q", "-b", "main")
    commit()


def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True)


def commit():
    git("add", ".")
    git("-c", "user.email=a@b", "-c", "user.name=x", "commit", "-qm", "x", "--allow-empty")


def edit(file, old, new):
    text = Path(file).read_text()
    assert old in text
    Path(file).write_text(text.replace(old, new))


def run(capsys, *words):
    code = main(["plan", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def errors(report):
    return sorted(each["rule"] for each in report["findings"] if each["severity"] == "error")


READ, HIDE = "role-cannot-read-queue", "visibility-timeout-below-function-timeout"


@pytest.mark.usefixtures("broken")
class TestBaseline:
    def test_what_it_knows_is_not_reported_and_does_not_fail(self, capsys):
        code, report = run(capsys, "--write-baseline", "known.json")
        assert (code, report["findings"]) == (0, [])
        code, report = run(capsys, "--baseline", "known.json")
        assert (code, report["findings"]) == (0, [])
        assert report["baseline"]["known"] > 2
        assert report["mappings"][0]["verdict"] == "blocked"

    def test_it_survives_moved_lines(self, capsys):
        run(capsys, "--write-baseline", "known.json")
        for file in Path().glob("*.tf"):
            file.write_text("# one\n\n# two\n" + file.read_text())
        code, report = run(capsys, "--baseline", "known.json")
        assert (code, report["findings"], report["baseline"]["gone"]) == (0, [], [])

    def test_it_does_not_survive_a_changed_document(self, capsys):
        run(capsys, "--write-baseline", "known.json")
        edit("iam.tf", '"sqs:ReceiveMessage",', '"sqs:ReceiveMessage", "sqs:ListQueues",')
        code, report = run(capsys, "--baseline", "known.json")
        assert (code, errors(report)) == (1, [READ])
        assert f"{READ}: aws_iam_role.worker" in report["baseline"]["gone"]

    def test_it_does_not_survive_a_condition_that_was_added(self, capsys):
        edit("iam.tf", '"sqs:ReceiveMessage",', '"sqs:ReceiveMessage", "sqs:DeleteMessage",')
        edit("iam.tf", "aws_sqs_queue.orders.arn", '"arn:aws:sqs:eu-west-1:111122223333:x"')
        run(capsys, "--write-baseline", "known.json")
        edit("iam.tf", "Effect = ", 'Sid = "moved"\n        Effect = ')
        assert errors(run(capsys, "--baseline", "known.json")[1]) in ([], [READ])
        edit("iam.tf", ':x"', ':y"')
        assert errors(run(capsys, "--baseline", "known.json")[1]) == [READ]

    def test_what_matches_nothing_any_more_is_reported(self, capsys):
        run(capsys, "--write-baseline", "known.json")
        edit("queue.tf", "visibility_timeout_seconds = 30", "visibility_timeout_seconds = 360")
        _, report = run(capsys, "--baseline", "known.json")
        assert report["baseline"]["gone"] == [f"{HIDE}: aws_sqs_queue.orders"]

    def test_it_is_of_one_root_module(self, capsys):
        run(capsys, "--write-baseline", "known.json")
        Path("other").mkdir()
        for file in list(Path().glob("*.tf")):
            file.rename(Path("other") / file.name)
        code, report = run(capsys, "other", "--baseline", "known.json")
        assert (code, errors(report)) == (1, [READ, HIDE])

    def test_a_flag_writes_it_where_it_is_read(self, capsys):
        Path("known.json").write_text('{"schema": "tfcheck.baseline/1", "findings": []}')
        assert run(capsys, "--baseline", "known.json", "--write-baseline")[0] == 0
        assert run(capsys, "--baseline", "known.json")[0] == 0
        assert run(capsys, "--write-baseline", "known.json", ".")[0] == 0

    def test_what_was_read_then_and_is_not_now_fails_where_the_undecided_fails(self, capsys):
        away = 'module "away" {\n  source = "away/away/aws"\n}\n'
        Path("early.tf").write_text(away.replace('"away"', '"early"', 1))
        run(capsys, "--write-baseline", "known.json")
        assert run(capsys, "--baseline", "known.json", "--strict")[0] == 0
        Path("late.tf").write_text(away)
        assert run(capsys, "--baseline", "known.json", "--strict")[0] == 1
        assert run(capsys, "--baseline", "known.json")[0] == 0
        given = json.loads(Path("known.json").read_text())
        del given["unread"]  # as an earlier version wrote it
        Path("known.json").write_text(json.dumps(given))
        assert run(capsys, "--baseline", "known.json", "--strict")[0] == 0

    @pytest.mark.parametrize(
        "text", ["{", "[]", '{"schema": "x"}', '{"schema": "tfcheck.baseline/1", "findings": [1]}']
    )
    def test_a_file_that_is_none_stops_the_run(self, capsys, text):
        Path("known.json").write_text(text)
        assert main(["plan", "--baseline", "known.json"]) == 2
        assert "baseline" in capsys.readouterr().err

    def test_no_file_stops_the_run(self, capsys):
        assert main(["plan", "--baseline", "missing.json"]) == 2
        assert main(["plan", "--write-baseline"]) == 2
        assert "nothing was checked" in capsys.readouterr().err
