"""What a repository, the environment and the command line say of how it is checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenarios import scenario

from checker.cli import main

ROOT = Path(__file__).parent.parent
FILE = Path(".tfcheck.yaml")


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    """A repository with the broken scenario in `infra`, its root the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path(".git").mkdir()
    Path("infra").mkdir()
    for file in scenario("orders-broken").glob("*.tf"):
        (Path("infra") / file.name).write_text(file.read_text())


def run(capsys, *words):
    code = main(["plan", "infra", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_it_is_found_above_the_path_as_far_as_the_repository(capsys, tmp_path):
    FILE.write_text("policy: aws-2019\n")
    assert run(capsys)[1]["policy"] == "aws-2019"
    (Path("infra") / ".git").mkdir()
    assert run(capsys)[1]["policy"] == "current"


def test_a_nearer_one_counts(capsys):
    FILE.write_text("policy: aws-2019\n")
    (Path("infra") / FILE).write_text("policy: strict\n")
    assert run(capsys)[1]["policy"] == "strict"


def test_the_command_line_and_the_environment_win(capsys, monkeypatch):
    FILE.write_text("policy: aws-2019\n")
    assert run(capsys, "--policy", "current")[1]["policy"] == "current"
    monkeypatch.setenv("TFCHECK_POLICY", "strict")
    assert run(capsys)[1]["policy"] == "strict"
    assert run(capsys, "--policy", "current")[1]["policy"] == "current"
    monkeypatch.delenv("TFCHECK_POLICY")
    assert run(capsys, "--no-config")[1]["policy"] == "current"


def test_what_it_names_is_beside_it(capsys):
    Path("policies").mkdir()
    Path("policies/ours.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    FILE.write_text("policy: policies/ours.yaml\nfail-on: note\nstrict: true\n")
    code, report = run(capsys)
    assert (code, report["policy"]) == (1, "ours")
    assert "role-cannot-read-queue" not in {each["rule"] for each in report["findings"]}


def test_variable_files_and_baseline(capsys):
    text = (Path("infra") / "queue.tf").read_text()
    (Path("infra") / "queue.tf").write_text(
        text.replace("= 30", "= var.seconds") + 'variable "seconds" {\n  type = number\n}\n'
    )
    Path("prod.tfvars").write_text("seconds = 360\n")
    FILE.write_text("var-file: [prod.tfvars]\nbaseline: known.json\n")
    Path("known.json").write_text('{"schema": "tfcheck.baseline/1", "findings": []}')
    _, report = run(capsys)
    errors = {each["rule"] for each in report["findings"] if each["severity"] == "error"}
    assert errors == {"role-cannot-read-queue"}
    assert report["baseline"] == {"known": 0, "gone": []}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("live: true\n", ":1:1: there is no key `live`"),
        ("policy: current\nformat: json\n", ":2:1: there is no key `format`"),
        ("fail-on: never\n", ":1:"),
        ("strict: perhaps\n", ":1:"),
        ("ignore: [no-such-rule]\n", ":1:"),
        ("select: [region-mismatch, no-such-rule]\n", "there is no rule `no-such-rule`"),
        ("select: []\n", "`select` names no rule"),
        ("exit-zero: true\n", ":1:1: there is no key `exit-zero`"),
        ("- x\n", "mapping"),
        ("policy: ../../secret.yaml\n", "leads out of the repository"),
        ("var-file: [/etc/passwd]\n", "leads out of the repository"),
        ("baseline: ../x\n", "leads out of the repository"),
    ],
)
def test_what_it_may_not_say_stops_the_run_with_its_line(capsys, text, place):
    FILE.write_text(text)
    assert main(["plan", "infra"]) == 2
    err = capsys.readouterr().err
    assert ".tfcheck.yaml" in err
    assert place in err
    assert "nothing was checked" in err


@pytest.mark.parametrize("text", ["{}", "policy: link.yaml", "var-file: [link.yaml]"])
def test_no_link_leads_out_of_the_repository(capsys, tmp_path_factory, text):
    secret = tmp_path_factory.mktemp("outside") / "secret.yaml"
    secret.write_text("hunter2: hunter3\n")
    (FILE if text == "{}" else Path("link.yaml")).symlink_to(secret)
    if text != "{}":
        FILE.write_text(text)
    assert main(["plan", "infra"]) == 2
    given = capsys.readouterr()
    assert "leads out of the repository" in given.err
    assert "hunter" not in given.out + given.err


def test_another_file_may_be_named_and_its_policy_is_beside_it(capsys, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    (base / ".git").mkdir()
    (base / "ours.yaml").write_text("name: of-the-base\n")
    (base / FILE).write_text("policy: ./ours.yaml\n")
    FILE.write_text("policy: aws-2019\n")
    assert run(capsys, "--config", str(base / FILE))[1]["policy"] == "of-the-base"


def test_on_github_actions_annotations_follow_the_text(capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(["plan", "infra"]) == 1
    out = capsys.readouterr().out
    assert "\nblocked  " in out
    assert "\n::error file=infra/" in out
    main(["plan", "infra", "--format", "text"])
    assert "::error" not in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown(capsys, monkeypatch, shell):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    monkeypatch.setenv("SHELL", f"/bin/{shell}")
    assert main(["--show-completion", shell]) == 0
    assert "tfcheck" in capsys.readouterr().out
