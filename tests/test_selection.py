"""`--select`, `--ignore` and `--exit-zero`: which rules run, and what that changes."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from scenarios import scenario

from checker.cli import main
from checker.cli.selection import selection
from checker.errors import UsageError
from checker.policy import load, shipped
from checker.rules import RULES

NAMES = [rule.name for rule in RULES]
READ, HIDE = "role-cannot-read-queue", "visibility-timeout-below-function-timeout"
BATCH = "whole-batch-retried"


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A scenario with two errors and a note in the current directory, which is a repository."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "TFCHECK_SELECT", "TFCHECK_IGNORE"):
        monkeypatch.delenv(name, raising=False)
    for file in scenario("orders-broken").glob("*.tf"):
        Path(file.name).write_text(file.read_text())
    git("init", "-q", "-b", "main")


@pytest.fixture
def run(broken, capsys):
    """Run `tfcheck plan`; return its exit code and the report."""

    def run(*words):
        code = main(["plan", *words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True)


def commit():
    git("add", ".")
    git("-c", "user.email=a@b", "-c", "user.name=x", "commit", "-qm", "x")


def rules(report):
    return {each["rule"] for each in report["findings"]}


def edit(file, old, new):
    text = Path(file).read_text()
    assert old in text
    Path(file).write_text(text.replace(old, new, 1))


class TestWhichRulesRun:
    def test_without_them_all_of_the_policy(self, run):
        code, report = run()
        assert (code, rules(report)) == (1, {READ, HIDE, BATCH})

    def test_only_selected_ones(self, run):
        code, report = run("--select", READ)
        assert (code, rules(report)) == (1, {READ})
        assert report["mappings"][0]["verdict"] == "blocked"
        assert f"only rule `{READ}` was run (`--select`)" in report["assumptions"]

    def test_none_that_is_ignored(self, run):
        code, report = run("--ignore", f"{READ},{HIDE}")
        assert (code, rules(report)) == (0, {BATCH})
        said = f"rules `{READ}`, `{HIDE}` were not run (`--ignore`)"
        assert said in report["assumptions"]

    def test_lists_are_repeatable_and_may_hold_blanks(self, run):
        assert rules(run("--select", f"{READ}, {BATCH}", "--select", HIDE)[1]) == {
            READ,
            HIDE,
            BATCH,
        }

    def test_what_is_selected_and_ignored_does_not_run(self, run):
        assert rules(run("--select", f"{READ},{HIDE}", "--ignore", READ)[1]) == {HIDE}

    def test_the_environment_selects_too_and_the_command_line_wins(self, run, monkeypatch):
        monkeypatch.setenv("TFCHECK_SELECT", f"{READ},{BATCH}")
        assert rules(run()[1]) == {READ, BATCH}
        assert rules(run("--select", HIDE)[1]) == {HIDE}
        monkeypatch.setenv("TFCHECK_IGNORE", f"{READ} {HIDE}")
        assert rules(run("--select", f"{READ},{BATCH}")[1]) == {BATCH}

    def test_a_rule_that_is_left_out_is_not_even_put(self, broken, monkeypatch, capsys):
        put = []

        def watched(inventory, chosen, settings, answers):
            put.extend(rule.name for rule in chosen)
            return []

        monkeypatch.setattr("checker.cases.check_by_cases", watched)
        main(["plan", "--select", READ])
        assert put == [READ]

    def test_many_rules_are_counted(self, run):
        _, report = run("--ignore", ",".join(NAMES[:9]))
        assert "9 rules were not run (`--ignore`)" in report["assumptions"]


class TestARuleThatThePolicyTurnsOff:
    def test_it_runs_with_the_severity_that_it_has_by_default(self, run):
        Path("ours.yaml").write_text(f"rules: {{{READ}: off, {BATCH}: off}}\n")
        _, report = run("--policy", "./ours.yaml", "--select", f"{READ},{BATCH}")
        found = {each["rule"]: each["severity"] for each in report["findings"]}
        assert found == {READ: "error", BATCH: "note"}

    def test_one_that_is_on_keeps_the_severity_of_the_policy(self, run):
        Path("ours.yaml").write_text(f"rules: {{{READ}: note}}\n")
        code, report = run("--policy", "./ours.yaml", "--select", READ)
        assert [each["severity"] for each in report["findings"]] == ["note"]
        assert code == 0

    def test_one_that_the_default_turns_off_has_that_of_another_shipped_policy(self, run):
        _, report = run("--select", "queue-not-encrypted")
        assert [each["severity"] for each in report["findings"]] in ([], ["error"])
        off = [name for name in NAMES if name not in load("current", NAMES).severities]
        assert off
        for name in off:
            policy = selection([name], []).applied(load("current", NAMES))
            assert list(policy.severities) == [name]

    def test_each_rule_runs_in_some_shipped_policy(self):
        on = set().union(*(load(each, NAMES).severities for each in shipped()))
        assert on == set(NAMES)


class TestNamesThatAreNone:
    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    @pytest.mark.parametrize("command", ["plan", "audit", "preflight --queue q --function f"])
    def test_they_stop_the_run_with_the_nearest_name(self, broken, capsys, command, option):
        assert main([*command.split(), option, f"{HIDE},role-cannot-red-queue"]) == 2
        err = capsys.readouterr().err
        assert "there is no rule `role-cannot-red-queue`" in err
        assert f"did you mean `{READ}`" in err
        assert err.endswith("nothing was checked\n")

    def test_every_one_is_named(self):
        with pytest.raises(UsageError) as raised:
            selection(["one,two"], ["three"])
        assert [str(each) for each in raised.value.reasons] == [
            "there is no rule `one`",
            "there is no rule `three`",
            "there is no rule `two`",
        ]

    @pytest.mark.parametrize("empty", ["", ",", " , "])
    def test_a_list_of_none_stops_the_run(self, broken, capsys, empty):
        assert main(["plan", "--select", empty]) == 2
        assert "`--select` names no rule" in capsys.readouterr().err

    def test_no_rule_left_stops_the_run(self, broken, capsys):
        assert main(["plan", "--select", READ, "--ignore", READ]) == 2
        assert "leave no rule to run" in capsys.readouterr().err
        assert main(["plan", "--ignore", ",".join(NAMES)]) == 2


class TestWhatRestsOnRulesThatDidNotRun:
    def test_a_waiver_for_one_is_not_unused(self, run):
        Path("queue.tf").write_text(
            f"# tfcheck: ignore[{HIDE}] known\n{Path('queue.tf').read_text()}"
        )
        assert "waiver-unused" not in rules(run("--ignore", HIDE)[1])
        edit("queue.tf", HIDE, "queue-shared-by-functions")
        assert "waiver-unused" in rules(run("--ignore", HIDE)[1])

    def test_a_waiver_for_one_and_another_is_not_unused(self, run):
        queue = Path("queue.tf").read_text()
        Path("queue.tf").write_text(f"# tfcheck: ignore[{HIDE},region-mismatch] known\n{queue}")
        assert "waiver-unused" not in rules(run("--ignore", HIDE)[1])
        edit("queue.tf", HIDE, "queue-shared-by-functions")
        assert "waiver-unused" in rules(run("--ignore", HIDE)[1])

    def test_what_a_baseline_knows_of_one_is_not_gone(self, run):
        run("--write-baseline", "known.json")
        _, report = run("--baseline", "known.json", "--ignore", HIDE)
        assert (report["findings"], report["baseline"]["gone"]) == ([], [])
        _, report = run("--baseline", "known.json", "--select", READ)
        assert (report["findings"], report["baseline"]["gone"]) == ([], [])

    def test_the_commit_before_is_judged_by_the_same_rules(self, run):
        commit()
        edit("queue.tf", "= 30", "= 20")
        assert rules(run("--changed-since", "HEAD")[1]) == {HIDE}
        code, report = run("--changed-since", "HEAD", "--ignore", HIDE)
        assert (code, rules(report), report["compared"]["fixed"]) == (0, set(), 0)

    def test_an_expired_waiver_of_one_still_stops_the_run(self, broken, capsys):
        day = date(2020, 1, 1)
        Path("ours.yaml").write_text(
            f'waivers: [{{rule: {READ}, mapping: "*", reason: r, until: {day}}}]\n'
        )
        assert main(["plan", "--policy", "./ours.yaml", "--ignore", READ]) == 2


class TestTheConfigurationFile:
    def test_it_selects_and_ignores(self, run):
        Path(".tfcheck.yaml").write_text(f"select: [{READ}, {HIDE}]\nignore: [{HIDE}]\n")
        assert rules(run()[1]) == {READ}

    def test_the_command_line_wins_for_each(self, run):
        Path(".tfcheck.yaml").write_text(f"select: [{READ}, {HIDE}]\nignore: [{HIDE}]\n")
        assert rules(run("--select", f"{HIDE},{BATCH}")[1]) == {BATCH}
        assert rules(run("--ignore", READ)[1]) == {HIDE}

    @pytest.mark.parametrize("name", [".tfcheck.yaml", "ours.yaml"])
    def test_a_branch_takes_no_rule_away_from_what_the_base_commit_judges(self, run, name):
        Path("ours.yaml").write_text("name: ours\n")
        Path(".tfcheck.yaml").write_text("policy: ./ours.yaml\n")
        commit()
        if name == "ours.yaml":
            Path(name).write_text(f"rules: {{{READ}: off, {HIDE}: off}}\n")
        else:
            Path(name).write_text(f"select: [{BATCH}]\nignore: [{READ}, {HIDE}]\n")
        code, report = run("--base", "HEAD")
        assert (code, rules(report)) == (1, {READ, HIDE, BATCH})

    def test_what_the_base_commit_ignores_is_ignored(self, run):
        Path(".tfcheck.yaml").write_text(f"ignore: [{READ}, {HIDE}]\n")
        commit()
        Path(".tfcheck.yaml").unlink()
        code, report = run("--base", "HEAD")
        assert (code, rules(report)) == (0, {BATCH})


class TestExitZero:
    def test_findings_do_not_fail(self, run):
        code, report = run("--exit-zero")
        assert (code, rules(report)) == (0, {READ, HIDE, BATCH})

    def test_nothing_was_checked_stays_2(self, broken, capsys):
        assert main(["plan", "nowhere", "--exit-zero"]) == 2
        Path("only").mkdir()
        Path("only/main.tf").write_text('module "api" {\n  source = "acme/api/aws"\n}\n')
        assert main(["plan", "only", "--exit-zero"]) == 2
        assert capsys.readouterr().err.endswith("nothing was checked\n")

    def test_the_environment_says_so_too(self, run, monkeypatch):
        monkeypatch.setenv("TFCHECK_EXIT_ZERO", "1")
        assert run()[0] == 0
